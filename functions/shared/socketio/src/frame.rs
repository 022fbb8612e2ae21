//! Parsing the frames that clients send.

use engineioxide_core::{Packet as EnginePacket, ProtocolVersion, Str};
use serde_json::value::RawValue;
use socketioxide_core::Value;
use socketioxide_core::packet::PacketData;
use socketioxide_core::parser::{Parse, ParseConfig, ParserState};
use socketioxide_parser_common::CommonParser;

use crate::json::{self, JsonError};

/// Event names that Socket.IO reserves. Clients may not emit them.
const RESERVED: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

/// A frame that a client sent, checked against the protocol.
///
/// ```
/// use socketio::Frame;
///
/// let frame = Frame::parse(r#"42/chat,7["message","Hello!"]"#)?;
/// assert!(matches!(frame, Frame::Event { ack: Some(7), .. }));
/// # Ok::<(), socketio::Malformed>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    /// An Engine.IO ping.
    Ping,
    /// An Engine.IO pong, or a noop.
    Noop,
    /// The client closes the connection.
    Close,
    /// The client joins a namespace.
    Connect {
        /// The namespace, `/` or `/home`.
        namespace: String,
        /// The auth payload of `io(..., {auth})`, if there is one.
        auth: Option<serde_json::Map<String, serde_json::Value>>,
    },
    /// The client leaves a namespace.
    Disconnect {
        /// The namespace.
        namespace: String,
    },
    /// The client emits an event.
    Event {
        /// The namespace.
        namespace: String,
        /// The event's name.
        name: String,
        /// The event's arguments.
        arguments: Vec<serde_json::Value>,
        /// The number of the acknowledgement, if the client wants one.
        ack: Option<i64>,
    },
    /// The client acknowledges an event of the server.
    Ack {
        /// The namespace.
        namespace: String,
        /// The event's number.
        ack: i64,
        /// The acknowledgement's arguments.
        arguments: Vec<serde_json::Value>,
    },
    /// A valid packet whose payload is nested too deeply. The packet is refused, and the connection stays open.
    TooDeep {
        /// The namespace.
        namespace: String,
        /// The reply that the client waits for.
        reply: Reply,
    },
}

/// The reply that a client waits for after a packet.
///
/// ```
/// use socketio::{Frame, Reply};
///
/// let text = format!(r#"42/chat,7["message",{}{}]"#, "[".repeat(200), "]".repeat(200));
/// let namespace = "/chat".to_owned();
/// assert_eq!(Frame::parse(&text), Ok(Frame::TooDeep { namespace, reply: Reply::Ack(7) }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// The namespace accepts or refuses the socket.
    Connect,
    /// The acknowledgement with this number.
    Ack(i64),
    /// No reply.
    None,
}

/// Explains why a frame is malformed. Its connection is closed.
///
/// ```
/// assert!(socketio::Frame::parse("hello").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(&'static str);

