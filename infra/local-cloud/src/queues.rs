//! SQS queues: ordered messages in memory and, with a data directory, in a file per queue.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use local_dynamodb::Data;

/// The queues of a cloud. Cheap to clone. Clones share the messages.
#[derive(Debug, Clone)]
pub struct Queues {
    queues: Arc<BTreeMap<String, Mutex<Queue>>>,
}

#[derive(Debug)]
struct Queue {
    messages: Vec<String>,
    /// A copy of each message, as a line of JSON.
    file: Option<File>,
}

/// The error of a queue that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The template declares no such queue.
    #[error("the template declares no queue {0}: declare it, or correct the name")]
    NoSuchQueue(String),
    /// The queue's file cannot be read or written.
    #[error("cannot store messages in {}: {source}; choose another directory with --data, or use --memory", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// A message could not be written to the queue's file.
    #[error("cannot store a message: {0}; free disk space, or choose another directory with --data")]
    Write(#[from] io::Error),
}

impl Queues {
    /// Opens the queues, with the messages of earlier runs.
    ///
    /// # Errors
    /// If the file of a queue cannot be read or written.
    pub fn start(queues: &[sam_template::Queue], data: &Data) -> Result<Self, QueueError> {
        let open = |queue: &sam_template::Queue| {
            let opened = match data {
                Data::Memory => Queue { messages: Vec::new(), file: None },
                Data::Directory(directory) => {
                    let path = directory.join("queues").join(format!("{}.jsonl", queue.id));
                    Queue::open(&path).map_err(|source| QueueError::File { path, source })?
                }
            };
            Ok((queue.id.clone(), Mutex::new(opened)))
        };
        Ok(Self { queues: Arc::new(queues.iter().map(open).collect::<Result<_, QueueError>>()?) })
    }

    /// Sends a message to the queue with this logical id.
    ///
    /// # Errors
    /// If the template declares no such queue, or the message cannot be written to its file.
    pub fn send(&self, queue: &str, message: String) -> Result<(), QueueError> {
        let mut queue = self
            .queues
            .get(queue)
            .ok_or_else(|| QueueError::NoSuchQueue(queue.to_owned()))?
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &mut queue.file {
            // A single write, so that a killed process leaves no partial line between two messages.
            let line = format!("{}\n", serde_json::Value::from(message.as_str()));
            file.write_all(line.as_bytes())?;
        }
        queue.messages.push(message);
        Ok(())
    }

    /// Returns the messages in the queue with this logical id, oldest first. Empty if there is no such queue.
    #[must_use]
    pub fn messages(&self, queue: &str) -> Vec<String> {
        let messages =
            |queue: &Mutex<Queue>| queue.lock().unwrap_or_else(PoisonError::into_inner).messages.clone();
        self.queues.get(queue).map(messages).unwrap_or_default()
    }
}

impl Queue {
    fn open(path: &Path) -> io::Result<Self> {
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)?;
        }
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        let messages = fs::read_to_string(path)?
            .lines()
            .map(|line| serde_json::from_str(line).map_err(io::Error::from))
            .collect::<io::Result<_>>()?;
        Ok(Self { messages, file: Some(file) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(data: &Data) -> Queues {
        Queues::start(&[sam_template::Queue { id: "Failed".to_owned() }], data).unwrap()
    }

    #[test]
    fn messages_stay_in_order_and_in_the_data_directory() {
        let directory = tempfile::tempdir().unwrap();
        let data = Data::Directory(directory.path().to_owned());
        let queues = start(&data);
        queues.send("Failed", "first\nof two lines".to_owned()).unwrap();
        queues.clone().send("Failed", "second".to_owned()).unwrap();
        assert_eq!(queues.messages("Failed"), ["first\nof two lines", "second"]);
        assert_eq!(start(&data).messages("Failed"), queues.messages("Failed"));
    }

    #[test]
    fn a_queue_that_is_not_declared_rejects_messages() {
        let queues = start(&Data::Memory);
        assert_eq!(
            queues.send("Nowhere", "x".to_owned()).unwrap_err().to_string(),
            "the template declares no queue Nowhere: declare it, or correct the name"
        );
        assert_eq!(queues.messages("Nowhere"), Vec::<String>::new());
    }
}
