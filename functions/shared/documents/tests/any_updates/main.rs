//! A document that applies any accepted update stays whole.

mod check;
mod strategy;

use check::check;
use proptest::prelude::*;

proptest! {
    #[test]
    fn any_bytes_are_refused_or_harmless(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        check(&[bytes]);
    }

    #[test]
    fn damaged_updates_are_refused_or_harmless(updates in strategy::damaged()) {
        check(&updates);
    }

    #[test]
    fn updates_of_any_structs_are_refused_or_harmless(updates in strategy::of_any_structs()) {
        check(&updates);
    }
}
