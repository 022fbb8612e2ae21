//! The usage file: the total usage of all runs of a data directory.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_util::task::AbortOnDropHandle;

use local_dynamodb::Data;
use local_service::{Meter, Usage};

/// How often a changed usage is written.
const INTERVAL: Duration = Duration::from_secs(1);

/// Writes the usage of a meter to the file, every second and when it is dropped.
#[derive(Debug)]
pub(crate) struct UsageFile {
    file: Option<PathBuf>,
    meter: Meter,
    _writing: Option<AbortOnDropHandle<()>>,
}

/// Reads the total usage of all runs of a data directory. `None` if there was no run yet.
///
/// # Errors
/// If the file cannot be read or parsed.
pub fn read(directory: &Path) -> io::Result<Option<Usage>> {
    match std::fs::read(path(directory)) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns the path of the usage file of a data directory.
#[must_use]
pub fn path(directory: &Path) -> PathBuf {
    directory.join("usage.json")
}

impl UsageFile {
    /// Continues with the usage of earlier runs. A file that cannot be read is replaced: it must not prevent a start.
    pub(crate) fn open(data: &Data) -> Self {
        let Data::Directory(directory) = data else {
            return Self { file: None, meter: Meter::default(), _writing: None };
        };
        let meter = Meter::from(read(directory).ok().flatten().unwrap_or_default());
        let file = path(directory);
        let writing = tokio::spawn(write_changes(file.clone(), meter.clone()));
        Self { file: Some(file), meter, _writing: Some(AbortOnDropHandle::new(writing)) }
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }
}

impl Drop for UsageFile {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            let _ = write(file, &self.meter.usage());
        }
    }
}

async fn write_changes(file: PathBuf, meter: Meter) {
    let mut written = meter.usage();
    loop {
        tokio::time::sleep(INTERVAL).await;
        let usage = meter.usage();
        if usage != written && write(&file, &usage).is_ok() {
            written = usage;
        }
    }
}

/// Writes the file atomically: readers, and the next run after a `kill -9`, find the old usage or the new.
fn write(file: &Path, usage: &Usage) -> io::Result<()> {
    let new = file.with_extension("json.new");
    std::fs::write(&new, serde_json::to_vec(usage)?)?;
    std::fs::rename(new, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn usage_continues_where_the_last_run_ended() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(read(directory.path()).unwrap(), None);
        let data = Data::Directory(directory.path().to_owned());
        for run in 1..=2 {
            let file = UsageFile::open(&data);
            file.meter().http_request(1);
            drop(file);
            assert_eq!(read(directory.path()).unwrap().unwrap().http_requests, run);
        }
    }
}
