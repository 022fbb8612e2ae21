//! Expiry of items (TTL), and of stream records after a day.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use dynoxide::Database;
use rusqlite::{Connection, params};
use tokio::sync::watch;

use local_service::Warnings;
use local_service::faults::{FaultInjector, FaultPoint, Site};

/// Interval between deletions of expired items. AWS may take hours. A second makes the expiry visible to the user.
const SWEEP: Duration = Duration::from_secs(1);
/// Interval between deletions of old stream records.
const TRIM: Duration = Duration::from_mins(10);
/// Retention period of stream records in DynamoDB.
const RECORDS_LAST: Duration = Duration::from_hours(24);
/// Maximum number of records per deletion. The engine waits during each.
const TRIM_AT_ONCE: i64 = 200;

/// The engine's table of stream records, on a second connection.
#[derive(Debug)]
pub(crate) struct Records {
    connection: Connection,
}

impl Records {
    /// Opens the table, and creates an index. Without the index, each write would read the whole stream.
    ///
    /// # Errors
    /// If SQLite cannot open the file.
    pub(crate) fn open(file: &str) -> rusqlite::Result<Self> {
        let connection = Connection::open(file)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.execute_batch(
            "CREATE INDEX IF NOT EXISTS _stream_records_in_order
             ON _stream_records (table_name, CAST(sequence_number AS INTEGER))",
        )?;
        Ok(Self { connection })
    }

    /// Deletes the records of a table.
    ///
    /// # Errors
    /// If SQLite fails.
    pub(crate) fn purge(&self, table: &str) -> rusqlite::Result<()> {
        self.connection.execute("DELETE FROM _stream_records WHERE table_name = ?1", params![table])?;
        Ok(())
    }

    /// Deletes the records older than `age`.
    fn trim(&self, age: Duration) -> rusqlite::Result<()> {
        let age = i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
        let trim = "DELETE FROM _stream_records WHERE id IN (
            SELECT id FROM _stream_records WHERE created_at < unixepoch() - ?1 ORDER BY id LIMIT ?2)";
        while self.connection.execute(trim, params![age, TRIM_AT_ONCE])? > 0 {}
        Ok(())
    }
}

/// Deletes expired items and old records until the sender of `until` is dropped.
pub(crate) fn run(
    database: &Database,
    records: &Records,
    written: &watch::Sender<u64>,
    faults: &FaultInjector,
    warnings: &Warnings,
    until: &Receiver<()>,
) {
    let mut trimmed: Option<Instant> = None;
    while until.recv_timeout(SWEEP) == Err(RecvTimeoutError::Timeout) {
        let sweep = Site { function: "", operation: "", resources: &[] };
        if faults.inject(FaultPoint::Expiry, &sweep).fault.is_none() {
            match database.sweep_ttl() {
                Ok(0) => {}
                Ok(_) => written.send_modify(|writes| *writes += 1),
                Err(error) => warnings.warn("dynamodb", &format!("cannot sweep expired items: {error}")),
            }
        }
        if trimmed.is_none_or(|at| at.elapsed() >= TRIM) {
            trimmed = Some(Instant::now());
            if let Err(error) = records.trim(RECORDS_LAST) {
                warnings.warn("dynamodb", &format!("cannot trim stream records: {error}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn database_with_records(file: &str) -> Database {
        let database = Database::new(file).unwrap();
        let create = json!({
            "TableName": "Orders",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        });
        database.create_table(serde_json::from_value(create).unwrap()).unwrap();
        for id in 0..3 {
            let put = json!({"TableName": "Orders", "Item": {"id": {"S": id.to_string()}}});
            database.put_item(serde_json::from_value(put).unwrap()).unwrap();
        }
        database
    }

    fn count(records: &Records) -> i64 {
        records.connection.query_row("SELECT COUNT(*) FROM _stream_records", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn records_are_deleted_after_a_day_and_not_before() {
        let file = "file:/records-go-after-a-day?vfs=memdb";
        let _database = database_with_records(file);
        let records = Records::open(file).unwrap();
        records
            .connection
            .execute("UPDATE _stream_records SET created_at = created_at - 86401 WHERE id = 1", [])
            .unwrap();
        records.trim(RECORDS_LAST).unwrap();
        assert_eq!(count(&records), 2);
    }

    #[test]
    fn the_next_sequence_number_is_found_by_the_index() {
        let file = "file:/found-by-the-index?vfs=memdb";
        let _database = database_with_records(file);
        let records = Records::open(file).unwrap();
        let plan: String = records
            .connection
            .query_row(
                "EXPLAIN QUERY PLAN SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records
                 WHERE table_name = 'Orders'",
                [],
                |row| row.get(3),
            )
            .unwrap();
        assert!(plan.contains("_stream_records_in_order"), "{plan}");
    }
}
