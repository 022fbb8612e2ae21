//! `--watch`.

use crate::support::{Program, until};

#[tokio::test]
async fn a_changed_template_runs_with_the_same_data_at_the_same_port_and_a_broken_one_does_not() {
    let directory = tempfile::tempdir().unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/guestbook");
    let text = std::fs::read_to_string(format!("{folder}/template.yaml")).unwrap();
    let text = text.replace("CodeUri: .", &format!("CodeUri: {folder}"));
    let template = directory.path().join("template.yaml");
    std::fs::write(&template, &text).unwrap();
    let data = directory.path().join("data");
    let options = ["--data", data.to_str().unwrap(), "--template", template.to_str().unwrap(), "--watch"];
    let book = Program::start(&options);
    let at = |path: &str| format!("{}/{path}", book.address);
    let client = reqwest::Client::new();
    assert_eq!(client.put(at("entries/ada")).send().await.unwrap().status(), 204);

    std::fs::write(&template, "Resources: {").unwrap();
    until("the broken template is complained about", async || book.has_printed("what ran runs on")).await;
    assert_eq!(client.get(at("entries")).send().await.unwrap().status(), 200, "what ran runs on");

    // Somebody who comes while it begins anew is not turned away, so nobody else can have taken the port.
    let door: std::net::SocketAddr = book.address.replace("http://localhost", "127.0.0.1").parse().unwrap();
    let knocking = tokio::spawn(async move {
        loop {
            drop(tokio::net::TcpStream::connect(door).await.unwrap());
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    });

    std::fs::write(&template, text.replace("GET /entries", "GET /names")).unwrap();
    until("the new route is there, with what was written before", async || {
        let Ok(answer) = client.get(at("names")).send().await else { return false };
        answer.text().await.is_ok_and(|names| names == r#"["ada"]"#)
    })
    .await;
    assert!(!knocking.is_finished(), "{:?}", knocking.await);
    knocking.abort();
}

#[tokio::test]
async fn a_changed_source_is_built_and_runs() {
    let directory = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let (said, source) = (elsewhere.path().join("said"), directory.path().join("src/main.rs"));
    let says = |word: &str| format!("fn main() {{ std::fs::write({said:?}, {word:?}).unwrap() }}");
    std::fs::create_dir_all(directory.path().join("src")).unwrap();
    std::fs::write(&source, says("one")).unwrap();
    std::fs::write(directory.path().join("Cargo.toml"), "package = { name = \"sayer\" }").unwrap();
    let template = directory.path().join("template.yaml");
    std::fs::write(&template, SAYER).unwrap();
    let options = ["--memory", "--template", template.to_str().unwrap(), "--watch", "--time-scale", "60"];
    let _run = Program::start(&options);
    for word in ["one", "two"] {
        std::fs::write(&source, says(word)).unwrap();
        until(word, async || std::fs::read_to_string(&said).is_ok_and(|said| said == word)).await;
    }
}

/// A function that is started every minute, and ends at once.
const SAYER: &str = "
Transform: AWS::Serverless-2016-10-31
Resources:
  Sayer:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: rust-cargolambda, BuildProperties: { Binary: sayer } }
    Properties:
      CodeUri: .
      Runtime: provided.al2023
      Handler: bootstrap
      Events: { Often: { Type: Schedule, Properties: { Schedule: rate(1 minute) } } }
";
