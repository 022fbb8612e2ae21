//! Creates accounts.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use serde_dynamo::aws_sdk_dynamodb_1::to_item;

use super::{Accounts, NewSession, Row};
use crate::attempts::RetryAfter;
use crate::audit::Action;
use crate::tables::Kind;
use crate::{
    Device, DeviceToken, Invitation, Password, Session, SignUpError, StoreError, User, administrators,
    transaction,
};

/// The reason why somebody may create an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// Everybody may.
    Open,
    /// Only the first account of a deployment needs no invitation.
    FirstOnly,
    /// An invitation.
    Invited(Invitation),
}

impl Accounts {
    /// Counts a sign-up attempt from a network. Call it before any other work for the sign-up.
    ///
    /// # Errors
    /// [`SignUpError::TooMany`] after `limit` attempts in an hour, or if the table fails.
    pub async fn count_sign_up(&self, network: &str, limit: u32) -> Result<(), SignUpError> {
        let counted = self.attempts.sign_up(network, limit).await?;
        counted.map_err(|RetryAfter(wait)| SignUpError::TooMany(wait))
    }

    /// Creates an account and begins a session, in one transaction. The first account of a deployment is an
    /// administrator's, and the transaction also creates the first board. Two requests, and one for somebody whom an
    /// administrator invited. The device is known from then on, by `device_token` if the browser has one.
    ///
    /// # Errors
    /// [`SignUpError::Taken`] if the username is taken, [`SignUpError::NotInvited`] if an invitation is required or used
    /// up, or if a table fails.
    pub async fn sign_up(
        &self,
        user: &User,
        password: &Password,
        device: &Device,
        device_token: Option<DeviceToken>,
        admission: &Admission,
    ) -> Result<NewSession, SignUpError> {
        let device_token = device_token.unwrap_or_else(DeviceToken::generate);
        let hash = password.hash().await?;
        // An administrator's invitation shows that there is one. The operator's command also invites to an empty deployment.
        let mut first = match admission {
            Admission::Invited(Invitation { by: Some(_), .. }) => false,
            _ => administrators::is_first_account(&self.client, &self.table).await?,
        };
        loop {
            if !first && *admission == Admission::FirstOnly {
                return Err(SignUpError::NotInvited);
            }
            let (token, session, begin) = self.sessions.begin(user, device)?;
            let mut parts = vec![self.create(user, &hash, &session, &device_token, first)?, begin];
            if first {
                parts.push(administrators::count_first(&self.table)?);
                parts.push(self.record(None, Action::CreateAdministrator, &user.username)?);
                parts.extend(self.boards.first()?);
            }
            if let Admission::Invited(invitation) = admission {
                parts.push(self.invitations.use_once(&invitation.id)?);
                parts.push(self.record(invitation.by.as_ref(), Action::Join, &user.username)?);
            }
            match transaction::write(&self.client, parts).await? {
                Ok(()) => return Ok(NewSession { session, token, device_token }),
                Err(0) => return Err(SignUpError::Taken),
                // Somebody else was first.
                Err(2) if first => first = false,
                Err(_) => return Err(SignUpError::NotInvited),
            }
        }
    }

    /// Builds the part of a transaction that creates an account, unless its username is taken.
    fn create(
        &self,
        user: &User,
        hash: &str,
        session: &Session,
        device_token: &DeviceToken,
        administrator: bool,
    ) -> Result<TransactWriteItem, StoreError> {
        let row = Row {
            username: user.username.clone(),
            kind: Some(Kind::Person),
            display_name: Some(user.display_name.to_string()),
            password_hash: Some(hash.to_owned()),
            administrator,
            disabled: false,
            sessions: Some(vec![session.id.digest().to_owned()]),
            devices: vec![device_token.digest()],
            passkeys: None,
            created: session.created,
            last_seen: Some(session.created),
            link: None,
        };
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(to_item(&row)?))
            .condition_expression("attribute_not_exists(username)");
        Ok(TransactWriteItem::builder().put(put.build()?).build())
    }
}
