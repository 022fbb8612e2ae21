//! The rules for new passwords.

use crate::support::TestCloud;
use crate::support::client::{Client, PASSWORD, credentials};

/// Common passwords of a valid length.
const COMMON: [&str; 5] = ["password", "12345678", "Password", "QWERTYUIOP", "football"];

#[tokio::test]
async fn a_common_password_and_the_username_are_refused() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    for common in COMMON {
        assert_eq!(
            guest.sign_up(credentials("ada", common)).await.wrong_fields(422),
            ["password"],
            "{common}"
        );
    }
    for same in ["ada-lovelace", "Ada-Lovelace"] {
        let request = credentials("ada-lovelace", same);
        assert_eq!(guest.sign_up(request).await.wrong_fields(422), ["password"], "{same}");
    }
    assert_eq!(cloud.rows("Users").await.len(), 0, "no attempt was counted");
    cloud.stop().await;
}

#[tokio::test]
async fn a_changed_password_follows_the_same_rules() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada-lovelace").await;
    for common in COMMON.into_iter().chain(["ada-lovelace", "seven 7", &"p7".repeat(65)]) {
        let response = ada.change_password(PASSWORD, common).await;
        assert_eq!(response.wrong_fields(422), ["newPassword"], "{common}");
    }
    ada.who_am_i().await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn a_password_may_contain_any_characters() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    for (n, text) in ["        ", "\0\u{1}\u{7f}\n\r\t\u{85}.", "🦀🦀🦀🦀🦀🦀🦀🦀", "<script>", "pass word"]
        .iter()
        .enumerate()
    {
        let username = format!("user-{n}");
        guest.sign_up(credentials(&username, text)).await.json(201);
        guest.sign_in(credentials(&username, text)).await.json(200);
        guest.sign_in(credentials(&username, &format!("{text} "))).await.problem(401);
    }
    cloud.stop().await;
}
