//! The arguments of events and acknowledgements: typed, or as a list of JSON values.

use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::ser::SerializeTupleStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use socketioxide_core::parser::{is_de_tuple, is_ser_tuple};

use crate::Error;

/// Any number of arguments, as JSON values.
///
/// A handler with one argument names its type. A handler with several takes a tuple. A handler that accepts anything
/// takes `Arguments`. Tuples and `Arguments` are also spread over the arguments of what is emitted or acknowledged.
///
/// ```
/// use socketio::{Arguments, Error, Socket};
///
/// async fn echo(_app: (), _socket: Socket, arguments: Arguments) -> Result<Arguments, Error> {
///     Ok(arguments)
/// }
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arguments(pub Vec<Value>);

/// Reads the arguments of an event as the handler's type.
pub(crate) fn typed<T: for<'de> Deserialize<'de>>(mut arguments: Vec<Value>) -> serde_json::Result<T> {
    if is_de_tuple::<T>() {
        return serde_json::from_value(Value::Array(arguments));
    }
    let first = if arguments.is_empty() { Value::Null } else { arguments.swap_remove(0) };
    serde_json::from_value(first)
}

/// Writes a handler's return value as arguments. A tuple is spread, and `()` means no arguments.
pub(crate) fn untyped<T: Serialize>(given: &T) -> Result<Value, Error> {
    let value = serde_json::to_value(given)?;
    Ok(match value {
        Value::Null => Value::Array(Vec::new()),
        Value::Array(spread) if is_ser_tuple(given) => Value::Array(spread),
        one => Value::Array(vec![one]),
    })
}

// A tuple in serde's terms, so that it is spread as tuples are.
impl Serialize for Arguments {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple_struct("Arguments", self.0.len())?;
        for argument in &self.0 {
            tuple.serialize_field(argument)?;
        }
        tuple.end()
    }
}

impl<'de> Deserialize<'de> for Arguments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Arguments;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("arguments")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Arguments, A::Error> {
                let mut arguments = Vec::new();
                while let Some(value) = values.next_element()? {
                    arguments.push(value);
                }
                Ok(Arguments(arguments))
            }
        }
        deserializer.deserialize_tuple_struct("Arguments", 0, Any)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_handler_takes_one_argument_several_or_all() {
        let came = || vec![json!(1), json!("two")];
        assert_eq!(typed::<u8>(came()).unwrap(), 1);
        assert_eq!(typed::<(u8, String)>(came()).unwrap(), (1, "two".to_owned()));
        assert_eq!(typed::<Arguments>(came()).unwrap(), Arguments(came()));
        assert_eq!(typed::<Arguments>(vec![]).unwrap(), Arguments(vec![]));
        assert_eq!(typed::<Option<u8>>(vec![]).unwrap(), None);
        assert!(typed::<String>(came()).is_err());
    }

    #[test]
    fn a_handler_returns_no_one_or_several_arguments() {
        assert_eq!(untyped(&()).unwrap(), json!([]));
        assert_eq!(untyped(&"one").unwrap(), json!(["one"]));
        assert_eq!(untyped(&vec![1, 2]).unwrap(), json!([[1, 2]]));
        assert_eq!(untyped(&(1, "two")).unwrap(), json!([1, "two"]));
        assert_eq!(untyped(&Arguments(vec![json!([1]), json!(2)])).unwrap(), json!([[1], 2]));
    }
}
