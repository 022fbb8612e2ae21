//! Every change of a note reaches all sockets in the home namespace.

use crate::support::TestCloud;

#[tokio::test]
async fn creating_updating_and_deleting_a_note_each_reach_all_sockets_with_a_rising_revision() {
    let cloud = TestCloud::start().await;
    let (ada, bob) = (cloud.sign_up("ada").await, cloud.sign_up("bob").await);
    let mut sockets = [cloud.socket(&ada).await, cloud.socket(&bob).await];
    for socket in &mut sockets {
        socket.join_home().await;
    }

    let note = ada.create("shopping", "Shopping").await;
    let mut revision = 0;
    for socket in &mut sockets {
        let list = socket.notetitles().await;
        let row = serde_json::json!({ "key": "shopping", "title": "Shopping", "updated": note["updated"], "editor": "ada" });
        assert_eq!(list["notelist"], serde_json::json!([row]));
        revision = list["revision"].as_u64().unwrap();
        assert!(revision > 0);
    }

    bob.rename("shopping", 1, "Shopping for two").await;
    for socket in &mut sockets {
        let list = socket.notetitles().await;
        assert_eq!(list["notelist"][0]["title"], "Shopping for two");
        assert_eq!(list["notelist"][0]["editor"], "bob", "the last editor, not the author");
        assert!(list["revision"].as_u64().unwrap() > revision);
    }

    ada.destroy("shopping", 2).await;
    for socket in &mut sockets {
        assert_eq!(socket.notetitles().await["notelist"], serde_json::json!([]));
    }
    cloud.stop().await;
}

#[tokio::test]
async fn the_newest_change_comes_first_and_a_list_over_32_kib_loses_its_oldest_rows() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    socket.join_home().await;

    // 48 titles of 800 bytes exceed 32 KiB.
    for n in 0..48 {
        ada.create(&format!("note-{n:02}"), &"🗒".repeat(200)).await;
    }
    let list = socket.notetitles_until(|list| list["notelist"][0]["key"] == "note-47").await;
    assert_eq!(list["more"], true);
    let bytes = format!("42/home,{}", serde_json::json!(["notetitles", list])).len();
    assert!(bytes <= 32 * 1024, "{bytes}");
    let rows = list["notelist"].as_array().unwrap();
    assert!(bytes + bytes / rows.len() > 32 * 1024, "{} rows are as many as fit", rows.len());
    assert_eq!(rows[..], ada.titles().await.as_array().unwrap()[..rows.len()], "the newest rows, in order");
    cloud.stop().await;
}

#[tokio::test]
async fn the_list_has_at_most_a_hundred_titles_and_says_whether_there_are_more() {
    let cloud = TestCloud::start().await;
    let ada = cloud.sign_up("ada").await;
    for n in 0..100 {
        ada.create(&format!("note-{n:03}"), "A").await;
    }
    let mut socket = cloud.socket(&ada).await;
    let list = socket.join_home().await;
    assert_eq!((list["notelist"].as_array().unwrap().len(), &list["more"]), (100, &false.into()));

    ada.create("one-more", "A").await;
    let list = socket.notetitles_until(|list| list["notelist"][0]["key"] == "one-more").await;
    assert_eq!((list["notelist"].as_array().unwrap().len(), &list["more"]), (100, &true.into()));
    assert_eq!(list["notelist"][99]["key"], "note-001");
    cloud.stop().await;
}
