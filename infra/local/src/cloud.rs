//! A running cloud: everything that a template declares, started in order and stopped in reverse.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use tokio_util::sync::DropGuard;
use tokio_util::task::AbortOnDropHandle;

use crate::api_gateway;
use crate::console::Console;
use crate::data_directory::{DataDirectory, DirectoryError};
use crate::dynamodb::{DynamoDb, DynamoDbError};
use crate::faults::{self, Faults};
use crate::front_door::{FrontDoor, GRACE};
use crate::http_api::HttpApi;
use crate::iam::{Iam, Usage};
use crate::lambda::{Environment, InvokeError, Lambda, Programs};
use crate::ledger::Ledger;
use crate::loopback::{self, Listeners};
use crate::meter::Meter;
use crate::options::Options;
use crate::oversight::Oversight;
use crate::queues::{QueueError, Queues};
use crate::schedules::Schedules;
use crate::template::{self, Plan, TemplateError};
use crate::triggers::{self, TriggerError, Triggers};
use crate::usage_file::UsageFile;
use crate::websocket_api::{WebSocketApi, management};

/// How often a cloud is looked at that is to come to rest.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// A running cloud. Dropping it stops it, too, but waits for nothing.
#[derive(Debug)]
pub struct Cloud {
    port: u16,
    // In the order in which they stop when they are dropped.
    front_door: FrontDoor,
    websocket_apis: Vec<WebSocketApi>,
    triggers: Triggers,
    schedules: Schedules,
    lambda: Lambda,
    queues: Queues,
    internal: SocketAddr,
    _management: AbortOnDropHandle<()>,
    dynamodb: DynamoDb,
    ledger: Ledger,
    faults: Faults,
    control: Option<(SocketAddr, AbortOnDropHandle<()>)>,
    iam: Iam,
    _usage: UsageFile,
    /// What ends the tasks of a cloud that is dropped.
    _guards: Vec<DropGuard>,
    _directory: Option<DataDirectory>,
}

