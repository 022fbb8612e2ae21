//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use local_cloud::Poll;

use crate::{archive, bill, invoke, parameter, users};

/// Runs template.yaml on this machine: no Docker, no account, no network.
#[derive(Debug, Parser)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(version, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    /// The port of the page
    #[arg(long, default_value_t = 3000)]
    pub(crate) port: u16,
    /// The directory of tables and queues
    #[arg(long, value_name = "DIR", default_value = ".notes", conflicts_with = "memory")]
    pub(crate) data: PathBuf,
    /// Keep all data in memory
    #[arg(long)]
    pub(crate) memory: bool,
    /// The template to run
    #[arg(long, value_name = "FILE", default_value = "template.yaml")]
    pub(crate) template: PathBuf,
    /// Speeds up idle timeouts, schedules and the timeouts of gateways (at least 5 s) by this factor
    #[arg(long, value_name = "TIMES", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) time_scale: u32,
    /// How often triggers poll: fast (at once), or aws (four times a second)
    #[arg(long, value_name = "PACE", default_value = "fast", value_parser = poll)]
    pub(crate) poll: Poll,
    /// The port of DynamoDB, for an SDK or the AWS CLI; 0 takes a free one
    #[arg(long, value_name = "PORT")]
    pub(crate) dynamodb: Option<u16>,
    /// The port of `@connections`, for an SDK or the AWS CLI; 0 takes a free one
    #[arg(long, value_name = "PORT")]
    pub(crate) connections: Option<u16>,
    /// Another address for DynamoDB and `@connections`: the address of Docker's bridge
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) containers: Option<IpAddr>,
    /// The port of fault injection: DynamoDB that fails, posts that are lost, and so on
    #[arg(long, value_name = "PORT")]
    pub(crate) faults: Option<u16>,
    /// Parameters of the template, as for `sam deploy`
    #[arg(long, value_name = "NAME=VALUE", num_args = 1.., value_parser = parameter::parse)]
    pub(crate) parameter_overrides: Vec<(String, String)>,
    /// Rebuild and restart when a source, the page or the template changes
    #[arg(long)]
    pub(crate) watch: bool,
    /// Print whole frames, and the events and responses of functions
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Print JSON lines
    #[arg(long)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) role: Option<Role>,
}

fn poll(text: &str) -> Result<Poll, String> {
    match text {
        "fast" => Ok(Poll::Fast),
        "aws" => Ok(Poll::Aws),
        _ => Err("write fast or aws".to_owned()),
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Role {
    /// Write all notes and comments of a board to a file
    Export(archive::Arguments),
    /// Import the notes of a file into a board; existing notes stay as they are
    Import(archive::Arguments),
    /// Invoke a function with an event, and print its response
    Invoke(invoke::Arguments),
    /// Estimate the AWS bill of the traffic so far
    Bill(bill::Arguments),
    /// Manage people without a session: list them, make an administrator, set a password, invite
    Users(users::Arguments),
    /// Run as an instance of a function; the local cloud starts itself this way
    #[command(hide = true)]
    Function {
        /// The binary of the function, as the template names it
        binary: String,
    },
    /// List permissions that no test used, and denied calls; fail if there are any
    Permissions {
        /// The template
        #[arg(long, value_name = "FILE", default_value = "template.yaml")]
        template: PathBuf,
        /// The directory that `LOCAL_CLOUD_USAGE` named during the tests
        usage: PathBuf,
    },
}
