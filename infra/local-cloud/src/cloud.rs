//! A running cloud: starts the resources of a template, and stops them in reverse order.

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

/// How often [`Cloud::rests`] checks whether the cloud is idle.
const IDLE_CHECK_INTERVAL: Duration = Duration::from_millis(5);

/// A running cloud. Dropping it stops it without waiting for running requests.
#[derive(Debug)]
pub struct Cloud {
    port: u16,
    // Fields are in the order in which they are dropped.
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
    /// Stop the tasks when the cloud is dropped.
    _guards: Vec<DropGuard>,
    _directory: Option<DataDirectory>,
}

impl Cloud {
    /// Starts all resources of the template. The cloud is ready for requests when this returns.
    ///
    /// # Errors
    /// If the template is invalid, or a port or the data directory cannot be used. Each message says what to do.
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
        let http_apis: Vec<_> =
            plan.http_apis.iter().map(|api| http_api(api, &lambda, console, time_scale)).collect();
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
            triggers::Settings { poll: options.poll, faults: context.faults.clone() },
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

    /// Returns the public address: `http://localhost:PORT`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Returns the endpoint of DynamoDB, for the SDKs' `AWS_ENDPOINT_URL_DYNAMODB`.
    #[must_use]
    pub fn dynamodb_endpoint(&self) -> String {
        self.dynamodb.endpoint()
    }

    /// Returns the endpoint of `@connections`. An API's connections are under `/execute-api/API/STAGE`.
    #[must_use]
    pub fn connections_endpoint(&self) -> String {
        format!("http://{}", self.management_address)
    }

    /// Returns the ledger of calls to DynamoDB and `@connections`.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.context.ledger
    }

    /// Returns the fault injector. It has no rules until a test sets them.
    #[must_use]
    pub fn faults(&self) -> &FaultInjector {
        &self.context.faults
    }

    /// Returns the address of the faults endpoint, if the options enable it.
    #[must_use]
    pub fn faults_address(&self) -> Option<String> {
        self.control.as_ref().map(|(address, _)| format!("http://localhost:{}/faults", address.port()))
    }

    /// Returns the credentials and permissions of the functions.
    #[must_use]
    pub fn iam(&self) -> &Iam {
        &self.context.iam
    }

    /// Returns the meter of the usage that AWS would bill.
    #[must_use]
    pub fn meter(&self) -> &Meter {
        self.context.ledger.meter()
    }

    /// Returns the logical ids of the functions, in order.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.lambda.functions()
    }

    /// Returns the queues. They hold the failures of triggers and schedules.
    #[must_use]
    pub fn queues(&self) -> &Queues {
        &self.queues
    }

    /// Invokes a function by logical id, and waits for its response.
    ///
    /// # Errors
    /// If the function does not exist, is throttled, fails, times out or is killed, or the cloud stops.
    pub async fn invoke(&self, function: &str, payload: Bytes) -> Result<Bytes, InvokeError> {
        self.lambda.invoke(function, payload).await
    }

    /// Waits until the cloud is idle: no function runs, and every write and message is processed. A schedule may start
    /// an invocation at any time.
    pub async fn rests(&self) {
        let streams = self.dynamodb.streams();
        let is_at_rest =
            || self.lambda.is_at_rest() && self.websocket_apis.iter().all(WebSocketApi::is_at_rest);
        loop {
            let writes = streams.writes();
            // Checked before and after the triggers: a function may write records, and a record may start a function.
            if is_at_rest()
                && self.triggers.have_delivered(writes)
                && is_at_rest()
                && streams.writes() == writes
            {
                return;
            }
            sleep(IDLE_CHECK_INTERVAL).await;
        }
    }

    /// Stops everything within seconds. Running requests and close frames to clients have a short grace period.
    pub async fn stop(self) {
        self.cdn.close();
        let graceful = async {
            for api in &self.websocket_apis {
                api.stop().await;
            }
            self.cdn.closed().await;
        };
        // Requests that take longer end with their functions.
        let _ = timeout(GRACE, graceful).await;
        // The next run delivers an interrupted batch again, since its checkpoint has not advanced.
        drop((self.triggers, self.schedules));
        self.lambda.stop().await;
        let dynamodb = self.dynamodb;
        // Dropping it blocks until its threads have ended.
        let _ = tokio::task::spawn_blocking(move || drop(dynamodb)).await;
    }
}

fn http_api(
    api: &sam_template::HttpApi,
    lambda: &Lambda,
    console: &Console,
    time_scale: u32,
) -> (String, Arc<HttpApi>) {
    (api.id.clone(), Arc::new(HttpApi::new(api, lambda.clone(), console.clone(), time_scale)))
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
        // This never fails: it accepts connections until the task is aborted.
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

/// Creates the context that all calls share.
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
    /// Starts DynamoDB and opens the port of `@connections`, which is served once the APIs exist.
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
        // This never fails: it accepts connections until the task is aborted.
        let _ =
            axum::serve(listener, loopback::guarded(websocket_api::management_router(apis, context))).await;
    }))
}

/// Relays another address of this machine to these ports of the loopback address.
fn relays(address: IpAddr, ports: [u16; 2]) -> Result<Vec<AbortOnDropHandle<()>>, StartError> {
    let relay = |port| {
        let address = SocketAddr::new(address, port);
        relay::start(address).map_err(|source| StartError::Containers { address, source })
    };
    ports.into_iter().map(relay).collect()
}
