//! Sign-ups by invitation, and the actions of administrators.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{ABSENT, Client, PASSWORD, credentials, draft};
use crate::support::{Response, Socket, TestCloud};

/// Another password.
const NEW: &str = "battery staple";

/// Starts a cloud that is closed, as a deployment is by default.
async fn closed() -> TestCloud {
    TestCloud::with(|options| {
        options.parameters.insert("SignUp".into(), "invitation".into());
    })
    .await
}

/// The requests of administrators.
impl Client {
    async fn admin(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let request = self.request(method, &format!("/api/admin/{path}"));
        Response::to(body.iter().fold(request, reqwest::RequestBuilder::json)).await
    }

    async fn how_to_sign_up(&self) -> Value {
        Response::to(self.request(Method::GET, "/api/sign-up")).await.json(200)
    }

    async fn account(&self) -> Response {
        Response::to(self.request(Method::GET, "/api/account")).await
    }

    async fn list_people(&self, query: &str) -> Value {
        self.admin(Method::GET, &format!("users?{query}"), None).await.json(200)
    }

    async fn invite(&self, invitation: Value) -> Response {
        self.admin(Method::POST, "invitations", Some(invitation)).await
    }

    async fn disable(&self, username: &str) -> Response {
        self.admin(Method::POST, &format!("users/{username}/disable"), None).await
    }

    async fn enable(&self, username: &str) -> Response {
        self.admin(Method::POST, &format!("users/{username}/enable"), None).await
    }

    async fn remove(&self, username: &str) -> Response {
        self.admin(Method::DELETE, &format!("users/{username}"), None).await
    }

    async fn grant(&self, username: &str) -> Response {
        self.admin(Method::PUT, &format!("administrators/{username}"), None).await
    }

    async fn withdraw(&self, username: &str) -> Response {
        self.admin(Method::DELETE, &format!("administrators/{username}"), None).await
    }

    async fn make_password_link(&self, username: &str) -> Response {
        self.admin(Method::POST, &format!("users/{username}/password-link"), None).await
    }

    async fn use_password_link(&self, token: &str, password: &str) -> Response {
        let body = json!({ "token": token, "newPassword": password });
        Response::to(self.request(Method::POST, "/api/account/new-password").json(&body)).await
    }

    /// Returns the audit as `by action target`, oldest first.
    async fn audit(&self) -> Vec<String> {
        let records = self.admin(Method::GET, "audit", None).await.json(200);
        let word = |record: &Value, name: &str| record[name].as_str().unwrap_or("-").to_owned();
        let line = |record| ["by", "action", "target"].map(|name| word(record, name)).join(" ");
        records["records"].as_array().unwrap().iter().rev().map(line).collect()
    }
}

fn invited(username: &str, token: &str) -> Value {
    json!({ "username": username, "password": PASSWORD, "invitation": token })
}

fn token(response: &Response) -> String {
    response.json(201)["token"].as_str().unwrap().to_owned()
}

/// Invites somebody, who creates an account.
async fn join(administrator: &Client, cloud: &TestCloud, username: &str) -> Client {
    let token = token(&administrator.invite(json!({})).await);
    let guest = Client::guest(cloud);
    let response = guest.sign_up(invited(username, &token)).await;
    response.json(201);
    guest.with_cookie(response.cookie())
}

/// Starts a closed cloud with ada, its administrator, and bob, whom she invited.
async fn with_ada_and_bob() -> (TestCloud, Client, Client) {
    let cloud = closed().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let bob = join(&ada, &cloud, "bob").await;
    (cloud, ada, bob)
}

