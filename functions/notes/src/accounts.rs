//! The table of accounts, and what is done with a password.

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Put, TransactWriteItem, Update};
use aws_sdk_dynamodb::{Client, Error};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

use crate::attempts::{Attempts, Wait};
use crate::{
    Device, DisplayName, Password, Session, SessionToken, Sessions, SignInError, SignUpError, StoreError,
    Timestamp, Username,
};

/// Somebody with an account, as others are shown them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The account's name.
    pub username: Username,
    /// What the page calls them.
    pub display_name: DisplayName,
}

/// Who has a username.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Person {
    /// This user.
    Here(User),
    /// Nobody any more, and nobody again.
    Gone,
}

/// The accounts, and how a password begins sessions and ends them.
#[derive(Debug, Clone)]
pub struct Accounts {
    client: Client,
    table: String,
    sessions: Sessions,
    attempts: Attempts,
}

/// A row of the table. Of an account that was deleted the name stays, so that nobody takes it, and the notes with it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    username: Username,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<DisplayName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<String>,
    created: Timestamp,
}

/// An account whose password was right: of this hash, which is still to be so when something comes of it.
struct Verified {
    user: User,
    hash: String,
}

/// How often a sign-in begins again, because another changed the account's row meanwhile.
const TRIES: usize = 5;

impl Accounts {
    /// The accounts in `table`, with these sessions.
    pub fn new(client: Client, table: impl Into<String>, sessions: Sessions) -> Self {
        let table = table.into();
        Self { attempts: Attempts::new(client.clone(), table.clone()), client, table, sessions }
    }

    /// Counts a sign-up from an address, of which there may be so many in an hour: before anything else is done for it.
    /// An address is told when it may try again.
    pub async fn count_sign_up(&self, address: &str, limit: u32) -> Result<(), SignUpError> {
        let counted = self.attempts.sign_up(address, limit).await?;
        counted.map_err(|Wait(wait)| SignUpError::TooMany(wait))
    }

