//! Tests of `notes-dev export` and `import`: they copy all notes of a deployment to a file, and back.

#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use notes::DocumentId;
use serde_json::{Value, json};
use support::client::{ABSENT, Client, PASSWORD, comment_id, draft};
use support::{Program, TestCloud, until};
use tempfile::TempDir;
use tokio::process::Command;

/// Returns the command of an export or import by ada.
fn command(verb: &str, file: &Path, url: &str) -> Command {
    let arguments = [verb, file.to_str().unwrap(), "--url", url, "--username", "ada"];
    let mut command = Program::command(&arguments);
    command.env("NOTES_PASSWORD", PASSWORD);
    Command::from(command)
}

/// Runs a command to its end. Returns whether it succeeded, its standard output and its standard error.
async fn run(mut command: Command) -> (bool, String, String) {
    let output = command.output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

/// Runs a command, asserts that it succeeds, and returns its standard output.
async fn success(command: Command) -> String {
    let (succeeded, stdout, stderr) = run(command).await;
    assert!(succeeded, "{stdout}{stderr}");
    stdout
}

/// Runs a command, asserts that it fails, and returns the last line of its standard error.
async fn failure(command: Command) -> String {
    let (succeeded, stdout, stderr) = run(command).await;
    assert!(!succeeded, "{stdout}{stderr}");
    stderr.lines().last().unwrap_or_default().to_owned()
}

/// Starts a command, and kills it as soon as its checkpoint exists.
async fn kill_in_the_middle(mut command: Command, checkpoint: &Path) {
    let mut process = command.spawn().unwrap();
    until("the checkpoint exists", async || checkpoint.exists()).await;
    process.start_kill().unwrap();
    assert!(!process.wait().await.unwrap().success(), "the kill came before its end");
}

/// Returns the path of a file that is named after another one.
fn with_ending(file: &Path, ending: &str) -> PathBuf {
    format!("{}{ending}", file.display()).into()
}

/// Returns the lines of an archive with this many notes, some with comments.
fn many_lines(notes: usize) -> Vec<Value> {
    let later = |number: usize, seconds: usize| {
        let (day, minute, second) = (1 + number % 28, 4 + seconds / 60, seconds % 60);
        format!("2026-01-{day:02}T03:{minute:02}:{second:02}.{:03}Z", number % 1000)
    };
    let time = |number| later(number, 5);
    let note = |number: usize| {
        json!({ "note": {
            "key": format!("note-{number:05}"),
            "title": format!("Note {number} <ä>"),
            "body": format!("Line {number}\n\"🦀\"\u{1}").repeat(1 + number % 40),
            "author": format!("author{}", number % 7),
            "editor": format!("editor{}", number % 5),
            "version": 1 + number % 9,
            "created": time(number),
            "updated": time(27 + number / 28 * 28),
        }})
    };
    let comment = |number: usize, comment: usize| {
        json!({ "comment": {
            "id": comment_id(&later(number, 5 + comment), comment),
            "key": format!("note-{number:05}"),
            "author": "carol",
            "message": format!("Comment {comment}\nof {number}"),
            "created": later(number, 5 + comment),
            "noteCreated": time(number),
        }})
    };
    // One note has more comments than one request returns. Every tenth has a few.
    let comments =
        |number| if number == 1234 { 250 } else { number % 30 / 10 * usize::from(number % 10 == 0) };
    (0..notes)
        .flat_map(|number| {
            [note(number)].into_iter().chain((0..comments(number)).map(move |c| comment(number, c)))
        })
        .collect()
}

/// Returns the table's row of a line.
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
        row.insert("listed".to_owned(), row["updated"].clone());
        row.insert("document".to_owned(), AttributeValue::S(DocumentId::generate().to_string()));
        "team".to_owned()
    } else {
        let created = row.remove("noteCreated").unwrap();
        let key = row.insert("key".to_owned(), row["id"].clone()).unwrap();
        row.remove("id");
        format!("comments#team#{}#{}", key.as_s().unwrap(), created.as_s().unwrap())
    };
    row.insert("board".to_owned(), AttributeValue::S(board));
    row
}

/// Writes the rows of lines to the table.
async fn seed(cloud: &TestCloud, lines: &[Value]) {
    let client = cloud.dynamodb();
    for lines in lines.chunks(25) {
        let put = |line| PutRequest::builder().set_item(Some(row(line))).build().unwrap();
        let puts = lines.iter().map(|line| WriteRequest::builder().put_request(put(line)).build()).collect();
        client.batch_write_item().request_items("Notes", puts).send().await.unwrap();
    }
}

