//! An encoded event parses to the same event.

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use socketio::{Arguments, Frame, MAX_FRAME};

#[derive(Arbitrary, Debug)]
struct Event {
    namespace: String,
    name: String,
    arguments: Vec<Argument>,
}

#[derive(Arbitrary, Debug)]
enum Argument {
    Null,
    Boolean(bool),
    Signed(i64),
    Unsigned(u64),
    Text(String),
    List(Vec<Argument>),
    Object(Vec<(String, Argument)>),
}

impl From<Argument> for Value {
    fn from(argument: Argument) -> Self {
        match argument {
            Argument::Null => Self::Null,
            Argument::Boolean(boolean) => boolean.into(),
            Argument::Signed(number) => number.into(),
            Argument::Unsigned(number) => number.into(),
            Argument::Text(text) => text.into(),
            Argument::List(list) => list.into_iter().map(Self::from).collect(),
            Argument::Object(members) => {
                members.into_iter().map(|(name, value)| (name, Self::from(value))).collect()
            }
        }
    }
}

/// Returns the depth of a value. The JSON parser accepts 127 levels.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(list) => 1 + list.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

fuzz_target!(|event: Event| {
    // A comma ends a namespace.
    let namespace = format!("/{}", event.namespace.replace(',', ""));
    let arguments: Vec<Value> = event.arguments.into_iter().map(Value::from).collect();
    if arguments.iter().map(depth).max().unwrap_or(0) > 100 {
        return;
    }
    let name = event.name;
    let Ok(text) = socketio::event(&namespace, &name, &Arguments(arguments.clone())) else { return };
    assert!(text.len() <= MAX_FRAME);
    match Frame::parse(&text) {
        Ok(frame) => assert_eq!(frame, Frame::Event { namespace, name, arguments, ack: None }),
        // A server may emit reserved names. A client may not.
        Err(error) => assert_eq!(error.to_string(), "the event's name is reserved", "{text:?}"),
    }
});
