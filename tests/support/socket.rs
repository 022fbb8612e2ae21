//! A client that speaks Socket.IO in raw frames, so that tests see exact bytes. `tests/clients` tests real clients.

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::in_time;

/// A WebSocket to the local cloud.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// A CONNECT packet for an unknown namespace. The server responds with one frame, and changes nothing.
pub const CONNECT_UNKNOWN: &str = "40/nowhere,";
/// A CONNECT packet for `/home`, which opens the first board.
pub const JOIN_HOME: &str = r#"40/home,{"board":"team"}"#;
/// The `CONNECT_ERROR` packet in response to [`CONNECT_UNKNOWN`].
pub const CONNECT_ERROR: &str = r#"44/nowhere,{"message":"Invalid namespace"}"#;

/// A frame from the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A text frame.
    Text(String),
    /// The end of the connection, with its close code if it has one.
    Closed(Option<u16>),
}

impl Frame {
    /// Returns the text of a text frame.
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
    /// Opens a connection as a Socket.IO client does. The error is the status of a refused handshake.
    pub async fn open(address: &str, cookie: Option<&str>) -> Result<Self, u16> {
        Self::open_with(address, "EIO=4&transport=websocket", &[("cookie", cookie)]).await
    }

    /// Opens a connection with a query and headers.
    pub async fn open_with(
        address: &str,
        query: &str,
        headers: &[(&'static str, Option<&str>)],
    ) -> Result<Self, u16> {
        Self::open_at(&format!("{address}/socket.io/?{query}"), headers).await
    }

    /// Opens a connection at a URL, with headers.
    pub async fn open_at(url: &str, headers: &[(&'static str, Option<&str>)]) -> Result<Self, u16> {
        let mut request = url.replace("http://", "ws://").into_client_request().unwrap();
        for (name, value) in headers {
            if let Some(value) = value {
                request.headers_mut().insert(*name, value.parse().unwrap());
            }
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((stream, _)) => Ok(Self { stream }),
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("no WebSocket: {error}"),
        }
    }

    /// Sends a text frame.
    pub async fn send(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.expect("the frame is sent");
    }

    /// Sends a text frame, unless the connection is closed.
    pub async fn try_send(&mut self, text: &str) -> Result<(), tungstenite::Error> {
        self.stream.send(Message::text(text)).await
    }

    /// Waits for the next text frame or the end, without a timeout.
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

    /// Waits for the next text frame or the end.
    pub async fn next(&mut self) -> Frame {
        in_time("a frame arrives", self.frame()).await
    }

    /// Asserts the prefix of the next text frame, and parses the JSON after it.
    pub async fn expect(&mut self, prefix: &str) -> Value {
        let text = self.next().await.text();
        let json =
            text.strip_prefix(prefix).unwrap_or_else(|| panic!("expected {prefix}..., received {text}"));
        serde_json::from_str(json).unwrap_or_else(|_| panic!("no JSON in {text}"))
    }

    /// Waits for the open packet, joins `/home`, and returns the first list.
    pub async fn join_home(&mut self) -> Value {
        self.expect("0").await;
        self.send(JOIN_HOME).await;
        self.expect("40/home,").await;
        self.notetitles().await
    }

    /// Asserts that the server has sent nothing: the next frame is the response to this one.
    pub async fn was_sent_nothing(&mut self) {
        self.send(CONNECT_UNKNOWN).await;
        assert_eq!(self.next().await.text(), CONNECT_ERROR);
    }

    /// Returns the next list.
    pub async fn notetitles(&mut self) -> Value {
        let mut event = self.expect("42/home,").await;
        assert_eq!(event[0], "notetitles");
        event[1].take()
    }

    /// Reads lists until one matches.
    pub async fn notetitles_until(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let list = self.notetitles().await;
            if wanted(&list) {
                return list;
            }
        }
    }

    /// Skips frames until the end, and returns its close code.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            if let Frame::Closed(code) = self.next().await {
                return code;
            }
        }
    }

    /// Closes the connection, as closing a page does.
    pub async fn leave(mut self) {
        let _ = self.stream.close(None).await;
        self.closed().await;
    }
}
