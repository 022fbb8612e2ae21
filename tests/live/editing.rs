//! Writing a text together: what each page gets, and when.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use documents::{ClientId, Document, Update};
use local_service::faults::{Fault, Rule};
use serde_json::{Value, json};

use crate::support::client::{ABSENT, draft};
use crate::support::{Reader, TestCloud, TestUser, until};

/// A page with a note open: its reader, and its own document.
struct Page {
    reader: Reader,
    document: Document,
    tab: ClientId,
}

impl Page {
    async fn open(cloud: &TestCloud, user: &TestUser, username: &str, tab: u32) -> Self {
        let reader = Reader::join(cloud, user, "shopping").await;
        let mut page = Self { document: Document::seed(""), tab: ClientId::new(username, tab), reader };
        let update = page.reader.document["update"].as_str().unwrap().to_owned();
        page.apply(&update);
        page
    }

    fn apply(&mut self, update: &str) {
        let bytes = BASE64_STANDARD.decode(update).unwrap();
        self.document.apply(&Update::parse(&bytes).unwrap()).unwrap();
    }

    /// Changes the text of the page, and returns the edit.
    fn rewrite(&mut self, text: &str) -> String {
        BASE64_STANDARD.encode(self.document.rewrite(text, self.tab).unwrap())
    }

    /// Changes the text, and sends the edit until it is acknowledged.
    async fn write(&mut self, text: &str) {
        let update = self.rewrite(text);
        assert_eq!(self.reader.ask("edit", json!({ "update": update })).await, json!({}));
    }

    /// Applies edits until the page has this text.
    async fn shows(&mut self, text: &str) {
        while self.document.text() != text {
            let frame = self.reader.pushed().await;
            if let Some(edit) = frame.strip_prefix("42/notes,[\"edit\",") {
                let edit: Value = serde_json::from_str(edit.strip_suffix(']').unwrap()).unwrap();
                self.apply(edit["update"].as_str().unwrap());
            }
        }
    }
}

/// Starts a cloud with ada's note `shopping`.
async fn with_a_note(body: &str) -> (TestCloud, TestUser, TestUser) {
    let cloud = TestCloud::start().await;
    let (ada, bob) = (cloud.sign_up("ada").await, cloud.sign_up("bob").await);
    ada.client().write("shopping", ABSENT, draft("Shopping", body)).await.json(201);
    (cloud, ada, bob)
}

