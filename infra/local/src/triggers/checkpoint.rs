//! Checkpoints: how far a trigger has come, kept so that the next run goes on there.

use std::path::PathBuf;
use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::TriggerError;
use crate::dynamodb::Position;
use crate::options::Data;
use crate::template::StreamTrigger;

/// Where a trigger's place in its stream is kept.
#[derive(Debug)]
pub(super) struct Checkpoint {
    table: String,
    /// None in memory, where the stream goes with the process too.
    file: Option<PathBuf>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    /// Whose stream it is a place in: the template may say another the next time.
    table: String,
    position: Position,
}

impl Checkpoint {
    /// The checkpoint of a trigger.
    pub(super) fn of(trigger: &StreamTrigger, data: &Data) -> Self {
        let file = match data {
            Data::Memory => None,
            Data::Directory(directory) => {
                Some(directory.join("triggers").join(format!("{}.json", trigger.id)))
            }
        };
        Self { table: trigger.table.clone(), file }
    }

    /// The place that an earlier run came to, if there was one.
    pub(super) fn load(&self) -> Result<Option<Position>, TriggerError> {
        let Some(path) = &self.file else { return Ok(None) };
        let error = |source| TriggerError::Checkpoint { path: path.clone(), source };
        let kept: Kept = match fs::read(path) {
            Ok(kept) => serde_json::from_slice(&kept).map_err(|source| error(source.into()))?,
            Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(error(source)),
        };
        Ok((kept.table == self.table).then_some(kept.position))
    }

    /// Keeps a place. A process killed meanwhile leaves the one before.
    pub(super) fn save(&self, position: &Position) -> Result<(), TriggerError> {
        let Some(path) = &self.file else { return Ok(()) };
        let error = |source| TriggerError::Checkpoint { path: path.clone(), source };
        let kept = Kept { table: self.table.clone(), position: position.clone() };
        let kept = serde_json::to_vec(&kept).map_err(|source| error(source.into()))?;
        let new = path.with_extension("new");
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory).map_err(error)?;
        }
        fs::write(&new, kept).and_then(|()| fs::rename(&new, path)).map_err(error)
    }
}
