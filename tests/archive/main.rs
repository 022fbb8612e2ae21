//! `notes-dev export` and `import`: all notes out of a deployment to a file, and back in.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use serde_json::{Value, json};
use support::client::{ABSENT, Client, PASSWORD, comment_id, draft};
use support::{Program, TestCloud, until};
use tempfile::TempDir;
use tokio::process::Command;

/// How many notes are more than fit into any page.
const NOTES: usize = 10_000;

/// The command line of an export or import by ada.
fn command(verb: &str, file: &Path, url: &str) -> Command {
    let arguments = [verb, file.to_str().unwrap(), "--url", url, "--username", "ada"];
    let mut command = Program::command(&arguments);
    command.env("NOTES_PASSWORD", PASSWORD);
    Command::from(command)
}

/// A run to its end: whether it succeeded, and what it said.
async fn run(mut command: Command) -> (bool, String, String) {
    let output = command.output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

/// A run that must succeed, and its last word.
async fn success(command: Command) -> String {
    let (succeeded, said, complaints) = run(command).await;
    assert!(succeeded, "{said}{complaints}");
    said
}

/// A run that must fail, and its last word on why.
async fn failure(command: Command) -> String {
    let (succeeded, said, complaints) = run(command).await;
    assert!(!succeeded, "{said}{complaints}");
    complaints.lines().last().unwrap_or_default().to_owned()
}

/// Kills a run, as nobody can prepare for, once it has written down how far it came.
async fn kill_in_the_middle(mut command: Command, checkpoint: &Path) {
    let mut process = command.spawn().unwrap();
    until("it came somewhere", async || checkpoint.exists()).await;
    process.start_kill().unwrap();
    assert!(!process.wait().await.unwrap().success(), "it was killed before its end");
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    format!("{}{ending}", file.display()).into()
}

/// The lines of the archive of many notes, of which some have comments.
fn many_lines() -> Vec<Value> {
    let later = |number: usize, seconds: usize| {
        let (day, minute, second) = (1 + number % 28, 4 + seconds / 60, seconds % 60);
        format!("2026-01-{day:02}T03:{minute:02}:{second:02}.{:03}Z", number % 1000)
    };
    let moment = |number| later(number, 5);
    let note = |number: usize| {
        json!({ "note": {
            "key": format!("note-{number:05}"),
            "title": format!("Note {number} <ä>"),
            "body": format!("Line {number}\n\"🦀\"\u{1}").repeat(1 + number % 40),
            "author": format!("author{}", number % 7),
            "editor": format!("editor{}", number % 5),
            "version": 1 + number % 9,
            "created": moment(number),
            "updated": moment(27 + number / 28 * 28),
        }})
    };
    let comment = |number: usize, comment: usize| {
        json!({ "comment": {
            "id": comment_id(&later(number, 5 + comment), comment),
            "key": format!("note-{number:05}"),
            "author": "carol",
            "message": format!("Comment {comment}\nof {number}"),
            "created": later(number, 5 + comment),
            "noteCreated": moment(number),
        }})
    };
    // One with more comments than are read along with it, and every tenth with a few.
    let comments =
        |number| if number == 4321 { 250 } else { number % 30 / 10 * usize::from(number % 10 == 0) };
    (0..NOTES)
        .flat_map(|number| {
            [note(number)].into_iter().chain((0..comments(number)).map(move |c| comment(number, c)))
        })
        .collect()
}

/// The row that a line is of, as a client of the table would write it.
fn row(line: &Value) -> HashMap<String, AttributeValue> {
    let (kind, members) = line.as_object().unwrap().iter().next().unwrap();
    let mut row: HashMap<_, _> = HashMap::new();
    for (name, value) in members.as_object().unwrap() {
        let value = match value {
            Value::String(text) => AttributeValue::S(text.clone()),
            number => AttributeValue::N(number.to_string()),
        };
        row.insert(name.clone(), value);
    }
    let board = if kind == "note" {
        "home".to_owned()
    } else {
        let created = row.remove("noteCreated").unwrap();
        let key = row.insert("key".to_owned(), row["id"].clone()).unwrap();
        row.remove("id");
        format!("comments#{}#{}", key.as_s().unwrap(), created.as_s().unwrap())
    };
    row.insert("board".to_owned(), AttributeValue::S(board));
    row
}

async fn seed(cloud: &TestCloud, lines: &[Value]) {
    let client = cloud.dynamodb();
    for lines in lines.chunks(25) {
        let put = |line| PutRequest::builder().set_item(Some(row(line))).build().unwrap();
        let puts = lines.iter().map(|line| WriteRequest::builder().put_request(put(line)).build()).collect();
        client.batch_write_item().request_items("Notes", puts).send().await.unwrap();
    }
}

fn text(lines: &[Value]) -> String {
    // Members in the order of the interface, not of the alphabet.
    const ORDER: [&str; 12] = [
        "id",
        "key",
        "title",
        "body",
        "author",
        "editor",
        "version",
        "message",
        "created",
        "updated",
        "noteCreated",
        "",
    ];
    let line = |line: &Value| {
        let (kind, members) = line.as_object().unwrap().iter().next().unwrap();
        let members = ORDER.iter().filter_map(|name| Some(format!("\"{name}\":{}", members.get(*name)?)));
        format!("{{\"{kind}\":{{{}}}}}\n", members.collect::<Vec<_>>().join(","))
    };
    lines.iter().map(line).collect()
}

/// A cloud in which nobody is told of changes: that is not what thousands of notes are to show here.
async fn silent_cloud(folder: &Path) -> TestCloud {
    let template = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../template.yaml")).unwrap();
    let (before, rest) = template.split_once("        NoteChanged:\n").unwrap();
    let (_, after) = rest.split_once("        ConnectionOpened:\n").unwrap();
    let path = folder.join("template.yaml");
    fs::write(&path, format!("{before}        ConnectionOpened:\n{after}")).unwrap();
    TestCloud::with(|options| options.template = path).await
}

/// All rows of notes and comments, without who imported them, in an order of their own.
async fn rows(cloud: &TestCloud) -> BTreeMap<String, HashMap<String, AttributeValue>> {
    let name = |row: &HashMap<_, AttributeValue>, part| row[part].as_s().unwrap().clone();
    let rows = cloud.rows("Notes").await.into_iter().map(|mut row| {
        row.remove("importer");
        (name(&row, "board") + "/" + &name(&row, "key"), row)
    });
    rows.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_notes_go_out_and_back_in_unchanged_though_each_run_is_killed_in_the_middle() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.ndjson");
    let lines = many_lines();
    let from = silent_cloud(folder.path()).await;
    let to = silent_cloud(folder.path()).await;
    for cloud in [&from, &to] {
        Client::signed_up(cloud, "ada").await;
    }
    seed(&from, &lines).await;

    kill_in_the_middle(command("export", &file, &from.address()), &beside(&file, ".part.resume")).await;
    assert!(!file.exists(), "a file that is there is whole");
    let (succeeded, said, complaints) = run(command("export", &file, &from.address())).await;
    assert!(succeeded && complaints.starts_with("continuing after "), "{said}{complaints}");
    assert!(said.starts_with("exported 10,000 notes and "), "{said}");
    assert!(
        fs::read_to_string(&file).unwrap() == text(&lines),
        "what came out is what is there, line by line"
    );

    kill_in_the_middle(command("import", &file, &to.address()), &beside(&file, ".resume")).await;
    let (succeeded, said, complaints) = run(command("import", &file, &to.address())).await;
    assert!(succeeded && complaints.starts_with("continuing after "), "{said}{complaints}");
    assert!(said.ends_with(" 0 refused\n"), "{said}");
    // An export is made of rows and of nothing else: equal rows are equal exports.
    assert!(rows(&from).await == rows(&to).await, "what is there now is what was there");
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        2,
        "nothing else is left beside file and template"
    );
    from.stop().await;
    to.stop().await;
}

