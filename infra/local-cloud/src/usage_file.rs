//! The file in which a data directory keeps what its traffic has used, over all its runs.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_util::task::AbortOnDropHandle;

use local_dynamodb::Data;
use local_service::{Meter, Usage};

/// How often the file is written while something happens.
const EVERY: Duration = Duration::from_secs(1);

/// Writes a meter's counts to the file, every second and when it ends.
#[derive(Debug)]
pub(crate) struct UsageFile {
    file: Option<PathBuf>,
    meter: Meter,
    _writing: Option<AbortOnDropHandle<()>>,
}

/// What the runs of a data directory have used; `None` if there was none yet.
///
/// # Errors
/// If the file can't be read, or isn't one of ours.
pub fn read(directory: &Path) -> io::Result<Option<Usage>> {
    match std::fs::read(path(directory)) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where a data directory keeps it.
#[must_use]
pub fn path(directory: &Path) -> PathBuf {
    directory.join("usage.json")
}

impl UsageFile {
    /// Begins with what earlier runs have counted. A file that can't be read counts for nothing, and is written anew:
    /// the bill is no reason not to run.
    pub(crate) fn open(data: &Data) -> Self {
        let Data::Directory(directory) = data else {
            return Self { file: None, meter: Meter::default(), _writing: None };
        };
        let meter = Meter::from(read(directory).ok().flatten().unwrap_or_default());
        let file = path(directory);
        let writing = tokio::spawn(keep(file.clone(), meter.clone()));
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

async fn keep(file: PathBuf, meter: Meter) {
    let mut written = meter.usage();
    loop {
        tokio::time::sleep(EVERY).await;
        let usage = meter.usage();
        if usage != written && write(&file, &usage).is_ok() {
            written = usage;
        }
    }
}

/// In one step, so that a reader, and the next run after a `kill -9`, finds the old counts or the new.
fn write(file: &Path, usage: &Usage) -> io::Result<()> {
    let new = file.with_extension("json.new");
    std::fs::write(&new, serde_json::to_vec(usage)?)?;
    std::fs::rename(new, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn counts_go_on_where_the_last_run_ended() {
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
