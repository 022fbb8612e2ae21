//! The end of a connection: the close code and reason for the client and for `$disconnect`.

use std::borrow::Cow;
use std::time::Duration;

use futures_util::SinkExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::handshake::Socket;

/// Time limit of the closing handshake.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(500);

/// The close code and reason of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Closing {
    pub(super) code: u16,
    pub(super) reason: Cow<'static, str>,
}

impl Closing {
    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }

    /// The connection was idle for too long or lasted too long, or the gateway stops.
    pub(super) const GOING_AWAY: Self = Self::new(1001, "Going away");
    /// A function deleted the connection.
    pub(super) const DELETED: Self = Self::new(1000, "Connection Closed Normally");
    /// The client sent a binary frame.
    pub(super) const BINARY: Self = Self::new(1003, "Unsupported data");
    /// The client disappeared or stopped reading.
    pub(super) const VANISHED: Self = Self::new(1006, "Connection Closed Abnormally");
    /// The client closed the connection without a code.
    const NO_STATUS: Self = Self::new(1005, "Client-side close frame status not set");

    /// Returns the code and reason of a client's close frame.
    pub(super) fn by_client(frame: Option<CloseFrame>) -> Self {
        frame.map_or(Self::NO_STATUS, |frame| Self {
            code: frame.code.into(),
            reason: Cow::Owned(frame.reason.as_str().to_owned()),
        })
    }

    /// Returns the code and reason for a failed read.
    pub(super) fn by_error(error: &Error) -> Self {
        match error {
            Error::Capacity(_) => Self::new(1009, "Message too big"),
            Error::Utf8(_) => Self::new(1007, "Invalid frame payload data"),
            Error::Protocol(error) if !is_hangup(error) => Self::new(1002, "Protocol error"),
            _ => Self::VANISHED,
        }
    }

    /// Returns what a client can do to avoid this end, if there is something.
    pub(super) fn advice(&self) -> Option<&'static str> {
        match self.code {
            1003 => Some("API Gateway accepts only text: send binary data in base64"),
            1009 => {
                Some("a message is larger than 128 KiB, or a frame larger than 32 KiB: send less at once")
            }
            _ => None,
        }
    }

    /// Closes the socket. Sends a close frame first, unless the client has sent one or has disappeared.
    pub(super) async fn close(&self, mut socket: Socket, by_client: bool) {
        let handshake = async {
            if by_client {
                // The reply to the client's close frame is queued and needs only a flush.
                let _ = socket.flush().await;
            } else if *self != Self::VANISHED {
                let frame =
                    CloseFrame { code: CloseCode::from(self.code), reason: self.reason.as_ref().into() };
                let _ = socket.close(Some(frame)).await;
            }
            // Unread bytes would reset the connection, and the client might never see the close frame.
            let stream = socket.get_mut();
            let _ = stream.shutdown().await;
            let mut unread = [0; 4096];
            while matches!(stream.read(&mut unread).await, Ok(1..)) {}
        };
        // A client that does not close in time is cut off.
        let _ = timeout(CLOSE_TIMEOUT, handshake).await;
    }
}

fn is_hangup(error: &tokio_tungstenite::tungstenite::error::ProtocolError) -> bool {
    matches!(error, tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)
}
