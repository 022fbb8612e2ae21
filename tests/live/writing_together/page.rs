//! The document of a page: one of Yjs, as in the browser, or one of `yrs`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use documents::{ClientId, TEXT};
use serde_json::{Value, json};
use yrs::updates::decoder::Decode as _;
use yrs::{
    Doc, GetString as _, OffsetKind, Options, Text as _, TextRef, Transact as _, TransactionMut, Update,
};

/// The document of a page. Edits are in base64.
pub(super) enum Page {
    /// A document of Yjs, in a process of Node.js.
    Yjs(Yjs, Value),
    /// A document of `yrs`.
    Yrs(Doc, TextRef),
}

impl Page {
    pub(super) fn yrs(client: ClientId) -> Self {
        let options = Options {
            offset_kind: OffsetKind::Utf16,
            ..Options::with_client_id(yrs::ClientID::new(client.number()))
        };
        let doc = Doc::with_options(options);
        let text = doc.get_or_insert_text(TEXT);
        Self::Yrs(doc, text)
    }

    pub(super) fn yjs(yjs: &Yjs, client: ClientId) -> Self {
        let page = yjs.ask(&json!({ "do": "open", "client": client.number(), "name": TEXT }));
        Self::Yjs(yjs.clone(), page)
    }

    /// Returns the text.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Yjs(yjs, page) => {
                yjs.ask(&json!({ "do": "show", "page": page })).as_str().unwrap().to_owned()
            }
            Self::Yrs(doc, text) => text.get_string(&doc.transact()),
        }
    }

    /// Applies what others have written.
    pub(super) fn apply(&self, update: &str) {
        match self {
            Self::Yjs(yjs, page) => {
                yjs.ask(&json!({ "do": "apply", "page": page, "update": update }));
            }
            Self::Yrs(doc, _) => {
                let bytes = BASE64_STANDARD.decode(update).unwrap();
                doc.transact_mut().apply_update(Update::decode_v1(&bytes).unwrap()).unwrap();
            }
        }
    }

    /// Inserts a text, and returns the edit.
    pub(super) fn insert(&self, at: usize, inserted: &str) -> String {
        match self {
            Self::Yjs(yjs, page) => {
                yjs.edit(&json!({ "do": "insert", "page": page, "at": at, "text": inserted }))
            }
            Self::Yrs(doc, text) => {
                edit(doc, |transaction| text.insert(transaction, u32::try_from(at).unwrap(), inserted))
            }
        }
    }

    /// Deletes a part of the text, and returns the edit.
    pub(super) fn remove(&self, at: usize, length: usize) -> String {
        match self {
            Self::Yjs(yjs, page) => {
                yjs.edit(&json!({ "do": "remove", "page": page, "at": at, "length": length }))
            }
            Self::Yrs(doc, text) => edit(doc, |transaction| {
                text.remove_range(transaction, u32::try_from(at).unwrap(), u32::try_from(length).unwrap());
            }),
        }
    }
}

fn edit(doc: &Doc, change: impl FnOnce(&mut TransactionMut)) -> String {
    let mut transaction = doc.transact_mut();
    change(&mut transaction);
    BASE64_STANDARD.encode(transaction.encode_update_v1())
}

/// A process with documents of Yjs.
#[derive(Clone)]
pub(super) struct Yjs(Arc<Mutex<Process>>);

struct Process {
    child: Child,
    requests: ChildStdin,
    responses: BufReader<ChildStdout>,
}

impl Yjs {
    pub(super) fn start() -> Self {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut child = Command::new("node")
            .arg(tests.join("live/writing_together/page.mjs"))
            .current_dir(tests.join("../functions/web"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (requests, responses) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self(Arc::new(Mutex::new(Process { child, requests, responses: BufReader::new(responses) })))
    }

    fn ask(&self, request: &Value) -> Value {
        let mut process = self.0.lock().unwrap();
        writeln!(process.requests, "{request}").unwrap();
        let mut response = String::new();
        process.responses.read_line(&mut response).unwrap();
        serde_json::from_str(&response).expect("the process with Yjs has stopped")
    }

    fn edit(&self, request: &Value) -> String {
        self.ask(request).as_str().unwrap().to_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