async fn body(user: &TestUser) -> String {
    user.client().read("shopping").await.json(200)["body"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_edit_reaches_the_other_pages_and_soon_the_note() {
    let (cloud, ada, bob) = with_a_note("Milk").await;
    let mut his = Page::open(&cloud, &bob, "bob", 1).await;
    let mut hers = Page::open(&cloud, &ada, "ada", 1).await;
    assert_eq!(his.document.text(), "Milk");
    his.write("Oat milk").await;
    assert_eq!(body(&ada).await, "Oat milk", "the text is current before it is merged");
    hers.shows("Oat milk").await;
    hers.write("Oat milk, eggs").await;
    his.shows("Oat milk, eggs").await;
    until("the edits are merged into the note", async || {
        let note = ada.client().read("shopping").await;
        !note.header("etag").contains('-') && note.json(200)["version"] != 1
    })
    .await;
    let note = ada.client().read("shopping").await.json(200);
    assert_eq!((&note["body"], &note["editor"]), (&json!("Oat milk, eggs"), &json!("ada")));
    cloud.stop().await;
}

#[tokio::test]
async fn a_text_that_is_written_over_http_reaches_open_pages_as_an_edit() {
    let (cloud, ada, bob) = with_a_note("one\n").await;
    let mut his = Page::open(&cloud, &bob, "bob", 1).await;
    for (version, text) in [("\"1\"", "one\ntwo\n"), ("\"2\"", "one\ntwo\nthree\n")] {
        let draft = draft("Shopping", text);
        ada.client().write("shopping", ("if-match", version), draft).await.json(200);
        his.shows(text).await;
    }
    cloud.stop().await;
}

#[tokio::test]
async fn edits_at_the_same_time_merge_on_every_page() {
    let (cloud, ada, bob) = with_a_note("one\ntwo\n").await;
    let mut his = Page::open(&cloud, &bob, "bob", 1).await;
    let mut hers = Page::open(&cloud, &ada, "ada", 1).await;
    let (from_him, from_her) = (his.rewrite("ONE\ntwo\n"), hers.rewrite("one\ntwo\nthree\n"));
    let (his_reader, her_reader) = (&mut his.reader, &mut hers.reader);
    let (his_answer, her_answer) = tokio::join!(
        his_reader.ask("edit", json!({ "update": from_him })),
        her_reader.ask("edit", json!({ "update": from_her }))
    );
    assert_eq!((his_answer, her_answer), (json!({}), json!({})));
    his.shows("ONE\ntwo\nthree\n").await;
    hers.shows("ONE\ntwo\nthree\n").await;
    assert_eq!(body(&ada).await, "ONE\ntwo\nthree\n");
    cloud.stop().await;
}

#[tokio::test]
async fn an_edit_costs_one_batch_read_one_write_one_look_at_the_room_and_one_post_per_other_page() {
    let (cloud, ada, bob) = with_a_note("Milk").await;
    let mut his = Page::open(&cloud, &bob, "bob", 1).await;
    let mut hers = Page::open(&cloud, &ada, "ada", 1).await;
    let mut more = Page::open(&cloud, &ada, "ada", 2).await;
    his.write("Oat milk").await;
    hers.shows("Oat milk").await;
    more.shows("Oat milk").await;
    cloud.rests().await;
    cloud.forget_calls().await;
    his.write("Oat milk!").await;
    let calls = cloud.calls().into_iter().filter(|call| call.caller == "WebSocket");
    let mut calls: Vec<_> = calls
        .map(|call| call.action + " " + if call.resource.contains('=') { "" } else { &*call.resource })
        .map(|call| call.trim_start_matches("dynamodb:").trim_end().to_owned())
        .collect();
    calls.sort();
    assert_eq!(
        calls,
        [
            "BatchGetItem Boards, Notes, Sessions",
            "GetItem Connections",
            "PutItem Edits",
            "Query Connections",
            "execute-api:POST",
            "execute-api:POST",
            "execute-api:POST",
        ],
        "the connection's own row, and a post with the acknowledgement"
    );
    cloud.stop().await;
}

#[tokio::test]
async fn an_edit_says_who_sent_it_whatever_the_event_says() {
    let (cloud, ada, bob) = with_a_note("Milk").await;
    let mut hers = Page::open(&cloud, &ada, "ada", 1).await;
    let mut his = Page::open(&cloud, &bob, "bob", 1).await;
    let update = his.rewrite("Oat milk");
    let event = json!({ "update": update, "cursor": "here", "from": { "username": "eve" } });
    assert_eq!(his.reader.ask("edit", event).await, json!({}));
    let edit = hers.reader.event("edit").await;
    assert_eq!((&edit["from"]["username"], &edit["cursor"]), (&json!("bob"), &json!("here")));
    assert_eq!(his.reader.ask("cursor", json!({ "cursor": "there" })).await, json!({}));
    let cursor = loop {
        let frame = hers.reader.pushed().await;
        if let Some(cursor) = frame.strip_prefix("42/notes,[\"cursor\",") {
            break serde_json::from_str::<Value>(cursor.strip_suffix(']').unwrap()).unwrap();
        }
    };
    assert_eq!(cursor["from"], edit["from"]);
    assert_eq!(cursor["cursor"], "there");
    cloud.stop().await;
}

#[tokio::test]
async fn a_page_that_joins_again_gets_only_what_it_lacks() {
    let (cloud, ada, bob) = with_a_note(&"Milk, eggs. ".repeat(100)).await;
    let mut his = Page::open(&cloud, &bob, "bob", 1).await;
    let mut socket = cloud.socket(&ada).await;
    socket.expect("0").await;
    his.write(&format!("{}Bread.", "Milk, eggs. ".repeat(100))).await;
    // The state vector of the page: 1,200 characters of the seed, whose client is 1.
    let vector = BASE64_STANDARD.encode([1, 1, 0xb0, 0x09]);
    let auth = json!({
        "board": "team", "key": "shopping", "document": his.reader.document["document"], "vector": vector,
    });
    let reader = Reader::join_with(socket, auth).await;
    let update = BASE64_STANDARD.decode(reader.document["update"].as_str().unwrap()).unwrap();
    assert!(update.len() < 100, "{}", update.len());
    cloud.stop().await;
}

#[tokio::test]
async fn a_text_that_is_too_long_for_a_frame_is_read_over_http() {
    let long = "Milk, eggs. ".repeat(4_000);
    let (cloud, ada, _) = with_a_note(&long).await;
    let reader = Reader::join(&cloud, &ada, "shopping").await;
    assert_eq!(reader.document["update"], Value::Null);
    let read = ada.client().document("shopping", "").await.json(200);
    assert_eq!(read["document"], reader.document["document"]);
    let update = BASE64_STANDARD.decode(read["update"].as_str().unwrap()).unwrap();
    let mut document = Document::seed("");
    document.apply(&Update::parse(&update).unwrap()).unwrap();
    assert_eq!(document.text(), long);
    cloud.stop().await;
}

#[tokio::test]
async fn edits_that_cannot_be_are_refused_and_the_connection_stays() {
    let (cloud, ada, bob) = with_a_note("Milk").await;
    let mut his = Page::open(&cloud, &bob, "bob", 1).await;
    let forged = Document::seed("Milk").rewrite("Oat milk", ClientId::new("ada", 1)).unwrap();
    let long = Document::seed("Milk").rewrite(&"a".repeat(17_000), ClientId::new("bob", 2)).unwrap();
    for (update, code) in [
        (json!("?"), "malformed-update"),
        (json!(""), "malformed-update"),
        (json!(7), "malformed-update"),
        (Value::Null, "malformed-update"),
        (json!(BASE64_STANDARD.encode([1, 1, 7, 0, 6, 1])), "malformed-update"),
        (json!(BASE64_STANDARD.encode(forged)), "malformed-update"),
        (json!(BASE64_STANDARD.encode(long)), "too-large"),
    ] {
        let answer = his.reader.ask("edit", json!({ "update": update })).await;
        assert_eq!(answer["error"]["code"], code, "{update}: {answer}");
    }
    his.write("Oat milk").await;
    assert_eq!(body(&ada).await, "Oat milk");
    ada.client().destroy("shopping", ("if-match", "*")).await.empty(204);
    let late = his.rewrite("Milk");
    let answer = his.reader.ask("edit", json!({ "update": late })).await;
    assert_eq!(answer["error"]["code"], "no-such-note");
    cloud.stop().await;
}

#[tokio::test]
async fn a_long_edit_goes_over_http_and_reaches_the_pages_when_it_is_merged() {
    let (cloud, ada, bob) = with_a_note("Milk").await;
    let mut hers = Page::open(&cloud, &ada, "ada", 1).await;
    let pasted = "a long line of pasted text\n".repeat(7_400);
    let update = Document::seed("Milk").rewrite(&pasted, ClientId::new("bob", 1)).unwrap();
    let update = BASE64_STANDARD.encode(update);
    let document = hers.reader.document["document"].clone();
    bob.client().edit("shopping", &document, &update).await.empty(204);
    bob.client().edit("shopping", &document, &update).await.empty(204);
    assert_eq!(body(&ada).await, pasted);
    // It is too long for a frame: the page is told to ask for it.
    let told = loop {
        let frame = hers.reader.pushed().await;
        if let Some(told) = frame.strip_prefix("42/notes,[\"document\",") {
            break serde_json::from_str::<Value>(told.strip_suffix(']').unwrap()).unwrap();
        }
    };
    assert_eq!(told, json!({ "board": "team", "key": "shopping", "document": document }));

    let other = json!("019ab2b5-8e30-7c4b-9d52-3f1c0e6a7b88");
    bob.client().edit("shopping", &other, &update).await.problem(404);
    bob.client().edit("shopping", &document, "?").await.problem(422);
    ada.client().edit("shopping", &document, &update).await.problem(422);
    cloud.stop().await;
}

#[tokio::test]
async fn a_page_that_is_gone_when_its_edits_are_merged_is_closed() {
    let (cloud, ada, bob) = with_a_note("Milk").await;
    let mut his = Page::open(&cloud, &bob, "bob", 1).await;
    let mut hers = Page::open(&cloud, &ada, "ada", 1).await;
    cloud.rests().await;
    cloud.faults().set(0, [Rule::new(Fault::PostGone).function("Merge")]);
    his.write("Oat milk").await;
    hers.shows("Oat milk").await;
    hers.reader.closed().await;
    until("only his page has rows", async || cloud.socket_rows().await == 4).await;
    assert_eq!(cloud.count("Merge", "execute-api:DELETE", ""), 1, "his page sent all of these edits");
    cloud.stop().await;
}
