//! Ports of this machine that only this machine reaches.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::{TcpListener, TcpSocket};

/// How often a free port is looked for that is free in both families.
const ATTEMPTS: usize = 16;

/// A listener on a free port.
pub(crate) fn free() -> io::Result<TcpListener> {
    on(0)
}

/// A listener on a port, a free one for 0.
pub(crate) fn on(port: u16) -> io::Result<TcpListener> {
    listen(Ipv4Addr::LOCALHOST.into(), port)
}

/// Sockets that listen on one port of both loopback addresses, as `localhost` may mean either; just one where the system
/// knows only that family. Clones share them: for as long as there is one, clients can connect, and wait to be served.
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

    /// Takes up sockets that listen already. There must be one at least.
    #[must_use]
    pub fn of(listening: Vec<std::net::TcpListener>) -> Self {
        Self(Arc::new(listening))
    }

    /// The sockets.
    #[must_use]
    pub fn sockets(&self) -> &[std::net::TcpListener] {
        &self.0
    }

    /// The port, and listeners of one's own on it.
    pub(crate) fn open(&self) -> io::Result<(u16, Vec<TcpListener>)> {
        let first = self.0.first().ok_or(ErrorKind::NotFound)?;
        let port = first.local_addr()?.port();
        let open = |socket: &std::net::TcpListener| {
            let socket = socket.try_clone()?;
            socket.set_nonblocking(true)?;
            TcpListener::from_std(socket)
        };
        Ok((port, self.0.iter().map(open).collect::<io::Result<_>>()?))
    }
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

fn listen(address: IpAddr, port: u16) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A port that a stopped run held a moment ago is free. (On Windows the option means another thing.)
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    // Small messages go both ways; what is accepted inherits this.
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
    async fn a_free_port_is_the_same_in_both_families() {
        let (port, listeners) = Listeners::on(0).unwrap().open().unwrap();
        assert!(listeners.iter().all(|listener| listener.local_addr().unwrap().port() == port));
    }

    #[tokio::test]
    async fn a_client_waits_for_the_next_who_listens() {
        let listeners = Listeners::on(0).unwrap();
        let (port, first) = listeners.open().unwrap();
        drop(first);
        let client = tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        let (_, next) = listeners.open().unwrap();
        let (_, served) = next[0].accept().await.unwrap();
        assert_eq!(served, client.local_addr().unwrap());
    }
}
