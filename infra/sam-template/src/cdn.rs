//! A CloudFront distribution, which routes paths to APIs.

use crate::model::{Cdn, HttpApi, Origin, WebSocketApi};
use crate::names::{api_host, distribution_domain};
use crate::properties::Properties;
use crate::resources::{Resource, Resources};
use crate::response_headers::{self, Policies};

const KIND: &str = "AWS::CloudFront::Distribution";
/// Managed-CachingOptimized.
const CACHE: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
/// Managed-CachingDisabled.
const NO_CACHE: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
/// Managed-AllViewerExceptHostHeader: an API accepts only its own host name.
const ALL_BUT_HOST: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
const FUNCTION: &str = "AWS::CloudFront::Function";
/// The only supported CloudFront function, compared without white space. It replaces the path by the root.
const TO_THE_ROOT: &str = r#"function handler(event) { event.request.uri = "/"; return event.request; }"#;
const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// An API that an origin can be.
struct Target {
    id: String,
    host: String,
    /// The stage's path, which an origin must begin with.
    path: String,
    websocket: bool,
}

/// Reads the distribution, if there is one.
pub(crate) fn read(resources: &mut Resources, http: &[HttpApi], websocket: &[WebSocketApi]) -> Option<Cdn> {
    for function in resources.take(FUNCTION) {
        check_code(function);
    }
    let policies = response_headers::read(resources);
    let mut distributions = resources.take(KIND).into_iter();
    let first = distributions.next()?;
    for another in distributions {
        let reason = "the local cloud supports one distribution, and the template has another";
        resources.problems.refuse(another.properties.place().clone(), reason);
    }
    let stage_path = |stage: &str| if stage == "$default" { String::new() } else { format!("/{stage}") };
    let http = http.iter().map(|api| (&api.id, &api.api_id, &api.stage, false));
    let websocket = websocket.iter().map(|api| (&api.id, &api.api_id, &api.stage, true));
    let targets: Vec<Target> = http
        .chain(websocket)
        .map(|(id, api_id, stage, websocket)| Target {
            id: id.clone(),
            host: api_host(api_id),
            path: stage_path(stage),
            websocket,
        })
        .collect();
    Some(distribution(first, &targets, &policies))
}

/// Accepts the known function. CloudFront functions are JavaScript, which does not run locally.
fn check_code(Resource { mut properties, .. }: Resource) {
    let code = properties.text("FunctionCode");
    let bare = |code: &str| code.chars().filter(|character| !character.is_whitespace()).collect::<String>();
    if bare(&code).replace('\'', "\"") != bare(TO_THE_ROOT) {
        properties.refuse("FunctionCode", format!("the local cloud supports only this code: {TO_THE_ROOT}"));
    }
    properties.accept(FUNCTION);
    properties.finish();
}

fn distribution(
    Resource { id, mut properties, .. }: Resource,
    targets: &[Target],
    policies: &Policies,
) -> Cdn {
    let mut config = properties.required_section("DistributionConfig");
    properties.accept(KIND);
    properties.finish();

    config.only("Enabled", &["true"]);
    let origins: Vec<_> =
        config.sections("Origins").into_iter().map(|section| origin(section, targets)).collect();
    let mut behaviours = Vec::new();
    for mut section in config.sections("CacheBehaviors") {
        let pattern = section.text("PathPattern");
        behaviours.push((pattern, behaviour(section, &origins, policies)));
    }
    let default = behaviour(config.required_section("DefaultCacheBehavior"), &origins, policies);
    config.accept("DistributionConfig");
    config.finish();
    Cdn { domain: distribution_domain(&id), id, behaviours, default }
}

/// An origin as the distribution declares it.
struct Declared<'a> {
    id: String,
    /// `None` if the origin is not available locally.
    target: Option<&'a Target>,
    headers: Vec<(String, String)>,
}

