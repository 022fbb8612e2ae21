//! Properties of all packets and strings, tested with random ones.

use engineioxide_core::Sid;
use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

use crate::{Arguments, ConnectError, Frame, Settings, packet};

/// Generates namespaces, including `/`: any text without the comma that ends it.
fn namespaces() -> impl Strategy<Value = String> {
    prop_oneof![Just("/".to_owned()), "/[a-z]{1,9}", "/[^,]{0,9}"]
}

/// Generates names of events: any string except the reserved ones.
fn names() -> impl Strategy<Value = String> {
    let free = |name: &String| Frame::parse(&json!([name]).to_string().replacen('[', "42[", 1)).is_ok();
    prop_oneof!["[a-z-]{1,12}", any::<String>()].prop_filter("the name is reserved", free)
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        // Quarters are exact in decimal notation.
        any::<i32>().prop_map(|n| Value::from(f64::from(n) / 4.0)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            hash_map(any::<String>(), inner, 0..6).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn arguments() -> impl Strategy<Value = Vec<Value>> {
    vec(values(), 0..4)
}

fn acks() -> impl Strategy<Value = i64> {
    0..=i64::MAX
}

fn sids() -> impl Strategy<Value = Sid> {
    "[A-Za-z0-9_-]{16}".prop_map(|sid| sid.parse().unwrap())
}

fn object() -> impl Strategy<Value = Map<String, Value>> {
    hash_map(any::<String>(), values(), 0..4).prop_map(|members| members.into_iter().collect())
}

/// Generates packets as a client of Socket.IO writes them, each with its meaning.
fn client_packets() -> impl Strategy<Value = (String, Frame)> {
    // The main namespace is omitted.
    let prefix = |namespace: &str| if namespace == "/" { String::new() } else { format!("{namespace},") };
    prop_oneof![
        Just(("1".to_owned(), Frame::Close)),
        Just(("2".to_owned(), Frame::Ping)),
        Just(("3".to_owned(), Frame::Noop)),
        Just(("6".to_owned(), Frame::Noop)),
        (namespaces(), proptest::option::of(object())).prop_map(move |(namespace, auth)| {
            let payload = auth.as_ref().map(|auth| json!(auth).to_string()).unwrap_or_default();
            (format!("40{}{payload}", prefix(&namespace)), Frame::Connect { namespace, auth })
        }),
        namespaces().prop_map(move |namespace| {
            (format!("41{}", prefix(&namespace)), Frame::Disconnect { namespace })
        }),
        (namespaces(), names(), arguments(), proptest::option::of(acks())).prop_map(
            move |(namespace, name, arguments, ack)| {
                let payload = json!([vec![json!(name)], arguments.clone()].concat());
                let number = ack.map(|ack| ack.to_string()).unwrap_or_default();
                let text = format!("42{}{number}{payload}", prefix(&namespace));
                (text, Frame::Event { namespace, name, arguments, ack })
            }
        ),
        (namespaces(), acks(), arguments()).prop_map(move |(namespace, ack, arguments)| {
            let text = format!("43{}{ack}{}", prefix(&namespace), json!(arguments));
            (text, Frame::Ack { namespace, ack, arguments })
        }),
    ]
}

/// A change that damages a string.
#[derive(Debug, Clone)]
enum Damage {
    Cut(Index),
    Remove(Index),
    Insert(Index, char),
    Replace(Index, char),
    Repeat(Index, usize),
}

fn damages() -> impl Strategy<Value = Damage> {
    // Characters with a meaning are the most likely to break the parser.
    let telling: Vec<char> = "0123456789/,-[]{}\":\\bé".chars().collect();
    let telling = prop_oneof![proptest::sample::select(telling), any::<char>()].boxed();
    prop_oneof![
        any::<Index>().prop_map(Damage::Cut),
        any::<Index>().prop_map(Damage::Remove),
        (any::<Index>(), telling.clone()).prop_map(|(at, with)| Damage::Insert(at, with)),
        (any::<Index>(), telling).prop_map(|(at, with)| Damage::Replace(at, with)),
        (any::<Index>(), 1..200_usize).prop_map(|(at, times)| Damage::Repeat(at, times)),
    ]
}

fn damaged(text: &str, damages: &[Damage]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for damage in damages {
        let length = characters.len();
        let at = |at: &Index| at.index(length.max(1));
        match damage {
            Damage::Cut(index) => characters.truncate(at(index)),
            Damage::Insert(index, with) => characters.insert(at(index), *with),
            _ if characters.is_empty() => {}
            Damage::Remove(index) => drop(characters.remove(at(index))),
            Damage::Replace(index, with) => characters[at(index)] = *with,
            Damage::Repeat(index, times) => {
                let at = at(index);
                let again = std::iter::repeat_n(characters[at], *times);
                characters.splice(at..at, again);
            }
        }
    }
    characters.into_iter().collect()
}

proptest! {
    #[test]
    fn a_clients_packet_is_parsed_as_it_was_meant((text, frame) in client_packets()) {
        prop_assert_eq!(Frame::parse(&text), Ok(frame));
    }

    #[test]
    fn any_string_is_parsed_or_refused(text in any::<String>()) {
        let _ = Frame::parse(&text);
    }

    #[test]
    fn anything_that_looks_like_a_packet_is_parsed_or_refused(text in "[0-6b]?[0-9]{0,22}-?(/[^,]{0,5},?)?[0-9]{0,22}[\\[{]?\\PC{0,20}") {
        let _ = Frame::parse(&text);
    }

    #[test]
    fn any_packet_that_was_damaged_is_parsed_or_refused(
        (text, _) in client_packets(),
        damages in vec(damages(), 1..6),
    ) {
        let _ = Frame::parse(&damaged(&text, &damages));
    }

    #[test]
    fn an_encoded_event_is_parsed_as_it_was_meant(
        namespace in namespaces(), name in names(), arguments in arguments(),
    ) {
        let text = packet::event(&namespace, &name, &Arguments(arguments.clone())).unwrap();
        prop_assert_eq!(Frame::parse(&text), Ok(Frame::Event { namespace, name, arguments, ack: None }));
    }

    #[test]
    fn an_encoded_acknowledgement_is_parsed_as_it_was_meant(
        namespace in namespaces(), ack in acks(), arguments in arguments(),
    ) {
        let text = packet::ack(&namespace, ack, &json!(arguments)).unwrap();
        prop_assert_eq!(Frame::parse(&text), Ok(Frame::Ack { namespace, ack, arguments }));
    }

    #[test]
    fn acceptance_and_disconnection_are_parsed_as_they_were_meant(namespace in namespaces(), sid in sids()) {
        let text = packet::connect(&namespace, sid).unwrap();
        let auth = json!({ "sid": sid }).as_object().cloned();
        prop_assert_eq!(Frame::parse(&text), Ok(Frame::Connect { namespace: namespace.clone(), auth }));
        prop_assert_eq!(Frame::parse(&packet::disconnect(&namespace)), Ok(Frame::Disconnect { namespace }));
    }

    /// The parser of a server rejects a `CONNECT_ERROR`. It differs from a `CONNECT` only by its type.
    #[test]
    fn an_encoded_refusal_is_parsed_as_it_was_meant(
        namespace in namespaces(), message in any::<String>(), data in values(),
    ) {
        let text = packet::connect_error(&namespace, &ConnectError::with_data(&*message, data.clone())).unwrap();
        let payload = text.strip_prefix("44").unwrap();
        let auth = json!({ "message": message, "data": data }).as_object().cloned();
        prop_assert_eq!(Frame::parse(&format!("40{payload}")), Ok(Frame::Connect { namespace, auth }));
    }

    #[test]
    fn an_open_packet_is_parsed_as_it_was_meant(sid in sids(), interval: u32, timeout: u32, max_payload: u64) {
        let settings = Settings {
            ping_interval: std::time::Duration::from_millis(interval.into()),
            ping_timeout: std::time::Duration::from_millis(timeout.into()),
            max_payload,
            ..Settings::default()
        };
        let text = packet::open(sid, &settings);
        let open = json!({
            "sid": sid, "upgrades": [], "pingInterval": interval, "pingTimeout": timeout, "maxPayload": max_payload,
        });
        prop_assert_eq!(serde_json::from_str::<Value>(text.strip_prefix('0').unwrap()).unwrap(), open);
    }
}