impl Frame {
    /// Parses the text of a frame.
    ///
    /// # Errors
    /// If the text does not follow the protocol, or announces binary data.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let packet = EnginePacket::parse(ProtocolVersion::V4, Str::from(text.to_owned()))
            .map_err(|_| Malformed("its first character is not an Engine.IO packet type"))?;
        match packet {
            EnginePacket::Message(message) => Self::message(&message),
            EnginePacket::Binary(_) | EnginePacket::BinaryV3(_) => Err(Malformed("it is binary")),
            EnginePacket::Open(_)
            | EnginePacket::Upgrade
            | EnginePacket::PingUpgrade
            | EnginePacket::PongUpgrade => Err(Malformed("it belongs to another transport")),
            // The parser looks at the first character only.
            _ if text.len() > 1 => Err(Malformed("an Engine.IO packet without payload has one")),
            EnginePacket::Ping => Ok(Self::Ping),
            EnginePacket::Pong | EnginePacket::Noop => Ok(Self::Noop),
            EnginePacket::Close => Ok(Self::Close),
        }
    }

    /// Parses a Socket.IO packet. The parser accepts invalid payloads, so they are checked here.
    fn message(text: &Str) -> Result<Self, Malformed> {
        let packet = CommonParser
            .decode_str(&ParseConfig::default(), &ParserState::default(), text.clone())
            .map_err(|_| Malformed("it is not a Socket.IO packet"))?;
        let namespace = packet.ns.to_string();
        match packet.inner {
            PacketData::Connect(None) => Ok(Self::Connect { namespace, auth: None }),
            PacketData::Connect(Some(auth)) => match json::parse(payload(&auth)?) {
                Ok(serde_json::Value::Object(auth)) => Ok(Self::Connect { namespace, auth: Some(auth) }),
                Err(JsonError::TooDeep) if payload(&auth)?.trim_start().starts_with('{') => {
                    Ok(Self::TooDeep { namespace, reply: Reply::Connect })
                }
                _ => Err(Malformed("its auth payload is not a JSON object")),
            },
            // The parser drops what follows.
            PacketData::Disconnect if has_payload(&namespace, text) => {
                Err(Malformed("a DISCONNECT has no payload"))
            }
            PacketData::Disconnect => Ok(Self::Disconnect { namespace }),
            PacketData::Event(data, ack) => {
                let data = payload(&data)?;
                let mut elements = elements(data)?.into_iter();
                // The parser drops a number that it cannot hold.
                if ack.is_none() && number_before(data, text) {
                    return Err(Malformed("its acknowledgement's number is too large"));
                }
                let name = elements.next().ok_or(Malformed("the event has no name"))?;
                let Ok(serde_json::Value::String(name)) = json::parse(name.get()) else {
                    return Err(Malformed("the event's name is not a string"));
                };
                if RESERVED.contains(&name.as_str()) {
                    return Err(Malformed("the event's name is reserved"));
                }
                Ok(match arguments(elements) {
                    Some(arguments) => Self::Event { namespace, name, arguments, ack },
                    None => Self::TooDeep { namespace, reply: ack.map_or(Reply::None, Reply::Ack) },
                })
            }
            PacketData::EventAck(data, ack) => Ok(match arguments(elements(payload(&data)?)?.into_iter()) {
                Some(arguments) => Self::Ack { namespace, ack, arguments },
                None => Self::TooDeep { namespace, reply: Reply::None },
            }),
            PacketData::ConnectError(_) => Err(Malformed("only a server sends a CONNECT_ERROR")),
            PacketData::BinaryEvent(..) | PacketData::BinaryAck(..) => {
                Err(Malformed("it announces binary data"))
            }
        }
    }
}

fn payload(payload: &Value) -> Result<&str, Malformed> {
    let Value::Str(text, _) = payload else { return Err(Malformed("it is binary")) };
    Ok(text)
}

/// Splits a JSON array into its elements.
fn elements(array: &str) -> Result<Vec<&RawValue>, Malformed> {
    serde_json::from_str(array).map_err(|_| Malformed("its payload is not a JSON array"))
}

/// Parses the elements, unless one is nested too deeply.
fn arguments<'a>(elements: impl Iterator<Item = &'a RawValue>) -> Option<Vec<serde_json::Value>> {
    elements.map(|element| json::parse(element.get()).ok()).collect()
}

/// Returns whether a packet has more than a type and a namespace.
fn has_payload(namespace: &str, text: &str) -> bool {
    let rest = &text[1..];
    rest.strip_prefix(namespace).map_or(!rest.is_empty(), |rest| !matches!(rest, "" | ","))
}