/// Reads an origin, which must be an API of the template.
fn origin(mut origin: Properties, targets: &[Target]) -> Declared<'_> {
    let id = origin.text("Id");
    let host = origin.text("DomainName");
    let target = targets.iter().find(|target| target.host == host);
    let path = origin.optional_text("OriginPath").unwrap_or_default();
    match target {
        None => origin.refuse(
            "DomainName",
            "is not an API of this template: write !Sub ${API}.execute-api.${AWS::Region}.${AWS::URLSuffix}",
        ),
        Some(target) if path != target.path => {
            let reason = format!("`{path}` is not the path of the API's stage: write `{}`", target.path);
            origin.refuse("OriginPath", reason);
        }
        Some(_) => {}
    }
    let mut headers = Vec::new();
    for mut header in origin.sections("OriginCustomHeaders") {
        headers.push((header.text("HeaderName"), header.text("HeaderValue")));
        header.finish();
    }
    origin.accept("Origin");
    origin.finish();
    Declared { id, target, headers }
}

/// Reads a behaviour. Refuses settings with which CloudFront would withhold methods or cookies from the API, since the local
/// cloud passes them on.
fn behaviour(mut behaviour: Properties, origins: &[Declared], policies: &Policies) -> Origin {
    let id = behaviour.text("TargetOriginId");
    let origin = origins.iter().find(|origin| origin.id == id);
    if origin.is_none() {
        behaviour.refuse("TargetOriginId", format!("there is no origin `{id}`"));
    }
    let target = origin.and_then(|origin| origin.target);
    let policy = behaviour.optional_text("CachePolicyId");
    let cached = policy.as_deref() == Some(CACHE);
    let sent_on = behaviour.optional_text("OriginRequestPolicyId");
    let mut methods = behaviour.optional_texts("AllowedMethods").unwrap_or_default();
    methods.sort();
    let associations = behaviour.sections("FunctionAssociations");
    if let Some(target) = target {
        check_policies(&behaviour, target, policy.as_deref(), sent_on.as_deref());
        if cached && !methods.is_empty() && methods != ["GET", "HEAD"] {
            behaviour.refuse("AllowedMethods", "a cached behaviour allows only reads: write [GET, HEAD]");
        }
        if !cached && !target.websocket && methods != METHODS {
            let reason = format!("CloudFront rejects other lists: write [{}]", METHODS.join(", "));
            behaviour.refuse("AllowedMethods", reason);
        }
        // A WebSocket API accepts connections only at the root of its stage.
        if target.websocket == associations.is_empty() {
            behaviour.refuse(
                "FunctionAssociations",
                "the local cloud supports one viewer-request function, for the path of a WebSocket API",
            );
        }
    }
    for mut association in associations {
        association.only("EventType", &["viewer-request"]);
        association.text("FunctionARN");
        association.finish();
    }
    // The local cloud does not compress: on one machine it saves nothing.
    behaviour.flag("Compress");
    let response_headers = response_headers::of_behaviour(&mut behaviour, policies);
    behaviour.accept("Behaviour");
    behaviour.finish();
    Origin {
        api: target.map(|target| target.id.clone()).unwrap_or_default(),
        headers: origin.map(|origin| origin.headers.clone()).unwrap_or_default(),
        cached,
        response_headers,
    }
}

/// Checks the cache policy and the origin request policy.
fn check_policies(behaviour: &Properties, target: &Target, cache: Option<&str>, sent_on: Option<&str>) {
    match cache {
        Some(CACHE) if !target.websocket => {
            if sent_on.is_some() {
                behaviour.refuse(
                    "OriginRequestPolicyId",
                    "a cached response must not depend on what one viewer sends: remove the policy",
                );
            }
        }
        Some(NO_CACHE) => {
            if sent_on != Some(ALL_BUT_HOST) {
                let reason = format!("the local cloud supports {ALL_BUT_HOST} (Managed-AllViewerExceptHostHeader)");
                behaviour.refuse("OriginRequestPolicyId", reason);
            }
        }
        _ => behaviour.refuse(
            "CachePolicyId",
            format!(
                "the local cloud supports {NO_CACHE} (Managed-CachingDisabled) and, for HTTP APIs, {CACHE} (Managed-CachingOptimized)"
            ),
        ),
    }
}
