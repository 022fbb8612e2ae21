//! People who write one text together, at random and despite injected faults, end with the same text, and no acknowledged
//! character is lost.
//!
//! Each run has a seed. The people insert and delete words, go offline, send their edits late, twice and in any order, over
//! sockets and over HTTP, while calls fail and functions are killed. Half of their pages are documents of Yjs, as in the browser,
//! the others of `yrs`.

mod page;

use std::collections::BTreeSet;
use std::time::Duration;

use documents::ClientId;
use fastrand::Rng;
use futures_util::future::join_all;
use local_service::faults::{Fault, Rule};
use serde_json::{Value, json};
use tokio::time::timeout;

use self::page::{Page, Yjs};
use crate::support::client::{ABSENT, draft};
use crate::support::{Frame, PATIENCE, Socket, TestCloud, TestUser, until};

/// The steps of each person in a run.
const STEPS: usize = 15;
/// The number of runs at a time. They mostly wait.
const AT_A_TIME: usize = 5;
/// How long a page waits for a response among faults. `socket.io-client` waits longer. Shorter times make tests shorter.
const IMPATIENCE: Duration = Duration::from_secs(1);

/// Returns a rule for every fault that an edit may meet. A lost post is left out: no server can notice it, and on AWS, frames
/// are lost because a connection breaks.
fn everything() -> Vec<Rule> {
    let often = |fault, rate| Rule::new(fault).rate(rate);
    vec![
        often(Fault::DynamodbSlow, 0.03).delay_ms(30),
        often(Fault::DynamodbThrottled, 0.05),
        often(Fault::DynamodbFailing, 0.05),
        often(Fault::DynamodbAnswerLost, 0.05),
        often(Fault::PostGone, 0.03),
        often(Fault::PostFailing, 0.05),
        often(Fault::FunctionKilledBefore, 0.02),
        often(Fault::FunctionKilledDuring, 0.03).delay_ms(10),
        often(Fault::FunctionKilledAfter, 0.02),
        often(Fault::RecordsLate, 0.2).delay_ms(100),
        often(Fault::RecordsTwice, 0.2),
        often(Fault::RecordsReordered, 0.3),
        often(Fault::ClientCutOff, 0.03),
    ]
}

/// A person with a page.
struct Person<'a> {
    cloud: &'a TestCloud,
    user: &'a TestUser,
    key: String,
    name: String,
    page: Page,
    document: Value,
    socket: Option<Socket>,
    unsent: Vec<String>,
    sent: Vec<String>,
    inserted: BTreeSet<String>,
    deleted: BTreeSet<String>,
    rng: Rng,
    patience: Duration,
}

impl<'a> Person<'a> {
    fn new(
        cloud: &'a TestCloud,
        (username, user): &'a (&str, TestUser),
        yjs: Option<&Yjs>,
        key: &str,
        seed: u64,
    ) -> Self {
        let id = ClientId::new(username, u32::try_from(seed).unwrap());
        Self {
            cloud,
            user,
            key: key.to_owned(),
            name: (*username).to_owned(),
            page: yjs.map_or_else(|| Page::yrs(id), |yjs| Page::yjs(yjs, id)),
            document: Value::Null,
            socket: None,
            unsent: Vec::new(),
            sent: Vec::new(),
            inserted: BTreeSet::new(),
            deleted: BTreeSet::new(),
            rng: Rng::with_seed(seed * 7 + id.number() % 1000),
            patience: IMPATIENCE,
        }
    }

    /// Inserts a word that nobody else inserts, between two words.
    fn insert(&mut self) {
        let shown = self.page.shown();
        let places: Vec<usize> =
            [0].into_iter().chain(shown.match_indices(']').map(|(at, _)| at + 1)).collect();
        let at = places[self.rng.usize(..places.len())];
        let word = format!("[{}{}]", self.name, self.inserted.len());
        self.unsent.push(self.page.insert(at, &word));
        self.inserted.insert(word);
    }