/// Returns whether a digit precedes a packet's payload.
fn number_before(payload: &str, text: &str) -> bool {
    let header = &text[..text.len() - payload.len()];
    header.len() > 1 && header.ends_with(|last: char| last.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_namespace_is_joined_with_and_without_comma_and_auth() {
        let home = |auth| Frame::Connect { namespace: "/home".into(), auth };
        assert_eq!(Frame::parse("40/home,"), Ok(home(None)));
        assert_eq!(Frame::parse("40/home"), Ok(home(None)));
        assert_eq!(Frame::parse("40/home,{}"), Ok(home(Some(serde_json::Map::new()))));
        let auth = json!({ "token": "x" }).as_object().cloned();
        assert_eq!(Frame::parse(r#"40/home,{"token":"x"}"#), Ok(home(auth)));
        assert_eq!(Frame::parse("40"), Ok(Frame::Connect { namespace: "/".into(), auth: None }));
    }

    #[test]
    fn a_disconnect_packet_leaves_its_namespace() {
        assert_eq!(Frame::parse("41/home,"), Ok(Frame::Disconnect { namespace: "/home".into() }));
    }

    #[test]
    fn events_and_acks_are_read_with_their_ids() {
        assert_eq!(
            Frame::parse(r#"42/home,7["create",{"a":1}]"#),
            Ok(Frame::Event {
                namespace: "/home".into(),
                name: "create".into(),
                arguments: vec![json!({ "a": 1 })],
                ack: Some(7),
            })
        );
        assert_eq!(
            Frame::parse("43/home,7[]"),
            Ok(Frame::Ack { namespace: "/home".into(), ack: 7, arguments: vec![] })
        );
    }

    #[test]
    fn auth_events_and_acks_accept_the_json_that_javascript_accepts() {
        let frame = Frame::parse(r#"42/home,7["create",{"message":"cut \ud83d"},1e400]"#).unwrap();
        let arguments = vec![json!({ "message": "cut \u{fffd}" }), json!(null)];
        let (namespace, name) = ("/home".to_owned(), "create".to_owned());
        assert_eq!(frame, Frame::Event { namespace, name, arguments, ack: Some(7) });
        let frame = Frame::parse(r#"40/home,{"":1,"cut":"\ud83d"}"#).unwrap();
        let auth = json!({ "": 1, "cut": "\u{fffd}" }).as_object().cloned();
        assert_eq!(frame, Frame::Connect { namespace: "/home".into(), auth });
        let frame = Frame::parse(r#"43/home,7["\ud83d"]"#).unwrap();
        assert_eq!(
            frame,
            Frame::Ack { namespace: "/home".into(), ack: 7, arguments: vec![json!("\u{fffd}")] }
        );
        // The same holds for an event's name.
        let frame = Frame::parse(r#"42["\ud83d"]"#).unwrap();
        let name = "\u{fffd}".to_owned();
        assert_eq!(frame, Frame::Event { namespace: "/".into(), name, arguments: vec![], ack: None });
    }

    #[test]
    fn too_deeply_nested_json_is_distinguished_from_malformed_json() {
        let nested = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let too_deep = |reply| Ok(Frame::TooDeep { namespace: "/home".into(), reply });
        for levels in [128, 10_000] {
            let nested = nested(levels);
            assert_eq!(Frame::parse(&format!(r#"42/home,7["m",{nested}]"#)), too_deep(Reply::Ack(7)));
            assert_eq!(Frame::parse(&format!(r#"42/home,["m",{nested}]"#)), too_deep(Reply::None));
            assert_eq!(Frame::parse(&format!("43/home,7[{nested}]")), too_deep(Reply::None));
            assert_eq!(Frame::parse(&format!(r#"40/home,{{"a":{nested}}}"#)), too_deep(Reply::Connect));
            assert!(Frame::parse(&format!("40/home,{nested}")).is_err(), "an array is not an auth payload");
            assert!(Frame::parse(&format!(r#"42/home,["m",{nested}"#)).is_err(), "the array is open");
        }
        let deepest = nested(127);
        assert!(matches!(Frame::parse(&format!(r#"42["m",{deepest}]"#)), Ok(Frame::Event { .. })));
    }

    #[test]
    fn engine_packets_are_read() {
        assert_eq!(Frame::parse("2"), Ok(Frame::Ping));
        assert_eq!(Frame::parse("3"), Ok(Frame::Noop));
        assert_eq!(Frame::parse("6"), Ok(Frame::Noop));
        assert_eq!(Frame::parse("1"), Ok(Frame::Close));
    }

    #[test]
    fn malformed_packets_are_refused() {
        for text in [
            "",
            "x",
            "9",
            "2x",
            "2probe",
            "3probe",
            "5",
            "0{}",
            "bAAAA",
            "4",
            "4x",
            "47",
            "40/home,{",
            "40/home,[]",
            "40abc",
            "41x",
            "41,",
            "41/home,{}",
            "42",
            "42{}",
            "42[]",
            "42[1]",
            r#"42["disconnect"]"#,
            r#"42abc["m"]"#,
            "42/home",
            "43[]",
            "43x[]",
            r#"44{"message":"x"}"#,
            r#"45-["m"]"#,
            r#"451-["m",{"_placeholder":true,"num":0}]"#,
            "461-1[]",
            "é",
            r#"4299999999999999999999["m"]"#,
        ] {
            assert!(Frame::parse(text).is_err(), "{text} was taken");
        }
    }
}
