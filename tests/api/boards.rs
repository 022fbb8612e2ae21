//! Boards, their members and invitations, over HTTP.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{ABSENT, Client, draft};
use crate::support::{Response, TestCloud, until};

/// Starts a cloud with the administrator ada, and with bob and eve.
async fn people() -> (TestCloud, [Client; 3]) {
    let cloud = TestCloud::start().await;
    let mut people = Vec::new();
    for username in ["ada", "bob", "eve"] {
        people.push(Client::signed_up(&cloud, username).await);
    }
    let Ok(people) = people.try_into() else { unreachable!("there are three") };
    (cloud, people)
}

async fn get(client: &Client, path: &str) -> Response {
    client.boards(Method::GET, path, None, Value::Null).await
}

async fn names(client: &Client) -> Vec<Value> {
    let boards = get(client, "").await.json(200);
    boards["boards"].as_array().unwrap().iter().map(|board| board["name"].clone()).collect()
}

#[tokio::test]
async fn there_is_a_board_of_the_team_from_the_beginning() {
    let (cloud, [ada, bob, _]) = people().await;
    let boards = get(&bob, "").await.json(200)["boards"].clone();
    let created = boards[0]["created"].clone();
    let team = json!({
        "id": "team", "name": "Team", "visibility": "team", "teamRole": "editor", "role": "editor", "version": 1,
        "created": created,
    });
    assert_eq!(boards, json!([team]));
    assert_eq!(get(&bob, "/team").await.header("etag"), "\"1\"");
    let hide = json!({ "name": "Team", "visibility": "private" });
    let refused = ada.boards(Method::PUT, "/team", Some("\"1\""), hide).await.problem(403);
    assert_eq!(refused["type"], "/api/problems/permanent-board");
    ada.boards(Method::DELETE, "/team", Some("\"1\""), Value::Null).await.problem(403);
    cloud.stop().await;
}

#[tokio::test]
async fn a_private_board_is_created_changed_and_deleted_by_its_owner() {
    let (cloud, [_, bob, eve]) = people().await;
    let created = bob.boards(Method::POST, "", None, json!({ "name": " Plans " })).await;
    let board = created.json(201);
    assert_eq!(
        (&board["name"], &board["role"], &board["visibility"]),
        (&json!("Plans"), &json!("owner"), &json!("private"))
    );
    let id = board["id"].as_str().unwrap();
    let path = format!("/{id}");
    assert_eq!(
        (created.header("location"), created.header("etag")),
        (&*format!("/api/boards/{id}"), "\"1\"")
    );
    assert_eq!(names(&bob).await, ["Team", "Plans"]);
    assert_eq!(names(&eve).await, ["Team"]);
    assert_eq!(get(&eve, &path).await.problem(404)["type"], "/api/problems/no-such-board");

    let change = json!({ "name": "Open plans", "visibility": "team", "teamRole": "reader" });
    bob.boards(Method::PUT, &path, None, change.clone()).await.problem(428);
    let changed = bob.boards(Method::PUT, &path, Some("\"1\""), change.clone()).await;
    assert_eq!((&changed.json(200)["teamRole"], changed.header("etag")), (&json!("reader"), "\"2\""));
    let stale = bob.boards(Method::PUT, &path, Some("\"1\""), change).await.problem(412);
    assert_eq!(stale["type"], "/api/problems/board-changed");
    assert_eq!(get(&eve, &path).await.json(200)["role"], "reader");

    bob.boards(Method::DELETE, &path, None, Value::Null).await.problem(428);
    bob.boards(Method::DELETE, &path, Some("\"1\""), Value::Null).await.problem(412);
    bob.boards(Method::DELETE, &path, Some("\"2\""), Value::Null).await.empty(204);
    get(&bob, &path).await.problem(404);
    assert_eq!(names(&eve).await, ["Team"]);
    cloud.stop().await;
}

