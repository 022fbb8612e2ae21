//! Begins sessions with passkeys, and confirms the password before a new one.

use super::{Accounts, NewSession, Row, Verified};
use crate::account_row::{MAX_TRIES, too_many_conflicts};
use crate::attempts::{RetryAfter, Source};
use crate::passkeys::{Challenge, Passkey, Purpose};
use crate::{Device, DeviceToken, Password, Session, SignInError};

impl Accounts {
    /// Stores a challenge for a sign-in with a passkey. Two requests.
    ///
    /// # Errors
    /// [`SignInError::TooMany`] after too many challenges for a network in an hour, or if the table fails.
    pub async fn offer_passkey_sign_in(
        &self,
        device: &Device,
        challenge: &Challenge,
    ) -> Result<(), SignInError> {
        let counted = self.attempts.passkey_sign_in(&device.network()).await?;
        counted.map_err(|RetryAfter(wait)| SignInError::TooMany(wait))?;
        Ok(self.passkeys.store_challenge(&Purpose::SignIn, challenge).await?)
    }

    /// Stores a challenge for a new passkey, if the password is right. The challenge is valid in this session only. Three
    /// requests.
    ///
    /// # Errors
    /// As [`sign_in`](Self::sign_in).
    pub async fn offer_passkey(
        &self,
        current: &Session,
        password: &Password,
        challenge: &Challenge,
    ) -> Result<(), SignInError> {
        let username = current.username();
        let account = self.find(username).await?.and_then(Row::active);
        let attempt = self.count(username, &Source::Session(current.id.digest().to_owned())).await?;
        Self::compare(account, password).await?;
        let purpose = Purpose::Register(current.id.clone());
        let mut parts = vec![self.passkeys.put_challenge(&purpose, challenge)?];
        parts.extend(self.attempts.clear(&attempt)?);
        self.write(parts).await?;
        Ok(())
    }

    /// Begins a session with a passkey whose signature was verified. `state` is its state after this use. Two requests, and
    /// two more per conflict.
    ///
    /// # Errors
    /// [`SignInError::WrongPasskey`] if the account has no such passkey any more, or it was used at the same moment,
    /// [`SignInError::Disabled`], or if a table fails.
    pub async fn sign_in_with_passkey(
        &self,
        passkey: &Passkey,
        state: &[u8],
        device: &Device,
        device_token: Option<DeviceToken>,
    ) -> Result<NewSession, SignInError> {
        let device_token = device_token.unwrap_or_else(DeviceToken::generate);
        for _ in 0..MAX_TRIES {
            let verified = self.find(&passkey.owner).await?.and_then(Row::active);
            let verified =
                verified.filter(|account| account.has(passkey)).ok_or(SignInError::WrongPasskey)?;
            if verified.disabled {
                return Err(SignInError::Disabled);
            }
            let hash = verified.hash.clone();
            let (begun, mut parts) = self.begin_session(&verified, &hash, device, &device_token)?;
            // The account's row still lists the passkey, or this row is gone.
            parts.insert(0, self.passkeys.record_use(passkey, state, begun.session.created)?);
            match crate::transaction::write(&self.client, parts).await? {
                Ok(()) => return Ok(begun),
                Err(0) => return Err(SignInError::WrongPasskey),
                // The account has changed, for example because another session began.
                Err(_) => {}
            }
        }
        Err(too_many_conflicts().into())
    }
}

impl Verified {
    /// Returns whether the account lists a passkey.
    fn has(&self, passkey: &Passkey) -> bool {
        self.passkeys.iter().flatten().any(|id| id == passkey.id.as_str())
    }
}
