//! Frames that are not what they should be, and those that are but rarely come.

use crate::support::{Frame, TestCloud};

#[tokio::test]
async fn a_malformed_frame_closes_its_connection_and_no_other() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut witness = cloud.socket(&ada).await;
    witness.join_home().await;

    for malformed in
        ["x", "4", "42{}", "42/home,[]", "42/home,[1]", "40/home,[]", "2probe", r#"451-["a",{}]"#, "{}"]
    {
        let mut socket = cloud.socket(&ada).await;
        socket.join_home().await;
        socket.send(malformed).await;
        assert!(matches!(socket.next().await, Frame::Closed(_)), "{malformed} closes");
    }
    ada.create("still-here", "Still here").await;
    assert_eq!(witness.notetitles().await["notelist"][0]["key"], "still-here");
    cloud.stop().await;
}

#[tokio::test]
async fn a_packet_for_a_namespace_that_was_not_joined_closes_the_connection() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    for early in [r#"42/home,["hello"]"#, "43/home,1[]", r#"42["hello"]"#] {
        let mut socket = cloud.socket(&ada).await;
        socket.expect("0").await;
        socket.send(early).await;
        assert!(matches!(socket.next().await, Frame::Closed(_)), "{early}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn pings_are_answered_and_unknown_events_are_ignored() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    socket.join_home().await;
    socket.send(r#"42/home,["nobody-listens",1]"#).await;
    socket.send("2").await;
    assert_eq!(socket.next().await, Frame::Text("3".into()));
    cloud.stop().await;
}

#[tokio::test]
async fn an_unknown_namespace_is_refused_and_the_connection_stays() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    socket.expect("0").await;
    socket.send("40/nowhere,").await;
    assert_eq!(socket.next().await.text(), r#"44/nowhere,{"message":"Invalid namespace"}"#);
    socket.send("40/home,").await;
    socket.expect("40/home,").await;
    cloud.stop().await;
}

#[tokio::test]
async fn who_leaves_the_namespace_is_pushed_to_no_more_and_may_come_back() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    socket.join_home().await;
    socket.send("41/home,").await;
    crate::support::until("the row of the room is gone", async || cloud.socket_rows().await == 1).await;

    let mut witness = cloud.socket(&ada).await;
    witness.join_home().await;
    ada.create("a", "A").await;
    witness.notetitles().await;

    // Nothing was pushed in between: the answer to the join is the next frame.
    socket.send("40/home,").await;
    socket.expect("40/home,").await;
    assert_eq!(socket.notetitles().await["notelist"][0]["key"], "a");
    cloud.stop().await;
}
