//! Whatever fails, every connected page ends on the true list, and nothing that was acknowledged is lost.

use futures_util::future::join_all;
use local_service::faults::{Fault, Rule};
use serde_json::Value;

use crate::support::client::{ABSENT, draft};
use crate::support::{Client, Page, TestCloud, until};

/// How many pages are open, and how many people write.
const PAGES: usize = 10;
const WRITERS: usize = 4;
/// They stop when each fault has struck, or, as the list is to hold what is left of them all, here.
const MOST_NOTES: usize = 40;

/// All that can go wrong, now and then.
///
/// A frame that the gateway takes and the client never gets ([`Fault::PostLost`]) is made good by the next push, or, of
/// an open packet, by its client's patience: so it befalls pushes, and the last push of all comes when the faults are
/// over. No server could do more, as it knows of nothing to be done. Where the reason for the loss is that the connection
/// broke ([`Fault::ClientCutOff`]), which on AWS it is, the client comes back by itself, and that befalls every frame.
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

/// Creates, renames and destroys notes of one's own, whatever comes of it. Gives the notes of which the last that was
/// tried was acknowledged, with the title that they have since; `None` for one that is gone.
async fn write(client: Client, name: String, enough: &impl Fn() -> bool) -> Vec<(String, Option<String>)> {
    let mut acknowledged = Vec::new();
    for n in (0..MOST_NOTES).take_while(|_| !enough()) {
        let (key, again) = (format!("{name}-{n}"), format!("{name}-{n}, again"));
        let created = client.write(&key, ABSENT, draft(&key, "")).await.status == 201;
        let renamed = client.write(&key, ("if-match", "\"1\""), draft(&again, "")).await.status == 200;
        if n % 2 == 0 {
            let destroyed = client.destroy(&key, ("if-match", "\"2\"")).await.status == 204;
            if destroyed {
                acknowledged.push((key, None));
            }
        } else if renamed {
            assert!(created || client.read(&key).await.status != 404, "{key} was renamed, so it was created");
            acknowledged.push((key, Some(again)));
        }
    }
    acknowledged
}

fn title_of<'a>(list: &'a Value, key: &str) -> Option<&'a str> {
    list.as_array().unwrap().iter().find(|row| row["key"] == key)?["title"].as_str()
}

/// A seed of one's own, to look at a run again: `FAULTS_SEED=7 cargo test -p whole --test live faults`.
fn seed() -> u64 {
    std::env::var("FAULTS_SEED").map_or(1, |seed| seed.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_ends_on_the_truth_whatever_fails() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut pages: Vec<_> = (0..PAGES).map(|_| Page::open(&cloud, &ada)).collect();
    for page in &mut pages {
        page.shows(|list| !list.is_null()).await;
    }

    cloud.faults().set(seed(), everything());
    let enough = || cloud.faults().plan().rules.iter().all(|counted| counted.injected > 0);
    let writer = |n| write(ada.client().clone(), format!("writer-{n}"), &enough);
    let acknowledged = join_all((0..WRITERS).map(writer)).await.concat();
    let plan = cloud.faults().plan();
    cloud.faults().clear();
    assert!(plan.rules.iter().all(|counted| counted.injected > 0), "not all of it has happened: {plan:#?}");

    // The push that makes good what was lost.
    ada.create("last", "The last").await;
    let truth = ada.titles().await;
    for page in &mut pages {
        page.shows(|list| list["notelist"] == truth).await;
    }
    for (key, title) in acknowledged {
        assert_eq!(title_of(&truth, &key), title.as_deref(), "{key} is as it was acknowledged");
    }

    assert_eq!(cloud.given_up("Notes"), [] as [&str; 0], "no batch was left undone");
    // Of the dead, a row may be left that is in no room, until TTL takes it: whoever pushes never sees it.
    let rows = async || {
        let rows = cloud.rows("Connections").await;
        rows.iter().filter(|row| row["room"].as_s().unwrap().starts_with("/home#")).count()
    };
    until("only the living are in the room", async || rows().await == PAGES).await;
    drop(pages);
    cloud.stop().await;
}
