//! The front door: a CloudFront distribution that sends paths to APIs.

use super::names::{api_host, distribution_domain};
use super::properties::Properties;
use super::resources::{Resource, Resources};
use super::{FrontDoor, HttpApi, Origin, Problem, WebSocketApi};

const KIND: &str = "AWS::CloudFront::Distribution";
/// Managed-CachingOptimized.
const CACHE: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
/// Managed-CachingDisabled.
const NO_CACHE: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
/// Managed-AllViewerExceptHostHeader: an API knows itself by its own host only.
const ALL_BUT_HOST: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
const FUNCTION: &str = "AWS::CloudFront::Function";
/// The one code of a function that the front door plays, but for white space: the path becomes the stage's root.
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
pub(super) fn read(
    resources: &mut Resources,
    http: &[HttpApi],
    websocket: &[WebSocketApi],
) -> Result<Option<FrontDoor>, Problem> {
    for function in resources.take(FUNCTION) {
        check_code(function)?;
    }
    let mut distributions = resources.take(KIND).into_iter();
    let Some(first) = distributions.next() else { return Ok(None) };
    if let Some(second) = distributions.next() {
        return Err(Problem::refused(
            second.id,
            "the local cloud runs one distribution, and there is one already",
        ));
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
    front_door(first, &targets).map(Some)
}

/// CloudFront's functions are JavaScript, which nothing here runs; what the known one does, the front door does.
fn check_code(Resource { mut properties, .. }: Resource) -> Result<(), Problem> {
    let code = properties.text("FunctionCode")?;
    let bare = |code: &str| code.chars().filter(|character| !character.is_whitespace()).collect::<String>();
    if bare(&code).replace('\'', "\"") != bare(TO_THE_ROOT) {
        let at = properties.at("FunctionCode");
        return Err(Problem::refused(at, format!("the local cloud runs no code but {TO_THE_ROOT}")));
    }
    properties.accept(FUNCTION);
    properties.finish()
}

fn front_door(
    Resource { id, mut properties, .. }: Resource,
    targets: &[Target],
) -> Result<FrontDoor, Problem> {
    let at = properties.at("DistributionConfig");
    let mut config = properties.section("DistributionConfig")?.ok_or(Problem::Missing { at })?;
    properties.accept(KIND);
    properties.finish()?;

    config.only("Enabled", &["true"])?;
    let mut origins = Vec::new();
    for section in config.sections("Origins")? {
        origins.push(origin(section, targets)?);
    }
    let mut behaviours = Vec::new();
    for mut section in config.sections("CacheBehaviors")? {
        let pattern = section.text("PathPattern")?;
        behaviours.push((pattern, behaviour(section, &origins)?));
    }
    let at = config.at("DefaultCacheBehavior");
    let default = config.section("DefaultCacheBehavior")?.ok_or(Problem::Missing { at })?;
    let default = behaviour(default, &origins)?;
    config.accept("DistributionConfig");
    config.finish()?;
    Ok(FrontDoor { domain: distribution_domain(&id), id, behaviours, default })
}

/// An origin as the distribution declares it.
struct Declared<'a> {
    id: String,
    target: &'a Target,
    headers: Vec<(String, String)>,
}

/// Reads an origin, which must be an API of the template.
fn origin(mut origin: Properties, targets: &[Target]) -> Result<Declared<'_>, Problem> {
    let id = origin.text("Id")?;
    let host = origin.text("DomainName")?;
    let target = targets.iter().find(|target| target.host == host).ok_or_else(|| {
        Problem::refused(
            origin.at("DomainName"),
            "is no API of this template: write !Sub ${API}.execute-api.${AWS::Region}.${AWS::URLSuffix}",
        )
    })?;
    let path = origin.optional_text("OriginPath")?.unwrap_or_default();
    if path != target.path {
        return Err(Problem::refused(
            origin.at("OriginPath"),
            format!("`{path}` is not where the API's stage is: write `{}`", target.path),
        ));
    }
    let mut headers = Vec::new();
    for mut header in origin.sections("OriginCustomHeaders")? {
        headers.push((header.text("HeaderName")?, header.text("HeaderValue")?));
        header.finish()?;
    }
    origin.accept("Origin");
    origin.finish()?;
    Ok(Declared { id, target, headers })
}

/// The API behind a behaviour. What CloudFront would keep from it (methods, cookies) is refused, since nothing keeps it
/// here.
fn behaviour(mut behaviour: Properties, origins: &[Declared]) -> Result<Origin, Problem> {
    let id = behaviour.text("TargetOriginId")?;
    let Declared { target, headers, .. } =
        origins.iter().find(|origin| origin.id == id).ok_or_else(|| {
            Problem::refused(behaviour.at("TargetOriginId"), format!("there is no origin `{id}`"))
        })?;
    let cached = match behaviour.optional_text("CachePolicyId")?.as_deref() {
        Some(CACHE) if !target.websocket => true,
        Some(NO_CACHE) => false,
        _ => {
            return Err(Problem::refused(
                behaviour.at("CachePolicyId"),
                format!(
                    "the local cloud runs {NO_CACHE} (Managed-CachingDisabled) and, for HTTP APIs, {CACHE} (Managed-CachingOptimized)"
                ),
            ));
        }
    };
    let sent_on = behaviour.optional_text("OriginRequestPolicyId")?;
    if cached && sent_on.is_some() {
        return Err(Problem::refused(
            behaviour.at("OriginRequestPolicyId"),
            "what is kept for all is asked for without what one of them sends: leave it out",
        ));
    }
    if !cached && sent_on.as_deref() != Some(ALL_BUT_HOST) {
        return Err(Problem::refused(
            behaviour.at("OriginRequestPolicyId"),
            format!("the local cloud runs {ALL_BUT_HOST} (Managed-AllViewerExceptHostHeader)"),
        ));
    }
    let mut methods = behaviour.optional_texts("AllowedMethods")?.unwrap_or_default();
    methods.sort();
    if cached && !methods.is_empty() && methods != ["GET", "HEAD"] {
        return Err(Problem::refused(
            behaviour.at("AllowedMethods"),
            "what is kept is read: write [GET, HEAD]",
        ));
    }
    if !cached && !target.websocket && methods != METHODS {
        return Err(Problem::refused(
            behaviour.at("AllowedMethods"),
            format!("CloudFront refuses the others: write [{}]", METHODS.join(", ")),
        ));
    }
    let associations = behaviour.sections("FunctionAssociations")?;
    // A WebSocket API knows only its stage's root.
    if target.websocket == associations.is_empty() {
        return Err(Problem::refused(
            behaviour.at("FunctionAssociations"),
            "one viewer-request function, for a WebSocket API's path, is what the local cloud runs",
        ));
    }
    for mut association in associations {
        association.only("EventType", &["viewer-request"])?;
        association.text("FunctionARN")?;
        association.finish()?;
    }
    // CloudFront compresses only what it may keep by coding.
    let compressed = behaviour.flag("Compress")?.unwrap_or(false) && cached;
    behaviour.accept("Behaviour");
    behaviour.finish()?;
    Ok(Origin { api: target.id.clone(), headers: headers.clone(), cached, compressed })
}
