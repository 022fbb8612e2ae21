//! The engine of the tables: the local cloud's, or the one at `NOTES_TEST_DYNAMODB` (host and port), so that Notes does not
//! depend on quirks of one engine.

use local_dynamodb::Data;
use local_dynamodb::{DynamoDb, External, Options};
use local_service::Ledger;
use sam_template::Table;

/// A running engine behind the local cloud's endpoint.
pub(crate) enum Engine {
    Own(DynamoDb),
    Other(External),
}

impl Engine {
    pub(crate) fn start(tables: &[Table], ledger: &Ledger) -> Self {
        match std::env::var("NOTES_TEST_DYNAMODB") {
            Ok(other) => {
                let other = other.parse().expect("NOTES_TEST_DYNAMODB is HOST:PORT");
                Self::Other(External::start(other, tables, ledger.clone()).unwrap())
            }
            Err(_) => Self::Own(
                DynamoDb::start(Options::new(tables, &Data::Memory).context(ledger.clone())).unwrap(),
            ),
        }
    }

    pub(crate) fn endpoint(&self) -> String {
        match self {
            Self::Own(own) => own.endpoint(),
            Self::Other(other) => other.endpoint(),
        }
    }
}