    /// Makes an account and begins a session, unless the username is taken. One request: both, or neither.
    pub async fn sign_up(
        &self,
        user: &User,
        password: &Password,
        device: &Device,
    ) -> Result<(SessionToken, Session), SignUpError> {
        let row = Row {
            username: user.username.clone(),
            display_name: Some(user.display_name.clone()),
            password_hash: Some(password.hash().await?),
            created: Timestamp::now(),
        };
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(to_item(&row).map_err(StoreError::from)?))
            .condition_expression("attribute_not_exists(username)")
            .build()
            .map_err(failed)?;
        let (token, session, begin) = self.sessions.begin(user, device)?;
        let account = TransactWriteItem::builder().put(put).build();
        if self.write([account, begin]).await? { Ok((token, session)) } else { Err(SignUpError::Taken) }
    }

    /// Begins a session for who knows the password. Three requests, and one more for each try that failed before it:
    /// the try is counted, the account read, and the session begun if the account still has that password. So a
    /// password that is changed meanwhile begins no session any more.
    pub async fn sign_in(
        &self,
        username: &Username,
        password: &Password,
        device: &Device,
    ) -> Result<(SessionToken, Session), SignInError> {
        let mut verified = self.verify(username, password).await?;
        for _ in 0..TRIES {
            let (token, session, begin) = self.sessions.begin(&verified.user, device)?;
            let account = if Password::is_outdated(&verified.hash) {
                self.changing(&verified, &password.hash().await?)?
            } else {
                self.checking(&verified)?
            };
            if self.write([account, begin, self.attempts.forgetting(username)?]).await? {
                return Ok((token, session));
            }
            // Another sign-in hashed the password anew, or another password was set.
            verified = self.compare(username, password).await?;
        }
        Err(StoreError::DynamoDb("the account was changed again and again".into()).into())
    }

    /// Sets another password for who knows the old one, and begins a session in the place of every other.
    ///
    /// Those that there are end before the password changes, and those that began between end after it: none can begin
    /// with the old password once it has changed. If it dies before the change, the old password is as good as ever; if
    /// it dies after it, what is left is a session that began in the moment between.
    pub async fn change_password(
        &self,
        current: &Session,
        password: &Password,
        new: &Password,
        device: &Device,
    ) -> Result<(SessionToken, Session), SignInError> {
        let username = current.username();
        let verified = self.verify(username, password).await?;
        let (token, session, begin) = self.sessions.begin(&verified.user, device)?;
        let change = self.changing(&verified, &new.hash().await?)?;
        let (forget, end) = (self.attempts.forgetting(username)?, self.sessions.ending(&current.id)?);
        self.sessions.end_all(username, Some(&current.id)).await?;
        if !self.write([change, begin, forget, end]).await? {
            // Set anew by somebody else, in this very moment: the old one is wrong by now.
            return Err(SignInError::Wrong);
        }
        self.sessions.end_all(username, Some(&session.id)).await?;
        Ok((token, session))
    }

    /// Deletes an account for who knows its password, and ends its sessions. Its name is nobody's from then on.
    ///
    /// All other sessions end before, so that if it dies half-way the one that is left is that which asked, and can ask
    /// again: an account that is gone has no password to be wrong.
    pub async fn delete(&self, current: &Session, password: &Password) -> Result<(), SignInError> {
        let username = current.username();
        if !matches!(self.person(username).await?, Some(Person::Gone)) {
            let verified = self.verify(username, password).await?;
            self.sessions.end_all(username, Some(&current.id)).await?;
            let bury = self
                .update(&verified)
                .update_expression("REMOVE displayName, passwordHash")
                .build()
                .map_err(failed)?;
            let bury = TransactWriteItem::builder().update(bury).build();
            if !self.write([bury, self.attempts.forgetting(username)?]).await? {
                return Err(SignInError::Wrong);
            }
        }
        Ok(self.sessions.end_all(username, None).await?)
    }

    /// Who has a username; `None` if nobody ever had. One request.
    pub async fn person(&self, username: &Username) -> Result<Option<Person>, StoreError> {
        Ok(self.find(username).await?.map(|row| match row.display_name {
            Some(display_name) => Person::Here(User { username: row.username, display_name }),
            None => Person::Gone,
        }))
    }

    /// Counts a try, and makes it.
    async fn verify(&self, username: &Username, password: &Password) -> Result<Verified, SignInError> {
        self.attempts.sign_in(username).await?.map_err(|Wait(wait)| SignInError::TooMany(wait))?;
        self.compare(username, password).await
    }

    /// Compares a password with an account's. It takes as long for an unknown name as for a wrong password.
    async fn compare(&self, username: &Username, password: &Password) -> Result<Verified, SignInError> {
        let row = self.find(username).await?;
        let known = row.and_then(|row| {
            let user = User { username: row.username, display_name: row.display_name? };
            Some(Verified { user, hash: row.password_hash? })
        });
        let matches = password.verify(known.as_ref().map(|known| known.hash.clone())).await?;
        known.filter(|_| matches).ok_or(SignInError::Wrong)
    }

    async fn find(&self, username: &Username) -> Result<Option<Row>, StoreError> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("username", AttributeValue::S(username.to_string()))
            // Who has just signed up may sign in.
            .consistent_read(true);
        Ok(get.send().await?.item.map(from_item).transpose()?)
    }

    /// The part of a transaction that holds it to an account's password.
    fn checking(&self, verified: &Verified) -> Result<TransactWriteItem, StoreError> {
        let check = ConditionCheck::builder()
            .table_name(&self.table)
            .key("username", AttributeValue::S(verified.user.username.to_string()))
            .condition_expression("passwordHash = :verified")
            .expression_attribute_values(":verified", AttributeValue::S(verified.hash.clone()))
            .build()
            .map_err(failed)?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }

    /// The part of a transaction that gives an account another hash.
    fn changing(&self, verified: &Verified, hash: &str) -> Result<TransactWriteItem, StoreError> {
        let update = self
            .update(verified)
            .update_expression("SET passwordHash = :hash")
            .expression_attribute_values(":hash", AttributeValue::S(hash.into()));
        Ok(TransactWriteItem::builder().update(update.build().map_err(failed)?).build())
    }

    /// A change of an account, while its password is still what it was.
    fn update(&self, verified: &Verified) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
        Update::builder()
            .table_name(&self.table)
            .key("username", AttributeValue::S(verified.user.username.to_string()))
            .condition_expression("passwordHash = :verified")
            .expression_attribute_values(":verified", AttributeValue::S(verified.hash.clone()))
    }

    /// Writes all or nothing: nothing if a condition does not hold. (The SDK gives each transaction a token, so that one
    /// whose answer was lost is done once.)
    async fn write(&self, items: impl IntoIterator<Item = TransactWriteItem>) -> Result<bool, StoreError> {
        let items = items.into_iter().collect();
        let write = self.client.transact_write_items().set_transact_items(Some(items));
        match write.send().await.map_err(Error::from) {
            Ok(_) => Ok(true),
            Err(Error::TransactionCanceledException(cancelled))
                if cancelled
                    .cancellation_reasons()
                    .iter()
                    .any(|why| why.code() == Some("ConditionalCheckFailed")) =>
            {
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn failed(error: aws_sdk_dynamodb::error::BuildError) -> StoreError {
    Error::from(error).into()
}
