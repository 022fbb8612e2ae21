//! Encoding the packets that the server sends.

use engineioxide_core::{OpenPacket, Packet as EnginePacket, Sid};
use serde::Serialize;
use serde_json::json;
use socketioxide_core::Value;
use socketioxide_core::packet::{ConnectPacket, Packet, PacketData};
use socketioxide_core::parser::{Parse, ParserError};
use socketioxide_parser_common::CommonParser;

use crate::error::{ConnectError, Error};
use crate::settings::{MAX_FRAME, Settings};

/// Encodes the first packet of a connection: the Engine.IO handshake.
pub(crate) fn open(engine: Sid, settings: &Settings) -> String {
    EnginePacket::Open(OpenPacket {
        sid: engine,
        // API Gateway has one transport.
        upgrades: [].into_iter().collect(),
        ping_interval: settings.ping_interval,
        ping_timeout: settings.ping_timeout,
        max_payload: settings.max_payload,
    })
    .into()
}

/// Encodes a packet that clients ignore, to keep an idle connection alive.
pub(crate) fn noop() -> String {
    EnginePacket::Noop.into()
}

/// Encodes the acceptance of a socket: `40/home,{"sid":"..."}`.
pub(crate) fn connect(namespace: &str, socket: Sid) -> Result<String, Error> {
    let payload = CommonParser.encode_default(&ConnectPacket { sid: socket })?;
    fitting(message(Packet::connect(namespace.to_owned(), Some(payload))))
}

/// Encodes the refusal of a socket: `44/home,{"message":"...","data":{...}}`.
///
/// The parser's `CONNECT_ERROR` has a message only. A `CONNECT` differs from it only by its type.
pub(crate) fn connect_error(namespace: &str, error: &ConnectError) -> Result<String, Error> {
    let payload = CommonParser.encode_default(error)?;
    let connect = message(Packet::connect(namespace.to_owned(), Some(payload)));
    fitting(format!("44{}", &connect["40".len()..]))
}

/// Encodes the disconnection of a socket: `41/home,`.
pub(crate) fn disconnect(namespace: &str) -> String {
    message(Packet::disconnect(namespace.to_owned()))
}

/// Encodes an event: `42/home,["notetitles",{...}]`. A tuple is spread over the event's arguments.
///
/// ```
/// let text = socketio::event("/chat", "message", &("ada", "Hello!"))?;
/// assert_eq!(text, r#"42/chat,["message","ada","Hello!"]"#);
/// # Ok::<(), socketio::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooLarge`] if the packet is over [`MAX_FRAME`] bytes, [`Error::Payload`] if the payload cannot be written
/// as JSON.
pub fn event<T: Serialize + ?Sized>(namespace: &str, name: &str, payload: &T) -> Result<String, Error> {
    let payload = CommonParser.encode_value(payload, Some(name))?;
    text(namespace, PacketData::Event(payload, None))
}

/// Encodes the acknowledgement of an event: `43/home,7[...]`, with an array of arguments.
pub(crate) fn ack(namespace: &str, id: i64, arguments: &serde_json::Value) -> Result<String, Error> {
    text(namespace, PacketData::EventAck(CommonParser.encode_default(arguments)?, id))
}

/// Returns the acknowledgement of an event that is nested too deeply.
pub(crate) fn too_deep() -> serde_json::Value {
    json!([{ "error": { "code": "too-deep", "message": "The event's arguments are nested too deeply." } }])
}

/// Returns the most bytes of JSON that an event's argument may have, so that the packet fits into a frame.
///
/// ```
/// assert_eq!(socketio::max_payload_bytes("/chat", "message"), 32 * 1024 - r#"42/chat,["message",]"#.len());
/// ```
#[must_use]
pub fn max_payload_bytes(namespace: &str, name: &str) -> usize {
    // A digit takes the place of the argument.
    event(namespace, name, &0).map_or(0, |text| MAX_FRAME + 1 - text.len())
}

fn text(namespace: &str, inner: PacketData) -> Result<String, Error> {
    fitting(message(Packet { inner, ns: namespace.to_owned().into() }))
}

fn fitting(text: String) -> Result<String, Error> {
    if text.len() > MAX_FRAME { Err(Error::TooLarge { size: text.len() }) } else { Ok(text) }
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
    use std::time::Duration;

    use super::*;
    use crate::Arguments;

    fn sid() -> Sid {
        "AA9AAA0AAzAAAAHs".parse().unwrap()
    }

    #[test]
    fn the_open_packet_has_exact_bytes() {
        assert_eq!(
            open(sid(), &Settings::default()),
            r#"0{"sid":"AA9AAA0AAzAAAAHs","upgrades":[],"pingInterval":7200000,"pingTimeout":20000,"maxPayload":32768}"#
        );
        let settings = Settings {
            ping_interval: Duration::from_millis(300),
            ping_timeout: Duration::from_millis(200),
            max_payload: 1_000_000,
            ..Settings::default()
        };
        assert_eq!(
            open(sid(), &settings),
            r#"0{"sid":"AA9AAA0AAzAAAAHs","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}"#
        );
    }

    #[test]
    fn a_socket_is_connected_with_its_id_and_disconnected() {
        assert_eq!(connect("/home", sid()).unwrap(), r#"40/home,{"sid":"AA9AAA0AAzAAAAHs"}"#);
        assert_eq!(connect("/", sid()).unwrap(), r#"40{"sid":"AA9AAA0AAzAAAAHs"}"#);
        assert_eq!(disconnect("/home"), "41/home,");
        assert_eq!(disconnect("/"), "41");
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
    fn an_event_contains_its_name_and_payload() {
        assert_eq!(event("/home", "m", &json!({ "a": 1 })).unwrap(), r#"42/home,["m",{"a":1}]"#);
        assert_eq!(event("/", "m", &(1, "two")).unwrap(), r#"42["m",1,"two"]"#);
        assert_eq!(event("/", "m", &Arguments(vec![json!(1), json!([2])])).unwrap(), r#"42["m",1,[2]]"#);
        assert_eq!(event("/", "m", &Arguments(vec![])).unwrap(), r#"42["m"]"#);
    }

    #[test]
    fn an_acknowledgement_has_the_events_id() {
        assert_eq!(ack("/home", 7, &json!([{ "a": 1 }])).unwrap(), r#"43/home,7[{"a":1}]"#);
        assert_eq!(ack("/", 0, &json!([1, "two"])).unwrap(), r#"430[1,"two"]"#);
        assert_eq!(ack("/", 12, &json!([])).unwrap(), "4312[]");
    }

    #[test]
    fn a_packet_of_32_kib_is_sent_and_one_byte_more_is_refused() {
        let room = max_payload_bytes("/home", "m");
        let fits = "x".repeat(MAX_FRAME - r#"42/home,["m",""]"#.len());
        assert_eq!(event("/home", "m", &fits).unwrap().len(), MAX_FRAME);
        assert_eq!(serde_json::to_string(&fits).unwrap().len(), room);
        let error = event("/home", "m", &format!("{fits}x")).unwrap_err();
        assert!(matches!(error, Error::TooLarge { size } if size == MAX_FRAME + 1), "{error}");
    }
}
