//! The endpoint in front of the engine: authenticates and authorizes callers, records calls, and corrects responses to
//! AWS's wording.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::operation::{self, Operation};
use crate::{arns, consumption};
use local_service::CallContext;
use local_service::faults::{Fault, FaultPoint, Site};
use local_service::iam::{self, AccessDenied, AuthenticationError};
use local_service::loopback;
use sam_template::Table;

/// Maximum size of a request body in DynamoDB: 16 MB.
const LARGEST_BODY: usize = 16 * 1024 * 1024;
const AMZ_JSON: &str = "application/x-amz-json-1.0";
/// Namespaces of DynamoDB's errors, and of errors of all services.
const DYNAMODB: &str = "com.amazonaws.dynamodb.v20120810#";
const EVERY_SERVICE: &str = "com.amazon.coral.service#";

#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    engine: SocketAddr,
    client: Client<HttpConnector, Body>,
    tables: Arc<BTreeMap<String, Table>>,
    context: CallContext,
    written: watch::Sender<u64>,
    /// The `Authorization` header for the engine, if it distinguishes accounts.
    account: Option<HeaderValue>,
}

/// A refused call, with AWS's error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error(transparent)]
    Unauthenticated(#[from] AuthenticationError),
    #[error(transparent)]
    Denied(#[from] AccessDenied),
    #[error("The request is not a JSON object")]
    Unreadable,
    #[error(
        "The local cloud does not support {0}: the template creates tables, triggers read streams, and statements \
         are not supported"
    )]
    NotRun(String),
    #[error("Requested resource not found: Table: {0} not found in the template")]
    NoSuchTable(String),
    #[error("The engine does not respond: {0}")]
    Engine(String),
    #[error(
        "The level of configured provisioned throughput for the table was exceeded. Consider increasing your \
         provisioning level with the UpdateTable API"
    )]
    Throttled,
    #[error("Internal server error")]
    Failing,
}

impl Endpoint {
    /// Creates the endpoint in front of the engine at an address, with its tables by name.
    pub(crate) fn new(
        engine: SocketAddr,
        tables: BTreeMap<String, Table>,
        context: CallContext,
        written: watch::Sender<u64>,
    ) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Self { engine, client, tables: Arc::new(tables), context, written, account: None }
    }

    /// Sends every call to the engine as this account.
    pub(crate) fn for_account(self, account: &str) -> Self {
        let scope = format!("{account}/20260101/us-east-1/dynamodb/aws4_request");
        let signed = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00");
        Self { account: HeaderValue::from_str(&signed).ok(), ..self }
    }

    /// Serves until dropped.
    pub(crate) async fn serve(self, listener: TcpListener) {
        let router =
            Router::new().fallback(answer).layer(DefaultBodyLimit::max(LARGEST_BODY)).with_state(self);
        // It returns no error: it continues after a failed accept.
        let _ = axum::serve(listener, loopback::guarded(router)).await;
    }

    async fn call(
        &self,
        method: &Method,
        uri: &Uri,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Response, Refusal> {
        let request = iam::Request { method, uri, headers: &headers, body: &body };
        let caller = self.context.iam.authenticate(&request, "dynamodb")?;
        let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let target = target.to_owned();
        let operation = Operation::parse(&target).ok_or_else(|| Refusal::NotRun(target.clone()))?;
        let request: Value = serde_json::from_slice(&body).map_err(|_| Refusal::Unreadable)?;

        let resources = operation.resources(&request);
        let named: Vec<String> = resources.iter().map(ToString::to_string).collect();
        let site = Site { function: caller.name(), operation: operation.name, resources: &named };
        let injection = self.context.faults.inject(FaultPoint::DynamoDb, &site);
        self.context.ledger.record(caller.name(), format!("dynamodb:{}", operation.name), named.join(", "));
        // Permissions come first: as on AWS, a caller without permission does not learn which tables exist.
        let accesses = operation.accesses(&request, |resource| self.partition_key(resource));
        for operation::Access { action, resource, keys } in accesses {
            self.context.iam.authorize(&caller, &action, &self.named(&resource, keys))?;
        }
        // The file may hold a table of an earlier template. Only declared tables exist.
        if let Some(unknown) = resources.iter().find(|resource| !self.tables.contains_key(&resource.table)) {
            return Err(Refusal::NoSuchTable(unknown.table.clone()));
        }

        tokio::time::sleep(injection.delay).await;
        match injection.fault {
            Some(Fault::DynamodbThrottled) => return Err(Refusal::Throttled),
            Some(Fault::DynamodbFailing) => return Err(Refusal::Failing),
            _ => {}
        }
        let (body, only_ours) =
            if operation.describes() { (body, false) } else { consumption::ask(request, body) };
        let mut answer = self.forward(headers, body).await?;
        if !operation.describes() {
            let counted =
                consumption::count(answer, &operation, only_ours, self.context.ledger.meter()).await;
            answer = counted.map_err(|error| Refusal::Engine(error.to_string()))?;
        }
        if operation.writes() && answer.status().is_success() {
            self.written.send_modify(|writes| *writes += 1);
        }
        if injection.fault == Some(Fault::DynamodbAnswerLost) {
            return Err(Refusal::Failing);
        }
        if operation.describes() && answer.status().is_success() {
            for resource in &resources {
                answer = describe(answer, &self.tables[&resource.table]).await?;
            }
        }
        Ok(answer)
    }

    /// Returns the partition key attribute of a table or an index.
    fn partition_key(&self, resource: &operation::Resource) -> Option<&str> {
        let create = &self.tables.get(&resource.table)?.create;
        let schema = match &resource.index {
            None => &create["KeySchema"],
            Some(index) => {
                let indexes = ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"];
                let mut indexes =
                    indexes.iter().flat_map(|kind| create[kind].as_array().into_iter().flatten());
                &indexes.find(|own| own["IndexName"] == index.as_str())?["KeySchema"]
            }
        };
        let mut keys = schema.as_array()?.iter();
        keys.find(|key| key["KeyType"] == "HASH")?["AttributeName"].as_str()
    }

    /// Returns the resource as policies name it.
    fn named(&self, resource: &operation::Resource, keys: BTreeSet<String>) -> iam::Resource {
        let arn = resource.arn();
        let written = match (self.tables.get(&resource.table), &resource.index) {
            (Some(table), None) => format!("!GetAtt {}.Arn", table.id),
            (Some(table), Some(index)) => format!("!Sub ${{{}.Arn}}/index/{index}", table.id),
            (None, _) => arn.clone(),
        };
        iam::Resource { arn, written, keys }
    }

    pub(crate) async fn forward(&self, headers: HeaderMap, body: Bytes) -> Result<Response, Refusal> {
        let engine = |error: &dyn std::error::Error| Refusal::Engine(error.to_string());
        let mut request = Request::post(format!("http://{}/", self.engine))
            .body(Body::from(body))
            .map_err(|error| engine(&error))?;
        for name in ["authorization", "content-type", "x-amz-date", "x-amz-target"] {
            if let Some(value) = headers.get(name) {
                request.headers_mut().insert(name, value.clone());
            }
        }
        if let Some(account) = &self.account {
            request.headers_mut().insert(header::AUTHORIZATION, account.clone());
        }
        let answer = self.client.request(request).await.map_err(|error| engine(&error))?;
        Ok(answer.map(Body::new))
    }
}

