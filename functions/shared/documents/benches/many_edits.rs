//! Measures a text after 100,000 edits: the size of its state, and the times to load it and to apply one more edit.
//!
//! `cargo bench -p documents` runs it. It compares them with the same text in one insertion, and with Yjs in Node, which loads
//! the same states. The times depend on the machine, so compare the ratios.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on panics")]

#[path = "../tests/many_edits/writing.rs"]
mod writing;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use documents::{Document, Update};
use fastrand::Rng;

const EDITS: usize = 100_000;

/// The number of measurements. The median counts.
const RUNS: usize = 21;

fn main() {
    let (state, text) = writing::write(EDITS);
    let (edited, at_once) = (Contender::new(state), Contender::new(Document::seed(&text).state()));
    println!("{EDITS} edits made a text of {} bytes.", text.len());
    println!("{:<26}{:>10}{:>16}{:>12}{:>16}", "", "bytes", "times the text", "load", "one more edit");
    for (name, contender) in [("edited", edited), ("in one insertion", at_once)] {
        contender.print(name, text.len(), contender.measure());
        contender.print(&format!("{name}, in Yjs"), text.len(), contender.measure_yjs());
    }
}

struct Contender {
    state: Vec<u8>,
    edit: Update,
}

impl Contender {
    fn new(state: Vec<u8>) -> Self {
        let mut rng = Rng::with_seed(8);
        let edit = writing::Page::open("ada", &state, &mut rng).edit(&mut rng);
        Self { edit: Update::parse(&edit).unwrap(), state }
    }

    /// Returns how long it takes to load the state, and to apply the edit.
    fn measure(&self) -> [Duration; 2] {
        let mut times = [vec![], vec![]];
        for _ in 0..RUNS {
            let begun = Instant::now();
            let mut document = writing::load(&self.state);
            times[0].push(begun.elapsed());
            let begun = Instant::now();
            document.apply(&self.edit).unwrap();
            times[1].push(begun.elapsed());
        }
        times.map(|mut times| {
            times.sort();
            times[RUNS / 2]
        })
    }

    /// Returns the same for Yjs in Node.
    fn measure_yjs(&self) -> [Duration; 2] {
        let edit = self.edit.as_bytes();
        let mut node = Command::new("node")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/yjs.mjs"))
            .args([RUNS, edit.len()].map(|number| number.to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = node.stdin.take().unwrap();
        input.write_all(edit).unwrap();
        input.write_all(&self.state).unwrap();
        drop(input);
        let output = String::from_utf8(node.wait_with_output().unwrap().stdout).unwrap();
        let mut times =
            output.split_whitespace().map(|ms| Duration::from_secs_f64(ms.parse::<f64>().unwrap() / 1e3));
        [times.next().unwrap(), times.next().unwrap()]
    }

    fn print(&self, name: &str, text: usize, [load, apply]: [Duration; 2]) {
        let [bytes, text] = [self.state.len(), text].map(|number| u32::try_from(number).unwrap());
        let times = f64::from(bytes) / f64::from(text);
        let [load, apply] = [load, apply].map(|time| time.as_secs_f64() * 1e3);
        println!("{name:<26}{bytes:>10}{times:>16.1}{load:>9.2} ms{apply:>13.3} ms");
    }
}
