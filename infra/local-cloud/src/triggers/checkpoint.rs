//! Checkpoints: how far a trigger has come, kept so that the next run goes on there.

use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::error::TriggerError;
use super::lane::Lane;
use local_dynamodb::Data;
use local_dynamodb::Position;
use sam_template::StreamTrigger;

/// Where a trigger's place in its stream is kept.
#[derive(Debug)]
pub(super) struct Checkpoint {
    table: String,
    trigger: String,
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
    /// The checkpoint of a trigger's lane.
    pub(super) fn of(trigger: &StreamTrigger, lane: Lane, data: &Data) -> Self {
        let file = match data {
            Data::Memory => None,
            Data::Directory(directory) => {
                Some(directory.join("triggers").join(format!("{}{}.json", trigger.id, lane.suffix())))
            }
        };
        Self { table: trigger.table.clone(), trigger: trigger.id.clone(), file }
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

    /// Whether an earlier run had another number of lanes. What those have not come to is found only from the
    /// beginning; what comes twice then was to be expected, at least once.
    pub(super) fn had_other_lanes(&self) -> bool {
        let Some(path) = &self.file else { return false };
        let own = self.lanes(path);
        let entries = path.parent().and_then(|directory| fs::read_dir(directory).ok());
        let mut others = entries.into_iter().flatten().flatten().filter_map(|file| self.lanes(&file.path()));
        others.any(|other| Some(other) != own)
    }

    /// How many lanes a file of this trigger's is one of, as its name says; nothing of one that is alone.
    fn lanes(&self, file: &Path) -> Option<String> {
        let name = file.file_name()?.to_str()?.strip_prefix(&self.trigger)?.strip_suffix(".json")?;
        if name.is_empty() {
            return Some(String::new());
        }
        Some(name.strip_prefix('.')?.split_once("-of-")?.1.to_owned())
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