async fn answer(
    State(endpoint): State<Endpoint>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    endpoint.call(&method, &uri, headers, body).await.unwrap_or_else(IntoResponse::into_response)
}

/// Corrects a response that describes a table.
async fn describe(answer: Response, table: &Table) -> Result<Response, Refusal> {
    let engine = |error: &dyn std::error::Error| Refusal::Engine(error.to_string());
    let (mut head, body) = answer.into_parts();
    let body = body.collect().await.map_err(|error| engine(&error))?.to_bytes();
    let mut description: Value = serde_json::from_slice(&body).map_err(|error| engine(&error))?;
    arns::correct(&mut description, table);
    // Both belong to the engine's uncorrected body.
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.remove("x-amz-crc32");
    Ok(Response::from_parts(head, Body::from(description.to_string())))
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, kind) = match &self {
            Self::Unauthenticated(error) => {
                (StatusCode::BAD_REQUEST, format!("{EVERY_SERVICE}{}", error.exception()))
            }
            Self::Denied(_) => (StatusCode::BAD_REQUEST, format!("{EVERY_SERVICE}AccessDeniedException")),
            Self::Unreadable => (StatusCode::BAD_REQUEST, format!("{EVERY_SERVICE}SerializationException")),
            Self::NotRun(_) => (StatusCode::BAD_REQUEST, format!("{EVERY_SERVICE}UnknownOperationException")),
            Self::NoSuchTable(_) => (StatusCode::BAD_REQUEST, format!("{DYNAMODB}ResourceNotFoundException")),
            Self::Throttled => {
                (StatusCode::BAD_REQUEST, format!("{DYNAMODB}ProvisionedThroughputExceededException"))
            }
            Self::Engine(_) | Self::Failing => {
                (StatusCode::INTERNAL_SERVER_ERROR, format!("{DYNAMODB}InternalServerError"))
            }
        };
        // AWS writes this member with a capital letter in this error.
        let member = if matches!(self, Self::Denied(_)) { "Message" } else { "message" };
        let body = json!({"__type": kind, member: self.to_string()}).to_string();
        (status, [(header::CONTENT_TYPE, AMZ_JSON)], body).into_response()
    }
}
