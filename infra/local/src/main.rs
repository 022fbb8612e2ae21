//! `local-cloud`: runs `template.yaml` on this machine.
//!
//! The same program plays the functions: the cloud starts it anew for each instance, as `local-cloud function BINARY`.
//! Those that it doesn't know, of another template, are built first, and started as they are.
//!
//! And it takes notes out of a deployment and back in, as `local-cloud export FILE` and `local-cloud import FILE`.

mod archive;
mod bill;
mod cargo;
mod invoke;
mod watch;

use std::collections::BTreeMap;
use std::error::Error;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use local_cloud::iam::report::Report;
use local_cloud::loopback::Listeners;
use local_cloud::{Cloud, Console, Data, Options, Poll, Printing, StartError};
use watch::Watch;

/// Runs template.yaml on this machine: no Docker, no account, no network.
#[derive(Debug, Parser)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    /// The port of the page
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// The directory that keeps tables and queues
    #[arg(long, value_name = "DIR", default_value = ".notes", conflicts_with = "memory")]
    data: PathBuf,
    /// Keep nothing
    #[arg(long)]
    memory: bool,
    /// The template to run
    #[arg(long, value_name = "FILE", default_value = "template.yaml")]
    template: PathBuf,
    /// How many times faster than on AWS idle connections end and schedules come
    #[arg(long, value_name = "TIMES", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    hurry: u32,
    /// How often triggers look for records: at once, or four times a second as AWS does
    #[arg(long, value_name = "PACE", default_value = "fast", value_parser = poll)]
    poll: Poll,
    /// A port for the tables, where an SDK or the AWS command line finds them; 0 takes a free one
    #[arg(long, value_name = "PORT")]
    dynamodb: Option<u16>,
    /// A port for `@connections`, where an SDK or the AWS command line posts to sockets; 0 takes a free one
    #[arg(long, value_name = "PORT")]
    connections: Option<u16>,
    /// Another address of this machine for the ports of the tables and of `@connections`: that of Docker's bridge
    #[arg(long, value_name = "ADDRESS")]
    containers: Option<IpAddr>,
    /// A port on which to set faults: DynamoDB that fails, posts that are lost, and the like
    #[arg(long, value_name = "PORT")]
    faults: Option<u16>,
    /// Values for the template's parameters, as `sam deploy` takes them
    #[arg(long, value_name = "NAME=VALUE", num_args = 1.., value_parser = parameter)]
    parameter_overrides: Vec<(String, String)>,
    /// Build what changes, source, page or template, and begin anew with it
    #[arg(long)]
    watch: bool,
    /// Show frames whole, and what functions are given and answer
    #[arg(short, long)]
    verbose: bool,
    /// Say what happens in JSON, an object a line
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    role: Option<Role>,
}

