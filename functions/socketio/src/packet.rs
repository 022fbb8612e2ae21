//! Packets that the server sends, encoded once, as the text of a frame.

use std::time::Duration;

use engineioxide_core::{OpenPacket, Packet as EnginePacket, Sid};
use serde::Serialize;
use socketioxide_core::Value;
use socketioxide_core::packet::{ConnectPacket, Packet, PacketData};
use socketioxide_core::parser::{Parse, ParserError};
use socketioxide_parser_common::CommonParser;

use crate::error::{ConnectError, Error};

/// The most bytes in a packet: API Gateway's limit for a frame, 32 KiB.
pub const MAX_PAYLOAD: usize = 32 * 1024;

/// As long as a connection can live (2 h): no ping is ever due, so none is missed.
///
/// The client's watchdog is a timer of interval and timeout together; their sum stays below what a JavaScript timer
/// can hold (2,147,483,647 ms), above which it would fire at once.
const PING_INTERVAL: Duration = Duration::from_hours(2);
const PING_TIMEOUT: Duration = Duration::from_secs(20);

/// The first packet of a connection: the Engine.IO handshake.
pub(crate) fn open(engine: Sid) -> String {
    EnginePacket::Open(OpenPacket {
        sid: engine,
        // API Gateway has one transport.
        upgrades: [].into_iter().collect(),
        ping_interval: PING_INTERVAL,
        ping_timeout: PING_TIMEOUT,
        max_payload: MAX_PAYLOAD as u64,
    })
    .into()
}

/// The answer to a ping.
pub(crate) fn pong() -> String {
    EnginePacket::Pong.into()
}

/// Lets a socket into a namespace: `40/home,{"sid":"..."}`.
pub(crate) fn connect(namespace: &str, socket: Sid) -> Result<String, Error> {
    let payload = CommonParser.encode_default(&ConnectPacket { sid: socket })?;
    Ok(message(Packet::connect(namespace.to_owned(), Some(payload))))
}

/// Refuses a socket: `44/home,{"message":"...","data":{...}}`.
///
/// The parser's own `CONNECT_ERROR` has a message only. A `CONNECT` differs from it in nothing but its type.
pub(crate) fn connect_error(namespace: &str, error: &ConnectError) -> Result<String, Error> {
    let payload = CommonParser.encode_default(error)?;
    let connect = message(Packet::connect(namespace.to_owned(), Some(payload)));
    Ok(format!("44{}", &connect["40".len()..]))
}

/// An event: `42/home,["notetitles",{...}]`.
///
/// A tuple is spread over the event's arguments, as Socket.IO's `emit` has them. Over [`MAX_PAYLOAD`] bytes it is
/// [`Error::TooLarge`].
pub fn event<T: Serialize + ?Sized>(namespace: &str, name: &str, payload: &T) -> Result<String, Error> {
    let payload = CommonParser.encode_value(payload, Some(name))?;
    let text = message(Packet { inner: PacketData::Event(payload, None), ns: namespace.to_owned().into() });
    if text.len() > MAX_PAYLOAD {
        return Err(Error::TooLarge { size: text.len() });
    }
    Ok(text)
}

/// How many bytes of JSON an event's one argument may have, so that the packet fits into a frame.
#[must_use]
pub fn room_for_payload(namespace: &str, name: &str) -> usize {
    // A digit stands where the argument will.
    event(namespace, name, &0).map_or(0, |text| MAX_PAYLOAD + 1 - text.len())
}

/// Wraps a Socket.IO packet into an Engine.IO message.
fn message(packet: Packet) -> String {
    let text = match CommonParser.encode(packet) {
        Value::Str(text, _) => text,
        Value::Bytes(_) => unreachable!("the common parser writes text"),
    };
    EnginePacket::Message(text).into()
}

impl From<ParserError> for Error {
    fn from(error: ParserError) -> Self {
        Self::Payload(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sid() -> Sid {
        "AA9AAA0AAzAAAAHs".parse().unwrap()
    }

    #[test]
    fn the_open_packet_is_what_clients_wait_for() {
        assert_eq!(
            open(sid()),
            r#"0{"sid":"AA9AAA0AAzAAAAHs","upgrades":[],"pingInterval":7200000,"pingTimeout":20000,"maxPayload":32768}"#
        );
    }

    #[test]
    fn a_socket_is_let_in_with_its_id() {
        assert_eq!(connect("/home", sid()).unwrap(), r#"40/home,{"sid":"AA9AAA0AAzAAAAHs"}"#);
        assert_eq!(connect("/", sid()).unwrap(), r#"40{"sid":"AA9AAA0AAzAAAAHs"}"#);
    }

    #[test]
    fn a_socket_is_refused_with_a_message_and_a_code() {
        let error = ConnectError::new("Sign in first.", "unauthenticated");
        assert_eq!(
            connect_error("/home", &error).unwrap(),
            r#"44/home,{"message":"Sign in first.","data":{"code":"unauthenticated"}}"#
        );
        assert_eq!(
            connect_error("/nowhere", &ConnectError::invalid_namespace()).unwrap(),
            r#"44/nowhere,{"message":"Invalid namespace"}"#
        );
    }

    #[test]
    fn an_event_carries_its_name_and_payload() {
        assert_eq!(event("/home", "m", &json!({ "a": 1 })).unwrap(), r#"42/home,["m",{"a":1}]"#);
        assert_eq!(event("/", "m", &(1, "two")).unwrap(), r#"42["m",1,"two"]"#);
    }

    #[test]
    fn a_packet_of_32_kib_is_sent_and_one_byte_more_is_refused() {
        let room = room_for_payload("/home", "m");
        let fits = "x".repeat(MAX_PAYLOAD - r#"42/home,["m",""]"#.len());
        assert_eq!(event("/home", "m", &fits).unwrap().len(), MAX_PAYLOAD);
        assert_eq!(serde_json::to_string(&fits).unwrap().len(), room);
        let error = event("/home", "m", &format!("{fits}x")).unwrap_err();
        assert!(matches!(error, Error::TooLarge { size } if size == MAX_PAYLOAD + 1), "{error}");
    }
}