/// A cloud with a note of ada's and two comments on it, a folder, and the address.
async fn with_a_note() -> (TestCloud, Client, TempDir) {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let note = ada.write("a", ABSENT, draft("A", "\u{1}\n")).await.json(201);
    let comment = |number: usize| {
        json!({ "comment": {
            "id": comment_id(note["created"].as_str().unwrap(), number),
            "key": "a",
            "author": "bob",
            "message": "Hear, hear",
            "created": note["created"],
            "noteCreated": note["created"],
        }})
    };
    ada.import(text(&[comment(1), comment(2)])).await.lines();
    (cloud, ada, tempfile::tempdir().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_export_is_the_first_but_for_importer_and_version_and_an_import_may_be_repeated() {
    let (cloud, ada, folder) = with_a_note().await;
    let (file, again) = (folder.path().join("notes"), folder.path().join("again"));
    let said = success(command("export", &file, &cloud.address())).await;
    assert_eq!(said, format!("exported 1 note and 2 comments to {}, 569 B\n", file.display()));
    ada.destroy("a", ("if-match", "\"1\"")).await.empty(204);
    until("its comments are gone with it, and its tombstone is left", || async {
        cloud.rows("Notes").await.len() == 1
    })
    .await;
    let said = success(command("import", &file, &cloud.address())).await;
    assert_eq!(said, format!("imported {}: 3 created, 0 skipped, 0 refused\n", file.display()));
    let said = success(command("import", &file, &cloud.address())).await;
    assert_eq!(said, format!("imported {}: 0 created, 3 skipped, 0 refused\n", file.display()));
    success(command("export", &again, &cloud.address())).await;
    let (first, second) = (fs::read_to_string(&file).unwrap(), fs::read_to_string(&again).unwrap());
    let by_ada = ",\"importer\":\"ada\"";
    assert_eq!(first.matches(by_ada).count(), 2, "the comments were imported, the note was not");
    assert_eq!(second.matches(by_ada).count(), 3);
    let second = second.replace(by_ada, "").replace("\"version\":2", "\"version\":1");
    assert_eq!(second, first.replace(by_ada, ""));
    assert_eq!(
        ada.sessions().await.json(200)["sessions"].as_array().unwrap().len(),
        1,
        "each run signed out"
    );
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_are_refused_are_listed_with_why_and_the_run_fails() {
    let (cloud, ada, folder) = with_a_note().await;
    let file = folder.path().join("notes");
    success(command("export", &file, &cloud.address())).await;
    ada.write("a", ("if-match", "\"1\""), draft("Changed", "")).await.json(200);
    fs::write(&file, fs::read_to_string(&file).unwrap() + "not json").unwrap();
    let (succeeded, said, complaints) = run(command("import", &file, &cloud.address())).await;
    assert!(!succeeded && said.ends_with("0 created, 2 skipped, 2 refused\n"), "{said}");
    let complaints: Vec<_> = complaints.lines().collect();
    assert_eq!(complaints[0], "line 1 (a) is refused: a note with this key exists, at version 2");
    assert!(complaints[1].starts_with("line 4 is refused: this is not JSON: "), "{complaints:?}");
    assert_eq!(
        complaints[2..],
        ["error: refused: 2 lines; see the reasons above; the other lines are imported"]
    );
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_export_is_said_to_be_none_before_a_password_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("note.md");
    let nowhere = "http://localhost:1";
    for (content, reason) in [
        ("", "is empty"),
        ("# A note\n\nMilk\n", "has no line that is a note or a comment"),
        ("\u{1f}\0\0", "is not text; if it is compressed, decompress it first"),
        ("[{\"note\": {}}]", "is one JSON array, and an export has one note or comment on each line"),
    ] {
        fs::write(&file, content).unwrap();
        let said = failure(command("import", &file, nowhere)).await;
        let name = file.display();
        assert_eq!(
            said,
            format!("error: nothing was imported: {name} {reason}; choose a file that `export` wrote")
        );
    }
    let said = failure(command("import", folder.path(), nowhere)).await;
    assert!(said.contains("nothing was imported: ") && said.contains(" is a directory;"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_which_nothing_is_imported_says_so_and_a_huge_one_is_not_tried_to_its_end() {
    let (cloud, ada, folder) = with_a_note().await;
    let file = folder.path().join("notes");
    fs::write(&file, "{\"log\": 1}\n".repeat(100_000)).unwrap();
    let (succeeded, said, complaints) = run(command("import", &file, &cloud.address())).await;
    assert!(!succeeded && said.contains(": 0 created, 0 skipped, 1,000 refused"), "{said}");
    let last = complaints.lines().last().unwrap();
    assert!(last.contains("nothing was imported: ") && last.contains("has no line that is a note"), "{last}");
    assert!(!beside(&file, ".resume").exists());

    success(command("export", &beside(&file, ".export"), &cloud.address())).await;
    let exported = fs::read_to_string(beside(&file, ".export")).unwrap();
    let shown = ada.read("a").await;
    ada.write("a", ("if-match", shown.header("etag")), draft("Changed", "")).await.json(200);
    fs::write(&file, exported.lines().next().unwrap()).unwrap();
    let said = failure(command("import", &file, &cloud.address())).await;
    let all = "error: nothing was imported: every line was refused; see the reasons above";
    assert_eq!(said, all);
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_an_editor_has_saved_with_a_mark_and_other_line_ends_is_imported() {
    let (cloud, ada, folder) = with_a_note().await;
    let file = folder.path().join("notes");
    success(command("export", &file, &cloud.address())).await;
    let exported = fs::read_to_string(&file).unwrap();
    let shown = ada.read("a").await;
    ada.destroy("a", ("if-match", shown.header("etag"))).await.empty(204);
    until("its comments are gone with it, and its tombstone is left", || async {
        cloud.rows("Notes").await.len() == 1
    })
    .await;
    let lines = exported.replace('\n', "\r\n\r\n");
    fs::write(&file, format!("\u{feff}\r\n{lines}not json\r\n\r\n\n")).unwrap();
    let (_, said, complaints) = run(command("import", &file, &cloud.address())).await;
    assert!(said.ends_with("3 created, 0 skipped, 1 refused\n"), "{said}");
    assert!(complaints.starts_with("line 8 is refused: this is not JSON: "), "{complaints}");
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_the_way_is_said_with_what_to_do() {
    let (cloud, _, folder) = with_a_note().await;
    let (file, url) = (folder.path().join("notes"), cloud.address());
    let name = file.display();

    let mut wrong = command("export", &file, &url);
    wrong.env("NOTES_PASSWORD", "wrong");
    assert_eq!(failure(wrong).await, "error: The username or the password is wrong.");
    let said = failure(command("export", &file, "http://localhost:1")).await;
    assert!(said.starts_with("error: cannot reach http://localhost:1: "), "{said}");
    let said = failure(command("export", &file, &format!("{url}/elsewhere"))).await;
    assert!(said.contains("There is nothing at this address."), "{said}");
    let said = failure(command("import", &file, &url)).await;
    assert!(said.starts_with(&format!("error: cannot read {name}: ")), "{said}");

    #[cfg(target_os = "linux")]
    {
        // In a session without a terminal there is nobody to ask.
        let mut alone = Command::new("setsid");
        alone.args([
            "--wait",
            env!("CARGO_BIN_EXE_notes-under-test"),
            "export",
            "notes",
            "--username",
            "ada",
        ]);
        alone.env_remove("NOTES_PASSWORD").current_dir(folder.path());
        let said = failure(alone).await;
        assert!(said.contains("--username") && said.contains("NOTES_PASSWORD"), "{said}");

        std::os::unix::fs::symlink("/dev/full", beside(&file, ".part")).unwrap();
        let said = failure(command("export", &file, &url)).await;
        assert!(said.starts_with(&format!("error: cannot write {name}.part: No space left")), "{said}");
        fs::remove_file(beside(&file, ".part")).unwrap();
    }
    fs::write(&file, "").unwrap();
    let said = failure(command("export", &file, &url)).await;
    assert_eq!(said, format!("error: {name} exists: choose another name, or delete it"));
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_in_no_argument() {
    for verb in ["export", "import"] {
        let help = success(Command::from(Program::command(&[verb, "--help"]))).await;
        assert!(
            help.contains("--url") && help.contains("--username") && !help.contains("--password"),
            "{help}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(unix)]
async fn a_run_that_is_interrupted_signs_out_and_says_how_to_go_on() {
    let (cloud, ada, folder) = with_a_note().await;
    let lines: Vec<_> = many_lines().into_iter().take(2000).collect();
    let file = folder.path().join("notes");
    fs::write(&file, text(&lines)).unwrap();
    let process = command("import", &file, &cloud.address()).spawn().unwrap();
    let checkpoint = beside(&file, ".resume");
    until("it came somewhere", || async { checkpoint.exists() }).await;
    let id = process.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = process.wait_with_output().await.unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said, "error: interrupted: run this command again to continue\n");
    assert_eq!(ada.sessions().await.json(200)["sessions"].as_array().unwrap().len(), 1, "it signed out");
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(target_os = "linux")]
async fn on_a_terminal_a_run_shows_how_far_it_is() {
    let (cloud, _, folder) = with_a_note().await;
    let lines: Vec<_> = many_lines().into_iter().take(300).collect();
    let file = folder.path().join("notes");
    fs::write(&file, text(&lines)).unwrap();
    let program = env!("CARGO_BIN_EXE_notes-under-test");
    let run = format!("{program} import {} --url {} --username ada", file.display(), cloud.address());
    let mut on_a_terminal = Command::new("script");
    on_a_terminal.args(["-q", "-e", "-c", &run, "/dev/null"]).env("NOTES_PASSWORD", PASSWORD);
    let shown = success(on_a_terminal).await;
    let length = fs::metadata(&file).unwrap().len() / 1000;
    let last = format!("\r\u{1b}[K300 lines, {length} KB of {length} KB, ");
    assert!(shown.contains("\r\u{1b}[K250 lines, ") && shown.contains(&last), "{shown:?}");
    assert!(shown.contains(" KB/s, ") && shown.contains(": 300 created, 0 skipped, 0 refused"), "{shown:?}");
    cloud.stop().await;
}