/// Why a cloud didn't start, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The template is missing or broken, or declares what can't be run.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// Somebody else listens on the port.
    #[error("port {0} is taken: stop what uses it, or choose another with --port")]
    PortTaken(u16),
    /// The port can't be listened on for another reason.
    #[error("can't listen on port {port}: {source}; choose another with --port")]
    Port {
        /// The port.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// Faults can't be set on this port.
    #[error("can't listen on port {port}: {source}; choose another with --faults")]
    FaultsPort {
        /// The port.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The data directory can't be used.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The tables can't be brought up.
    #[error(transparent)]
    DynamoDb(#[from] DynamoDbError),
    /// A queue can't be opened.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// A trigger can't be started.
    #[error(transparent)]
    Trigger(#[from] TriggerError),
    /// What functions use of their permissions can't be written down.
    #[error("cannot write into {}, which LOCAL_CLOUD_USAGE names: {source}", path.display())]
    Usage {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The running program, which plays the functions, isn't known.
    #[error("can't tell which program is running: {0}; start it by its path")]
    Program(io::Error),
}

impl StartError {
    /// Why a port of the front door can't be listened on.
    #[must_use]
    pub fn of_port(port: u16, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::AddrInUse => Self::PortTaken(port),
            _ => Self::Port { port, source },
        }
    }
}

impl Cloud {
    /// Starts what the template declares. When this returns, it's ready for requests.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let plan = template::read(&options.template, &options.parameters)?;
        let listeners = options.listeners.clone().map_or_else(|| Listeners::on(options.port), Ok);
        let listeners = listeners.and_then(|listeners| listeners.open());
        let listeners = listeners.map_err(|source| StartError::of_port(options.port, source))?;
        let directory = DataDirectory::open(&options.data)?;
        let port = listeners.0;
        let usage_file = UsageFile::open(&options.data);
        let meter = usage_file.meter().clone();
        let ledger = Ledger::with(meter.clone());
        let faults = Faults::default();
        let control = options.faults.map(|port| serve_control(port, &faults)).transpose()?;
        let iam = Iam::of(&plan.functions, usage(&options)?, &options.console);
        let oversight = Oversight { ledger: ledger.clone(), faults: faults.clone(), iam: iam.clone() };
        let (data, console) = (&options.data, &options.console);
        let dynamodb = DynamoDb::start_on(options.dynamodb, &plan.tables, data, oversight.clone(), console)?;
        let management = loopback::free().map_err(|source| StartError::of_port(0, source))?;
        let internal = management.local_addr().map_err(|source| StartError::of_port(0, source))?;
        let player = options.program.map_or_else(std::env::current_exe, Ok).map_err(StartError::Program)?;
        let programs = Programs { player, own: options.programs };
        let environment = environment(&plan, port, internal, dynamodb.endpoint(), &iam);
        let watched = (&meter, &faults);
        let lambda = Lambda::start(&plan.functions, &programs, &environment, console, watched, options.hurry);

        let http_apis: Vec<_> = plan.http_apis.iter().map(|api| http_api(api, &lambda, console)).collect();
        let websocket_api = |api: &template::WebSocketApi| {
            let (lambda, console, faults) = (lambda.clone(), console.clone(), faults.clone());
            (api.id.clone(), WebSocketApi::new(api, lambda, console, faults, options.hurry))
        };
        let websocket_apis: Vec<_> = plan.websocket_apis.iter().map(websocket_api).collect();
        let queues = Queues::start(&plan.queues, &options.data)?;
        let triggers = Triggers::start(
            &plan.triggers,
            dynamodb.streams(),
            lambda.clone(),
            queues.clone(),
            console.clone(),
            triggers::Setting { poll: options.poll, faults: faults.clone() },
            &options.data,
        )
        .await?;
        let schedules = Schedules::start(&plan.schedules, &lambda, &queues, console, options.hurry);
        let front_door = FrontDoor::open(&plan, &http_apis, &websocket_apis, listeners, (console, &meter));
        let websocket_apis: Vec<_> = websocket_apis.into_iter().map(|(_, api)| api).collect();
        let management = serve_management(management, websocket_apis.clone(), oversight);
        let mut guards = vec![lambda.stopped_on_drop()];
        guards.extend(websocket_apis.iter().map(WebSocketApi::stopped_on_drop));
        Ok(Self {
            port,
            front_door,
            websocket_apis,
            triggers,
            schedules,
            lambda,
            queues,
            internal,
            _management: management,
            dynamodb,
            ledger,
            faults,
            control,
            iam,
            _usage: usage_file,
            _guards: guards,
            _directory: directory,
        })
    }

    /// The address of the front door: `http://localhost:PORT`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Where DynamoDB is, as the SDKs' `AWS_ENDPOINT_URL_DYNAMODB` names it.
    #[must_use]
    pub fn dynamodb_endpoint(&self) -> String {
        self.dynamodb.endpoint()
    }

    /// Where `@connections` is: an API's are under `/execute-api/API/STAGE`.
    #[must_use]
    pub fn connections_endpoint(&self) -> String {
        format!("http://{}", self.internal)
    }

    /// What functions and others have called.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// What goes wrong on purpose: nothing, until a test says otherwise.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Where faults can be set by hand, if the options say so.
    #[must_use]
    pub fn faults_address(&self) -> Option<String> {
        self.control.as_ref().map(|(address, _)| format!("http://localhost:{}/faults", address.port()))
    }

    /// Who may do what.
    #[must_use]
    pub fn iam(&self) -> &Iam {
        &self.iam
    }

    /// What the traffic so far would be billed for.
    #[must_use]
    pub fn meter(&self) -> &Meter {
        self.ledger.meter()
    }

    /// The logical ids of its functions, in order.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.lambda.functions()
    }

    /// The queues, which hold what triggers gave up on.
    #[must_use]
    pub fn queues(&self) -> &Queues {
        &self.queues
    }

    /// Invokes a function, by logical id.
    pub async fn invoke(&self, function: &str, payload: Bytes) -> Result<Bytes, InvokeError> {
        self.lambda.invoke(function, payload).await
    }

    /// Waits until no function works, and nothing that was written or sent is left for one to work on. A schedule may begin
    /// an invocation at any time.
    pub async fn rests(&self) {
        let streams = self.dynamodb.streams();
        let is_at_rest =
            || self.lambda.is_at_rest() && self.websocket_apis.iter().all(WebSocketApi::is_at_rest);
        loop {
            let writes = streams.writes();
            // Twice, as what works at first may be done once its records are looked at, and the other way round.
            if is_at_rest()
                && self.triggers.have_delivered(writes)
                && is_at_rest()
                && streams.writes() == writes
            {
                return;
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    /// Stops everything, within seconds: requests under way are answered and clients are told, if that is quick.
    pub async fn stop(self) {
        self.front_door.close();
        let farewells = async {
            for api in &self.websocket_apis {
                api.stop().await;
            }
            self.front_door.closed().await;
        };
        // What takes longer is cut off with the functions that take it.
        let _ = timeout(GRACE, farewells).await;
        // A batch that is cut off here is delivered again by the next run: its checkpoint stays where it was.
        drop((self.triggers, self.schedules));
        self.lambda.stop().await;
        let dynamodb = self.dynamodb;
        // It waits for its threads.
        let _ = tokio::task::spawn_blocking(move || drop(dynamodb)).await;
    }
}

fn http_api(api: &template::HttpApi, lambda: &Lambda, console: &Console) -> (String, Arc<HttpApi>) {
    (api.id.clone(), Arc::new(HttpApi::new(api, lambda.clone(), console.clone())))
}

/// What functions find where the template has public addresses: the local ones.
fn environment(plan: &Plan, port: u16, internal: SocketAddr, dynamodb: String, iam: &Iam) -> Environment {
    let front_door = format!("http://localhost:{port}");
    let public = |api_id: &str| format!("https://{}", api_gateway::domain(api_id));
    let websocket = plan
        .websocket_apis
        .iter()
        .map(|api| (public(&api.api_id), format!("http://{internal}/execute-api/{}", api.api_id)));
    let http = plan.http_apis.iter().map(|api| (public(&api.api_id), front_door.clone()));
    let door = plan.front_door.iter().map(|door| (format!("https://{}", door.domain), front_door.clone()));
    let addresses = websocket.chain(http).chain(door).collect();
    Environment { dynamodb, addresses, credentials: iam.registry().clone() }
}

fn serve_control(port: u16, faults: &Faults) -> Result<(SocketAddr, AbortOnDropHandle<()>), StartError> {
    let error = |source| StartError::FaultsPort { port, source };
    let listener = loopback::on(port).map_err(error)?;
    let address = listener.local_addr().map_err(error)?;
    let router = faults::control::router(faults.clone());
    let serving = tokio::spawn(async move {
        // It never fails: it accepts connections until it's aborted.
        let _ = axum::serve(listener, router).await;
    });
    Ok((address, AbortOnDropHandle::new(serving)))
}

/// Where the use of permissions is written down.
fn usage(options: &Options) -> Result<Usage, StartError> {
    let Some(path) = &options.usage else { return Ok(Usage::default()) };
    Usage::begin(path, &options.template).map_err(|source| StartError::Usage { path: path.clone(), source })
}

fn serve_management(
    listener: TcpListener,
    apis: Vec<WebSocketApi>,
    oversight: Oversight,
) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(async move {
        // It never fails: it accepts connections until it's aborted.
        let _ = axum::serve(listener, management::router(apis, oversight)).await;
    }))
}
