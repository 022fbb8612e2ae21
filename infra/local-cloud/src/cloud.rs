//! A running cloud: starts what a template declares, and stops it in reverse order.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use local_dynamodb::DynamoDb;
use local_service::faults::{self, FaultInjector};
use local_service::iam::{Iam, Usage};
use local_service::loopback::{self, Listeners, OpenPort};
use local_service::{CallContext, Ledger, Meter};
use sam_template::Plan;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use tokio_util::sync::DropGuard;
use tokio_util::task::AbortOnDropHandle;

use crate::api_gateway;
use crate::cdn::{Cdn, GRACE};
use crate::console::Console;
use crate::data_directory::DataDirectory;
use crate::http_api::HttpApi;
use crate::lambda::{Environment, InvokeError, Lambda, Programs, Watchers};
use crate::options::Options;
use crate::queues::Queues;
use crate::relay;
use crate::schedules::Schedules;
use crate::start_error::StartError;
use crate::triggers::{self, Triggers};
use crate::usage_file::UsageFile;
use crate::websocket_api::{self, WebSocketApi};

/// How often a cloud is looked at that is to come to rest.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// A running cloud. Dropping it stops it, too, but waits for nothing.
#[derive(Debug)]
pub struct Cloud {
    port: u16,
    // In the order in which they stop when they are dropped.
    cdn: Cdn,
    websocket_apis: Vec<WebSocketApi>,
    triggers: Triggers,
    schedules: Schedules,
    lambda: Lambda,
    queues: Queues,
    management_address: SocketAddr,
    _management: AbortOnDropHandle<()>,
    _relays: Vec<AbortOnDropHandle<()>>,
    dynamodb: DynamoDb,
    context: CallContext,
    control: Option<(SocketAddr, AbortOnDropHandle<()>)>,
    _usage: UsageFile,
    /// What ends the tasks of a cloud that is dropped.
    _guards: Vec<DropGuard>,
    _directory: Option<DataDirectory>,
}

impl Cloud {
    /// Starts everything that the template declares. The cloud is ready for requests when this returns.
    ///
    /// # Errors
    /// If the template cannot run, or a port or the data directory cannot be used. Each message says what to do.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let plan = sam_template::read(&options.template, &options.parameters)?;
        let public = public_port(&options)?;
        let port = public.port;
        let directory = DataDirectory::open(&options.data)?;
        let usage = UsageFile::open(&options.data);
        let context = call_context(&plan, &options, usage.meter())?;
        let control = options.faults.map(|port| serve_control(port, &context.faults)).transpose()?;
        let services = Services::start(&plan, &options, &context)?;
        let lambda =
            start_lambda(&plan, &options, &context, &services.environment(&plan, port, &context.iam))?;

        let time_scale = options.time_scale;
        let console = &options.console;
        let http_apis: Vec<_> = plan.http_apis.iter().map(|api| http_api(api, &lambda, console)).collect();
        let websocket_api = |api: &sam_template::WebSocketApi| {
            let (lambda, console, faults) = (lambda.clone(), console.clone(), context.faults.clone());
            (api.id.clone(), WebSocketApi::new(api, lambda, console, faults, time_scale))
        };
        let websocket_apis: Vec<_> = plan.websocket_apis.iter().map(websocket_api).collect();
        let queues = Queues::start(&plan.queues, &options.data)?;
        let triggers = Triggers::start(
            &plan.triggers,
            services.dynamodb.streams(),
            lambda.clone(),
            queues.clone(),
            console.clone(),
            triggers::Setting { poll: options.poll, faults: context.faults.clone() },
            &options.data,
        )
        .await?;
        let schedules = Schedules::start(&plan.schedules, &lambda, &queues, console, time_scale);
        let cdn = Cdn::open(&plan, &http_apis, &websocket_apis, public, console, usage.meter());
        let websocket_apis: Vec<_> = websocket_apis.into_iter().map(|(_, api)| api).collect();
        let Services { dynamodb, management, management_address, relays } = services;
        let management = serve_management(management, websocket_apis.clone(), context.clone());
        let mut guards = vec![lambda.stopped_on_drop()];
        guards.extend(websocket_apis.iter().map(WebSocketApi::stopped_on_drop));
        Ok(Self {
            port,
            cdn,
            websocket_apis,
            triggers,
            schedules,
            lambda,
            queues,
            management_address,
            _management: management,
            _relays: relays,
            dynamodb,
            context,
            control,
            _usage: usage,
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
        format!("http://{}", self.management_address)
    }

    /// What functions and others have called.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.context.ledger
    }

    /// What goes wrong on purpose: nothing, until a test says otherwise.
    #[must_use]
    pub fn faults(&self) -> &FaultInjector {
        &self.context.faults
    }

    /// Where faults can be set by hand, if the options say so.
    #[must_use]
    pub fn faults_address(&self) -> Option<String> {
        self.control.as_ref().map(|(address, _)| format!("http://localhost:{}/faults", address.port()))
    }

