//! Users: sign up, and look users up.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use notes::{Account, Admission, DisplayName, Invalid, InvitationToken, User, Username};
use serde::Serialize;
use utoipa::ToSchema;

use super::session::{WhoAmI, end_previous_session, session_response};
use crate::app::App;
use crate::authentication::{Client, SignedIn};
use crate::problem::{Kind, Problem};
use crate::request::json::JsonBody;
use crate::request::query::{Query, Usernames};
use crate::request::{FromMembers, Members};
use crate::schemas;
use crate::security::{NewPassword, SignUpPolicy, device_cookie};

/// A request to create an account.
pub(crate) struct SignUpRequest {
    user: User,
    password: NewPassword,
    code: Option<String>,
    invitation: Option<Result<InvitationToken, Invalid>>,
}

impl FromMembers for SignUpRequest {
    fn from_members(members: &mut Members) -> Option<Self> {
        let username = members.required("username", Username::parse);
        let password = members.required("password", NewPassword::parse);
        let display_name = members.optional("displayName", DisplayName::parse);
        let code = members.optional("code", |text| Ok(text.to_owned()));
        // An invalid token is refused as an unknown one is.
        let invitation = members.optional("invitation", |text| Ok(InvitationToken::parse(text)));
        let username = username?;
        let display_name = display_name.unwrap_or_else(|| DisplayName::from(&username));
        Some(Self { user: User { username, display_name }, password: password?, code, invitation })
    }
}

/// The user with a username: an account, or a deleted one.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct About {
    #[schema(value_type = schemas::Username)]
    username: Username,
    /// Absent if the account was deleted.
    #[schema(value_type = Option<schemas::DisplayName>, nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<DisplayName>,
    /// Whether the account was deleted.
    #[schema(required = false)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    gone: bool,
}

impl From<(Username, Account)> for About {
    fn from((username, account): (Username, Account)) -> Self {
        match account {
            Account::Active(user) => Self { username, display_name: Some(user.display_name), gone: false },
            Account::Deleted => Self { username, display_name: None, gone: true },
        }
    }
}

/// Users, sorted by username.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Users {
    #[schema(max_items = 100)]
    users: Vec<About>,
}

/// Create an account and sign in.
///
/// The number of attempts per hour and network address is limited. A refused attempt counts too. The first account of a
/// deployment is an administrator's.
#[utoipa::path(
    post,
    path = "/api/users",
    operation_id = "signUp",
    tag = "accounts",
    request_body = schemas::SignUpRequest,
    responses((
        status = 201,
        description = "Created and signed in.",
        body = WhoAmI,
        headers(("location" = String), ("set-cookie" = String)),
    )),
    extensions(("x-problems" = json!(["username-taken", "wrong-sign-up-code", "invitation-required", "too-many-attempts"]))),
)]
pub(crate) async fn sign_up(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    JsonBody(SignUpRequest { user, password, code, invitation }): JsonBody<SignUpRequest>,
) -> Result<impl IntoResponse, Problem> {
    let known = app.known_words([user.username.as_str(), user.display_name.as_str()]);
    let password = password.hard_to_guess("password", &known)?;
    app.accounts.count_sign_up(&client.0.network(), app.sign_ups_per_hour).await?;
    let admission = admit(&app, invitation, code.as_deref()).await?;
    let device_token = device_cookie::token(&headers);
    let begun = app.accounts.sign_up(&user, &password, &client.0, device_token, &admission).await?;
    // The first sign-up creates the key, so that no sign-in has to wait for it.
    if let Err(error) = app.pseudonyms.make_key().await {
        tracing::warn!(%error, "the key for pseudonyms was not created: {error}");
    }
    telemetry::log::user(&user.username);
    end_previous_session(&app, &headers).await?;
    let location = [(LOCATION, format!("/api/users/{}", user.username))];
    Ok((StatusCode::CREATED, location, session_response(&app, begun)))
}

/// Decides whether somebody may create an account. An invitation always counts.
async fn admit(
    app: &App,
    invitation: Option<Result<InvitationToken, Invalid>>,
    sign_up_code: Option<&str>,
) -> Result<Admission, Problem> {
    match (invitation, &app.sign_up_policy) {
        (Some(Ok(token)), _) => match app.invitations.find(&token).await? {
            Some(invitation) => Ok(Admission::Invited(invitation)),
            None => Err(Problem::invitation_required()),
        },
        (Some(Err(_)), _) => Err(Problem::invitation_required()),
        (None, SignUpPolicy::Open) => Ok(Admission::Open),
        (None, SignUpPolicy::Code(code)) if code.accepts(sign_up_code) => Ok(Admission::Open),
        (None, SignUpPolicy::Code(_)) => Err(Problem::wrong_sign_up_code()),
        (None, SignUpPolicy::Invitation) => Ok(Admission::FirstOnly),
    }
}

/// Look up users by their usernames.
///
/// Unknown usernames are not in the response. A display name that was changed within the last second may be the former one.
#[utoipa::path(
    get,
    path = "/api/users",
    operation_id = "lookUpUsers",
    tag = "accounts",
    params(schemas::Usernames),
    responses((status = 200, description = "The users that exist or existed.", body = Users)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["wrong-values"]))),
)]
pub(crate) async fn list(
    _: SignedIn,
    State(app): State<Arc<App>>,
    Query(Usernames(usernames)): Query<Usernames>,
) -> Result<impl IntoResponse, Problem> {
    let accounts = app.accounts.accounts(&usernames).await?;
    Ok(Json(Users { users: accounts.into_iter().map(About::from).collect() }))
}

/// Show the user with a username.
#[utoipa::path(
    get,
    path = "/api/users/{username}",
    operation_id = "showUser",
    tag = "accounts",
    params(("username" = schemas::Username, Path, description = "The username of the account.")),
    responses((status = 200, description = "The user.", body = About)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["no-such-user"]))),
)]
pub(crate) async fn show(
    _: SignedIn,
    State(app): State<Arc<App>>,
    Path(username): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let no_such_user = || Problem::new(Kind::NoSuchUser);
    let username = Username::parse(&username).map_err(|_| no_such_user())?;
    let account = app.accounts.account(&username).await?.ok_or_else(no_such_user)?;
    Ok(Json(About::from((username, account))))
}
