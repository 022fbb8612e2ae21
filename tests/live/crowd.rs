//! Crowds: two thousand sockets in one room, and five hundred that reconnect at the same moment.
//!
//! This is a separate test target, because a crowd uses the whole machine. It takes about a minute, mostly for joining.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "../support/mod.rs"]
mod support;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socketio::Settings;
use support::{Socket, TestCloud, TestUser, until};
use tokio::sync::Mutex;

/// One crowd at a time.
static CROWD: Mutex<()> = Mutex::const_new(());

/// The number of sockets that join at the same time.
const AT_A_TIME: usize = 32;

/// Raises the limit of open sockets to what both ends of a crowd need, as far as the system allows.
fn allow_sockets() {
    let maximum = getrlimit(Resource::Nofile).maximum;
    let current = Some(maximum.unwrap_or(u64::MAX).min(16 * 1024));
    setrlimit(Resource::Nofile, Rlimit { current, maximum }).unwrap();
}

/// Starts a cloud without a limit of connections per session.
async fn cloud() -> TestCloud {
    TestCloud::with(|options| {
        options.parameters.insert("ConnectionsPerSession".into(), "0".into());
    })
    .await
}

/// Joins `/home` with many sockets, and reads each one's first list.
async fn crowd(cloud: &TestCloud, user: &TestUser, size: usize) -> Vec<Socket> {
    stream::iter(0..size).map(|_| join(cloud, user)).buffer_unordered(AT_A_TIME).collect().await
}

async fn join(cloud: &TestCloud, user: &TestUser) -> Socket {
    let mut socket = cloud.socket(user).await;
    socket.join_home().await;
    socket
}

/// Waits until every socket receives the current list. Skips older lists.
async fn all_receive_the_current_list(user: &TestUser, sockets: &mut [Socket]) {
    let truth = &user.titles().await;
    let receive = async |socket: &mut Socket| {
        socket.notetitles_until(|list| list["notelist"] == *truth).await;
    };
    join_all(sockets.iter_mut().map(receive)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_push_reaches_two_thousand_sockets_in_one_room() {
    let _alone = CROWD.lock().await;
    allow_sockets();
    let cloud = cloud().await;
    let ada = cloud.sign_up("ada").await;
    let mut sockets = crowd(&cloud, &ada, 2_000).await;
    cloud.forget_calls().await;

    ada.create("a", "A").await;
    all_receive_the_current_list(&ada, &mut sockets).await;
    assert_eq!(cloud.count("Stream", "execute-api:POST", ""), 2_000, "one push, one post per connection");
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_reconnecting_sockets_all_receive_the_current_list_and_leave_no_old_rows() {
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
    all_receive_the_current_list(&ada, &mut back).await;
    until("each has four rows, and all other rows are gone", async || cloud.socket_rows().await == 2_000)
        .await;
    cloud.stop().await;
}
