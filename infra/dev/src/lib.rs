//! `notes-dev`: Notes on this machine.
//!
//! Plain `cargo run` runs `template.yaml` in the local cloud. The same program runs the functions: the cloud starts it as
//! `notes-dev function BINARY` for each instance. Functions of other templates are built with Cargo first.
//!
//! Further commands: `export` and `import` (`archive`), `invoke`, `bill`, `users`, `permissions`.

mod archive;
mod arguments;
mod bill;
mod cargo;
mod functions;
mod interrupt;
mod invoke;
mod local_parameters;
mod older_data;
mod outcome;
mod parameter;
mod permissions;
mod run;
mod users;
mod watch;

use std::process::ExitCode;

use arguments::{Arguments, Role};
use clap::Parser;
use outcome::Outcome;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let mut arguments = Arguments::parse();
    let outcome = match arguments.role.take() {
        Some(Role::Function { binary }) => functions::run(&binary),
        Some(Role::Export(arguments)) => export(&arguments),
        Some(Role::Import(arguments)) => import(&arguments),
        Some(Role::Permissions { template, usage }) => permissions::report(&template, &usage),
        Some(Role::Invoke(arguments)) => invoke(&arguments),
        Some(Role::Bill(arguments)) => bill::run(&arguments).map_err(Into::into),
        Some(Role::Users(arguments)) => users(&arguments),
        None => run::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}{}", older_data::advice(&*error));
            ExitCode::FAILURE
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn export(arguments: &archive::Arguments) -> Outcome {
    Ok(archive::export(arguments, interrupt::interrupted).await?)
}

#[tokio::main(flavor = "current_thread")]
async fn import(arguments: &archive::Arguments) -> Outcome {
    Ok(archive::import(arguments, interrupt::interrupted).await?)
}

#[tokio::main]
async fn users(arguments: &users::Arguments) -> Outcome {
    users::run(arguments).await
}

#[tokio::main]
async fn invoke(arguments: &invoke::Arguments) -> Outcome {
    let event = arguments.event()?;
    let console = arguments.console();
    let parameters = arguments.parameters();
    let programs = functions::build_others(&arguments.template, &parameters, &console)?;
    Ok(arguments.run(event, local_cloud::Options { programs, console, ..Default::default() }).await?)
}
