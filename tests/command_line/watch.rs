//! The option `--watch`.

use crate::support::{Program, until};

#[tokio::test]
async fn a_changed_template_runs_with_the_same_data_and_port_and_an_invalid_one_changes_nothing() {
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
    until("the invalid template is reported", async || {
        book.has_printed("The previous version keeps running")
    })
    .await;
    assert_eq!(
        client.get(at("entries")).send().await.unwrap().status(),
        200,
        "the previous template still runs"
    );

    // Connections succeed during the restart, so no other program can take the port.
    let address: std::net::SocketAddr =
        book.address.replace("http://localhost", "127.0.0.1").parse().unwrap();
    let connecting = tokio::spawn(async move {
        loop {
            drop(tokio::net::TcpStream::connect(address).await.unwrap());
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    });

    std::fs::write(&template, text.replace("GET /entries", "GET /names")).unwrap();
    until("the new route returns the data from before", async || {
        let Ok(response) = client.get(at("names")).send().await else { return false };
        response.text().await.is_ok_and(|names| names == r#"["ada"]"#)
    })
    .await;
    assert!(!connecting.is_finished(), "{:?}", connecting.await);
    connecting.abort();
}

#[tokio::test]
async fn a_changed_source_file_is_built_and_run() {
    let directory = tempfile::tempdir().unwrap();
    let output_directory = tempfile::tempdir().unwrap();
    let (output, source) = (output_directory.path().join("output"), directory.path().join("src/main.rs"));
    let program = |word: &str| format!("fn main() {{ std::fs::write({output:?}, {word:?}).unwrap() }}");
    std::fs::create_dir_all(directory.path().join("src")).unwrap();
    std::fs::write(&source, program("one")).unwrap();
    std::fs::write(directory.path().join("Cargo.toml"), "package = { name = \"writer\" }").unwrap();
    let template = directory.path().join("template.yaml");
    std::fs::write(&template, WRITER).unwrap();
    let options = ["--memory", "--template", template.to_str().unwrap(), "--watch", "--time-scale", "60"];
    let _run = Program::start(&options);
    for word in ["one", "two"] {
        std::fs::write(&source, program(word)).unwrap();
        until(word, async || std::fs::read_to_string(&output).is_ok_and(|text| text == word)).await;
    }
}

/// A template with a function that starts every minute and exits at once.
const WRITER: &str = "
Transform: AWS::Serverless-2016-10-31
Resources:
  Writer:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: rust-cargolambda, BuildProperties: { Binary: writer } }
    Properties:
      CodeUri: .
      Runtime: provided.al2023
      Handler: bootstrap
      Events: { Often: { Type: Schedule, Properties: { Schedule: rate(1 minute) } } }
";
