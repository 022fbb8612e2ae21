//! WebSocket APIs: SAM's `AWS::Serverless::WebSocketApi`.

use std::collections::BTreeMap;

use crate::model::WebSocketApi;
use crate::names::{Names, api_id};
use crate::resources::{Resource, Resources};
use crate::{functions, stages};

const KIND: &str = "AWS::Serverless::WebSocketApi";

/// Reads all WebSocket APIs.
pub(crate) fn read(resources: &mut Resources) -> Vec<WebSocketApi> {
    let declared = resources.take(KIND);
    declared.into_iter().map(|resource| api(resource, &resources.names)).collect()
}

fn api(Resource { id, mut properties, .. }: Resource, names: &Names) -> WebSocketApi {
    let stage = properties.optional_text("StageName").unwrap_or_else(|| "default".to_owned());
    let route_selection = properties.text("RouteSelectionExpression");
    if !route_selection.starts_with("$request.body.") {
        let reason = format!("`{route_selection}` is not supported: write $request.body.PROPERTY");
        properties.refuse("RouteSelectionExpression", reason);
    }
    let mut routes = BTreeMap::new();
    for (key, mut route) in properties.required_section("Routes").named_sections() {
        let arn = route.text("FunctionArn");
        let function = functions::by_arn(names, route.at("FunctionArn"), &arn, route.problems());
        route.finish();
        routes.insert(key, function);
    }
    let throttling = stages::throttling(&mut properties, &routes.keys());
    let stage_variables = stages::variables(&mut properties);
    properties.accept(KIND);
    properties.finish();
    let api_id = api_id(&id);
    WebSocketApi { id, api_id, stage, route_selection, routes, throttling, stage_variables }
}
