//! Loopback ports, which only this machine can reach.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::net::{TcpListener, TcpSocket};

/// The host names of this machine. Containers use the last one, which comes from Docker. No web page can have that name.
const NAMES: [&str; 4] = ["localhost", "127.0.0.1", "[::1]", "host.docker.internal"];

/// Maximum number of attempts to find a port that is free in both address families.
const ATTEMPTS: usize = 16;

/// Listens on a free port.
///
/// # Errors
/// If no port is free.
pub fn free() -> io::Result<TcpListener> {
    on(0)
}

/// Listens on a port, or on a free one for 0.
///
/// # Errors
/// If the port is taken, or cannot be listened on.
pub fn on(port: u16) -> io::Result<TcpListener> {
    listen(Ipv4Addr::LOCALHOST.into(), port)
}

/// Listens on a free port of a random loopback address, for a server that checks no Host header and has clients only in
/// this process. Uses 127.0.0.1 on systems with one loopback address.
///
/// # Errors
/// If no port is free.
pub fn hidden() -> io::Result<TcpListener> {
    let [_, .., a, b, c] = uuid::Uuid::new_v4().into_bytes();
    // 127.0.0.0 and 127.255.255.255 are not host addresses.
    let address = Ipv4Addr::new(127, a, b, c.clamp(1, 254));
    listen(address.into(), 0).or_else(|_| free())
}

/// Refuses requests whose Host header does not name this machine. A site can let its name resolve to this machine (DNS
/// rebinding). Browsers then treat this port as part of that site, but the Host header has the site's name.
pub fn guarded(router: Router) -> Router {
    router.layer(middleware::from_fn(async |request: Request, next: Next| {
        if names_this_machine(request.headers()) {
            return next.run(request).await;
        }
        refuse(StatusCode::FORBIDDEN, "This port accepts only requests whose Host is localhost.")
    }))
}

/// Creates an RFC 9457 error response.
#[must_use]
pub fn refuse(status: StatusCode, detail: &str) -> Response {
    let problem = json!({"title": status.canonical_reason(), "status": status.as_u16(), "detail": detail});
    (status, [(header::CONTENT_TYPE, "application/problem+json")], problem.to_string()).into_response()
}

fn names_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| Authority::try_from(host.as_bytes()).ok());
    host.is_some_and(|host| NAMES.iter().any(|name| host.host().eq_ignore_ascii_case(name)))
}

/// Sockets that listen on one port of both loopback addresses, since `localhost` may mean either. A system with one address
/// family has one socket. Clones share the sockets. While one clone exists, clients can connect and wait.
#[derive(Debug, Clone)]
pub struct Listeners(Arc<Vec<std::net::TcpListener>>);

impl Listeners {
    /// Listens on a port, on a free one for 0.
    ///
    /// # Errors
    /// If the port is taken, or cannot be listened on.
    pub fn on(port: u16) -> io::Result<Self> {
        let listeners = both(port)?.into_iter().map(TcpListener::into_std);
        Ok(Self(Arc::new(listeners.collect::<io::Result<_>>()?)))
    }

    /// Uses sockets that listen already. There must be at least one.
    #[must_use]
    pub fn of(listening: Vec<std::net::TcpListener>) -> Self {
        Self(Arc::new(listening))
    }

    /// Returns the sockets.
    #[must_use]
    pub fn sockets(&self) -> &[std::net::TcpListener] {
        &self.0
    }

    /// Returns new listeners on the same port.
    ///
    /// # Errors
    /// If the operating system has no more file descriptors.
    pub fn open(&self) -> io::Result<OpenPort> {
        let first = self.0.first().ok_or(ErrorKind::NotFound)?;
        let port = first.local_addr()?.port();
        let open = |socket: &std::net::TcpListener| {
            let socket = socket.try_clone()?;
            socket.set_nonblocking(true)?;
            TcpListener::from_std(socket)
        };
        Ok(OpenPort { port, listeners: self.0.iter().map(open).collect::<io::Result<_>>()? })
    }
}

/// A port, and the listeners on it.
#[derive(Debug)]
pub struct OpenPort {
    /// The port.
    pub port: u16,
    /// A listener for each loopback address.
    pub listeners: Vec<TcpListener>,
}

fn both(port: u16) -> io::Result<Vec<TcpListener>> {
    let mut attempts = 0..if port == 0 { ATTEMPTS } else { 1 };
    loop {
        let four = listen(Ipv4Addr::LOCALHOST.into(), port)?;
        match listen(Ipv6Addr::LOCALHOST.into(), four.local_addr()?.port()) {
            Ok(six) => return Ok(vec![four, six]),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                attempts.next();
                if attempts.is_empty() {
                    return Err(error);
                }
            }
            Err(_) => return Ok(vec![four]),
        }
    }
}

/// Listens on a port of an address.
///
/// # Errors
/// If the port is taken, or the address is not one of this machine.
pub fn listen(address: IpAddr, port: u16) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Makes the port of a process that has just ended available. The option has a different meaning on Windows.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    // Sends small messages at once. Accepted connections inherit the option.
    socket.set_nodelay(true)?;
    socket.bind(SocketAddr::new(address, port))?;
    socket.listen(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_that_is_taken_in_one_family_is_taken() {
        let Ok(six) = listen(Ipv6Addr::LOCALHOST.into(), 0) else { return };
        let error = both(six.local_addr().unwrap().port()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AddrInUse);
    }

    #[tokio::test]
    async fn a_hidden_port_is_on_a_different_loopback_address_each_time() {
        let [one, other] = [(); 2].map(|()| hidden().unwrap().local_addr().unwrap());
        assert!(one.ip().is_loopback() && other.ip().is_loopback());
        assert_ne!(one, other);
    }

    #[test]
    fn a_host_header_may_have_any_name_of_this_machine_with_or_without_a_port() {
        let named = |host: &'static str| {
            names_this_machine(&[(header::HOST, host.parse().unwrap())].into_iter().collect())
        };
        for own in
            ["localhost", "LocalHost:8000", "127.0.0.1:1", "[::1]", "[::1]:8000", "host.docker.internal:80"]
        {
            assert!(named(own), "{own}");
        }
        for other in [
            "evil.example",
            "localhost.evil.example",
            "evil.example:8000",
            "127.0.0.1.evil.example",
            "localhost@evil.example",
            "[::2]",
            "192.168.1.2:8000",
            "",
            "a b",
        ] {
            assert!(!named(other), "{other}");
        }
        assert!(!names_this_machine(&HeaderMap::new()));
    }

    #[tokio::test]
    async fn a_free_port_is_the_same_in_both_families() {
        let OpenPort { port, listeners } = Listeners::on(0).unwrap().open().unwrap();
        assert!(listeners.iter().all(|listener| listener.local_addr().unwrap().port() == port));
    }

    #[tokio::test]
    async fn a_client_waits_for_the_next_listener() {
        let listeners = Listeners::on(0).unwrap();
        let OpenPort { port, listeners: first } = listeners.open().unwrap();
        drop(first);
        let client = tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        let next = listeners.open().unwrap().listeners;
        let (_, served) = next[0].accept().await.unwrap();
        assert_eq!(served, client.local_addr().unwrap());
    }
}
