//! Signing in with a passkey, without a username.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use notes::{Challenge, NewSession, Passkey, Purpose, SignInError};

use super::passkeys::PasskeyPrompt;
use super::session::{WhoAmI, end_previous_session, session_response};
use crate::app::App;
use crate::authentication::{Client, failed_sign_ins};
use crate::problem::Problem;
use crate::request::json::JsonBody;
use crate::request::{FromMembers, Members};
use crate::schemas;
use crate::security::device_cookie;
use crate::security::passkeys::{Assertion, Prompt, RelyingParty};

/// The response of an authenticator to a sign-in.
pub(crate) struct PasskeyCredentials {
    credential: Assertion,
}

impl FromMembers for PasskeyCredentials {
    fn from_members(members: &mut Members) -> Option<Self> {
        Some(Self { credential: members.required_object("credential", Assertion::parse)? })
    }
}

/// Ask for a sign-in with a passkey.
///
/// A network has 300 of these in an hour.
#[utoipa::path(
    post,
    path = "/api/session/passkey/options",
    operation_id = "askForPasskeySignIn",
    tag = "accounts",
    responses((status = 200, description = "The options for `navigator.credentials.get`.", body = PasskeyPrompt)),
    extensions(("x-problems" = json!(["too-many-attempts"]))),
)]
pub(crate) async fn ask(
    State(app): State<Arc<App>>,
    Client(device): Client,
) -> Result<impl IntoResponse, Problem> {
    let asked = RelyingParty::new(&app.origin).and_then(|relying_party| relying_party.ask_for_sign_in());
    let Prompt { challenge, options } = asked?;
    app.accounts.offer_passkey_sign_in(&device, &challenge).await?;
    Ok(Json(PasskeyPrompt::from(options)))
}

/// Sign in with a passkey.
///
/// Ends the session of the request, if it has one. An unknown passkey is refused as a removed one is, and as a wrong
/// signature is.
#[utoipa::path(
    post,
    path = "/api/session/passkey",
    operation_id = "signInWithPasskey",
    tag = "accounts",
    request_body = schemas::PasskeyCredentials,
    responses((status = 200, description = "Signed in.", body = WhoAmI, headers(("set-cookie" = String)))),
    extensions(("x-problems" = json!(["wrong-passkey", "account-disabled"]))),
)]
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    JsonBody(PasskeyCredentials { credential }): JsonBody<PasskeyCredentials>,
) -> Result<impl IntoResponse, Problem> {
    let challenge = app.passkeys.take_challenge(&Purpose::SignIn, credential.challenge()).await?;
    let passkey = app.passkeys.find(credential.credential_id()).await?;
    let result = match (&challenge, &passkey) {
        (Some(challenge), Some(passkey)) => {
            begin(&app, challenge, passkey, &credential, &client, &headers).await?
        }
        _ => Err(SignInError::WrongPasskey),
    };
    let begun = match result {
        Ok(begun) => begun,
        Err(error) => {
            let owner = passkey.as_ref().map_or("", |passkey| passkey.owner.as_str());
            failed_sign_ins::record(&app, owner, &client, &error).await;
            return Err(error.into());
        }
    };
    telemetry::log::user(begun.session.username());
    end_previous_session(&app, &headers).await?;
    Ok(session_response(&app, begun))
}

/// Begins a session, if the passkey signed the challenge.
async fn begin(
    app: &App,
    challenge: &Challenge,
    passkey: &Passkey,
    credential: &Assertion,
    client: &Client,
    headers: &HeaderMap,
) -> Result<Result<NewSession, SignInError>, Problem> {
    let handle = app.pseudonyms.user_handle(&passkey.owner).await?;
    let relying_party = RelyingParty::new(&app.origin)?;
    let Some(state) = relying_party.verify_sign_in(challenge, credential, passkey, handle) else {
        return Ok(Err(SignInError::WrongPasskey));
    };
    let device_token = device_cookie::token(headers);
    Ok(app.accounts.sign_in_with_passkey(passkey, &state, &client.0, device_token).await)
}
