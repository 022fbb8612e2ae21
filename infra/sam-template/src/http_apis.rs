//! HTTP APIs: the API, its integrations, routes and stage, and the permissions to invoke the functions.

use std::collections::BTreeMap;

use crate::model::HttpApi;
use crate::names::{Names, api_id};
use crate::node::Place;
use crate::properties::Properties;
use crate::pseudo_parameters::{ACCOUNT, REGION};
use crate::resources::{Resource, Resources};
use crate::{functions, stages};

const API: &str = "AWS::ApiGatewayV2::Api";
const INTEGRATION: &str = "AWS::ApiGatewayV2::Integration";
const ROUTE: &str = "AWS::ApiGatewayV2::Route";
const STAGE: &str = "AWS::ApiGatewayV2::Stage";
const PERMISSION: &str = "AWS::Lambda::Permission";

/// An integration, with its function and its API.
struct Integration {
    id: String,
    place: Place,
    api: Option<usize>,
    function: String,
}

/// The permission of API Gateway to invoke a function, from one API or any.
struct Permission {
    function: String,
    api_id: Option<String>,
}

/// Reads all HTTP APIs.
pub(crate) fn read(resources: &mut Resources) -> Vec<HttpApi> {
    let (places, mut apis): (Vec<Place>, Vec<HttpApi>) = resources.take(API).into_iter().map(api).unzip();

    let integrations = resources.take(INTEGRATION);
    let integrations: Vec<Integration> =
        integrations.into_iter().map(|resource| integration(resource, &apis, &resources.names)).collect();
    let permissions: Vec<Permission> = resources.take(PERMISSION).into_iter().map(permission).collect();
    for Integration { place, api, function, .. } in &integrations {
        let allows = |permission: &Permission| {
            let api_id = api.map(|api| &apis[api].api_id);
            permission.function == *function
                && (permission.api_id.is_none() || permission.api_id.as_ref() == api_id)
        };
        if api.is_some() && !function.is_empty() && !permissions.iter().any(allows) {
            let reason =
                format!("API Gateway may not invoke {function}: declare an AWS::Lambda::Permission for it");
            resources.problems.refuse(place.clone(), reason);
        }
    }
    for resource in resources.take(ROUTE) {
        if let Some((api, key, function)) = route(resource, &apis, &integrations) {
            apis[api].routes.insert(key, function);
        }
    }
    for resource in resources.take(STAGE) {
        if let Some((api, mut stage)) = stage(resource, &apis) {
            stage.routes = std::mem::take(&mut apis[api].routes);
            apis[api] = stage;
        }
    }
    for (place, _) in places.iter().zip(&apis).filter(|(_, api)| api.stage.is_empty()) {
        let reason = "it has no stage: declare an AWS::ApiGatewayV2::Stage";
        resources.problems.refuse(place.clone(), reason);
    }
    apis
}

fn api(Resource { id, mut properties, .. }: Resource) -> (Place, HttpApi) {
    match properties.text("ProtocolType").as_str() {
        "HTTP" => {}
        "WEBSOCKET" => {
            let reason = "`WEBSOCKET` is not supported: write an AWS::Serverless::WebSocketApi";
            properties.refuse("ProtocolType", reason);
        }
        other => {
            properties.refuse("ProtocolType", format!("`{other}` is not a protocol of an API: write HTTP"));
        }
    }
    properties.accept(API);
    let place = properties.place().clone();
    properties.finish();
    let api = HttpApi {
        api_id: api_id(&id),
        id,
        stage: String::new(),
        routes: BTreeMap::new(),
        throttling: BTreeMap::new(),
        stage_variables: BTreeMap::new(),
    };
    (place, api)
}

fn integration(
    Resource { id, mut properties, .. }: Resource,
    apis: &[HttpApi],
    names: &Names,
) -> Integration {
    let api = api_of(&mut properties, apis);
    properties.only("IntegrationType", &["AWS_PROXY"]);
    if properties.only("PayloadFormatVersion", &["2.0"]).is_none() {
        properties.refuse("PayloadFormatVersion", "is missing: write \"2.0\"");
    }
    let uri = properties.text("IntegrationUri");
    let function = functions::by_arn(names, properties.at("IntegrationUri"), &uri, properties.problems());
    properties.accept(INTEGRATION);
    let place = properties.place().clone();
    properties.finish();
    Integration { id, place, api, function }
}

