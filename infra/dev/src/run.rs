//! Runs the cloud until it is interrupted, or until something changes under `--watch`.

use std::collections::BTreeMap;
use std::time::Duration;

use local_cloud::{Cloud, Console, Data, Options, Printing, StartError};
use local_service::loopback::Listeners;

use crate::arguments::Arguments;
use crate::functions;
use crate::interrupt::interrupted;
use crate::local_parameters;
use crate::outcome::Outcome;
use crate::watch::{self, Watch};

/// Runs the cloud. After a change under `--watch`, replaces this program by the new one.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let program = std::env::current_exe()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let changed = runtime.block_on(run_until_changed(arguments))?;
    // No other thread may run when another program replaces this one: a thread that then writes to a closed connection
    // would end the process silently.
    runtime.shutdown_timeout(SHUTDOWN);
    match changed {
        Some(listeners) => Err(watch::restart(&program, listeners).into()),
        None => Ok(()),
    }
}

/// How long the threads of a stopped cloud may take to end.
const SHUTDOWN: Duration = Duration::from_secs(5);

/// Runs the cloud. Returns its listeners after a change under `--watch`, and `None` after an interrupt.
async fn run_until_changed(arguments: &Arguments) -> Outcome<Option<Listeners>> {
    let console =
        Console::print(Printing { verbose: arguments.verbose, json: arguments.json, ..Printing::default() });
    let mut parameters: BTreeMap<_, _> = arguments.parameter_overrides.iter().cloned().collect();
    let sign_up_is_open = local_parameters::open_sign_up(&arguments.template, &mut parameters);
    // Before the build: a source that changes during the build is a change.
    let watch = arguments.watch.then(|| {
        Watch::start(&arguments.template, functions::crates_of_others(&arguments.template, &parameters))
    });
    let listeners = if arguments.watch { Some(listeners(arguments.port)?) } else { None };
    let options = options(arguments, &parameters, &console, listeners.clone())?;
    // Before the start, so that an interrupt stops it, too.
    let interrupted = interrupted()?;
    let cloud = Cloud::start(options).await?;
    announce(arguments, &cloud, &console);
    if sign_up_is_open {
        console.print_line(
            "  Anyone who can reach the page can create an account. On AWS, people need an invitation.\n",
        );
    }
    let changed = async {
        match watch {
            Some(watch) => rebuilt(watch, arguments, &parameters, &console).await,
            None => std::future::pending().await,
        }
    };
    let changed = tokio::select! {
        () = interrupted => false,
        () = changed => true,
    };
    console.print_line(if changed { "\nrestarting" } else { "\nstopping" });
    cloud.stop().await;
    Ok(listeners.filter(|_| changed))
}

fn options(
    arguments: &Arguments,
    parameters: &BTreeMap<String, String>,
    console: &Console,
    listeners: Option<Listeners>,
) -> Outcome<Options> {
    Ok(Options {
        programs: functions::build_others(&arguments.template, parameters, console)?,
        template: arguments.template.clone(),
        parameters: parameters.clone(),
        port: arguments.port,
        listeners,
        dynamodb: arguments.dynamodb.unwrap_or_default(),
        connections: arguments.connections.unwrap_or_default(),
        containers: arguments.containers,
        data: if arguments.memory { Data::Memory } else { Data::Directory(arguments.data.clone()) },
        console: console.clone(),
        time_scale: arguments.time_scale,
        poll: arguments.poll,
        faults: arguments.faults,
        ..Options::default()
    })
}

/// Prints the addresses.
fn announce(arguments: &Arguments, cloud: &Cloud, console: &Console) {
    let data = if arguments.memory {
        "data in memory".to_owned()
    } else {
        format!("data in {}", arguments.data.display())
    };
    let address = cloud.address();
    console
        .ready(&address, &format!("\n  The local cloud is ready: {address}\n  ({data}; Ctrl-C stops it)\n"));
    if arguments.dynamodb.is_some() {
        // For functions that run elsewhere, as under `sam local`. They need both addresses.
        console.print_line(&format!("  DynamoDB is at {}", cloud.dynamodb_endpoint()));
        console.print_line(&format!(
            "  @connections are at {}/execute-api/API/STAGE\n",
            cloud.connections_endpoint()
        ));
    }
    if let Some(address) = arguments.containers {
        console.print_line(&format!("Containers reach both at {address}\n"));
    }
    if let Some(address) = cloud.faults_address() {
        console.print_line(&format!("Set faults at {address}\n"));
    }
}

/// Waits for a change that builds.
async fn rebuilt(
    mut watch: Watch,
    arguments: &Arguments,
    parameters: &BTreeMap<String, String>,
    console: &Console,
) {
    loop {
        watch.changed(console).await;
        match functions::build_others(&arguments.template, parameters, console) {
            Ok(_) => return,
            Err(error) => {
                console.print_line(&format!("error: {error}\nThe previous version keeps running.\n"));
            }
        }
    }
}

/// Returns the listeners of the previous run under `--watch`, so that the port stays open, or new ones.
fn listeners(port: u16) -> Result<Listeners, StartError> {
    let earlier = watch::earlier_listeners().transpose();
    earlier.unwrap_or_else(|| Listeners::on(port)).map_err(|source| StartError::of_port(port, source))
}
