//! Checkpoints: stored stream positions of triggers, from which the next run continues.

use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::error::TriggerError;
use super::lane::Lane;
use local_dynamodb::Data;
use local_dynamodb::Position;
use sam_template::StreamTrigger;

/// The stored position of a trigger's lane in its stream.
#[derive(Debug)]
pub(super) struct Checkpoint {
    table: String,
    trigger: String,
    /// `None` in memory: the stream ends with the process, too.
    file: Option<PathBuf>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredCheckpoint {
    /// The table of the stream. The template may name another table in the next run.
    table: String,
    position: Position,
}

impl Checkpoint {
    /// Returns the checkpoint of a trigger's lane.
    pub(super) fn of(trigger: &StreamTrigger, lane: Lane, data: &Data) -> Self {
        let file = match data {
            Data::Memory => None,
            Data::Directory(directory) => {
                Some(directory.join("triggers").join(format!("{}{}.json", trigger.id, lane.suffix())))
            }
        };
        Self { table: trigger.table.clone(), trigger: trigger.id.clone(), file }
    }

    /// Reads the position that an earlier run stored, if there was one.
    pub(super) fn load(&self) -> Result<Option<Position>, TriggerError> {
        let Some(path) = &self.file else { return Ok(None) };
        let error = |source| TriggerError::Checkpoint { path: path.clone(), source };
        let stored: StoredCheckpoint = match fs::read(path) {
            Ok(stored) => serde_json::from_slice(&stored).map_err(|source| error(source.into()))?,
            Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(error(source)),
        };
        Ok((stored.table == self.table).then_some(stored.position))
    }

    /// Returns whether an earlier run had another number of lanes. Records that those lanes did not deliver are found
    /// only from the beginning of the stream. Delivery is at least once, so duplicates are allowed.
    pub(super) fn had_other_lanes(&self) -> bool {
        let Some(path) = &self.file else { return false };
        let own = self.lanes(path);
        let entries = path.parent().and_then(|directory| fs::read_dir(directory).ok());
        let mut others = entries.into_iter().flatten().flatten().filter_map(|file| self.lanes(&file.path()));
        others.any(|other| Some(other) != own)
    }

    /// Returns the number of lanes in the name of a checkpoint file of this trigger. It is empty for a single lane.
    fn lanes(&self, file: &Path) -> Option<String> {
        let name = file.file_name()?.to_str()?.strip_prefix(&self.trigger)?.strip_suffix(".json")?;
        if name.is_empty() {
            return Some(String::new());
        }
        Some(name.strip_prefix('.')?.split_once("-of-")?.1.to_owned())
    }

    /// Stores a position atomically: a process that is killed meanwhile leaves the previous one.
    pub(super) fn save(&self, position: &Position) -> Result<(), TriggerError> {
        let Some(path) = &self.file else { return Ok(()) };
        let error = |source| TriggerError::Checkpoint { path: path.clone(), source };
        let stored = StoredCheckpoint { table: self.table.clone(), position: position.clone() };
        let stored = serde_json::to_vec(&stored).map_err(|source| error(source.into()))?;
        let new = path.with_extension("new");
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory).map_err(error)?;
        }
        fs::write(&new, stored).and_then(|()| fs::rename(&new, path)).map_err(error)
    }
}