    /// Deletes a word.
    fn delete(&mut self) {
        let shown = self.page.shown();
        let words: Vec<(usize, &str)> = shown
            .split_inclusive(']')
            .map(|word| (word.as_ptr() as usize - shown.as_ptr() as usize, word))
            .collect();
        if words.is_empty() {
            return;
        }
        let (at, word) = words[self.rng.usize(..words.len())];
        self.deleted.insert(word.to_owned());
        self.unsent.push(self.page.remove(at, word.len()));
    }

    async fn step(&mut self) {
        match self.rng.u8(..20) {
            0..8 => self.insert(),
            8..11 => self.delete(),
            // Offline.
            11..13 => self.socket = None,
            13 if !self.sent.is_empty() => {
                let again = self.sent[self.rng.usize(..self.sent.len())].clone();
                self.unsent.push(again);
            }
            14 => self.rng.shuffle(&mut self.unsent),
            15 => self.send_over_http().await,
            _ => drop(self.send().await),
        }
    }

    /// Joins the note and sends what is unsent. `None` if the connection broke.
    async fn send(&mut self) -> Option<()> {
        let mut socket = match self.socket.take() {
            Some(socket) => socket,
            None => self.join().await?,
        };
        while let Some(update) = self.unsent.first().cloned() {
            socket.try_send(&format!("42/notes,5{}", json!(["edit", { "update": update }]))).await.ok()?;
            let answer = self.receive(&mut socket, "43/notes,5").await?;
            assert_eq!(answer, json!([{}]), "an edit is stored or not acknowledged");
            self.sent.push(self.unsent.remove(0));
        }
        self.socket = Some(socket);
        Some(())
    }

    async fn join(&mut self) -> Option<Socket> {
        let opened =
            timeout(self.patience, Socket::open(&self.cloud.address(), Some(self.user.cookie()))).await;
        let mut socket = opened.ok()?.ok()?;
        self.receive(&mut socket, "0").await?;
        let auth = json!({ "board": "team", "key": self.key });
        socket.try_send(&format!("40/notes,{auth}")).await.ok()?;
        self.receive(&mut socket, "40/notes,").await?;
        while self.document.is_null() {
            self.receive(&mut socket, "42/notes,[\"document\"").await?;
        }
        Some(socket)
    }

    /// Reads frames until one with this prefix, and returns its JSON. Applies the edits among them. `None` if the connection
    /// breaks, or nothing comes.
    async fn receive(&mut self, socket: &mut Socket, prefix: &str) -> Option<Value> {
        loop {
            let Ok(Frame::Text(frame)) = timeout(self.patience, socket.frame()).await else { return None };
            if let Some(Ok(mut event)) = frame.strip_prefix("42/notes,").map(serde_json::from_str::<Value>) {
                if event[0] == "document" {
                    self.document = event[1]["document"].take();
                }
                if let Some(update) = event[1]["update"].as_str() {
                    self.page.apply(update);
                }
            }
            if let Some(rest) = frame.strip_prefix(prefix) {
                return Some(serde_json::from_str(rest).unwrap_or(Value::Null));
            }
            // Neither a packet nor a push: a client reconnects.
            if !frame.starts_with(['0', '4', '6']) {
                return None;
            }
        }
    }

    async fn send_over_http(&mut self) {
        if self.document.is_null() {
            return;
        }
        while let Some(update) = self.unsent.first().cloned() {
            match self.user.client().edit(&self.key, &self.document, &update).await.status {
                204 => self.sent.push(self.unsent.remove(0)),
                status => {
                    assert!(status >= 500, "{status}");
                    return;
                }
            }
        }
    }

    /// Sends everything, after the faults, and reads the whole text.
    async fn finish(&mut self) {
        self.patience = PATIENCE;
        while self.send().await.is_none() {}
        let whole = self.user.client().document(&self.key, "").await.json(200);
        self.page.apply(whole["update"].as_str().unwrap());
    }
}

