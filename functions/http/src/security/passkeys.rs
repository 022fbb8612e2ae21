//! The relying party of `WebAuthn`: what it asks of authenticators, and whether it accepts their responses.
//!
//! The crate `webauthn_rp` does the work: it parses the responses, and compares type, challenge, origin, relying party, user
//! verification, signature and signature counter. No attestation is asked for: any authenticator may be used.

use std::fmt;

use notes::{Challenge, Credential, Invalid, Passkey, User};
use serde_json::Value;
use webauthn_rp::bin::{Decode as _, Encode as _};
use webauthn_rp::request::auth::AuthenticationVerificationOptions;
use webauthn_rp::request::register::{
    CredProtect, Nickname, PublicKeyCredentialUserEntity, RegistrationVerificationOptions, UserHandle,
    Username,
};
use webauthn_rp::request::{AsciiDomain, PublicKeyCredentialDescriptor, RpId};
use webauthn_rp::response::auth::error::AuthCeremonyErr;
use webauthn_rp::response::register::{DynamicState, StaticState};
use webauthn_rp::response::{AuthTransports, CredentialId};
use webauthn_rp::{
    AuthenticatedCredential, DiscoverableAuthentication, DiscoverableAuthenticationServerState,
    DiscoverableCredentialRequestOptions, PublicKeyCredentialCreationOptions, RegistrationServerState,
};

use crate::problem::{Kind, Problem};

/// The length of a user handle in bytes.
const HANDLE: usize = 32;

/// The relying party: the site whose passkeys these are.
pub(crate) struct RelyingParty<'a> {
    id: RpId,
    origin: &'a str,
}

/// A request to a browser's authenticator, and the challenge that its response must sign.
pub(crate) struct Prompt {
    pub(crate) challenge: Challenge,
    /// The options for `navigator.credentials`, as `PublicKeyCredential.parse…OptionsFromJSON` reads them.
    pub(crate) options: Value,
}

/// A new passkey, as the browser sends it. It is not verified yet.
pub(crate) struct Registration {
    response: webauthn_rp::Registration,
    random: u128,
}

/// A sign-in with a passkey, as the browser sends it. It is not verified yet.
pub(crate) struct Assertion {
    response: DiscoverableAuthentication<HANDLE>,
    random: u128,
}

/// Explains why the relying party cannot work. It is for operators, not for users.
#[derive(Debug)]
pub(crate) struct Unusable(String);

impl From<Unusable> for Problem {
    fn from(Unusable(reason): Unusable) -> Self {
        tracing::error!("passkeys do not work: {reason}");
        Self::new(Kind::Internal)
    }
}

/// Returns the error of a step that cannot fail with valid settings and rows.
fn unusable(step: &'static str) -> impl Fn(&dyn fmt::Display) -> Unusable {
    move |error| Unusable(format!("{step}: {error}"))
}

impl Registration {
    /// Parses the JSON form of a `PublicKeyCredential`.
    pub(crate) fn parse(json: &Value) -> Result<Self, Invalid> {
        let read = || {
            let response = webauthn_rp::Registration::from_json_relaxed(json.to_string().as_bytes()).ok()?;
            let random = response.challenge_relaxed().ok()?.0;
            Some(Self { response, random })
        };
        read().ok_or(Invalid::Value("must be a new public key credential"))
    }

    /// Returns the challenge that it claims to sign.
    pub(crate) fn challenge(&self) -> u128 {
        self.random
    }
}

impl Assertion {
    /// Parses the JSON form of a `PublicKeyCredential`.
    pub(crate) fn parse(json: &Value) -> Result<Self, Invalid> {
        let read = || {
            let json = json.to_string();
            let response = DiscoverableAuthentication::from_json_relaxed(json.as_bytes()).ok()?;
            let random = response.challenge_relaxed().ok()?.0;
            Some(Self { response, random })
        };
        read().ok_or(Invalid::Value("must be the assertion of a public key credential"))
    }

    /// Returns the challenge that it claims to sign.
    pub(crate) fn challenge(&self) -> u128 {
        self.random
    }

    /// Returns the id of its credential.
    pub(crate) fn credential_id(&self) -> &[u8] {
        self.response.raw_id().into_inner()
    }
}

impl<'a> RelyingParty<'a> {
    /// Creates the relying party of the page's origin. Its id is the host.
    pub(crate) fn new(origin: &'a str) -> Result<Self, Unusable> {
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        let host = host.split(':').next().unwrap_or_default();
        let domain =
            AsciiDomain::try_from(host.to_owned()).map_err(|error| unusable("the origin's host")(&error))?;
        Ok(Self { id: RpId::Domain(domain), origin })
    }

