//! An authenticator in software: it makes passkeys and signs with them, as a phone or a security key does.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A passkey and the browser that uses it. Tests change its parts to send wrong responses.
#[derive(Clone)]
pub struct Authenticator {
    /// The origin of the page that the browser shows.
    pub origin: String,
    /// The relying party.
    pub rp_id: String,
    /// Whether the user was verified, for example by a fingerprint.
    pub verified: bool,
    /// The number of signatures so far.
    pub counter: u32,
    /// The user that the passkey names.
    pub user_handle: String,
    id: Vec<u8>,
    key: SigningKey,
}

/// The user was present.
const PRESENT: u8 = 0x01;
/// The user was verified.
const VERIFIED: u8 = 0x04;
/// A new credential follows.
const ATTESTED: u8 = 0x40;

impl Authenticator {
    /// Creates an authenticator for the page of a local cloud.
    pub fn new(address: &str) -> Self {
        let secret: Vec<u8> =
            [uuid::Uuid::new_v4(), uuid::Uuid::new_v4()].map(uuid::Uuid::into_bytes).concat();
        Self {
            origin: address.to_owned(),
            rp_id: "localhost".to_owned(),
            verified: true,
            counter: 0,
            user_handle: String::new(),
            id: uuid::Uuid::new_v4().as_bytes().to_vec(),
            key: SigningKey::from_slice(&secret).expect("a number below the order of the curve"),
        }
    }

    /// Returns another passkey of the same browser.
    pub fn another(&self) -> Self {
        Self { user_handle: String::new(), ..Self::new(&self.origin) }
    }

    /// Makes a passkey, as `navigator.credentials.create` does, and remembers its user.
    pub fn create(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        options["user"]["id"].as_str().expect("a user handle").clone_into(&mut self.user_handle);
        let client_data = self.client_data("webauthn.create", options);
        let authenticator_data = [self.data(ATTESTED), self.attested_credential()].concat();
        let length = u8::try_from(authenticator_data.len()).unwrap();
        // A map in CBOR: {"fmt": "none", "attStmt": {}, "authData": bytes}.
        let attestation =
            [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58", &[length][..], &authenticator_data]
                .concat();
        self.credential(&json!({
            "clientDataJSON": encode(client_data.as_bytes()),
            "attestationObject": encode(&attestation),
            "transports": ["internal"],
        }))
    }

    /// Signs a challenge, as `navigator.credentials.get` does.
    pub fn get(&mut self, options: &Value) -> Value {
        self.counter += 1;
        let client_data = self.client_data("webauthn.get", &options["publicKey"]);
        let data = self.data(0);
        let signed = [&data[..], &Sha256::digest(client_data.as_bytes())].concat();
        let signature: Signature = self.key.sign(&signed);
        self.credential(&json!({
            "clientDataJSON": encode(client_data.as_bytes()),
            "authenticatorData": encode(&data),
            "signature": encode(signature.to_der().as_bytes()),
            "userHandle": self.user_handle,
        }))
    }

    /// Returns the credential of the browser, with a response of this authenticator.
    fn credential(&self, response: &Value) -> Value {
        json!({
            "id": encode(&self.id),
            "rawId": encode(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        })
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        let data = json!({
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
            // Browsers add members like this one.
            "other_keys_can_be_added_here": "do not compare clientDataJSON against a template",
        });
        data.to_string()
    }

    /// Returns the authenticator data: the relying party, what happened, and the counter.
    fn data(&self, flags: u8) -> Vec<u8> {
        let flags = flags | PRESENT | if self.verified { VERIFIED } else { 0 };
        [&Sha256::digest(self.rp_id.as_bytes())[..], &[flags], &self.counter.to_be_bytes()].concat()
    }

    /// Returns the new credential: the model, its id, and its public key for ES256 in COSE.
    fn attested_credential(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_encoded_point(false);
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        [
            &[0; 16][..],
            &length,
            &self.id,
            b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20",
            point.x().unwrap(),
            b"\x22\x58\x20",
            point.y().unwrap(),
        ]
        .concat()
    }
}

fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
