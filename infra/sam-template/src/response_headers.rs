//! Response headers policies of CloudFront: headers that a distribution adds to its responses.
//!
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html>

use std::collections::BTreeMap;

use crate::model::ResponseHeader;
use crate::properties::Properties;
use crate::resources::{Resource, Resources};

const KIND: &str = "AWS::CloudFront::ResponseHeadersPolicy";

/// The headers of each policy, by the policy's id.
pub(crate) type Policies = BTreeMap<String, Vec<ResponseHeader>>;

/// Reads all policies.
pub(crate) fn read(resources: &mut Resources) -> Policies {
    resources.take(KIND).into_iter().map(policy).collect()
}

/// Returns the headers that the policy of a behaviour adds, if there is one.
pub(crate) fn of_behaviour(behaviour: &mut Properties, policies: &Policies) -> Vec<ResponseHeader> {
    let Some(id) = behaviour.optional_text("ResponseHeadersPolicyId") else { return Vec::new() };
    let headers = policies.get(&id);
    if headers.is_none() {
        behaviour.refuse(
            "ResponseHeadersPolicyId",
            format!("`{id}` is not a policy of this template: declare an {KIND}, and write !Ref POLICY"),
        );
    }
    headers.cloned().unwrap_or_default()
}

fn policy(Resource { id, mut properties, .. }: Resource) -> (String, Vec<ResponseHeader>) {
    let mut config = properties.required_section("ResponseHeadersPolicyConfig");
    properties.finish();
    let mut headers = config.section("SecurityHeadersConfig").map(security_headers).unwrap_or_default();
    if let Some(mut custom) = config.section("CustomHeadersConfig") {
        for mut item in custom.sections("Items") {
            let (name, value) = (item.text("Header"), item.text("Value"));
            headers.push(header(item, &name, value));
        }
        custom.finish();
    }
    config.accept(KIND);
    config.finish();
    (id, headers)
}

fn security_headers(mut config: Properties) -> Vec<ResponseHeader> {
    let mut headers = Vec::new();
    if let Some(mut transport) = config.section("StrictTransportSecurity") {
        let seconds: u32 = transport.integer("AccessControlMaxAgeSec", 0..=u32::MAX).unwrap_or_default();
        let mut value = format!("max-age={seconds}");
        for (property, directive) in [("IncludeSubdomains", "includeSubDomains"), ("Preload", "preload")] {
            if transport.flag(property) == Some(true) {
                value = format!("{value}; {directive}");
            }
        }
        headers.push(header(transport, "strict-transport-security", value));
    }
    if let Some(options) = config.section("ContentTypeOptions") {
        headers.push(header(options, "x-content-type-options", "nosniff".to_owned()));
    }
    for (section, property, name) in [
        ("ContentSecurityPolicy", "ContentSecurityPolicy", "content-security-policy"),
        ("FrameOptions", "FrameOption", "x-frame-options"),
        ("ReferrerPolicy", "ReferrerPolicy", "referrer-policy"),
    ] {
        if let Some(mut section) = config.section(section) {
            let value = section.text(property);
            headers.push(header(section, name, value));
        }
    }
    config.finish();
    headers
}

/// Reads a header, and whether it replaces the origin's.
fn header(mut section: Properties, name: &str, value: String) -> ResponseHeader {
    let overrides = section.flag("Override");
    if overrides.is_none() {
        section.problems().missing(section.at("Override"));
    }
    section.finish();
    ResponseHeader { name: name.to_owned(), value, overrides: overrides.unwrap_or(false) }
}