/// A run: a note, and the people who write it.
struct Run<'a> {
    seed: u64,
    key: String,
    people: Vec<Person<'a>>,
}

impl<'a> Run<'a> {
    async fn start(
        cloud: &'a TestCloud,
        users: &'a [(&'static str, TestUser)],
        yjs: &Yjs,
        seed: u64,
    ) -> Self {
        let key = format!("run-{seed}");
        users[0].1.client().write(&key, ABSENT, draft("Together", "[first][second]")).await.json(201);
        let count = 3 + usize::try_from(seed % 3).unwrap();
        let people = users[..count].iter().zip([Some(yjs), None].into_iter().cycle());
        let people = people.map(|(user, yjs)| Person::new(cloud, user, yjs, &key, seed)).collect();
        Self { seed, key, people }
    }

    async fn write(&mut self) {
        join_all(self.people.iter_mut().map(async |person| {
            for _ in 0..STEPS {
                person.step().await;
            }
        }))
        .await;
    }

    /// Sends everything, after the faults, and checks that all have the same text, without a loss.
    async fn finish(&mut self) {
        join_all(self.people.iter_mut().map(Person::finish)).await;
        join_all(self.people.iter_mut().map(Person::finish)).await;
        let Self { seed, key, people } = self;
        let text = people[0].page.shown();
        for person in &*people {
            assert_eq!(person.page.shown(), text, "seed {seed}: {}", person.name);
        }
        assert_eq!(people[0].user.client().read(key).await.json(200)["body"], text, "seed {seed}");
        let words: BTreeSet<&str> = text.split_inclusive(']').collect();
        let deleted: BTreeSet<&str> =
            people.iter().flat_map(|person| &person.deleted).map(|word| &**word).collect();
        for word in people.iter().flat_map(|person| &person.inserted) {
            assert!(
                words.contains(&**word) || deleted.contains(&**word),
                "seed {seed}: {word} is lost: {text}"
            );
        }
        for word in words {
            assert!(!deleted.contains(word), "seed {seed}: {word} was deleted: {text}");
        }
    }
}

/// Makes this many runs, some at a time. `FAULTS_SEED=41 cargo test -p whole --test live twenty_runs` begins with another seed.
async fn all_end_with_the_same_text(runs: u64) {
    let cloud = TestCloud::with(|options| {
        for quota in ["WritesPerMinute", "MegabytesPerMinute"] {
            options.parameters.insert(quota.into(), "0".into());
        }
    })
    .await;
    let users = ["ada", "bob", "eve", "joe", "zoe"].map(async |name| (name, cloud.sign_up(name).await));
    let (users, yjs) = (join_all(users).await, Yjs::start());
    let first = std::env::var("FAULTS_SEED").map_or(1, |seed| seed.parse().unwrap());
    let seeds: Vec<u64> = (first..first + runs).collect();
    for seeds in seeds.chunks(AT_A_TIME) {
        let mut runs = join_all(seeds.iter().map(|seed| Run::start(&cloud, &users, &yjs, *seed))).await;
        cloud.faults().set(seeds[0], everything());
        join_all(runs.iter_mut().map(Run::write)).await;
        cloud.faults().clear();
        join_all(runs.iter_mut().map(Run::finish)).await;
    }
    for seed in seeds {
        until("every text is merged into its note", async || {
            let note = users[0].1.client().read(&format!("run-{seed}")).await;
            !note.header("etag").contains('-')
        })
        .await;
    }
    assert_eq!(cloud.given_up("Edits"), [] as [&str; 0], "no batch exhausted its retries");
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_ends_with_the_same_text_despite_faults_in_twenty_runs() {
    all_end_with_the_same_text(20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_ends_with_the_same_text_despite_faults_in_two_hundred_runs() {
    all_end_with_the_same_text(200).await;
}
