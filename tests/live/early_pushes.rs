//! Early pushes: the function that wrote pushes right after its response, and the stream's function makes up for what it leaves
//! undone.

use local_service::faults::{Fault, Rule};
use serde_json::Value;

use crate::support::client::{ABSENT, draft};
use crate::support::{JOIN_HOME, Reader, Socket, TestCloud, TestUser, until};

/// Holds back the records of all streams, so that nothing but early pushes reaches a page.
fn hold_streams(cloud: &TestCloud) {
    hold_streams_and(cloud, []);
}

/// Holds back the records of all streams, and injects more faults.
fn hold_streams_and(cloud: &TestCloud, faults: impl IntoIterator<Item = Rule>) {
    let held = Rule::new(Fault::RecordsLate).delay_ms(3_600_000);
    cloud.faults().set(0, [held].into_iter().chain(faults));
}

/// Starts a cloud with ada and her open home page. Early pushes go to at most this many sockets.
async fn with_a_page(most_sockets: &str) -> (TestCloud, TestUser, Socket) {
    let cloud = TestCloud::with(|options| {
        options.parameters.insert("EarlyPushSockets".into(), most_sockets.into());
    })
    .await;
    let ada = cloud.sign_up("ada").await;
    cloud.silence_activity().await;
    let mut socket = cloud.socket(&ada).await;
    socket.join_home().await;
    (cloud, ada, socket)
}

fn titles(list: &Value) -> Vec<&str> {
    list["notelist"].as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap()).collect()
}

/// Counts the posts of a function.
fn posts(cloud: &TestCloud, function: &str) -> usize {
    cloud.count(function, "execute-api:POST", "")
}

