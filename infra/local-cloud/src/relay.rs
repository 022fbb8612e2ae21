//! Relays a loopback port to another address. Containers reach this machine at the address of their bridge, not at the
//! loopback address.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;

use local_service::loopback;

/// The delay after a connection could not be accepted: the system may have no file descriptors left.
const RETRY_DELAY: Duration = Duration::from_millis(100);

/// Relays connections from `address` to the same port of the loopback address, until the handle is dropped.
pub(crate) fn start(address: SocketAddr) -> io::Result<AbortOnDropHandle<()>> {
    let listener = loopback::listen(address.ip(), address.port())?;
    let relaying = async move {
        let mut connections = JoinSet::new();
        loop {
            match listener.accept().await {
                Ok((client, _)) => drop(connections.spawn(connect(client, address.port()))),
                Err(_) => sleep(RETRY_DELAY).await,
            }
            while connections.try_join_next().is_some() {}
        }
    };
    Ok(AbortOnDropHandle::new(tokio::spawn(relaying)))
}

/// Relays one connection. If either side fails, both are closed.
async fn connect(mut client: TcpStream, port: u16) -> io::Result<()> {
    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    copy_bidirectional(&mut client, &mut server).await.map(drop)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    /// All of 127.0.0.0/8 is this machine on Linux, and only 127.0.0.1 elsewhere.
    fn another_address(port: u16) -> SocketAddr {
        SocketAddr::from((if cfg!(target_os = "linux") { [127, 0, 0, 2] } else { [0, 0, 0, 0] }, port))
    }

    #[tokio::test]
    async fn both_directions_are_relayed_including_their_ends() {
        let server = loopback::free().unwrap();
        let address = another_address(server.local_addr().unwrap().port());
        let _relay = start(address).unwrap();
        let mut client = TcpStream::connect(address).await.unwrap();
        let mut peer = server.accept().await.unwrap().0;

        client.write_all(b"question").await.unwrap();
        client.shutdown().await.unwrap();
        let mut received = String::new();
        peer.read_to_string(&mut received).await.unwrap();
        assert_eq!(received, "question");
        peer.write_all(b"answer").await.unwrap();
        drop(peer);
        received.clear();
        client.read_to_string(&mut received).await.unwrap();
        assert_eq!(received, "answer");
    }

    #[tokio::test]
    async fn a_client_is_disconnected_without_a_server_and_the_next_is_relayed() {
        let server = loopback::free().unwrap();
        let address = another_address(server.local_addr().unwrap().port());
        let _relay = start(address).unwrap();
        drop(server);
        let mut client = TcpStream::connect(address).await.unwrap();
        assert_eq!(client.read(&mut [0]).await.unwrap_or_default(), 0);

        let server = loopback::on(address.port()).unwrap();
        let _client = TcpStream::connect(address).await.unwrap();
        server.accept().await.unwrap();
    }

    #[tokio::test]
    async fn a_relay_stops_when_its_handle_is_dropped() {
        let server = loopback::free().unwrap();
        let address = another_address(server.local_addr().unwrap().port());
        let relay = start(address).unwrap();
        drop(relay);
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }
}