fn route(
    Resource { mut properties, .. }: Resource,
    apis: &[HttpApi],
    integrations: &[Integration],
) -> Option<(usize, String, String)> {
    let api = api_of(&mut properties, apis);
    let key = properties.text("RouteKey");
    if key != "$default" && !key.split_once(' ').is_some_and(|(_, path)| path.starts_with('/')) {
        properties.refuse("RouteKey", format!("`{key}` is not a route: write `METHOD /path` or `$default`"));
    }
    properties.only("AuthorizationType", &["NONE"]);
    let target = properties.text("Target");
    let is_meant = |integration: &&Integration| target == format!("integrations/{}", integration.id);
    let integration = integrations.iter().find(is_meant).filter(|found| api.is_none() || found.api == api);
    if integration.is_none() {
        let reason = "is not an integration of the same API: write !Sub integrations/${INTEGRATION}";
        properties.refuse("Target", reason);
    }
    properties.accept(ROUTE);
    properties.finish();
    Some((api?, key, integration?.function.clone()))
}

/// Reads a stage. Returns its API with the settings of the stage, without the routes' settings.
fn stage(Resource { mut properties, .. }: Resource, apis: &[HttpApi]) -> Option<(usize, HttpApi)> {
    let api = api_of(&mut properties, apis);
    let name = properties.text("StageName");
    if let Some(earlier) = api.map(|api| &apis[api]).filter(|api| !api.stage.is_empty()) {
        let reason = format!("{} already has a stage, and the local cloud supports one", earlier.id);
        properties.refuse("StageName", reason);
    }
    if properties.flag("AutoDeploy") != Some(true) {
        properties.refuse(
            "AutoDeploy",
            "deployments are not supported: write true, so that the routes are always those of the template",
        );
    }
    // A stage of an unknown API has no effect.
    let routes: Vec<&String> = api.iter().flat_map(|api| apis[*api].routes.keys()).collect();
    let throttling =
        api.map(|_| stages::throttling(&mut properties, &routes.iter().copied())).unwrap_or_default();
    let stage_variables = stages::variables(&mut properties);
    if api.is_none() {
        properties.optional("DefaultRouteSettings");
        properties.optional("RouteSettings");
    }
    properties.accept(STAGE);
    properties.finish();
    let api = api?;
    let HttpApi { id, api_id, .. } = apis[api].clone();
    Some((api, HttpApi { id, api_id, stage: name, routes: BTreeMap::new(), throttling, stage_variables }))
}

fn permission(Resource { mut properties, .. }: Resource) -> Permission {
    properties.only("Action", &["lambda:InvokeFunction"]);
    properties.only("Principal", &["apigateway.amazonaws.com"]);
    // Locally, a function's name is its logical id, with or without the rest of its ARN.
    let function = properties.text("FunctionName");
    let function = function.rsplit(':').next().unwrap_or(&function).to_owned();
    let prefix = format!("arn:aws:execute-api:{REGION}:{ACCOUNT}:");
    let api_id = properties.optional_text("SourceArn").map(|source| {
        let api = source.strip_prefix(&prefix).and_then(|rest| rest.split('/').next()).map(str::to_owned);
        if api.is_none() {
            properties.refuse("SourceArn", "does not name an API");
        }
        api.unwrap_or_default()
    });
    properties.accept(PERMISSION);
    properties.finish();
    Permission { function, api_id }
}

fn api_of(properties: &mut Properties, apis: &[HttpApi]) -> Option<usize> {
    let id = properties.text("ApiId");
    let api = apis.iter().position(|api| api.api_id == id);
    if api.is_none() {
        properties.refuse("ApiId", "is not an HTTP API of this template: write !Ref API");
    }
    api
}