fn poll(text: &str) -> Result<Poll, String> {
    match text {
        "fast" => Ok(Poll::Fast),
        "aws" => Ok(Poll::Aws),
        _ => Err("write fast or aws".to_owned()),
    }
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

#[derive(Debug, Subcommand)]
enum Role {
    /// Writes all notes of a deployment, with their comments, to a file
    Export(archive::Arguments),
    /// Puts the notes of a file back into a deployment; what is there already stays as it is
    Import(archive::Arguments),
    /// Runs one event of a function, and prints what it answers
    Invoke(invoke::Arguments),
    /// Says what the traffic so far would have cost on AWS
    Bill(bill::Arguments),
    /// Plays a function: how the cloud starts itself as an instance of one
    #[command(hide = true)]
    Function {
        /// The binary to play, as the template names it
        binary: String,
    },
    /// Tells which permissions of a template no test used, and what was refused; fails if there is any
    Permissions {
        /// The template
        #[arg(long, value_name = "FILE", default_value = "template.yaml")]
        template: PathBuf,
        /// The directory that `LOCAL_CLOUD_USAGE` named to the tests
        usage: PathBuf,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match &arguments.role {
        Some(Role::Function { binary }) => play(binary),
        Some(Role::Export(arguments)) => export(arguments),
        Some(Role::Import(arguments)) => import(arguments),
        Some(Role::Permissions { template, usage }) => permissions(template, usage),
        Some(Role::Invoke(arguments)) => invoke(arguments),
        Some(Role::Bill(arguments)) => bill::run(arguments).map_err(Into::into),
        None => run(arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// The functions that this program plays, by binary.
fn function(binary: &str) -> Option<LocalBoxFuture<'static, Outcome>> {
    Some(match binary {
        "http-function" => http_function::run().boxed_local(),
        "keepalive-function" => keepalive_function::run().boxed_local(),
        "stream-function" => stream_function::run().boxed_local(),
        "websocket-function" => websocket_function::run().boxed_local(),
        _ => return None,
    })
}

/// Plays a function until the cloud ends it, or is gone.
fn play(binary: &str) -> Outcome {
    local_cloud::lambda::process::end_with_parent();
    let function = function(binary);
    let function =
        function.ok_or_else(|| format!("there is no function {binary}: name it in {}", file!()))?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(function)
}

/// Writes the notes of a deployment to a file.
#[tokio::main(flavor = "current_thread")]
async fn export(arguments: &archive::Arguments) -> Outcome {
    Ok(archive::export(arguments, interrupted).await?)
}

/// Puts the notes of a file back.
#[tokio::main(flavor = "current_thread")]
async fn import(arguments: &archive::Arguments) -> Outcome {
    Ok(archive::import(arguments, interrupted).await?)
}

/// Tells what is to be said of a template's permissions.
fn permissions(template: &Path, usage: &Path) -> Outcome {
    let report = Report::read(template, usage)?;
    print!("{report}");
    if report.is_clean() {
        return Ok(());
    }
    Err("the template's permissions are not those that its functions use: what stands above says what to do"
        .into())
}

/// Runs one event, in a cloud of its own.
#[tokio::main]
async fn invoke(arguments: &invoke::Arguments) -> Outcome {
    let event = arguments.event()?;
    let console = arguments.console();
    let parameters = arguments.parameter_overrides.iter().cloned().collect();
    let programs = programs(&arguments.template, &parameters, &console)?;
    Ok(arguments.run(event, Options { programs, console, ..Options::default() }).await?)
}

/// Runs the cloud until it's interrupted.
#[tokio::main]
async fn run(arguments: Arguments) -> Outcome {
    let data = if arguments.memory { Data::Memory } else { Data::Directory(arguments.data) };
    let kept = match &data {
        Data::Directory(path) => format!("data in {}", path.display()),
        Data::Memory => "data in memory".to_owned(),
    };
    let (verbose, json) = (arguments.verbose, arguments.json);
    let console = Console::print(Printing { verbose, json, ..Printing::default() });
    let parameters: BTreeMap<_, _> = arguments.parameter_overrides.into_iter().collect();
    let program = std::env::current_exe()?;
    let programs_now = || programs(&arguments.template, &parameters, &console);
    let listeners = if arguments.watch { Some(listeners(arguments.port)?) } else { None };
    let options = Options {
        programs: programs_now()?,
        template: arguments.template.clone(),
        parameters: parameters.clone(),
        port: arguments.port,
        listeners: listeners.clone(),
        dynamodb: arguments.dynamodb.unwrap_or_default(),
        connections: arguments.connections.unwrap_or_default(),
        containers: arguments.containers,
        data,
        console: console.clone(),
        hurry: arguments.hurry,
        poll: arguments.poll,
        faults: arguments.faults,
        ..Options::default()
    };
    // From here on, so that an interrupt while it starts stops it, too.
    let interrupted = interrupted()?;
    let cloud = Cloud::start(options).await?;
    let address = cloud.address();
    let text = format!("\n  The local cloud is ready: {address}\n  ({kept}; Ctrl-C stops it)\n");
    console.ready(&address, &text);
    if arguments.dynamodb.is_some() {
        // Whoever runs a function elsewhere, as `sam local` does, wants to know of both.
        console.say(&format!("  DynamoDB is at {}", cloud.dynamodb_endpoint()));
        console
            .say(&format!("  @connections are at {}/execute-api/API/STAGE\n", cloud.connections_endpoint()));
    }
    if let Some(address) = arguments.containers {
        console.say(&format!("  Both answer containers at {address}\n"));
    }
    if let Some(address) = cloud.faults_address() {
        console.say(&format!("  Faults are set at {address}\n"));
    }
    let watching = async {
        let mut watch = Watch::start(&arguments.template, crates(&arguments.template, &parameters));
        loop {
            watch.changed(&console).await;
            match programs_now() {
                Ok(_) => return,
                Err(error) => console.say(&format!("error: {error}\nwhat ran runs on\n")),
            }
        }
    };
    let changed = tokio::select! {
        () = interrupted => false,
        () = watching, if arguments.watch => true,
    };
    console.say(if changed { "\nbeginning anew" } else { "\nstopping" });
    cloud.stop().await;
    match listeners.filter(|_| changed) {
        Some(listeners) => Err(watch::begin_anew(&program, listeners).into()),
        None => Ok(()),
    }
}

/// What a run that watches listens on: on what the run before it did, so that the port stays.
fn listeners(port: u16) -> Result<Listeners, StartError> {
    let earlier = watch::earlier_listeners().transpose();
    earlier.unwrap_or_else(|| Listeners::on(port)).map_err(|source| StartError::of_port(port, source))
}

/// The crates of the functions that this program does not play.
fn crates(template: &Path, parameters: &BTreeMap<String, String>) -> Vec<PathBuf> {
    let folder = template.parent().unwrap_or(Path::new(""));
    let plan = local_cloud::template::read(template, parameters).unwrap_or_default();
    let others = plan.functions.into_iter().filter(|other| function(&other.binary).is_none());
    others.map(|other| folder.join(other.code)).collect()
}

/// The programs of the functions that this one does not play.
fn programs(
    template: &Path,
    parameters: &BTreeMap<String, String>,
    console: &Console,
) -> Result<BTreeMap<String, PathBuf>, Box<dyn Error + Send + Sync>> {
    let plan = local_cloud::template::read(template, parameters)?;
    let others = plan.functions.iter().filter(|other| function(&other.binary).is_none());
    let folder = template.parent().unwrap_or(Path::new(""));
    Ok(cargo::build(others, folder, console)?)
}

/// Resolves at Ctrl-C, or when the system asks the process to end. It listens from the moment that this is called.
fn interrupted() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hangup = signal(SignalKind::hangup())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        // Without the handler, Ctrl-C ends the process at once, which does as well.
        let _ = tokio::signal::ctrl_c().await;
    })
}
