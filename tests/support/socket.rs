//! A client that speaks Socket.IO in raw frames, so that tests see exact bytes. Real clients have tests of their own.

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::in_time;

/// A WebSocket to the front door.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// A frame that is answered with one frame, and changes nothing.
pub const QUESTION: &str = "40/nowhere,";
/// The answer to it.
pub const ANSWER: &str = r#"44/nowhere,{"message":"Invalid namespace"}"#;

/// What came from the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A text frame.
    Text(String),
    /// The end, with its code if there was one.
    Closed(Option<u16>),
}

impl Frame {
    /// The text of a text frame.
    ///
    /// # Panics
    /// If the connection was closed.
    pub fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Closed(code) => panic!("the connection was closed ({code:?})"),
        }
    }
}

impl Socket {
    /// Opens a connection as a Socket.IO client does, or gives the status with which the handshake was refused.
    pub async fn open(address: &str, cookie: Option<&str>) -> Result<Self, u16> {
        Self::open_with(address, "EIO=4&transport=websocket", &[("cookie", cookie)]).await
    }

    /// Opens a connection with a query and headers of the test's own.
    pub async fn open_with(
        address: &str,
        query: &str,
        headers: &[(&'static str, Option<&str>)],
    ) -> Result<Self, u16> {
        let url = format!("{}/socket.io/?{query}", address.replace("http://", "ws://"));
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            if let Some(value) = value {
                request.headers_mut().insert(*name, value.parse().unwrap());
            }
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((stream, _)) => Ok(Self { stream }),
            Err(tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("no WebSocket: {error}"),
        }
    }

    /// Sends a text frame.
    pub async fn send(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.expect("the frame is sent");
    }

    /// Sends a text frame, if the connection still stands.
    pub async fn try_send(&mut self, text: &str) -> Result<(), tungstenite::Error> {
        self.stream.send(Message::text(text)).await
    }

    /// The next text frame, or the end, however long that takes.
    pub async fn frame(&mut self) -> Frame {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => return Frame::Text(text.to_string()),
                Some(Ok(Message::Close(frame))) => {
                    return Frame::Closed(frame.map(|frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Frame::Closed(None),
            }
        }
    }

    /// The next text frame, or the end.
    pub async fn next(&mut self) -> Frame {
        in_time("a frame comes", self.frame()).await
    }

    /// The next text frame begins like this; gives the JSON behind it.
    pub async fn expect(&mut self, prefix: &str) -> Value {
        let text = self.next().await.text();
        let json = text.strip_prefix(prefix).unwrap_or_else(|| panic!("{prefix}... expected, {text} came"));
        serde_json::from_str(json).unwrap_or_else(|_| panic!("no JSON in {text}"))
    }

    /// Waits for the open packet, joins `/home`, and gives the first list.
    pub async fn join_home(&mut self) -> Value {
        self.expect("0").await;
        self.send("40/home,").await;
        self.expect("40/home,").await;
        self.notetitles().await
    }

    /// Asserts that nothing was sent: the answer to a question comes next.
    pub async fn was_sent_nothing(&mut self) {
        self.send(QUESTION).await;
        assert_eq!(self.next().await.text(), ANSWER);
    }

    /// The next list.
    pub async fn notetitles(&mut self) -> Value {
        let mut event = self.expect("42/home,").await;
        assert_eq!(event[0], "notetitles");
        event[1].take()
    }

    /// Reads lists until one is as wanted.
    pub async fn notetitles_until(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let list = self.notetitles().await;
            if wanted(&list) {
                return list;
            }
        }
    }

    /// Waits for the end, whatever comes before it.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            if let Frame::Closed(code) = self.next().await {
                return code;
            }
        }
    }

    /// Leaves, as a page that is closed does.
    pub async fn leave(mut self) {
        let _ = self.stream.close(None).await;
        self.closed().await;
    }
}
