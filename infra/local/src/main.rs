//! `local-cloud`: runs `template.yaml` on this machine.
//!
//! The same program plays the functions: the cloud starts it anew for each instance, as `local-cloud function BINARY`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use local_cloud::{Cloud, Console, Data, Options};

/// Runs template.yaml on this machine: no Docker, no account, no network.
#[derive(Debug, Parser)]
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
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Debug, Subcommand)]
enum Role {
    /// Plays a function: how the cloud starts itself as an instance of one
    #[command(hide = true)]
    Function {
        /// The binary to play, as the template names it
        binary: String,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match &arguments.role {
        Some(Role::Function { binary }) => play(binary),
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

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// Plays a function until the cloud ends it, or is gone.
fn play(binary: &str) -> Outcome {
    local_cloud::lambda::process::end_with_parent();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match binary {
            "http-function" => http_function::run().await,
            "websocket-function" => websocket_function::run().await,
            "stream-function" => stream_function::run().await,
            _ => Err(format!("there is no function {binary}: name it in {}", file!()).into()),
        }
    })
}

/// Runs the cloud until it's interrupted.
#[tokio::main]
async fn run(arguments: Arguments) -> Outcome {
    let data = if arguments.memory { Data::Memory } else { Data::Directory(arguments.data) };
    let kept = match &data {
        Data::Directory(path) => format!("data in {}", path.display()),
        Data::Memory => "data in memory".to_owned(),
    };
    let console = Console::print();
    let options = Options {
        template: arguments.template,
        port: arguments.port,
        data,
        console: console.clone(),
        ..Options::default()
    };
    // From here on, so that an interrupt while it starts stops it, too.
    let interrupted = interrupted()?;
    let cloud = Cloud::start(options).await?;
    console.say(&format!("\n  Notes is ready: {}\n  ({kept}; Ctrl-C stops it)\n", cloud.address()));
    interrupted.await;
    console.say("\nstopping");
    cloud.stop().await;
    Ok(())
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
