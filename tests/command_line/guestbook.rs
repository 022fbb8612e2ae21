//! A second application: the local cloud runs its template, and its function from another crate.

use futures_util::StreamExt;
use serde_json::Value;

use crate::support::{Program, in_time};

#[tokio::test]
async fn another_applications_template_runs_with_every_kind_of_event() {
    let template = concat!(env!("CARGO_MANIFEST_DIR"), "/guestbook/template.yaml");
    let book = Program::start(&["--memory", "--template", template, "--time-scale", "60"]);
    let live = format!("{}/live", book.address.replace("http://", "ws://"));
    let (mut live, _) = tokio_tungstenite::connect_async(live).await.unwrap();

    let client = reqwest::Client::new();
    let signed = client.put(format!("{}/entries/ada", book.address)).send().await.unwrap();
    assert_eq!(signed.status(), 204);
    let list = async || -> Vec<String> {
        let list: Value =
            client.get(format!("{}/entries", book.address)).send().await.unwrap().json().await.unwrap();
        list.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    assert!(list().await.contains(&"ada".to_owned()));
    let missing = client.get(format!("{}/elsewhere", book.address)).send().await.unwrap();
    assert_eq!(missing.status(), 404, "the template has no such route");

    // The stream announces both entries. The schedule writes the second one after a minute of scaled time.
    let mut announced = Vec::new();
    let both = async {
        while !["ada", "the clock"].iter().all(|name| announced.iter().any(|other| other == name)) {
            announced.push(live.next().await.unwrap().unwrap().into_text().unwrap().to_string());
        }
    };
    in_time("both are announced", both).await;
    assert!(list().await.contains(&"the clock".to_owned()));
}