#[tokio::test]
async fn the_first_account_is_the_administrators_and_all_others_need_an_invitation() {
    let cloud = closed().await;
    let guest = Client::guest(&cloud);
    assert_eq!(guest.how_to_sign_up().await, json!({ "policy": "invitation", "first": true }));
    let ada = Client::signed_up(&cloud, "ada").await;
    assert_eq!(guest.how_to_sign_up().await, json!({ "policy": "invitation", "first": false }));
    assert_eq!(ada.account().await.json(200)["administrator"], json!(true));

    assert_eq!(guest.sign_up(credentials("eve", PASSWORD)).await.wrong_fields(403), ["invitation"]);
    let bob = join(&ada, &cloud, "bob").await;
    let account = json!({ "username": "bob", "displayName": "bob", "administrator": false });
    assert_eq!(bob.account().await.json(200), account);
    guest.account().await.problem(401);
    cloud.stop().await;
}

#[tokio::test]
async fn of_many_first_accounts_at_once_one_is_made() {
    let cloud = closed().await;
    let guest = Client::guest(&cloud);
    let names: Vec<String> = (0..8).map(|number| format!("user{number}")).collect();
    let sign_ups = names.iter().map(|name| guest.sign_up(credentials(name, PASSWORD)));
    let responses = futures_util::future::join_all(sign_ups).await;
    let statuses: Vec<u16> = responses.iter().map(|response| response.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 403].contains(status)), "{statuses:?}");
    cloud.stop().await;
}

#[tokio::test]
async fn where_sign_up_is_open_only_the_first_account_is_an_administrators() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let bob = Client::signed_up(&cloud, "bob").await;
    assert_eq!(bob.how_to_sign_up().await["policy"], "open");
    assert_eq!(ada.account().await.json(200)["administrator"], json!(true));
    assert_eq!(bob.account().await.json(200)["administrator"], json!(false));
    cloud.stop().await;
}

#[tokio::test]
async fn an_invitation_makes_as_many_accounts_as_it_says() {
    let (cloud, ada, _) = with_ada_and_bob().await;
    let token = token(&ada.invite(json!({ "uses": 2 })).await);
    let guest = Client::guest(&cloud);
    guest.sign_up(invited("carol", &token)).await.json(201);
    guest.sign_up(invited("carol", &token)).await.problem(409);
    let listed = ada.admin(Method::GET, "invitations", None).await.json(200);
    assert_eq!(listed["invitations"][0]["uses"], json!(1), "a taken username used none: {listed}");
    guest.sign_up(invited("dave", &token)).await.json(201);
    assert_eq!(guest.sign_up(invited("erin", &token)).await.wrong_fields(403), ["invitation"]);
    let listed = ada.admin(Method::GET, "invitations", None).await.json(200);
    assert_eq!(listed["invitations"], json!([]), "it is used up");
    cloud.stop().await;
}

