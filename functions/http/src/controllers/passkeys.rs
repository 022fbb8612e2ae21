//! The passkeys of the signed-in user: list, add and remove them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use notes::{Passkey, PasskeyId, PasskeyName, Passkeys, Purpose, Timestamp};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::account::{Confirmation, wrong_password};
use crate::app::App;
use crate::authentication::SignedIn;
use crate::problem::{Kind, Problem};
use crate::request::json::JsonBody;
use crate::request::{FromMembers, Members};
use crate::schemas;
use crate::security::passkeys::{Prompt, Registration, RelyingParty};

/// A new passkey: its name, and what the authenticator returned.
pub(crate) struct NewPasskey {
    name: PasskeyName,
    credential: Registration,
}

impl FromMembers for NewPasskey {
    fn from_members(members: &mut Members) -> Option<Self> {
        let name = members.required("name", PasskeyName::parse);
        let credential = members.required_object("credential", Registration::parse);
        Some(Self { name: name?, credential: credential? })
    }
}

/// The user's passkeys, the oldest first.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OwnPasskeys {
    #[schema(max_items = 10)]
    passkeys: Vec<OwnPasskey>,
}

/// A passkey, as its user sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OwnPasskey {
    #[schema(value_type = schemas::PasskeyId)]
    id: PasskeyId,
    #[schema(value_type = schemas::PasskeyName)]
    name: PasskeyName,
    #[schema(value_type = schemas::Timestamp)]
    created: Timestamp,
    /// When it was last used to sign in. Absent before the first time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schemas::Timestamp>, nullable = false)]
    last_used: Option<Timestamp>,
}

impl From<Passkey> for OwnPasskey {
    fn from(passkey: Passkey) -> Self {
        let Passkey { id, name, created, last_used, .. } = passkey;
        Self { id, name, created, last_used }
    }
}

/// The options for the browser's prompt.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PasskeyPrompt {
    /// The options of `WebAuthn` in their JSON form. The challenge in it is valid once, for five minutes.
    #[schema(value_type = Object)]
    public_key: Value,
}

impl From<Value> for PasskeyPrompt {
    fn from(public_key: Value) -> Self {
        Self { public_key }
    }
}

/// List the user's passkeys.
#[utoipa::path(
    get,
    path = "/api/account/passkeys",
    operation_id = "listPasskeys",
    tag = "accounts",
    responses((
        status = 200,
        description = "The user's passkeys, the oldest first.",
        body = OwnPasskeys,
        links(("remove" = (operation_id = "removePasskey", parameters(("id" = "$response.body#/passkeys/0/id"))))),
    )),
    security(("session" = [])),
)]
pub(crate) async fn list(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
) -> Result<impl IntoResponse, Problem> {
    let passkeys = app.passkeys.of(session.username()).await?;
    Ok(Json(OwnPasskeys { passkeys: passkeys.into_iter().map(OwnPasskey::from).collect() }))
}

/// Ask for a new passkey. The current password confirms it.
///
/// After five wrong passwords in a session, each further one must wait, from one second up to 15 minutes.
#[utoipa::path(
    post,
    path = "/api/account/passkeys/options",
    operation_id = "askForPasskey",
    tag = "accounts",
    request_body = schemas::Confirmation,
    responses((status = 200, description = "The options for `navigator.credentials.create`.", body = PasskeyPrompt)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["wrong-password", "too-many-passkeys", "too-many-attempts"]))),
)]
pub(crate) async fn ask(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
    JsonBody(Confirmation { password }): JsonBody<Confirmation>,
) -> Result<impl IntoResponse, Problem> {
    let existing = app.passkeys.of(session.username()).await?;
    if existing.len() >= Passkeys::MOST {
        return Err(Problem::new(Kind::TooManyPasskeys));
    }
    let handle = app.pseudonyms.user_handle(session.username()).await?;
    let asked = RelyingParty::new(&app.origin)
        .and_then(|relying_party| relying_party.ask_for_new(&session.user(), handle, &existing));
    let Prompt { challenge, options } = asked?;
    app.accounts.offer_passkey(&session, &password, &challenge).await.map_err(wrong_password)?;
    Ok(Json(PasskeyPrompt::from(options)))
}

/// Add a passkey. It answers a challenge that this session asked for.
#[utoipa::path(
    post,
    path = "/api/account/passkeys",
    operation_id = "addPasskey",
    tag = "accounts",
    request_body = schemas::PasskeyRequest,
    responses((status = 201, description = "Added.", body = OwnPasskey)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["invalid-passkey", "too-many-passkeys"]))),
)]
pub(crate) async fn add(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
    JsonBody(NewPasskey { name, credential }): JsonBody<NewPasskey>,
) -> Result<impl IntoResponse, Problem> {
    let purpose = Purpose::Register(session.id.clone());
    let challenge = app.passkeys.take_challenge(&purpose, credential.challenge()).await?;
    let challenge = challenge.ok_or_else(|| Problem::new(Kind::InvalidPasskey))?;
    let verified = RelyingParty::new(&app.origin)?.verify_new(&challenge, &credential);
    let verified = verified.ok_or_else(|| Problem::new(Kind::InvalidPasskey))?;
    let passkey = app.passkeys.add(&session, name, verified).await?;
    Ok((StatusCode::CREATED, Json(OwnPasskey::from(passkey))))
}

/// Remove a passkey. Sessions that began with it go on.
#[utoipa::path(
    delete,
    path = "/api/account/passkeys/{id}",
    operation_id = "removePasskey",
    tag = "accounts",
    params(("id" = schemas::PasskeyId, Path, description = "The id of the passkey, from the list.")),
    responses((status = 204, description = "Removed.")),
    security(("session" = [])),
    extensions(("x-problems" = json!(["no-such-passkey"]))),
)]
pub(crate) async fn remove(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let no_such_passkey = || Problem::new(Kind::NoSuchPasskey);
    let id = PasskeyId::parse(&id).map_err(|_| no_such_passkey())?;
    if app.passkeys.remove(session.username(), &id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(no_such_passkey())
    }
}
