//! SQS queues: messages wait in order, in memory and, if there is a data directory, in a file of it.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use local_dynamodb::Data;

/// The queues of a cloud. Cheap to clone; clones share the messages.
#[derive(Debug, Clone)]
pub struct Queues {
    queues: Arc<BTreeMap<String, Mutex<Queue>>>,
}

#[derive(Debug)]
struct Queue {
    messages: Vec<String>,
    /// Where each message is written too, as a line of JSON.
    file: Option<File>,
}

/// Why a queue cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The template declares no such queue.
    #[error("there is no queue {0}: declare it in the template")]
    NoSuchQueue(String),
    /// The queue's file cannot be read or written.
    #[error("cannot keep messages in {}: {source}; choose another directory with --data, or use --memory", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A message could not be written to the queue's file.
    #[error("cannot keep a message: {0}; make room in the data directory, or choose another with --data")]
    Write(#[from] io::Error),
}

impl Queues {
    /// Opens the queues, with the messages of earlier runs.
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
    pub fn send(&self, queue: &str, message: String) -> Result<(), QueueError> {
        let mut queue = self
            .queues
            .get(queue)
            .ok_or_else(|| QueueError::NoSuchQueue(queue.to_owned()))?
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &mut queue.file {
            // In one piece, so that a process killed meanwhile leaves no half of it between two others.
            let line = format!("{}\n", serde_json::Value::from(message.as_str()));
            file.write_all(line.as_bytes())?;
        }
        queue.messages.push(message);
        Ok(())
    }

    /// The messages in the queue with this logical id, oldest first; none if there is no such queue.
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
    fn a_queue_that_is_not_declared_takes_nothing() {
        let queues = start(&Data::Memory);
        assert_eq!(
            queues.send("Nowhere", "x".to_owned()).unwrap_err().to_string(),
            "there is no queue Nowhere: declare it in the template"
        );
        assert_eq!(queues.messages("Nowhere"), Vec::<String>::new());
    }
}
