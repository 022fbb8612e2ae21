//! The security headers of CloudFront and of the HTTP function.

use http_function::SECURITY_HEADERS;
use sam_template::{Origin, Plan};

use crate::{mistaken_plan, plan};

/// The page has its own policy. The edge has another one, for responses without content of ours.
const CONTENT_SECURITY_POLICY: &str = "content-security-policy";

/// Compares the headers that CloudFront adds with those that the function sends.
fn complaints(plan: &Plan) -> Vec<String> {
    let cdn = plan.cdn.as_ref().unwrap();
    let behaviours = cdn.behaviours.iter().map(|(path, origin)| (path.as_str(), origin));
    behaviours
        .chain([("*", &cdn.default)])
        .flat_map(|(path, origin)| origin_complaints(path, origin))
        .collect()
}

fn origin_complaints(path: &str, origin: &Origin) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, value) in SECURITY_HEADERS {
        let name = name.as_str();
        let Some(added) = origin.response_headers.iter().find(|added| added.name == name) else {
            complaints.push(format!("{path}: {name} is missing"));
            continue;
        };
        if name != CONTENT_SECURITY_POLICY {
            if added.value != value {
                complaints.push(format!("{path}: {name} is `{}`, not `{value}`", added.value));
            }
            continue;
        }
        if added.overrides {
            complaints.push(format!("{path}: {name} overrides the page's own"));
        }
        if !added.value.contains("frame-ancestors 'none'") {
            complaints.push(format!("{path}: {name} lets other pages frame a response"));
        }
    }
    complaints
}

const PATHS: [&str; 4] = ["/assets/*", "/api/*", "/socket.io/*", "*"];

/// Makes a mistake in the policy and checks that each path has this complaint.
#[track_caller]
fn assert_caught(right: &str, wrong: &str, expected: &str) {
    let expected = PATHS.map(|path| format!("{path}: {expected}"));
    assert_eq!(complaints(&mistaken_plan(right, wrong)), expected);
}

#[test]
fn every_response_has_the_security_headers_of_the_function() {
    assert!(complaints(&plan()).is_empty(), "{:?}", complaints(&plan()));
}

#[test]
fn the_function_requires_https_on_subdomains() {
    let transport = SECURITY_HEADERS.into_iter().find(|(name, _)| name == "strict-transport-security");
    assert!(transport.unwrap().1.contains("includeSubDomains"));
}

#[test]
fn a_behaviour_without_headers_is_caught() {
    let right = "            ResponseHeadersPolicyId: !Ref SecurityHeaders\n            FunctionAssociations";
    let complaints = complaints(&mistaken_plan(right, "            FunctionAssociations"));
    assert_eq!(complaints.len(), SECURITY_HEADERS.len());
    assert_eq!(complaints[0], "/socket.io/*: content-security-policy is missing");
}

#[test]
fn a_transport_policy_without_subdomains_is_caught() {
    assert_caught(
        "IncludeSubdomains: true, ",
        "",
        "strict-transport-security is `max-age=63072000`, not `max-age=63072000; includeSubDomains`",
    );
}

#[test]
fn a_policy_that_overrides_the_pages_own_is_caught() {
    let right = "            Override: false\n";
    let expected = "content-security-policy overrides the page's own";
    assert_caught(right, "            Override: true\n", expected);
}

#[test]
fn a_policy_that_allows_frames_is_caught() {
    let expected = "content-security-policy lets other pages frame a response";
    assert_caught("form-action 'none'; frame-ancestors 'none'", "form-action 'none'", expected);
}

#[test]
fn a_header_with_another_value_is_caught() {
    let expected = "referrer-policy is `origin`, not `no-referrer`";
    assert_caught("ReferrerPolicy: no-referrer,", "ReferrerPolicy: origin,", expected);
    let complaints = complaints(&mistaken_plan("accelerometer=(), browsing-topics=(),", "accelerometer=(),"));
    assert_eq!(complaints.len(), PATHS.len());
    assert!(complaints[0].starts_with("/assets/*: permissions-policy is `accelerometer=(), camera=()"));
}
