//! Ports of this machine that only this machine reaches.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

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

/// Listeners on one port (a free one for 0) of both loopback addresses, as `localhost` may mean either; just one where
/// the system knows only that family.
pub(crate) fn both(port: u16) -> io::Result<(u16, Vec<TcpListener>)> {
    let mut attempts = 0..if port == 0 { ATTEMPTS } else { 1 };
    loop {
        let four = listen(Ipv4Addr::LOCALHOST.into(), port)?;
        let bound = four.local_addr()?.port();
        match listen(Ipv6Addr::LOCALHOST.into(), bound) {
            Ok(six) => return Ok((bound, vec![four, six])),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                attempts.next();
                if attempts.is_empty() {
                    return Err(error);
                }
            }
            Err(_) => return Ok((bound, vec![four])),
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
        let (port, listeners) = both(0).unwrap();
        assert!(listeners.iter().all(|listener| listener.local_addr().unwrap().port() == port));
    }
}
