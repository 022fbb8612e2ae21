//! Any string is parsed or refused, without panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use socketio::Frame;

fuzz_target!(|text: &str| {
    let Ok(frame) = Frame::parse(text) else { return };
    // An accepted event can be encoded again, without its number.
    if let Frame::Event { namespace, name, arguments, .. } = frame {
        let Ok(again) = socketio::event(&namespace, &name, &socketio::Arguments(arguments)) else { return };
        assert!(Frame::parse(&again).is_ok(), "{text:?} became {again:?}");
    }
});
