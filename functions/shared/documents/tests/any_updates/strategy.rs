//! Updates that no page makes.

use documents::{ClientId, Document};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::check::START;

/// Makes edits of two people, and puts other bytes into them.
pub(crate) fn damaged() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let damage = (any::<Index>(), any::<Index>(), vec(any::<u8>(), 0..4));
    (vec("[a🦀 ]{0,8}", 1..4), vec(damage, 0..3)).prop_map(|(texts, damages)| {
        let mut updates = edits(&texts);
        for (update, at, bytes) in damages {
            let update = update.index(updates.len());
            let update = &mut updates[update];
            let at = at.index(update.len());
            update.splice(at..=at, bytes);
            if update.is_empty() {
                update.push(0);
            }
        }
        updates
    })
}

/// Returns the updates that make one text after the other.
fn edits(texts: &[String]) -> Vec<Vec<u8>> {
    let mut document = Document::seed(START);
    let mut edit = |(number, text): (u32, &String)| {
        document
            .rewrite(text, ClientId::new(["ada", "bob"][number as usize % 2], number))
            .expect("it is whole")
    };
    (0..).zip(texts).map(&mut edit).collect()
}

/// Makes updates that are encoded as in Yjs. They may refer to missing structs, or to anything else.
pub(crate) fn of_any_structs() -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(update(), 1..4)
}

fn update() -> impl Strategy<Value = Vec<u8>> {
    let structs = (client(), clock(), vec(any_struct(), 1..4)).prop_map(|(client, clock, structs)| {
        [vec![length(&structs), client, clock], structs.concat()].concat()
    });
    let deleted = (client(), vec((clock(), 1..6_u8).prop_map(|(clock, length)| vec![clock, length]), 1..3))
        .prop_map(|(client, ranges)| [vec![client, length(&ranges)], ranges.concat()].concat());
    (vec(structs, 0..3), vec(deleted, 0..3)).prop_map(|(structs, deleted)| {
        [vec![length(&structs)], structs.concat(), vec![length(&deleted)], deleted.concat()].concat()
    })
}

/// Makes a struct: its kind and which fields it has, where it belongs, and its content.
fn any_struct() -> impl Strategy<Value = Vec<u8>> {
    let id = || (client(), clock()).prop_map(|(client, clock)| vec![client, clock]);
    let content = prop_oneof![
        (1..6_u8).prop_map(|length| (1, vec![length])),
        "[a🦀]{1,3}".prop_map(|text| (4, [vec![length(text.as_bytes())], text.into_bytes()].concat())),
    ];
    let item =
        (prop::option::of(id()), prop::option::of(id()), content).prop_map(|(left, right, content)| {
            let (kind, content) = content;
            let info = kind | if left.is_some() { 0x80 } else { 0 } | if right.is_some() { 0x40 } else { 0 };
            let root = if left.is_none() && right.is_none() { b"\x01\x04text".to_vec() } else { vec![] };
            [vec![info], left.unwrap_or_default(), right.unwrap_or_default(), root, content].concat()
        });
    // Collected, and skipped.
    let gap = (prop::sample::select(vec![0, 10]), 1..6_u8).prop_map(|(kind, length)| vec![kind, length]);
    prop_oneof![4 => item, 1 => gap]
}

/// Returns the seed's client, or one of two others.
fn client() -> impl Strategy<Value = u8> {
    prop::sample::select(vec![1, 7, 9])
}

fn clock() -> impl Strategy<Value = u8> {
    0..12_u8
}

fn length<T>(items: &[T]) -> u8 {
    u8::try_from(items.len()).expect("it is short")
}
