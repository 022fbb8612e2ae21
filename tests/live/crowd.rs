//! Crowds: two thousand in one room, and five hundred who come back at the same moment.
//!
//! A test target of its own, as a crowd takes the whole machine: it takes a minute or so, most of it for coming in.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "../support/mod.rs"]
mod support;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socketio::Settings;
use support::{Socket, TestCloud, Visitor, until};
use tokio::sync::Mutex;

/// One crowd at a time.
static CROWD: Mutex<()> = Mutex::const_new(());

/// How many come in at a time, where they come one after the other.
const AT_A_TIME: usize = 32;

/// Lets this process have as many sockets as a crowd needs on both of its ends, if it may.
fn allow_sockets() {
    let maximum = getrlimit(Resource::Nofile).maximum;
    let current = Some(maximum.unwrap_or(u64::MAX).min(16 * 1024));
    setrlimit(Resource::Nofile, Rlimit { current, maximum }).unwrap();
}

/// A cloud where a session may have a whole crowd of connections.
async fn cloud() -> TestCloud {
    TestCloud::with(|options| {
        options.parameters.insert("ConnectionsPerSession".into(), "0".into());
    })
    .await
}

/// Sockets in `/home`, each with its first list.
async fn crowd(cloud: &TestCloud, visitor: &Visitor, size: usize) -> Vec<Socket> {
    stream::iter(0..size).map(|_| join(cloud, visitor)).buffer_unordered(AT_A_TIME).collect().await
}

async fn join(cloud: &TestCloud, visitor: &Visitor) -> Socket {
    let mut socket = cloud.socket(visitor).await;
    socket.join_home().await;
    socket
}

/// All of them are sent the true list, whatever they are sent before it.
async fn all_are_told_the_truth(visitor: &Visitor, sockets: &mut [Socket]) {
    let truth = &visitor.titles().await;
    let told = async |socket: &mut Socket| {
        socket.notetitles_until(|list| list["notelist"] == *truth).await;
    };
    join_all(sockets.iter_mut().map(told)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_in_one_room_are_all_reached_by_one_push() {
    let _alone = CROWD.lock().await;
    allow_sockets();
    let cloud = cloud().await;
    let ada = cloud.sign_up("ada").await;
    let mut sockets = crowd(&cloud, &ada, 2_000).await;
    cloud.forget_calls().await;

    ada.create("a", "A").await;
    all_are_told_the_truth(&ada, &mut sockets).await;
    assert_eq!(cloud.count("Stream", "execute-api:POST", ""), 2_000, "one push, one post a connection");
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_who_come_back_at_once_are_all_told_the_truth_and_leave_no_rows_behind() {
    let _alone = CROWD.lock().await;
    allow_sockets();
    let cloud = cloud().await;
    let ada = cloud.sign_up("ada").await;
    ada.create("a", "A").await;
    let sockets = crowd(&cloud, &ada, 500).await;

    let io = cloud.socketio(Settings::default());
    assert_eq!(io.of("/home").disconnect_sockets(true).await.unwrap(), 500);
    join_all(sockets.into_iter().map(async |mut socket| socket.closed().await)).await;
    let mut back = join_all((0..500).map(|_| join(&cloud, &ada))).await;

    ada.create("b", "B").await;
    all_are_told_the_truth(&ada, &mut back).await;
    until("each has two rows, and nobody else has any", async || cloud.socket_rows().await == 1_000).await;
    cloud.stop().await;
}
