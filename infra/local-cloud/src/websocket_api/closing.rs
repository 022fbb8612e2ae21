//! How connections end: the code and reason that the client and `$disconnect` are told.

use std::borrow::Cow;
use std::time::Duration;

use futures_util::SinkExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::handshake::Socket;

/// How long a client is given to take its leave.
const LEAVE: Duration = Duration::from_millis(500);

/// Why a connection ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Closing {
    pub(super) code: u16,
    pub(super) reason: Cow<'static, str>,
}

impl Closing {
    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }

    /// It was idle for too long, has lasted too long, or the gateway stops.
    pub(super) const GOING_AWAY: Self = Self::new(1001, "Going away");
    /// A function deleted it.
    pub(super) const DELETED: Self = Self::new(1000, "Connection Closed Normally");
    /// The client sent a binary frame.
    pub(super) const BINARY: Self = Self::new(1003, "Unsupported data");
    /// The client vanished, or stopped reading.
    pub(super) const VANISHED: Self = Self::new(1006, "Connection Closed Abnormally");
    /// The client left without giving a code.
    const NO_STATUS: Self = Self::new(1005, "Client-side close frame status not set");

    /// The client took its leave.
    pub(super) fn by_client(frame: Option<CloseFrame>) -> Self {
        frame.map_or(Self::NO_STATUS, |frame| Self {
            code: frame.code.into(),
            reason: Cow::Owned(frame.reason.as_str().to_owned()),
        })
    }

    /// Reading from the client failed.
    pub(super) fn by_error(error: &Error) -> Self {
        match error {
            Error::Capacity(_) => Self::new(1009, "Message too big"),
            Error::Utf8(_) => Self::new(1007, "Invalid frame payload data"),
            Error::Protocol(error) if !is_hangup(error) => Self::new(1002, "Protocol error"),
            _ => Self::VANISHED,
        }
    }

    /// What a client must do for its connection not to end like this, if it can.
    pub(super) fn advice(&self) -> Option<&'static str> {
        match self.code {
            1003 => Some("API Gateway takes text alone: send what is binary in base64"),
            1009 => Some("a message holds at most 128 KiB, and each of its frames 32 KiB: send less at once"),
            _ => None,
        }
    }

    /// Tells the client, if it doesn't know, and hangs up once it has been told.
    pub(super) async fn tell(&self, mut socket: Socket, by_client: bool) {
        let goodbye = async {
            if by_client {
                // The reply to its close frame is already on its way; it wants to be flushed.
                let _ = socket.flush().await;
            } else if *self != Self::VANISHED {
                let frame =
                    CloseFrame { code: CloseCode::from(self.code), reason: self.reason.as_ref().into() };
                let _ = socket.close(Some(frame)).await;
            }
            // Hanging up on unread bytes would reset the connection, and the client might never see the frame.
            let stream = socket.get_mut();
            let _ = stream.shutdown().await;
            let mut unread = [0; 4096];
            while matches!(stream.read(&mut unread).await, Ok(1..)) {}
        };
        // What a client that doesn't hang up in time thinks is no longer of interest.
        let _ = timeout(LEAVE, goodbye).await;
    }
}

fn is_hangup(error: &tokio_tungstenite::tungstenite::error::ProtocolError) -> bool {
    matches!(error, tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)
}