    /// Asks for a new passkey that an authenticator can find without a username. It must not be one of `existing`.
    pub(crate) fn ask_for_new(
        &self,
        user: &User,
        handle: [u8; HANDLE],
        existing: &[Passkey],
    ) -> Result<Prompt, Unusable> {
        let handle = UserHandle::from(handle);
        let entity = PublicKeyCredentialUserEntity {
            name: Username::try_from(user.username.as_str())
                .map_err(|error| unusable("the username")(&error))?,
            id: &handle,
            // Some of our display names break the rules of RFC 8266. The username is shown then.
            display_name: Nickname::try_from(user.display_name.as_str()).ok(),
        };
        let exclude = existing.iter().map(|passkey| {
            let id = CredentialId::try_from(passkey.credential.id.clone())
                .map_err(|error| unusable("a credential's id")(&error))?;
            Ok(PublicKeyCredentialDescriptor { id, transports: AuthTransports::NONE })
        });
        let exclude = exclude.collect::<Result<_, _>>()?;
        let mut options = PublicKeyCredentialCreationOptions::passkey(&self.id, entity, exclude);
        // Authenticators without this extension would refuse. The server requires the verification of the user anyway.
        options.extensions.cred_protect = CredProtect::None;
        let random = options.challenge.as_data();
        let (server, client) = options.start_ceremony().map_err(|error| unusable("the options")(&error))?;
        let state = server.encode().map_err(|error| unusable("the state")(&error))?;
        prompt(random, state, serde_json::to_value(client))
    }

    /// Asks for a sign-in with any passkey.
    pub(crate) fn ask_for_sign_in(&self) -> Result<Prompt, Unusable> {
        let options = DiscoverableCredentialRequestOptions::passkey(&self.id);
        let random = options.0.challenge.as_data();
        let (server, client) = options.start_ceremony().map_err(|error| unusable("the options")(&error))?;
        let state = server.encode().map_err(|error| unusable("the state")(&error))?;
        prompt(random, state, serde_json::to_value(client))
    }

    /// Returns the credential of a new passkey, unless its verification fails.
    pub(crate) fn verify_new(&self, challenge: &Challenge, new: &Registration) -> Option<Credential> {
        let state = RegistrationServerState::<HANDLE>::decode(challenge.state.as_slice()).ok()?;
        let options = RegistrationVerificationOptions::<&str, &str> {
            allowed_origins: &[self.origin],
            // Some authenticators send extensions that nobody asked for.
            error_on_unsolicited_extensions: false,
            ..RegistrationVerificationOptions::default()
        };
        let credential = state
            .verify(&self.id, &new.response, &options)
            .inspect_err(|error| tracing::info!("new passkey refused: {error}"))
            .ok()?;
        let (Ok(key), Ok(state)) = (credential.static_state().encode(), credential.dynamic_state().encode());
        let id = credential.id().into_inner().to_vec();
        Some(Credential { id, key, state: state.to_vec() })
    }

    /// Returns the state of a passkey after a sign-in, unless the verification fails.
    pub(crate) fn verify_sign_in(
        &self,
        challenge: &Challenge,
        assertion: &Assertion,
        passkey: &Passkey,
        handle: [u8; HANDLE],
    ) -> Option<Vec<u8>> {
        let state = DiscoverableAuthenticationServerState::decode(challenge.state.as_slice()).ok()?;
        let Credential { id, key, state: former } = &passkey.credential;
        let handle = UserHandle::from(handle);
        let mut credential = AuthenticatedCredential::new(
            CredentialId::try_from(id.as_slice()).ok()?,
            &handle,
            StaticState::decode(key).ok()?,
            DynamicState::decode(former.as_slice().try_into().ok()?).ok()?,
        )
        .ok()?;
        let options = AuthenticationVerificationOptions::<&str, &str> {
            allowed_origins: &[self.origin],
            error_on_unsolicited_extensions: false,
            ..AuthenticationVerificationOptions::default()
        };
        match state.verify(&self.id, &assertion.response, &mut credential, &options) {
            Ok(_) => {
                let Ok(state) = credential.dynamic_state().encode();
                Some(state.to_vec())
            }
            Err(AuthCeremonyErr::SignatureCounter) => {
                let id = passkey.id.as_str();
                tracing::warn!(
                    passkey = id,
                    "the counter of passkey {id} went back: it may have been copied"
                );
                None
            }
            Err(error) => {
                tracing::info!("passkey refused: {error}");
                None
            }
        }
    }
}

fn prompt(
    random: u128,
    state: Vec<u8>,
    options: Result<Value, serde_json::Error>,
) -> Result<Prompt, Unusable> {
    let options = options.map_err(|error| unusable("the options")(&error))?;
    Ok(Prompt { challenge: Challenge { random, state }, options })
}
