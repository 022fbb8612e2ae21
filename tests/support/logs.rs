//! The log lines of functions, as CloudWatch would receive them.

use std::sync::Mutex;

use local_cloud::{Console, LogLine};
use serde_json::Value;

use super::{TestCloud, until};

/// The log lines of a cloud's functions.
pub struct Logs {
    console: Console,
}

impl Logs {
    /// Starts a cloud whose functions log from a level, and collects their lines.
    pub async fn of_a_cloud(level: &str) -> (TestCloud, Self) {
        Self::of_a_cloud_with(&[("LogLevel", level)]).await
    }

    /// Starts a cloud with other parameters, and collects the lines of its functions.
    pub async fn of_a_cloud_with(parameters: &[(&str, &str)]) -> (TestCloud, Self) {
        let console = Console::keeping_logs();
        let cloud = TestCloud::with(|options| {
            options.console = console.clone();
            options
                .parameters
                .extend(parameters.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        });
        (cloud.await, Self { console })
    }

    /// Returns all lines so far.
    pub fn all(&self) -> Vec<LogLine> {
        self.console.logs()
    }

    /// Waits for `count` matching lines of a function, and returns them.
    pub async fn lines(&self, count: usize, function: &str, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        let found = Mutex::new(Vec::new());
        until("the lines are logged", || {
            let lines = self.all().into_iter().filter(|line| line.function == function);
            let lines = lines.filter_map(|line| serde_json::from_str(&line.text).ok());
            let lines: Vec<Value> = lines.filter(&wanted).collect();
            let enough = lines.len() >= count;
            *found.lock().unwrap() = lines;
            async move { enough }
        })
        .await;
        let lines = found.into_inner().unwrap();
        assert_eq!(lines.len(), count, "{lines:#?}");
        lines
    }
}