    /// Who may do what.
    #[must_use]
    pub fn iam(&self) -> &Iam {
        &self.context.iam
    }

    /// What the traffic so far would be billed for.
    #[must_use]
    pub fn meter(&self) -> &Meter {
        self.context.ledger.meter()
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
        self.cdn.close();
        let farewells = async {
            for api in &self.websocket_apis {
                api.stop().await;
            }
            self.cdn.closed().await;
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

fn http_api(api: &sam_template::HttpApi, lambda: &Lambda, console: &Console) -> (String, Arc<HttpApi>) {
    (api.id.clone(), Arc::new(HttpApi::new(api, lambda.clone(), console.clone())))
}

fn serve_control(
    port: u16,
    faults: &FaultInjector,
) -> Result<(SocketAddr, AbortOnDropHandle<()>), StartError> {
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

/// Opens the public port.
fn public_port(options: &Options) -> Result<OpenPort, StartError> {
    let listeners = options.listeners.clone().map_or_else(|| Listeners::on(options.port), Ok);
    let opened = listeners.and_then(|listeners| listeners.open());
    opened.map_err(|source| StartError::of_port(options.port, source))
}

/// Creates the context of all calls.
fn call_context(plan: &Plan, options: &Options, meter: &Meter) -> Result<CallContext, StartError> {
    let used_permissions = match &options.usage {
        None => Usage::default(),
        Some(path) => Usage::begin(path, &options.template)
            .map_err(|source| StartError::Usage { path: path.clone(), source })?,
    };
    let warnings = options.console.receive_warnings();
    Ok(CallContext {
        ledger: Ledger::with(meter.clone()),
        faults: FaultInjector::default(),
        iam: Iam::of(&plan.functions, used_permissions, warnings.clone()),
        warnings,
    })
}

fn start_lambda(
    plan: &Plan,
    options: &Options,
    context: &CallContext,
    environment: &Environment,
) -> Result<Lambda, StartError> {
    let player =
        options.program.clone().map_or_else(std::env::current_exe, Ok).map_err(StartError::Program)?;
    let programs = Programs { player, own: options.programs.clone() };
    let watchers = Watchers {
        console: options.console.clone(),
        meter: context.ledger.meter().clone(),
        faults: context.faults.clone(),
    };
    Ok(Lambda::start(&plan.functions, &programs, environment, &watchers, options.time_scale))
}

/// The services that functions call: DynamoDB and `@connections`.
struct Services {
    dynamodb: DynamoDb,
    management: TcpListener,
    management_address: SocketAddr,
    relays: Vec<AbortOnDropHandle<()>>,
}

impl Services {
    /// Starts DynamoDB and takes the port of `@connections`, which is served once the APIs exist.
    fn start(plan: &Plan, options: &Options, context: &CallContext) -> Result<Self, StartError> {
        let dynamodb = DynamoDb::start(local_dynamodb::Options {
            tables: &plan.tables,
            data: &options.data,
            port: options.dynamodb,
            context: context.clone(),
        })?;
        let port_error = |source| StartError::ConnectionsPort { port: options.connections, source };
        let management = loopback::on(options.connections).map_err(port_error)?;
        let management_address = management.local_addr().map_err(port_error)?;
        let relays = match options.containers {
            Some(address) => relays(address, [dynamodb.port(), management_address.port()])?,
            None => Vec::new(),
        };
        Ok(Self { dynamodb, management, management_address, relays })
    }

    /// Returns the environment of the functions, with local addresses in place of the template's public ones.
    fn environment(&self, plan: &Plan, port: u16, iam: &Iam) -> Environment {
        let local = format!("http://localhost:{port}");
        let public = |api_id: &str| format!("https://{}", api_gateway::domain(api_id));
        let management = self.management_address;
        let websocket = plan
            .websocket_apis
            .iter()
            .map(|api| (public(&api.api_id), format!("http://{management}/execute-api/{}", api.api_id)));
        let http = plan.http_apis.iter().map(|api| (public(&api.api_id), local.clone()));
        let cdn = plan.cdn.iter().map(|cdn| (format!("https://{}", cdn.domain), local.clone()));
        let addresses = websocket.chain(http).chain(cdn).collect();
        Environment { dynamodb: self.dynamodb.endpoint(), addresses, credentials: iam.registry().clone() }
    }
}

fn serve_management(
    listener: TcpListener,
    apis: Vec<WebSocketApi>,
    context: CallContext,
) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(async move {
        // It never fails: it accepts connections until it's aborted.
        let _ =
            axum::serve(listener, loopback::guarded(websocket_api::management_router(apis, context))).await;
    }))
}

/// Relays these ports of the loopback address to another address of this machine.
fn relays(address: IpAddr, ports: [u16; 2]) -> Result<Vec<AbortOnDropHandle<()>>, StartError> {
    let relay = |port| {
        let address = SocketAddr::new(address, port);
        relay::start(address).map_err(|source| StartError::Containers { address, source })
    };
    ports.into_iter().map(relay).collect()
}
