//! Despite injected faults, every connected page ends on the current list, and no acknowledged write is lost.

use futures_util::future::join_all;
use local_service::faults::{Fault, Rule};
use serde_json::Value;

use crate::support::client::{ABSENT, draft};
use crate::support::{Client, Page, TestCloud, until};

/// The number of open pages, half of them on each of two boards.
const PAGES: usize = 10;
/// The number of concurrent writers, half of them on each board.
const WRITERS: usize = 4;
/// The maximum number of notes per writer. The list must have room for those that remain. Writers stop earlier, once
/// each fault has been injected.
const MOST_NOTES: usize = 40;

/// Returns a rule for every fault.
///
/// [`Fault::PostLost`] drops a frame that the gateway accepted. No server can notice that. The next push repairs it, and
/// a client that misses its open packet reconnects. So the rule applies to pushes, and the test makes a last push after
/// the faults. On AWS, frames are lost because a connection breaks ([`Fault::ClientCutOff`]). That rule applies to every
/// frame, because the client reconnects by itself.
fn everything() -> Vec<Rule> {
    let often = |fault, rate| Rule::new(fault).rate(rate);
    vec![
        often(Fault::DynamodbSlow, 0.05).delay_ms(50),
        often(Fault::DynamodbThrottled, 0.08),
        often(Fault::DynamodbFailing, 0.05),
        often(Fault::DynamodbAnswerLost, 0.05),
        often(Fault::PostSlow, 0.05).delay_ms(50),
        often(Fault::PostLost, 0.1).function("Stream"),
        often(Fault::PostGone, 0.1),
        often(Fault::PostThrottled, 0.1),
        often(Fault::PostFailing, 0.1),
        often(Fault::PostFailing, 0.3).operation("DELETE"),
        often(Fault::FunctionKilledBefore, 0.03),
        often(Fault::FunctionKilledDuring, 0.03).delay_ms(10),
        often(Fault::FunctionKilledAfter, 0.03),
        often(Fault::RecordsLate, 0.2).delay_ms(100),
        often(Fault::RecordsTwice, 0.2),
        often(Fault::RecordsReordered, 0.3),
        often(Fault::DisconnectUnsent, 0.3),
        often(Fault::ClientCutOff, 0.05),
    ]
}

/// Creates, renames and deletes notes, and continues after failures. Returns the notes whose last write was
/// acknowledged, with their title, or `None` if deleted.
async fn write(client: Client, name: String, enough: &impl Fn() -> bool) -> Vec<(String, Option<String>)> {
    let mut acknowledged = Vec::new();
    for n in (0..MOST_NOTES).take_while(|_| !enough()) {
        let (key, new_title) = (format!("{name}-{n}"), format!("{name}-{n}, again"));
        let created = client.write(&key, ABSENT, draft(&key, "")).await.status == 201;
        let renamed = client.write(&key, ("if-match", "\"1\""), draft(&new_title, "")).await.status == 200;
        if n % 2 == 0 {
            let deleted = client.destroy(&key, ("if-match", "\"2\"")).await.status == 204;
            if deleted {
                acknowledged.push((key, None));
            }
        } else if renamed {
            assert!(created || client.read(&key).await.status != 404, "{key} was renamed, so it was created");
            acknowledged.push((key, Some(new_title)));
        }
    }
    acknowledged
}

fn title_of<'a>(list: &'a Value, key: &str) -> Option<&'a str> {
    list.as_array().unwrap().iter().find(|row| row["key"] == key)?["title"].as_str()
}

/// Returns the seed of the faults. Set another to repeat a run: `FAULTS_SEED=7 cargo test -p whole --test live faults`.
fn seed() -> u64 {
    std::env::var("FAULTS_SEED").map_or(1, |seed| seed.parse().unwrap())
}

/// Returns rules that make early pushes fail half of the time: their posts, and their process while they are made.
fn early_pushes_fail_half_of_the_time() -> Vec<Rule> {
    let half = |fault, function| Rule::new(fault).rate(0.5).function(function);
    vec![half(Fault::PostFailing, "Http"), half(Fault::FunctionKilledDuring, "Http").delay_ms(30)]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_ends_on_the_current_list_of_its_board_despite_faults() {
    all_end_on_the_current_list_despite("0", everything()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_ends_on_the_current_list_of_its_board_despite_faults_with_early_pushes() {
    all_end_on_the_current_list_despite("200", everything()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_ends_on_the_current_list_of_its_board_if_early_pushes_fail_half_of_the_time() {
    all_end_on_the_current_list_despite("200", early_pushes_fail_half_of_the_time()).await;
}

/// Writes, with pages open, until each fault was injected. Early pushes go to at most this many sockets.
async fn all_end_on_the_current_list_despite(early: &str, faults: Vec<Rule>) {
    let cloud = TestCloud::with(|options| {
        options.parameters.insert("EarlyPushSockets".into(), early.into());
    })
    .await;
    let ada = cloud.sign_up("ada").await;
    let boards = ["team".to_owned(), ada.client().create_board("Plans").await];
    let mut pages: Vec<_> = (0..PAGES).map(|n| Page::open_on(&cloud, &ada, &boards[n % 2])).collect();
    for page in &mut pages {
        page.shows(|list| !list.is_null()).await;
    }

    cloud.faults().set(seed(), faults);
    let enough = || cloud.faults().plan().rules.iter().all(|counted| counted.injected > 0);
    let writer = |n: usize| write(ada.client().on(&boards[n % 2]), format!("writer-{n}"), &enough);
    let acknowledged = join_all((0..WRITERS).map(writer)).await;
    let plan = cloud.faults().plan();
    cloud.faults().clear();
    assert!(
        plan.rules.iter().all(|counted| counted.injected > 0),
        "some faults were not injected: {plan:#?}"
    );

    let mut truths = Vec::new();
    for board in &boards {
        // This push repairs lost frames.
        let client = ada.client().on(board);
        client.write("last", ABSENT, draft("The last", "")).await.json(201);
        truths.push(client.list("").await.json(200)["notelist"].take());
    }
    for (n, page) in pages.iter_mut().enumerate() {
        page.shows(|list| list["board"] == *boards[n % 2] && list["notelist"] == truths[n % 2]).await;
    }
    for (n, acknowledged) in acknowledged.into_iter().enumerate() {
        for (key, title) in acknowledged {
            assert_eq!(title_of(&truths[n % 2], &key), title.as_deref(), "{key} is as acknowledged");
        }
    }

    assert_eq!(cloud.given_up("Notes"), [] as [&str; 0], "no batch exhausted its retries");
    // Other rows of a closed connection may remain until TTL deletes them. No push of a list reads them.
    for board in &boards {
        let rows = async || {
            let rows = cloud.rows("Connections").await;
            let room = format!("/home,{board}#");
            rows.iter().filter(|row| row["room"].as_s().unwrap().starts_with(&room)).count()
        };
        until("only open connections are in the room", async || rows().await == PAGES / 2).await;
    }
    drop(pages);
    cloud.stop().await;
}
