//! A data directory that an older version wrote.

use crate::support::Program;
use crate::{TEMPLATE, failure};

#[test]
fn a_data_directory_of_an_older_version_is_refused_with_how_to_keep_its_notes() {
    let folder = tempfile::tempdir().unwrap();
    let template = std::fs::read_to_string(TEMPLATE).unwrap();
    let older = folder.path().join("template.yaml");
    let index = "NonKeyAttributes: [title, editor, tags, snippet, deletedBy, expires]";
    assert!(template.contains(index));
    std::fs::write(&older, template.replace(index, "NonKeyAttributes: [title]")).unwrap();
    let (data, older) = (folder.path().join("data"), older.to_str().unwrap().to_owned());
    let data = data.to_str().unwrap();
    let page = format!("{}/../events/http-page.json", env!("CARGO_MANIFEST_DIR"));
    let written = Program::command(&["invoke", "http", &page, "--data", data, "--template", &older]).output();
    assert!(written.unwrap().status.success());

    let output = failure(&["--data", data, "--port", "0", "--template", TEMPLATE]);
    assert!(output.contains("table Notes: its local indexes in the data directory differ"), "{output}");
    for step in ["start that version", "cargo run -- export FILE", "cargo run -- import FILE"] {
        assert!(output.contains(step), "{output}");
    }
}