#[tokio::test]
async fn each_change_of_the_list_is_pushed_without_the_stream() {
    let (cloud, ada, _) = with_a_page("200").await;
    let client = ada.client();
    let plans = client.create_board("Plans").await;
    cloud.rests().await;
    let mut socket = cloud.socket(&ada).await;
    socket.join_home().await;
    cloud.rests().await;
    hold_streams(&cloud);
    ada.create("a", "Created").await;
    assert_eq!(titles(&socket.notetitles().await), ["Created"]);
    ada.rename("a", 1, "Written").await;
    assert_eq!(titles(&socket.notetitles().await), ["Written"]);
    client.rename("a", "Renamed").await.json(200);
    assert_eq!(titles(&socket.notetitles().await), ["Renamed"]);
    ada.destroy("a", 3).await;
    assert_eq!(titles(&socket.notetitles().await), [""; 0]);
    let trash = client.trash("").await.json(200);
    let restored = client.restore(trash["notes"][0]["id"].as_str().unwrap()).await.json(200);
    assert_eq!(titles(&socket.notetitles().await), ["Renamed"]);
    let version = format!("\"{}\"", restored["version"]);
    client.move_to("a", ("if-match", &version), &plans).await.json(200);
    assert_eq!(titles(&socket.notetitles().await), [""; 0]);
    socket.was_sent_nothing().await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_note_and_its_comments_are_pushed_to_its_readers_without_the_stream() {
    let (cloud, ada, _) = with_a_page("200").await;
    ada.create("a", "A").await;
    let mut reader = Reader::join(&cloud, &ada, "a").await;
    cloud.rests().await;
    hold_streams(&cloud);
    ada.rename("a", 1, "B").await;
    assert_eq!(reader.event("noteupdated").await["note"]["title"], "B");
    let comment = reader.comment("Hello").await;
    reader.delete(&comment).await;
    assert_eq!(reader.event("destroymessage").await["id"], comment["id"]);
    ada.destroy("a", 2).await;
    assert_eq!(reader.event("notedestroyed").await["key"], "a");
    cloud.stop().await;
}

#[tokio::test]
async fn a_page_connects_and_readers_come_and_go_without_the_stream() {
    let (cloud, ada, _) = with_a_page("200").await;
    let bob = cloud.sign_up("bob").await;
    ada.create("a", "A").await;
    cloud.rests().await;
    hold_streams(&cloud);
    let mut socket = cloud.socket(&ada).await;
    socket.join_home().await;
    let mut hers = Reader::join(&cloud, &ada, "a").await;
    hers.sees_people(&["ada"]).await;
    let his = Reader::join(&cloud, &bob, "a").await;
    hers.sees_people(&["ada", "bob"]).await;
    his.leave().await;
    hers.sees_people(&["ada"]).await;
    cloud.stop().await;
}

#[tokio::test]
async fn the_stream_pushes_nothing_that_was_delivered() {
    let (cloud, ada, mut socket) = with_a_page("200").await;
    ada.create("a", "A").await;
    let mut reader = Reader::join(&cloud, &ada, "a").await;
    // Early pushes are done when the records arrive.
    cloud.faults().set(0, [Rule::new(Fault::RecordsLate).delay_ms(500)]);
    // Starts the functions.
    ada.rename("a", 1, "B").await;
    reader.event("noteupdated").await;
    reader.comment("Hello").await;
    cloud.forget_calls().await;
    ada.rename("a", 2, "C").await;
    socket.notetitles_until(|list| titles(list) == ["C"]).await;
    reader.event("noteupdated").await;
    let comment = reader.comment("Hello again").await;
    reader.delete(&comment).await;
    reader.event("destroymessage").await;
    cloud.rests().await;
    assert!(cloud.count("Stream", "dynamodb:UpdateItem", "Connections") > 0, "it takes the marks");
    assert_eq!((posts(&cloud, "Stream"), posts(&cloud, "Http")), (0, 2), "{:#?}", cloud.calls());
    assert_eq!(cloud.count("Stream", "dynamodb:Query", "Notes/index/by-listed"), 0);
    socket.was_sent_nothing().await;
    cloud.stop().await;
}

#[tokio::test]
async fn the_stream_pushes_what_an_early_push_could_not_deliver() {
    let (cloud, ada, mut socket) = with_a_page("200").await;
    // An early push that fails closes the connection: both must fail, so that its page has to be pushed again.
    let fails = |operation| Rule::new(Fault::PostFailing).function("Http").operation(operation);
    cloud.faults().set(0, [fails("POST"), fails("DELETE")]);
    ada.create("a", "A").await;
    assert_eq!(titles(&socket.notetitles().await), ["A"]);
    assert!(posts(&cloud, "Stream") > 0, "{:#?}", cloud.calls());
    cloud.stop().await;
}

#[tokio::test]
async fn a_page_that_is_gone_at_an_early_push_is_closed_by_the_function_that_pushed() {
    let (cloud, ada, mut home) = with_a_page("200").await;
    ada.create("a", "A").await;
    let mut reader = Reader::join(&cloud, &ada, "a").await;
    cloud.rests().await;
    hold_streams_and(&cloud, [Rule::new(Fault::PostGone).function("Http")]);
    ada.create("b", "B").await;
    home.closed().await;
    assert_eq!(cloud.count("Http", "execute-api:DELETE", ""), 1);
    hold_streams_and(&cloud, [Rule::new(Fault::PostGone).function("WebSocket")]);
    reader.send(r#"42/notes,["create-message",{"message":"Hello"}]"#).await;
    reader.closed().await;
    assert_eq!(cloud.count("WebSocket", "execute-api:DELETE", ""), 1);
    until("no page has rows", async || cloud.socket_rows().await == 0).await;
    cloud.stop().await;
}

#[tokio::test]
async fn the_stream_opens_a_connection_whose_function_could_not() {
    let (cloud, ada, _) = with_a_page("200").await;
    cloud.faults().set(0, [Rule::new(Fault::PostFailing).function("WebSocket").operation("POST")]);
    let mut socket = cloud.socket(&ada).await;
    socket.expect("0").await;
    cloud.faults().clear();
    socket.send(JOIN_HOME).await;
    socket.expect("40/home,").await;
    socket.notetitles().await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_room_with_more_sockets_than_the_setting_is_left_to_the_stream() {
    for (most_sockets, early_posts) in [("0", 0), ("1", 0), ("2", 2)] {
        let (cloud, ada, mut first) = with_a_page(most_sockets).await;
        let mut second = cloud.socket(&ada).await;
        second.join_home().await;
        cloud.forget_calls().await;
        cloud.faults().set(0, [Rule::new(Fault::RecordsLate).delay_ms(300)]);
        ada.client().write("a", ABSENT, draft("A", "")).await.json(201);
        for socket in [&mut first, &mut second] {
            assert_eq!(titles(&socket.notetitles().await), ["A"]);
        }
        cloud.rests().await;
        assert_eq!(posts(&cloud, "Http"), early_posts, "{most_sockets}: {:#?}", cloud.calls());
        until("each has one push", async || posts(&cloud, "Http") + posts(&cloud, "Stream") == 2).await;
        cloud.stop().await;
    }
}

#[tokio::test]
async fn a_busy_room_is_pushed_once_a_second_and_last_with_the_last_state() {
    for early in ["0", "200"] {
        let cloud = TestCloud::with(|options| {
            options.parameters.insert("EarlyPushSockets".into(), early.into());
            options.parameters.insert("BusyRoomSockets".into(), "1".into());
        })
        .await;
        let ada = cloud.sign_up("ada").await;
        cloud.silence_activity().await;
        let mut sockets = [cloud.socket(&ada).await, cloud.socket(&ada).await];
        for socket in &mut sockets {
            socket.join_home().await;
        }
        cloud.forget_calls().await;
        let began = std::time::Instant::now();
        for n in 0..20 {
            ada.create(&format!("n{n}"), "A").await;
        }
        let has_all = |list: &Value| titles(list).len() == 20;
        for socket in &mut sockets {
            socket.notetitles_until(has_all).await;
        }
        let most = 2 * (2 + usize::try_from(began.elapsed().as_secs()).unwrap());
        let made = posts(&cloud, "Http") + posts(&cloud, "Stream");
        assert!(made <= most, "{made} of at most {most} posts: {:#?}", cloud.calls());
        cloud.stop().await;
    }
}