#[tokio::test]
async fn invalid_boards_roles_and_invitations_are_refused_with_the_names_of_their_values() {
    let (cloud, [_, bob, _]) = people().await;
    for (board, wrong) in [
        (json!({}), "name"),
        (json!({ "name": " " }), "name"),
        (json!({ "name": "a".repeat(81) }), "name"),
        (json!({ "name": "a\nb" }), "name"),
        (json!({ "name": "A", "visibility": "public" }), "visibility"),
        (json!({ "name": "A", "visibility": "team", "teamRole": "owner" }), "teamRole"),
        (json!({ "name": "A", "visibility": "private", "teamRole": "reader" }), "teamRole"),
        (json!({ "name": "A", "color": "red" }), "color"),
    ] {
        let refused = bob.boards(Method::POST, "", None, board.clone()).await;
        assert_eq!(refused.wrong_fields(422), [wrong], "{board}");
    }
    bob.boards(Method::POST, "", None, json!({ "name": "a".repeat(80) })).await.json(201);
    let id = bob.create_board("Plans").await;
    assert_eq!(bob.set_role(&id, "eve", "king").await.wrong_fields(422), ["role"]);
    let invitations = format!("/{id}/invitations");
    for (terms, wrong) in [
        (json!({ "role": "owner" }), "role"),
        (json!({ "days": 0 }), "days"),
        (json!({ "days": 31 }), "days"),
        (json!({ "uses": 101 }), "uses"),
    ] {
        let refused = bob.boards(Method::POST, &invitations, None, terms.clone()).await;
        assert_eq!(refused.wrong_fields(422), [wrong], "{terms}");
    }
    for token in ["", "team", "team.short", &format!("{id}.{}", "A".repeat(44))] {
        let refused = bob.boards(Method::POST, "/join", None, json!({ "token": token })).await;
        assert_eq!(refused.wrong_fields(422), ["token"], "{token}");
    }
    for path in ["/nothing", "/home", "/TEAM", "/team%20"] {
        get(&bob, path).await.problem(404);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn an_invitation_makes_a_member_once() {
    let (cloud, [ada, bob, eve]) = people().await;
    let id = ada.create_board("Plans").await;
    let invitations = format!("/{id}/invitations");
    let invitation =
        ada.boards(Method::POST, &invitations, None, json!({ "role": "reader" })).await.json(201);
    let token = invitation["token"].as_str().unwrap();
    assert!(token.starts_with(&format!("{id}.")), "{token}");
    let listed = get(&ada, &invitations).await.json(200);
    assert_eq!(listed["invitations"][0]["id"], invitation["id"]);
    assert!(!listed.to_string().contains(token), "the token is shown once");
    let join =
        async |client: &Client| client.boards(Method::POST, "/join", None, json!({ "token": token })).await;
    assert_eq!(join(&bob).await.json(200)["role"], "reader");
    assert_eq!(join(&eve).await.problem(404)["type"], "/api/problems/no-such-invitation");
    assert_eq!(get(&ada, &invitations).await.json(200), json!({ "invitations": [] }));
    get(&bob, &invitations).await.problem(403);

    let invitation =
        ada.boards(Method::POST, &invitations, None, json!({ "uses": 2, "days": 1 })).await.json(201);
    let revoke = format!("{invitations}/{}", invitation["id"].as_str().unwrap());
    ada.boards(Method::DELETE, &revoke, None, Value::Null).await.empty(204);
    ada.boards(Method::DELETE, &revoke, None, Value::Null).await.problem(404);
    let late = eve.boards(Method::POST, "/join", None, json!({ "token": invitation["token"] })).await;
    late.problem(404);
    cloud.stop().await;
}

#[tokio::test]
async fn members_have_roles_leave_and_are_removed() {
    let (cloud, [ada, bob, eve]) = people().await;
    let id = ada.create_board("Plans").await;
    let members = format!("/{id}/members");
    let remove = |client: &Client, username: &str| {
        let (client, path) = (client.clone(), format!("{members}/{username}"));
        async move { client.boards(Method::DELETE, &path, None, Value::Null).await }
    };
    ada.set_role(&id, "bob", "editor").await.empty(204);
    ada.set_role(&id, "eve", "reader").await.empty(204);
    assert_eq!(
        ada.set_role(&id, "nobody", "reader").await.problem(404)["type"],
        "/api/problems/no-such-user"
    );
    let listed = get(&eve, &members).await.json(200);
    let roles: Vec<_> =
        listed["members"].as_array().unwrap().iter().map(|member| member["role"].clone()).collect();
    assert_eq!(roles, ["owner", "editor", "reader"], "{listed}");

    remove(&bob, "eve").await.problem(403);
    remove(&eve, "eve").await.empty(204);
    get(&eve, &members).await.problem(404);
    remove(&ada, "eve").await.problem(404);
    for last in [remove(&ada, "ada").await, ada.set_role(&id, "ada", "reader").await] {
        assert_eq!(last.problem(409)["type"], "/api/problems/last-owner");
    }
    ada.set_role(&id, "bob", "owner").await.empty(204);
    remove(&bob, "ada").await.empty(204);
    assert_eq!(names(&ada).await, ["Team"]);
    cloud.stop().await;
}

#[tokio::test]
async fn a_person_who_is_not_a_member_learns_nothing_of_a_board() {
    let (cloud, [ada, bob, _]) = people().await;
    let id = ada.create_board("Plans").await;
    let note = format!("/{id}/notes/a");
    let (name, value) = ABSENT;
    let created = ada.request(Method::PUT, &format!("/api/boards{note}")).header(name, value);
    Response::to(created.json(&draft("A", ""))).await.json(201);
    let other = "019ab2b5-8e30-7c4b-9d52-3f1c0e6a7b88";
    for path in
        ["", "/members", "/notes", "/notes/a", "/notes/b", "/notes/a/comments", "/export", "/invitations"]
    {
        let hidden = get(&bob, &format!("/{id}{path}")).await.problem(404);
        let missing = get(&bob, &format!("/{other}{path}")).await.problem(404);
        assert_eq!((&hidden["type"], &hidden["detail"]), (&missing["type"], &missing["detail"]), "{path}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_note_moves_to_another_board_with_its_comments() {
    let (cloud, [ada, bob, _]) = people().await;
    let id = ada.create_board("Plans").await;
    let note = ada.write("a", ABSENT, draft("A", "Milk")).await.json(201);
    let line = crate::export::comment_line(&note, 1);
    ada.import(crate::export::text(&[line])).await.lines();
    let path = "/team/notes/a/move";
    let to = json!({ "board": id });
    ada.boards(Method::POST, path, None, to.clone()).await.problem(428);
    ada.boards(Method::POST, path, Some("\"7\""), to.clone()).await.problem(412);
    assert_eq!(
        bob.boards(Method::POST, path, Some("\"1\""), to.clone()).await.problem(404)["type"],
        "/api/problems/no-such-board"
    );
    let moved = ada.boards(Method::POST, path, Some("\"1\""), to).await;
    assert_eq!((&moved.json(200)["version"], moved.header("etag")), (&json!(2), "\"2\""));
    assert_eq!(moved.header("location"), format!("/api/boards/{id}/notes/a"));
    ada.read("a").await.problem(404);
    assert_eq!(get(&ada, &format!("/{id}/notes/a")).await.json(200)["body"], "Milk");
    until("its comments follow", async || {
        get(&ada, &format!("/{id}/notes/a/comments")).await.json(200)["comments"].as_array().unwrap().len()
            == 1
    })
    .await;
    until("the old ones are gone", async || {
        let rows = cloud.rows("Notes").await;
        !rows.iter().any(|row| row["board"].as_s().unwrap().starts_with("comments#team#"))
    })
    .await;

    // It moves back under the key that it left, and its versions go on.
    let (path, to) = (format!("/{id}/notes/a/move"), json!({ "board": "team" }));
    let back = ada.boards(Method::POST, &path, Some("\"2\""), to.clone()).await;
    assert_eq!(back.json(200)["version"], 3);
    // A key that another note has is refused with that note.
    let other = ada.on(&id).write("a", ABSENT, draft("B", "")).await;
    let taken = ada.boards(Method::POST, &path, Some(other.header("etag")), to).await.problem(412);
    assert_eq!((&taken["type"], &taken["note"]["title"]), (&"/api/problems/key-taken".into(), &"A".into()));
    cloud.stop().await;
}

#[tokio::test]
async fn a_deleted_board_leaves_nothing() {
    let (cloud, [ada, bob, _]) = people().await;
    let id = ada.create_board("Plans").await;
    ada.set_role(&id, "bob", "editor").await.empty(204);
    let path = format!("/{id}/notes");
    for number in 0..30 {
        let note = bob.boards(Method::POST, &path, None, draft(&format!("Note {number}"), "")).await;
        let key = note.json(201)["key"].take();
        // A third of them are in the trash.
        if number % 3 == 0 {
            bob.on(&id).destroy(key.as_str().unwrap(), ("if-match", "\"1\"")).await.empty(204);
        }
    }
    ada.boards(Method::DELETE, &format!("/{id}"), Some("\"1\""), Value::Null).await.empty(204);
    get(&bob, &path).await.problem(404);
    // One row waits for requests that still write. It expires.
    until("nothing else is left of it", async || {
        let mut left = [cloud.rows("Notes").await, cloud.rows("Boards").await].concat();
        left.retain(|row| format!("{row:?}").contains(&id));
        left.len() == 1 && left[0].contains_key("expires")
    })
    .await;
    cloud.stop().await;
}

#[tokio::test]
async fn the_list_of_boards_says_when_a_note_was_changed() {
    let (cloud, [ada, bob, _]) = people().await;
    assert_eq!(get(&bob, "/team").await.json(200).get("changed"), None);
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    until("the change is recorded", async || get(&bob, "/team").await.json(200)["changed"].is_string()).await;
    cloud.stop().await;
}
