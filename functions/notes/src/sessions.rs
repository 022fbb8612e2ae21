//! The table of sessions.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

use crate::{DisplayName, SessionId, SessionToken, StoreError, Timestamp, User, Username};

/// A session: somebody, signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Its name in the table.
    pub id: SessionId,
    /// Whose it is.
    pub username: Username,
    /// What the page calls them. It stands here too, so that who-am-I takes one request.
    pub display_name: DisplayName,
    /// When it began.
    pub created: Timestamp,
    /// When it ends by itself. A row may outlive this by hours: `DynamoDB` deletes when it finds the time.
    #[serde(with = "seconds")]
    pub expires: Timestamp,
}

impl Session {
    /// How long a session lasts.
    pub const LIFETIME: Duration = Duration::from_hours(30 * 24);
}

/// The table of sessions.
#[derive(Debug, Clone)]
pub struct Sessions {
    client: Client,
    table: String,
}

impl Sessions {
    /// The sessions in `table`.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }

    /// Begins a session for `user`, with a token that nobody has had. One request.
    pub async fn create(&self, user: &User) -> Result<(SessionToken, Session), StoreError> {
        let token = SessionToken::generate();
        let created = Timestamp::now();
        let session = Session {
            id: token.id(),
            username: user.username.clone(),
            display_name: user.display_name.clone(),
            created,
            expires: created.saturating_add(Session::LIFETIME).whole_second(),
        };
        self.client.put_item().table_name(&self.table).set_item(Some(to_item(&session)?)).send().await?;
        Ok((token, session))
    }

    /// The session of this token, if it stands and has not expired. One request.
    pub async fn find(&self, token: &SessionToken) -> Result<Option<Session>, StoreError> {
        self.find_by_id(&token.id()).await
    }

    /// The session of this name, if it stands and has not expired. One request.
    pub async fn find_by_id(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("id", AttributeValue::S(id.to_string()))
            // Who has just signed in is; who has just signed out isn't.
            .consistent_read(true);
        let session: Option<Session> = get.send().await?.item.map(from_item).transpose()?;
        Ok(session.filter(|session| session.expires > Timestamp::now()))
    }

    /// Ends a session; it is no error if it had ended. One request.
    pub async fn end(&self, id: &SessionId) -> Result<(), StoreError> {
        let delete =
            self.client.delete_item().table_name(&self.table).key("id", AttributeValue::S(id.to_string()));
        delete.send().await?;
        Ok(())
    }

    /// Opens the connection to `DynamoDB` by looking for a session that isn't there: done in Init, the TLS handshake
    /// and the credentials cost no visitor anything.
    pub async fn warm_up(&self) {
        if let Err(error) = self.find(&SessionToken::generate()).await {
            tracing::warn!(%error, "could not reach DynamoDB in Init");
        }
    }
}

/// Timestamps as whole seconds since 1970: `DynamoDB`'s TTL takes nothing else, and takes milliseconds for never.
mod seconds {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use crate::Timestamp;

    pub(super) fn serialize<S: Serializer>(moment: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(moment.as_second())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        Timestamp::from_second(i64::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
