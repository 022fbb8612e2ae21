//! Frames that a client sends, parsed.

use engineioxide_core::{Packet as EnginePacket, ProtocolVersion, Str};
use socketioxide_core::Value;
use socketioxide_core::packet::PacketData;
use socketioxide_core::parser::{Parse, ParseConfig, ParserState};
use socketioxide_parser_common::CommonParser;

/// Names that Socket.IO keeps for itself: no client may emit them.
const RESERVED: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

/// A frame that a client sent, parsed whole: what is in hand is what the protocol allows.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    /// The client wants an answer.
    Ping,
    /// The client answers a ping, or says nothing.
    Noop,
    /// The client is leaving.
    Close,
    /// The client wants into a namespace.
    Connect {
        /// The namespace, `/` or `/home`.
        namespace: String,
        /// What `io(..., {auth})` has, if anything.
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
        /// The number under which the client waits for an acknowledgement, if it does.
        ack: Option<i64>,
    },
    /// The client acknowledges an event of ours.
    Ack {
        /// The namespace.
        namespace: String,
        /// The event's number.
        ack: i64,
        /// The acknowledgement's arguments.
        arguments: Vec<serde_json::Value>,
    },
}

/// A frame that is none. Its connection is closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(&'static str);

impl Frame {
    /// Parses the text of a frame.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let packet = EnginePacket::parse(ProtocolVersion::V4, Str::from(text.to_owned()))
            .map_err(|_| Malformed("its first character is no Engine.IO packet type"))?;
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

    /// Parses a Socket.IO packet. The parser is lenient about payloads; this is where they are held to the protocol.
    fn message(text: &Str) -> Result<Self, Malformed> {
        let packet = CommonParser
            .decode_str(&ParseConfig::default(), &ParserState::default(), text.clone())
            .map_err(|_| Malformed("it is no Socket.IO packet"))?;
        let namespace = packet.ns.to_string();
        match packet.inner {
            PacketData::Connect(None) => Ok(Self::Connect { namespace, auth: None }),
            PacketData::Connect(Some(auth)) => {
                let auth = json(&auth, "its auth payload is no JSON object")?;
                Ok(Self::Connect { namespace, auth: Some(auth) })
            }
            // The parser drops what follows.
            PacketData::Disconnect if has_payload(&namespace, text) => {
                Err(Malformed("a DISCONNECT has no payload"))
            }
            PacketData::Disconnect => Ok(Self::Disconnect { namespace }),
            PacketData::Event(payload, ack) => {
                let mut arguments: Vec<serde_json::Value> = json(&payload, "its payload is no JSON array")?;
                // The parser drops a number that it cannot hold.
                if ack.is_none() && number_before(&payload, text) {
                    return Err(Malformed("its acknowledgement's number is too large"));
                }
                if arguments.is_empty() {
                    return Err(Malformed("the event has no name"));
                }
                let serde_json::Value::String(name) = arguments.remove(0) else {
                    return Err(Malformed("the event's name is no string"));
                };
                if RESERVED.contains(&name.as_str()) {
                    return Err(Malformed("the event's name is reserved"));
                }
                Ok(Self::Event { namespace, name, arguments, ack })
            }
            PacketData::EventAck(payload, ack) => {
                Ok(Self::Ack { namespace, ack, arguments: json(&payload, "its payload is no JSON array")? })
            }
            PacketData::ConnectError(_) => Err(Malformed("only a server sends a CONNECT_ERROR")),
            PacketData::BinaryEvent(..) | PacketData::BinaryAck(..) => {
                Err(Malformed("it announces binary data"))
            }
        }
    }
}

fn json<T: serde::de::DeserializeOwned>(payload: &Value, otherwise: &'static str) -> Result<T, Malformed> {
    let Value::Str(text, _) = payload else { return Err(Malformed("it is binary")) };
    serde_json::from_str(text).map_err(|_| Malformed(otherwise))
}

/// Whether anything follows a packet's type and namespace.
fn has_payload(namespace: &str, text: &str) -> bool {
    let rest = &text[1..];
    rest.strip_prefix(namespace).map_or(!rest.is_empty(), |rest| !matches!(rest, "" | ","))
}

/// Whether a digit stands right before a packet's payload.
fn number_before(payload: &Value, text: &str) -> bool {
    let Value::Str(payload, _) = payload else { return false };
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
    fn a_namespace_is_left() {
        assert_eq!(Frame::parse("41/home,"), Ok(Frame::Disconnect { namespace: "/home".into() }));
    }

    #[test]
    fn events_and_acks_are_read_with_their_numbers() {
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
    fn engine_packets_are_read() {
        assert_eq!(Frame::parse("2"), Ok(Frame::Ping));
        assert_eq!(Frame::parse("3"), Ok(Frame::Noop));
        assert_eq!(Frame::parse("6"), Ok(Frame::Noop));
        assert_eq!(Frame::parse("1"), Ok(Frame::Close));
    }

    #[test]
    fn whatever_is_broken_is_refused() {
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
