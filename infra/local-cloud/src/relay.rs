//! Another way to a loopback port. Containers reach this machine at the address of their bridge, and not at the loopback
//! address.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;

use local_service::loopback;

/// How long it waits after a connection could not be accepted: the system may have no file descriptors left.
const PAUSE: Duration = Duration::from_millis(100);

/// Relays what comes to `address` to the same port of the loopback address, until dropped.
pub(crate) fn start(address: SocketAddr) -> io::Result<AbortOnDropHandle<()>> {
    let listener = loopback::listen(address.ip(), address.port())?;
    let relaying = async move {
        let mut connections = JoinSet::new();
        loop {
            match listener.accept().await {
                Ok((client, _)) => drop(connections.spawn(connect(client, address.port()))),
                Err(_) => sleep(PAUSE).await,
            }
            while connections.try_join_next().is_some() {}
        }
    };
    Ok(AbortOnDropHandle::new(tokio::spawn(relaying)))
}

/// Carries one connection. Whichever side fails, both are closed.
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
    async fn bytes_go_both_ways_and_each_side_hears_the_end_of_the_other() {
        let server = loopback::free().unwrap();
        let address = another_address(server.local_addr().unwrap().port());
        let _relay = start(address).unwrap();
        let mut client = TcpStream::connect(address).await.unwrap();
        let mut peer = server.accept().await.unwrap().0;

        client.write_all(b"question").await.unwrap();
        client.shutdown().await.unwrap();
        let mut heard = String::new();
        peer.read_to_string(&mut heard).await.unwrap();
        assert_eq!(heard, "question");
        peer.write_all(b"answer").await.unwrap();
        drop(peer);
        heard.clear();
        client.read_to_string(&mut heard).await.unwrap();
        assert_eq!(heard, "answer");
    }

    #[tokio::test]
    async fn a_client_is_hung_up_on_when_nobody_serves_and_the_next_is_relayed() {
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
    async fn a_relay_ends_with_its_handle() {
        let server = loopback::free().unwrap();
        let address = another_address(server.local_addr().unwrap().port());
        let relay = start(address).unwrap();
        drop(relay);
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }
}
