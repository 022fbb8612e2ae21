//! `notes-dev invoke FUNCTION EVENT`: invokes a function with one event, in a local cloud for this purpose.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use clap::Args;
use local_cloud::lambda::InvokeError;
use local_cloud::{Cloud, Console, Data, Options, Printing, StartError};
use serde_json::Value;

use crate::local_parameters;

/// The arguments of `invoke`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The function, by its logical id in the template; case does not matter
    function: String,
    /// The file with the event; `-` reads standard input
    event: PathBuf,
    /// The directory of tables and queues; the default is memory
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The template to run
    #[arg(long, value_name = "FILE", default_value = "template.yaml")]
    pub(crate) template: PathBuf,
    /// Values for the template's parameters, as `sam deploy` takes them
    #[arg(long, value_name = "NAME=VALUE", num_args = 1.., value_parser = crate::parameter::parse)]
    pub(crate) parameter_overrides: Vec<(String, String)>,
    /// Print whole frames, and the events and responses of functions
    #[arg(short, long)]
    verbose: bool,
    /// Print JSON lines
    #[arg(long)]
    json: bool,
}

/// The invocation failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot read {}: {source}; choose a file, for example one of events/, or - for standard input", file.display())]
    Unreadable { file: PathBuf, source: std::io::Error },
    #[error("{} is not JSON: {source}; write one JSON value, as in the files of events/", file.display())]
    NoJson { file: PathBuf, source: serde_json::Error },
    #[error("the template has no function {function}: it has {}", known.join(", "))]
    NoFunction { function: String, known: Vec<String> },
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("{function} failed: {source}; see its log above")]
    Failed { function: String, source: InvokeError },
}

impl Arguments {
    /// Returns the console. It prints to standard error, since standard output holds the response.
    pub(crate) fn console(&self) -> Console {
        Console::print(Printing { verbose: self.verbose, json: self.json, on_standard_error: true })
    }

    /// Returns the parameters of the template, as plain `cargo run` sets them, but without the edge: the event comes from
    /// the command line.
    pub(crate) fn parameters(&self) -> BTreeMap<String, String> {
        let mut parameters = self.parameter_overrides.iter().cloned().collect();
        local_parameters::open_sign_up(&self.template, &mut parameters);
        local_parameters::leave_out_edge(&self.template, &mut parameters);
        parameters
    }

    /// Reads the event, which must be JSON.
    ///
    /// # Errors
    /// If the event cannot be read, or is not JSON.
    pub(crate) fn event(&self) -> Result<Vec<u8>, Error> {
        let mut event = Vec::new();
        let read = if self.event.as_os_str() == "-" {
            std::io::stdin().read_to_end(&mut event).map(drop)
        } else {
            std::fs::read(&self.event).map(|bytes| event = bytes)
        };
        read.map_err(|source| Error::Unreadable { file: self.event.clone(), source })?;
        serde_json::from_slice::<Value>(&event)
            .map_err(|source| Error::NoJson { file: self.event.clone(), source })?;
        Ok(event)
    }

    /// Sets the options of the cloud from the arguments. The port is a free one.
    pub(crate) fn options(&self, options: Options) -> Options {
        Options {
            template: self.template.clone(),
            parameters: self.parameters(),
            data: self.data.clone().map_or(Data::Memory, Data::Directory),
            ..options
        }
    }

    /// Invokes the function, and prints its response.
    ///
    /// # Errors
    /// If the cloud does not start, the template has no such function, or the function fails.
    pub(crate) async fn run(&self, event: Vec<u8>, options: Options) -> Result<(), Error> {
        let cloud = Cloud::start(self.options(options)).await?;
        let outcome = self.invoke(&cloud, event).await;
        cloud.stop().await;
        println!("{}", outcome?);
        Ok(())
    }

    async fn invoke(&self, cloud: &Cloud, event: Vec<u8>) -> Result<String, Error> {
        let known: Vec<String> = cloud.functions().map(str::to_owned).collect();
        let is_meant = |id: &&String| id.eq_ignore_ascii_case(&self.function);
        let Some(function) = known.iter().find(is_meant).cloned() else {
            return Err(Error::NoFunction { function: self.function.clone(), known });
        };
        let answer = cloud.invoke(&function, event.into()).await;
        let answer = answer.map_err(|source| Error::Failed { function, source })?;
        let readable = serde_json::from_slice::<Value>(&answer).map(|answer| format!("{answer:#}"));
        Ok(readable.unwrap_or_else(|_| String::from_utf8_lossy(&answer).into_owned()))
    }
}