#[tokio::test]
async fn a_revoked_expired_or_unknown_invitation_is_refused_and_the_table_has_no_token() {
    let (cloud, ada, _) = with_ada_and_bob().await;
    let guest = Client::guest(&cloud);
    let invitation = ada.invite(json!({})).await;
    let (revoked, id) = (token(&invitation), invitation.json(201)["id"].as_str().unwrap().to_owned());
    assert!(!format!("{:?}", cloud.rows("Users").await).contains(&revoked));
    ada.admin(Method::DELETE, &format!("invitations/{id}"), None).await.empty(204);
    ada.admin(Method::DELETE, &format!("invitations/{id}"), None).await.problem(404);
    ada.admin(Method::DELETE, "invitations/abc", None).await.problem(404);

    cloud.keep_expired_items();
    let expired = token(&ada.invite(json!({ "days": 1 })).await);
    for row in cloud.rows("Users").await {
        if row.contains_key("uses") {
            let update = cloud.dynamodb().update_item().table_name("Users");
            let update =
                update.key("username", row["username"].clone()).update_expression("SET expires = :e");
            let past = AttributeValue::N((jiff::Timestamp::now().as_second() - 1).to_string());
            update.expression_attribute_values(":e", past).send().await.unwrap();
        }
    }
    for wrong in [&revoked, &expired, "", "abc", &"A".repeat(43), &id] {
        assert_eq!(guest.sign_up(invited("eve", wrong)).await.wrong_fields(403), ["invitation"], "{wrong}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn an_invitation_is_for_1_to_100_accounts_and_1_to_30_days() {
    let (cloud, ada, _) = with_ada_and_bob().await;
    for valid in [json!({ "uses": 1, "days": 30 }), json!({ "uses": 100, "days": 1 })] {
        ada.invite(valid).await.json(201);
    }
    for (member, values) in
        [("uses", [json!(0), json!(101), json!("1")]), ("days", [json!(0), json!(31), json!(1.5)])]
    {
        for value in values {
            assert_eq!(ada.invite(json!({ member: value })).await.wrong_fields(422), [member]);
        }
    }
    let default = ada.invite(json!({})).await.json(201);
    let expires: jiff::Timestamp = default["expires"].as_str().unwrap().parse().unwrap();
    let days = expires.duration_since(jiff::Timestamp::now()).as_secs_f64() / 86_400.0;
    assert!((6.9..=7.0).contains(&days) && default["uses"] == json!(1), "{default}");
    cloud.stop().await;
}

#[tokio::test]
async fn only_administrators_may_do_what_they_do() {
    let (cloud, _, bob) = with_ada_and_bob().await;
    let guest = Client::guest(&cloud);
    for (method, path, body) in [
        (Method::GET, "users", None),
        (Method::DELETE, "users/ada", None),
        (Method::POST, "users/ada/disable", None),
        (Method::POST, "users/ada/enable", None),
        (Method::POST, "users/ada/password-link", None),
        (Method::PUT, "administrators/bob", None),
        (Method::DELETE, "administrators/ada", None),
        (Method::GET, "invitations", None),
        (Method::POST, "invitations", Some(json!({}))),
        (Method::DELETE, "invitations/Do4m69Sljs2zNO3J-Ts4RJAwVGsPJQKZ6cfxJy8yejI", None),
        (Method::GET, "audit", None),
    ] {
        guest.admin(method.clone(), path, body.clone()).await.problem(401);
        let refused = bob.admin(method, path, body).await.problem(403);
        assert_eq!(refused["type"], "/api/problems/not-administrator", "{path}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_disabled_account_is_signed_out_everywhere_and_its_notes_stay() {
    let (cloud, ada, bob) = with_ada_and_bob().await;
    bob.write("a", ABSENT, draft("A", "")).await.json(201);
    let mut socket = Socket::open(&cloud.address(), Some(bob.cookie())).await.unwrap();
    socket.join_home().await;

    ada.disable("bob").await.empty(204);
    bob.who_am_i().await.problem(401);
    socket.closed().await;
    let guest = Client::guest(&cloud);
    let refused = guest.sign_in(credentials("bob", PASSWORD)).await.problem(403);
    assert_eq!(refused["type"], "/api/problems/account-disabled");
    guest.sign_in(credentials("bob", "another one")).await.problem(401);
    assert_eq!(ada.read("a").await.json(200)["author"], "bob");
    let people = ada.list_people("").await;
    assert_eq!(
        (&people["users"][1]["username"], &people["users"][1]["disabled"]),
        (&json!("bob"), &json!(true))
    );
    ada.disable("bob").await.empty(204);

    ada.enable("bob").await.empty(204);
    guest.sign_in(credentials("bob", PASSWORD)).await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn a_removed_account_is_gone_and_its_username_stays_taken() {
    let (cloud, ada, bob) = with_ada_and_bob().await;
    bob.write("a", ABSENT, draft("A", "")).await.json(201);
    ada.remove("bob").await.empty(204);
    bob.who_am_i().await.problem(401);
    assert_eq!(ada.person("bob").await.json(200), json!({ "username": "bob", "gone": true }));
    assert_eq!(ada.list_people("").await["users"].as_array().unwrap().len(), 1);
    let token = token(&ada.invite(json!({})).await);
    Client::guest(&cloud).sign_up(invited("bob", &token)).await.problem(409);
    for gone in ["bob", "nobody", "%20"] {
        ada.remove(gone).await.problem(404);
        ada.disable(gone).await.problem(404);
        ada.enable(gone).await.problem(404);
        ada.grant(gone).await.problem(404);
        ada.withdraw(gone).await.problem(404);
        ada.make_password_link(gone).await.problem(404);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn the_last_administrator_keeps_the_role_and_the_account() {
    let (cloud, ada, bob) = with_ada_and_bob().await;
    for refused in [
        ada.withdraw("ada").await,
        ada.disable("ada").await,
        ada.remove("ada").await,
        ada.delete_account(PASSWORD).await,
    ] {
        assert_eq!(refused.problem(409)["type"], "/api/problems/last-administrator");
    }
    ada.grant("bob").await.empty(204);
    ada.grant("bob").await.empty(204);
    bob.withdraw("ada").await.empty(204);
    ada.people_refused().await;
    bob.withdraw("ada").await.empty(204);
    bob.withdraw("bob").await.problem(409);
    bob.grant("ada").await.empty(204);
    bob.delete_account(PASSWORD).await.empty(204);
    ada.withdraw("ada").await.problem(409);
    cloud.stop().await;
}

impl Client {
    async fn people_refused(&self) {
        self.admin(Method::GET, "users", None).await.problem(403);
    }
}

#[tokio::test]
async fn of_two_administrators_who_withdraw_each_other_at_once_one_remains() {
    let (cloud, ada, bob) = with_ada_and_bob().await;
    for _ in 0..5 {
        ada.grant("bob").await;
        bob.grant("ada").await;
        let (one, other) = tokio::join!(ada.withdraw("bob"), bob.withdraw("ada"));
        let roles = [&ada, &bob].map(Client::account);
        let roles = futures_util::future::join_all(roles).await;
        let count = roles.iter().filter(|role| role.json(200)["administrator"] == json!(true)).count();
        assert!(count >= 1, "{one:?} {other:?}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_password_link_sets_a_password_once_and_ends_all_sessions() {
    let (cloud, ada, bob) = with_ada_and_bob().await;
    let guest = Client::guest(&cloud);
    let replaced = token(&ada.make_password_link("bob").await);
    let link = token(&ada.make_password_link("bob").await);
    assert!(!format!("{:?}", cloud.rows("Users").await).contains(&link["bob.".len()..]));

    for wrong in [&replaced, "", "bob", &link.replace("bob", "ada"), &link.replace("bob", "nobody")] {
        let refused = guest.use_password_link(wrong, NEW).await.problem(403);
        assert_eq!(refused["type"], "/api/problems/invalid-link", "{wrong}");
    }
    assert_eq!(guest.use_password_link(&link, "short").await.wrong_fields(422), ["newPassword"]);
    bob.who_am_i().await.json(200);
    let mut socket = Socket::open(&cloud.address(), Some(bob.cookie())).await.unwrap();
    socket.join_home().await;
    let response = guest.use_password_link(&link, NEW).await;
    assert_eq!(response.json(200)["username"], "bob");
    bob.who_am_i().await.problem(401);
    socket.closed().await;
    guest.with_cookie(response.cookie()).who_am_i().await.json(200);
    guest.use_password_link(&link, PASSWORD).await.problem(403);
    guest.sign_in(credentials("bob", PASSWORD)).await.problem(401);
    guest.sign_in(credentials("bob", NEW)).await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn a_password_link_expires_after_a_day_and_is_void_for_a_disabled_account() {
    let (cloud, ada, _) = with_ada_and_bob().await;
    let guest = Client::guest(&cloud);
    let link = ada.make_password_link("bob").await;
    let expires: jiff::Timestamp = link.json(201)["expires"].as_str().unwrap().parse().unwrap();
    let hours = expires.duration_since(jiff::Timestamp::now()).as_secs_f64() / 3600.0;
    assert!((23.9..=24.0).contains(&hours), "{hours}");
    let update = cloud.dynamodb().update_item().table_name("Users");
    let update =
        update.key("username", AttributeValue::S("bob".into())).update_expression("SET linkExpires = :e");
    let past = AttributeValue::N((jiff::Timestamp::now() - Duration::from_secs(1)).as_second().to_string());
    update.expression_attribute_values(":e", past).send().await.unwrap();
    guest.use_password_link(&token(&link), NEW).await.problem(403);

    let link = token(&ada.make_password_link("bob").await);
    ada.disable("bob").await.empty(204);
    guest.use_password_link(&link, NEW).await.problem(403);
    cloud.stop().await;
}

#[tokio::test]
async fn people_are_listed_in_pages_by_username_with_their_last_use() {
    let (cloud, ada, bob) = with_ada_and_bob().await;
    join(&ada, &cloud, "carol").await;
    let first = ada.list_people("limit=2").await;
    let names = |page: &Value| -> Vec<String> {
        page["users"]
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["username"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!((names(&first), &first["cursor"]), (vec!["ada".to_owned(), "bob".to_owned()], &json!("bob")));
    assert_eq!(names(&ada.list_people("limit=2&cursor=bob").await), ["carol"]);
    for wrong in ["limit=0", "limit=101", "cursor=%20", "page=1"] {
        ada.admin(Method::GET, &format!("users?{wrong}"), None).await.problem(422);
    }
    let before = first["users"][1]["lastSeen"].as_str().unwrap().to_owned();
    for row in cloud.rows("Sessions").await {
        let update = cloud.dynamodb().update_item().table_name("Sessions");
        let update = update.key("username", row["username"].clone()).key("id", row["id"].clone());
        let earlier = AttributeValue::S("2026-01-01T00:00:00.000Z".into());
        let update = update
            .update_expression("SET lastSeen = :earlier")
            .expression_attribute_values(":earlier", earlier);
        update.send().await.unwrap();
    }
    bob.who_am_i().await.json(200);
    assert!(ada.list_people("").await["users"][1]["lastSeen"].as_str().unwrap() > before.as_str());
    cloud.stop().await;
}

#[tokio::test]
async fn everything_that_administrators_do_is_recorded_and_nothing_that_failed() {
    let (cloud, ada, bob) = with_ada_and_bob().await;
    let invitation = ada.invite(json!({})).await.json(201);
    let id = invitation["id"].as_str().unwrap();
    ada.admin(Method::DELETE, &format!("invitations/{id}"), None).await.empty(204);
    ada.grant("bob").await.empty(204);
    ada.grant("bob").await.empty(204);
    bob.withdraw("bob").await.empty(204);
    ada.disable("ada").await.problem(409);
    ada.disable("bob").await.empty(204);
    ada.enable("bob").await.empty(204);
    let link = token(&ada.make_password_link("bob").await);
    Client::guest(&cloud).use_password_link(&link, NEW).await.json(200);
    ada.remove("bob").await.empty(204);
    assert_eq!(
        ada.audit().await,
        [
            "- create-administrator ada",
            "ada invite -",
            "ada join bob",
            "ada invite -",
            "ada revoke-invitation -",
            "ada grant bob",
            "bob withdraw bob",
            "ada disable bob",
            "ada enable bob",
            "ada make-password-link bob",
            "bob use-password-link bob",
            "ada remove bob",
        ]
    );
    let page = ada.admin(Method::GET, "audit?limit=5", None).await.json(200);
    let cursor = page["cursor"].as_str().unwrap();
    let rest = ada.admin(Method::GET, &format!("audit?cursor={cursor}"), None).await.json(200);
    assert_eq!(rest["records"].as_array().unwrap().len(), 7);
    for wrong in ["limit=0", "cursor=abc", "page=1"] {
        ada.admin(Method::GET, &format!("audit?{wrong}"), None).await.problem(422);
    }
    cloud.stop().await;
}
