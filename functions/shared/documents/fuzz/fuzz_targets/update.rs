//! Any bytes are refused or leave a document whole, without panic.

#![no_main]

#[path = "../../tests/any_updates/check.rs"]
mod check;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| check::check(&[bytes]));
