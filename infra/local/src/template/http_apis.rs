//! HTTP APIs, written as API, integrations, routes, a stage, and the permission to call the functions.

use std::collections::BTreeMap;

use super::names::{Names, api_id};
use super::properties::Properties;
use super::resources::{Resource, Resources};
use super::{ACCOUNT, HttpApi, Problem, REGION, functions, stages};

const API: &str = "AWS::ApiGatewayV2::Api";
const INTEGRATION: &str = "AWS::ApiGatewayV2::Integration";
const ROUTE: &str = "AWS::ApiGatewayV2::Route";
const STAGE: &str = "AWS::ApiGatewayV2::Stage";
const PERMISSION: &str = "AWS::Lambda::Permission";

/// An integration: the function behind it, and the API that it belongs to.
struct Integration {
    id: String,
    api: usize,
    function: String,
}

/// What lets API Gateway call a function: from this API, or from any.
struct Permission {
    function: String,
    api_id: Option<String>,
}

/// Reads all HTTP APIs.
pub(super) fn read(resources: &mut Resources) -> Result<Vec<HttpApi>, Problem> {
    let mut apis: Vec<HttpApi> = resources.take(API).into_iter().map(api).collect::<Result<_, _>>()?;

    let mut integrations = Vec::new();
    for resource in resources.take(INTEGRATION) {
        integrations.push(integration(resource, &apis, &resources.names)?);
    }
    let permissions: Vec<Permission> =
        resources.take(PERMISSION).into_iter().map(permission).collect::<Result<_, _>>()?;
    for Integration { id, api, function } in &integrations {
        let allows = |permission: &Permission| {
            permission.function == *function
                && permission.api_id.as_ref().is_none_or(|allowed| *allowed == apis[*api].api_id)
        };
        if !permissions.iter().any(allows) {
            return Err(Problem::refused(
                id,
                format!("API Gateway may not invoke {function}: declare an AWS::Lambda::Permission for it"),
            ));
        }
    }
    for resource in resources.take(ROUTE) {
        let (api, key, function) = route(resource, &apis, &integrations)?;
        apis[api].routes.insert(key, function);
    }
    for resource in resources.take(STAGE) {
        let (api, mut stage) = stage(resource, &apis)?;
        stage.routes = std::mem::take(&mut apis[api].routes);
        apis[api] = stage;
    }
    match apis.iter().find(|api| api.stage.is_empty()) {
        Some(api) => {
            Err(Problem::refused(&api.id, "nothing of it is deployed: declare an AWS::ApiGatewayV2::Stage"))
        }
        None => Ok(apis),
    }
}

fn api(Resource { id, mut properties, .. }: Resource) -> Result<HttpApi, Problem> {
    let at = properties.at("ProtocolType");
    match properties.text("ProtocolType")?.as_str() {
        "HTTP" => {}
        "WEBSOCKET" => {
            return Err(Problem::refused(
                at,
                "`WEBSOCKET` is not run: write an AWS::Serverless::WebSocketApi",
            ));
        }
        other => return Err(Problem::refused(at, format!("`{other}` is no protocol: write HTTP"))),
    }
    properties.accept(API);
    properties.finish()?;
    Ok(HttpApi {
        api_id: api_id(&id),
        id,
        stage: String::new(),
        routes: BTreeMap::new(),
        throttling: BTreeMap::new(),
        stage_variables: BTreeMap::new(),
    })
}

fn integration(
    Resource { id, mut properties, .. }: Resource,
    apis: &[HttpApi],
    names: &Names,
) -> Result<Integration, Problem> {
    let api = api_of(&mut properties, apis)?;
    properties.only("IntegrationType", &["AWS_PROXY"])?;
    properties.only("PayloadFormatVersion", &["2.0"])?.ok_or_else(|| {
        Problem::refused(properties.at("PayloadFormatVersion"), "is missing: write \"2.0\"")
    })?;
    let uri = properties.text("IntegrationUri")?;
    let function = functions::by_arn(names, properties.at("IntegrationUri"), &uri)?;
    properties.accept(INTEGRATION);
    properties.finish()?;
    Ok(Integration { id, api, function })
}

fn route(
    Resource { mut properties, .. }: Resource,
    apis: &[HttpApi],
    integrations: &[Integration],
) -> Result<(usize, String, String), Problem> {
    let api = api_of(&mut properties, apis)?;
    let key = properties.text("RouteKey")?;
    if key != "$default" && !key.split_once(' ').is_some_and(|(_, path)| path.starts_with('/')) {
        return Err(Problem::refused(
            properties.at("RouteKey"),
            format!("`{key}` is no route: write `METHOD /path` or `$default`"),
        ));
    }
    properties.only("AuthorizationType", &["NONE"])?;
    let target = properties.text("Target")?;
    let function = integrations
        .iter()
        .find(|integration| integration.api == api && target == format!("integrations/{}", integration.id))
        .map(|integration| integration.function.clone())
        .ok_or_else(|| {
            Problem::refused(
                properties.at("Target"),
                "is no integration of the same API: write !Sub integrations/${INTEGRATION}",
            )
        })?;
    properties.accept(ROUTE);
    properties.finish()?;
    Ok((api, key, function))
}

/// The API that a stage is of, with what it says, but for the routes.
fn stage(Resource { mut properties, .. }: Resource, apis: &[HttpApi]) -> Result<(usize, HttpApi), Problem> {
    let api = api_of(&mut properties, apis)?;
    let name = properties.text("StageName")?;
    if !apis[api].stage.is_empty() {
        return Err(Problem::refused(
            properties.at("StageName"),
            format!("{} has a stage already, and the local cloud runs one", apis[api].id),
        ));
    }
    if properties.flag("AutoDeploy")? != Some(true) {
        return Err(Problem::refused(
            properties.at("AutoDeploy"),
            "deployments are not run: write true, so that the routes are always those of the template",
        ));
    }
    let throttling = stages::throttling(&mut properties, &apis[api].routes.keys())?;
    let stage_variables = stages::variables(&mut properties)?;
    properties.accept(STAGE);
    properties.finish()?;
    let HttpApi { id, api_id, .. } = apis[api].clone();
    let routes = BTreeMap::new();
    Ok((api, HttpApi { id, api_id, stage: name, routes, throttling, stage_variables }))
}

fn permission(Resource { mut properties, .. }: Resource) -> Result<Permission, Problem> {
    properties.only("Action", &["lambda:InvokeFunction"])?;
    properties.only("Principal", &["apigateway.amazonaws.com"])?;
    // Locally, a function's name is its logical id, with or without the rest of its ARN.
    let function = properties.text("FunctionName")?;
    let function = function.rsplit(':').next().unwrap_or(&function).to_owned();
    let source = properties.optional_text("SourceArn")?;
    let prefix = format!("arn:aws:execute-api:{REGION}:{ACCOUNT}:");
    let api_id = match source {
        None => None,
        Some(source) => {
            let api = source.strip_prefix(&prefix).and_then(|rest| rest.split('/').next()).map(str::to_owned);
            Some(api.ok_or_else(|| Problem::refused(properties.at("SourceArn"), "names no API"))?)
        }
    };
    properties.accept(PERMISSION);
    properties.finish()?;
    Ok(Permission { function, api_id })
}

fn api_of(properties: &mut Properties, apis: &[HttpApi]) -> Result<usize, Problem> {
    let id = properties.text("ApiId")?;
    apis.iter().position(|api| api.api_id == id).ok_or_else(|| {
        Problem::refused(properties.at("ApiId"), "is no HTTP API of this template: write !Ref API")
    })
}