/// Serializes lines as an export does.
fn text(lines: &[Value]) -> String {
    // The order of members in the API, which is not alphabetical.
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

/// Starts a cloud without pushes of changed notes. These tests of thousands of notes do not need them.
async fn silent_cloud(folder: &Path) -> TestCloud {
    let template = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../template.yaml")).unwrap();
    let (before, rest) = template.split_once("        NoteChanged:\n").unwrap();
    let (_, after) = rest.split_once("        ConnectionOpened:\n").unwrap();
    let path = folder.join("template.yaml");
    fs::write(&path, format!("{before}        ConnectionOpened:\n{after}")).unwrap();
    TestCloud::with(|options| options.template = path).await
}

/// Reads all rows of notes and comments, sorted, without their importers and the ids of their documents, which are never the
/// same.
async fn rows(cloud: &TestCloud) -> BTreeMap<String, HashMap<String, AttributeValue>> {
    let name = |row: &HashMap<_, AttributeValue>, part| row[part].as_s().unwrap().clone();
    let rows = cloud.rows("Notes").await.into_iter().map(|mut row| {
        row.remove("importer");
        row.remove("document");
        (name(&row, "board") + "/" + &name(&row, "key"), row)
    });
    rows.collect()
}

/// Takes a minute or two, so only `tests/run --all` runs it.
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_notes_are_exported_and_imported_unchanged_although_each_run_is_killed() {
    exported_and_imported_although_each_run_is_killed(10_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_of_many_pages_are_exported_and_imported_unchanged_although_each_run_is_killed() {
    exported_and_imported_although_each_run_is_killed(2_500).await;
}

async fn exported_and_imported_although_each_run_is_killed(notes: usize) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.ndjson");
    let lines = many_lines(notes);
    let from = silent_cloud(folder.path()).await;
    let to = silent_cloud(folder.path()).await;
    for cloud in [&from, &to] {
        Client::signed_up(cloud, "ada").await;
    }
    seed(&from, &lines).await;

    kill_in_the_middle(command("export", &file, &from.address()), &with_ending(&file, ".part.resume")).await;
    assert!(!file.exists(), "a file with this name is complete");
    let (succeeded, stdout, stderr) = run(command("export", &file, &from.address())).await;
    assert!(succeeded && stderr.starts_with("continuing after "), "{stdout}{stderr}");
    assert!(stdout.replace(',', "").starts_with(&format!("exported {notes} notes and ")), "{stdout}");
    assert!(fs::read_to_string(&file).unwrap() == text(&lines), "the file has every row, line by line");

    kill_in_the_middle(command("import", &file, &to.address()), &with_ending(&file, ".resume")).await;
    let (succeeded, stdout, stderr) = run(command("import", &file, &to.address())).await;
    assert!(succeeded && stderr.starts_with("continuing after "), "{stdout}{stderr}");
    assert!(stdout.ends_with(" 0 refused\n"), "{stdout}");
    // An export contains nothing but rows, so equal rows mean equal exports.
    assert!(rows(&from).await == rows(&to).await, "the imported rows equal the exported ones");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "only the file and the template remain");
    from.stop().await;
    to.stop().await;
}

/// Starts a cloud with ada's note and two comments on it. Returns it, ada's client and a folder.
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

/// Deletes note `a`, and waits until its comments are gone too.
async fn delete_for_good(cloud: &TestCloud, ada: &Client) {
    ada.destroy("a", ("if-match", "*")).await.empty(204);
    let trash = ada.trash("").await.json(200);
    ada.delete_for_good(trash["notes"][0]["id"].as_str().unwrap()).await.empty(204);
    until("its comments are deleted, and only its tombstone remains", || async {
        cloud.rows("Notes").await.len() == 1
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_after_an_import_differs_in_importer_and_version_only_and_an_import_can_be_repeated() {
    let (cloud, ada, folder) = with_a_note().await;
    let (file, again) = (folder.path().join("notes"), folder.path().join("again"));
    let stdout = success(command("export", &file, &cloud.address())).await;
    assert_eq!(stdout, format!("exported 1 note and 2 comments to {}, 569 B\n", file.display()));
    delete_for_good(&cloud, &ada).await;
    let stdout = success(command("import", &file, &cloud.address())).await;
    assert_eq!(stdout, format!("imported {}: 3 created, 0 skipped, 0 refused\n", file.display()));
    let stdout = success(command("import", &file, &cloud.address())).await;
    assert_eq!(stdout, format!("imported {}: 0 created, 3 skipped, 0 refused\n", file.display()));
    success(command("export", &again, &cloud.address())).await;
    let (first, second) = (fs::read_to_string(&file).unwrap(), fs::read_to_string(&again).unwrap());
    let by_ada = ",\"importer\":\"ada\"";
    assert_eq!(first.matches(by_ada).count(), 2, "only the comments were imported");
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
async fn refused_lines_are_listed_with_a_reason_and_the_run_fails() {
    let (cloud, ada, folder) = with_a_note().await;
    let file = folder.path().join("notes");
    success(command("export", &file, &cloud.address())).await;
    ada.write("a", ("if-match", "\"1\""), draft("Changed", "")).await.json(200);
    fs::write(&file, fs::read_to_string(&file).unwrap() + "not json").unwrap();
    let (succeeded, stdout, stderr) = run(command("import", &file, &cloud.address())).await;
    assert!(!succeeded && stdout.ends_with("0 created, 2 skipped, 2 refused\n"), "{stdout}");
    let stderr: Vec<_> = stderr.lines().collect();
    assert_eq!(stderr[0], "line 1 (a) is refused: a note with this key exists, at version 2");
    assert!(stderr[1].starts_with("line 4 is refused: this is not JSON: "), "{stderr:?}");
    assert_eq!(stderr[2..], ["error: refused: 2 lines; see the reasons above; the other lines are imported"]);
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_an_export_is_refused_before_the_password_prompt() {
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
        let error = failure(command("import", &file, nowhere)).await;
        let name = file.display();
        assert_eq!(
            error,
            format!("error: nothing was imported: {name} {reason}; choose a file that `export` wrote")
        );
    }
    let error = failure(command("import", folder.path(), nowhere)).await;
    assert!(error.contains("nothing was imported: ") && error.contains(" is a directory;"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_imports_nothing_says_so_and_a_large_wrong_file_is_not_read_to_its_end() {
    let (cloud, ada, folder) = with_a_note().await;
    let file = folder.path().join("notes");
    fs::write(&file, "{\"log\": 1}\n".repeat(100_000)).unwrap();
    let (succeeded, stdout, stderr) = run(command("import", &file, &cloud.address())).await;
    assert!(!succeeded && stdout.contains(": 0 created, 0 skipped, 1,000 refused"), "{stdout}");
    let last = stderr.lines().last().unwrap();
    assert!(last.contains("nothing was imported: ") && last.contains("has no line that is a note"), "{last}");
    assert!(!with_ending(&file, ".resume").exists());

    success(command("export", &with_ending(&file, ".export"), &cloud.address())).await;
    let exported = fs::read_to_string(with_ending(&file, ".export")).unwrap();
    let shown = ada.read("a").await;
    ada.write("a", ("if-match", shown.header("etag")), draft("Changed", "")).await.json(200);
    fs::write(&file, exported.lines().next().unwrap()).unwrap();
    let error = failure(command("import", &file, &cloud.address())).await;
    let all = "error: nothing was imported: every line was refused; see the reasons above";
    assert_eq!(error, all);
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_with_a_byte_order_mark_and_other_line_ends_is_imported() {
    let (cloud, ada, folder) = with_a_note().await;
    let file = folder.path().join("notes");
    success(command("export", &file, &cloud.address())).await;
    let exported = fs::read_to_string(&file).unwrap();
    delete_for_good(&cloud, &ada).await;
    let lines = exported.replace('\n', "\r\n\r\n");
    fs::write(&file, format!("\u{feff}\r\n{lines}not json\r\n\r\n\n")).unwrap();
    let (_, stdout, stderr) = run(command("import", &file, &cloud.address())).await;
    assert!(stdout.ends_with("3 created, 0 skipped, 1 refused\n"), "{stdout}");
    assert!(stderr.starts_with("line 8 is refused: this is not JSON: "), "{stderr}");
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_obstacle_is_named_with_what_to_do() {
    let (cloud, _, folder) = with_a_note().await;
    let (file, url) = (folder.path().join("notes"), cloud.address());
    let name = file.display();

    let mut wrong = command("export", &file, &url);
    wrong.env("NOTES_PASSWORD", "wrong");
    assert_eq!(failure(wrong).await, "error: The username or the password is wrong.");
    let error = failure(command("export", &file, "http://localhost:1")).await;
    assert!(error.starts_with("error: cannot reach http://localhost:1: "), "{error}");
    let error = failure(command("export", &file, &format!("{url}/elsewhere"))).await;
    assert!(error.contains("There is nothing at this address."), "{error}");
    let error = failure(command("import", &file, &url)).await;
    assert!(error.starts_with(&format!("error: cannot read {name}: ")), "{error}");

    #[cfg(target_os = "linux")]
    {
        // A session without a terminal cannot ask for the password.
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
        let error = failure(alone).await;
        assert!(error.contains("--username") && error.contains("NOTES_PASSWORD"), "{error}");

        std::os::unix::fs::symlink("/dev/full", with_ending(&file, ".part")).unwrap();
        let error = failure(command("export", &file, &url)).await;
        assert!(error.starts_with(&format!("error: cannot write {name}.part: No space left")), "{error}");
        fs::remove_file(with_ending(&file, ".part")).unwrap();
    }
    fs::write(&file, "").unwrap();
    let error = failure(command("export", &file, &url)).await;
    assert_eq!(error, format!("error: {name} exists: choose another name, or delete it"));
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_argument_takes_a_password() {
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
async fn an_interrupted_run_signs_out_and_says_how_to_continue() {
    let (cloud, ada, folder) = with_a_note().await;
    let lines = many_lines(2_000);
    let file = folder.path().join("notes");
    fs::write(&file, text(&lines)).unwrap();
    let process = command("import", &file, &cloud.address()).spawn().unwrap();
    let checkpoint = with_ending(&file, ".resume");
    until("the checkpoint exists", || async { checkpoint.exists() }).await;
    let id = process.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = process.wait_with_output().await.unwrap();
    assert!(!output.status.success());
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(stderr, "error: interrupted: run this command again to continue\n");
    assert_eq!(ada.sessions().await.json(200)["sessions"].as_array().unwrap().len(), 1, "it signed out");
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(target_os = "linux")]
async fn a_run_on_a_terminal_shows_its_progress() {
    let (cloud, _, folder) = with_a_note().await;
    let lines: Vec<_> = many_lines(300).into_iter().take(300).collect();
    let file = folder.path().join("notes");
    fs::write(&file, text(&lines)).unwrap();
    let program = env!("CARGO_BIN_EXE_notes-under-test");
    let run = format!("{program} import {} --url {} --username ada", file.display(), cloud.address());
    let mut on_a_terminal = Command::new("script");
    on_a_terminal.args(["-q", "-e", "-c", &run, "/dev/null"]).env("NOTES_PASSWORD", PASSWORD);
    let shown = success(on_a_terminal).await;
    let length = u32::try_from(fs::metadata(&file).unwrap().len()).unwrap();
    let length = format!("{:.2} kB", f64::from(length) / 1000.0);
    let last = format!("\r\u{1b}[2K300 lines, {length} of {length}, ");
    assert!(shown.contains("\r\u{1b}[2K250 lines, ") && shown.contains(&last), "{shown:?}");
    assert!(shown.contains(" kB/s, ") && shown.contains(": 300 created, 0 skipped, 0 refused"), "{shown:?}");
    cloud.stop().await;
}

/// Adds the option for a board.
fn on(board: &str, mut command: Command) -> Command {
    command.args(["--board", board]);
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_is_exported_by_its_members_and_imported_into_by_its_owners_only() {
    let cloud = TestCloud::start().await;
    let bob = Client::signed_up(&cloud, "bob").await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let plans = bob.create_board("Plans").await;
    bob.on(&plans).write("a", ABSENT, draft("A plan", "")).await.json(201);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes");
    let hidden = failure(on(&plans, command("export", &file, &cloud.address()))).await;
    assert!(hidden.contains("There is no such board"), "{hidden}");

    bob.set_role(&plans, "ada", "editor").await.empty(204);
    let file = folder.path().join("plans");
    let stdout = success(on(&plans, command("export", &file, &cloud.address()))).await;
    assert!(stdout.starts_with("exported 1 note and 0 comments"), "{stdout}");
    let refused = failure(on(&plans, command("import", &file, &cloud.address()))).await;
    assert!(refused.contains("Only an owner of this board may do this"), "{refused}");

    let copy = ada.create_board("Copy").await;
    success(on(&copy, command("import", &file, &cloud.address()))).await;
    assert_eq!(ada.on(&copy).read("a").await.json(200)["importer"], "ada");
    ada.read("a").await.problem(404);
    cloud.stop().await;
}
