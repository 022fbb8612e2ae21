//! People who write one text for a long time, with corrections. Their pages are documents of `yrs`, not our own.

use documents::{ClientId, Document, TEXT, Update};
use fastrand::Rng;
use yrs::updates::decoder::Decode as _;
use yrs::{
    Assoc, Doc, GetString as _, IndexedSequence as _, OffsetKind, Options, StickyIndex, Text as _, TextRef,
    Transact as _, TransactionMut,
};

/// The people. They write at the same time.
const PEOPLE: [&str; 3] = ["ada", "bob", "eve"];

/// The number of edits of a tab of a browser. After that, its user opens another one.
const EDITS_OF_A_TAB: usize = 500;

/// The number of edits that are merged into a state: `MOST_EDITS` of `notes`.
const MERGED: usize = 32;

/// Writes a text with so many edits, and returns its state and the text. The edits are merged as `notes::Documents::merge` does
/// it: 32 at a time, into the state of the merge before.
pub(crate) fn write(edits: usize) -> (Vec<u8>, String) {
    let mut rng = Rng::with_seed(7);
    let mut state = Document::seed("").state();
    let mut pages: Vec<Page> = PEOPLE.iter().map(|person| Page::open(person, &state, &mut rng)).collect();
    let mut waiting = Vec::new();
    for number in 1..=edits {
        let writer = number % PEOPLE.len();
        waiting.push(pages[writer].edit(&mut rng));
        if number % MERGED == 0 || number == edits {
            state = merge(&state, &waiting);
            // Only now do people see what the others have written since the last merge.
            for page in &mut pages {
                page.apply(&waiting);
            }
            waiting.clear();
            for (page, person) in pages.iter_mut().zip(PEOPLE) {
                if page.edits >= EDITS_OF_A_TAB {
                    *page = Page::open(person, &state, &mut rng);
                }
            }
        }
    }
    let text = load(&state).text();
    for page in &pages {
        assert_eq!(page.text.get_string(&page.doc.transact()), text);
    }
    (state, text)
}

/// Returns the document of a state.
pub(crate) fn load(state: &[u8]) -> Document {
    let mut document = Document::seed("");
    document.apply(&Update::parse(state).unwrap()).unwrap();
    document
}

fn merge(state: &[u8], edits: &[Vec<u8>]) -> Vec<u8> {
    let mut document = load(state);
    for edit in edits {
        document.apply(&Update::parse(edit).unwrap()).unwrap();
    }
    document.state()
}

/// A tab of a person's browser.
pub(crate) struct Page {
    doc: Doc,
    text: TextRef,
    caret: StickyIndex,
    edits: usize,
}

impl Page {
    pub(crate) fn open(person: &str, state: &[u8], rng: &mut Rng) -> Self {
        let client = ClientId::new(person, rng.u32(..));
        let options = Options {
            offset_kind: OffsetKind::Utf16,
            ..Options::with_client_id(yrs::ClientID::new(client.number()))
        };
        let doc = Doc::with_options(options);
        let text = doc.get_or_insert_text(TEXT);
        let mut change = doc.transact_mut();
        change.apply_update(yrs::Update::decode_v1(state).unwrap()).unwrap();
        let at = rng.u32(0..=text.len(&change));
        let caret = text.sticky_index(&change, at, Assoc::Before).unwrap();
        drop(change);
        Self { doc, text, caret, edits: 0 }
    }

    /// Takes the edits of others. Its own are not applied twice.
    fn apply(&mut self, edits: &[Vec<u8>]) {
        let mut change = self.doc.transact_mut();
        for edit in edits {
            change.apply_update(yrs::Update::decode_v1(edit).unwrap()).unwrap();
        }
    }

    /// Makes an edit, as a page sends it after a quarter of a second: some letters after the caret, mostly.
    pub(crate) fn edit(&mut self, rng: &mut Rng) -> Vec<u8> {
        self.edits += 1;
        let mut change = self.doc.transact_mut();
        let length = self.text.len(&change);
        let mut at = self.caret.get_offset(&change).map_or(length, |offset| offset.index);
        match rng.u32(..100) {
            // Corrects what was typed last.
            0..15 => at = remove(&self.text, &mut change, at.saturating_sub(rng.u32(1..10)), at),
            // Replaces a passage.
            15 => at = remove(&self.text, &mut change, at, length.min(at + rng.u32(10..60))),
            // Goes on elsewhere.
            16..20 => at = rng.u32(0..=length),
            _ => {}
        }
        let letter = |rng: &mut Rng| char::from(*rng.choice(b"etaoin shrdlu\n").unwrap());
        let typed: String = (0..rng.u32(1..5)).map(|_| letter(rng)).collect();
        self.text.insert(&mut change, at, &typed);
        let caret = at + u32::try_from(typed.len()).unwrap();
        self.caret = self.text.sticky_index(&change, caret, Assoc::Before).unwrap();
        change.encode_update_v1()
    }
}

/// Removes a range, and returns where it was.
fn remove(text: &TextRef, change: &mut TransactionMut, from: u32, to: u32) -> u32 {
    if from < to {
        text.remove_range(change, from, to - from);
    }
    from
}
