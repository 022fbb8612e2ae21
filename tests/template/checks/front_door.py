"""The distribution: what it caches, where it leads, what it says of itself, and that nothing goes in the clear."""

from collections.abc import Iterator

import source
from stack import Stack, listed, text

# Policies that AWS keeps, by id.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"  # without cookies, headers and queries
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"

# What never changes under its name, and may be kept.
ASSETS = "/assets/*"
SOCKETS = "/socket.io/*"
# What carries passwords and cookies, and is asked for by programs: a redirect would come after they were sent.
API = "/api/*"
EVERYTHING = {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}


def only_assets_are_cached(stack: Stack) -> Iterator[str]:
    for door, config in _doors(stack):
        for path, behaviour in _behaviours(config):
            policy = behaviour.get("CachePolicyId")
            if path == ASSETS:
                if policy != CACHING_OPTIMIZED or behaviour.get("OriginRequestPolicyId"):
                    yield f"{door}: what is below {path} is not kept, or kept by who asks for it."
            elif policy != CACHING_DISABLED:
                yield f"{door} keeps what is at {path}, and would show it to somebody else."


def behaviours_lead_to_their_apis(stack: Stack) -> Iterator[str]:
    for door, config in _doors(stack):
        origins = {origin["Id"]: origin for origin in listed(config.get("Origins"))}
        paths = dict(_behaviours(config))
        for path in {ASSETS, API, SOCKETS, "*"} - paths.keys():
            yield f"{door} has no behaviour for {path}."
        for path, behaviour in paths.items():
            origin = origins.get(behaviour.get("TargetOriginId"))
            if origin is None:
                yield f"{door} sends {path} to no origin of its own."
                continue
            wanted = "WEBSOCKET" if path == SOCKETS else "HTTP"
            apis = stack.named(origin.get("DomainName"), "AWS::ApiGatewayV2::Api")
            if [stack.properties(api).get("ProtocolType") for api in apis] != [wanted]:
                yield f"{door} sends {path} to {text(origin.get('DomainName'))}, which is no API for {wanted}."
            stages = [
                stage.get("StageName")
                for stage in stack.of_type("AWS::ApiGatewayV2::Stage").values()
                if stack.named(stage.get("ApiId")) == apis
            ]
            stage = origin.get("OriginPath", "").removeprefix("/") or "$default"
            if stage not in stages:
                yield f"{door} sends {path} to the stage {stage}, which that API does not have."
            if path != ASSETS and behaviour.get("OriginRequestPolicyId") != ALL_VIEWER_EXCEPT_HOST:
                yield f"{door}: at {path} the API would not see the cookie, or would see a host that is not its own."
            if path in (API, "*") and set(behaviour.get("AllowedMethods", [])) != EVERYTHING:
                methods = behaviour.get("AllowedMethods", ["GET", "HEAD"])
                yield f"{door} lets only {', '.join(methods)} through to the API at {path}."
            if path == SOCKETS and not behaviour.get("FunctionAssociations"):
                yield f"{door}: a WebSocket API knows no path, and nothing takes {path} off."


def who_came_through_the_front_door_is_known(stack: Stack) -> Iterator[str]:
    for door, config in _doors(stack):
        for origin in listed(config.get("Origins")):
            for api in stack.named(origin.get("DomainName"), "AWS::ApiGatewayV2::Api"):
                if stack.properties(api).get("ProtocolType") != "HTTP":
                    continue
                says = {
                    header["HeaderName"]: text(header["HeaderValue"])
                    for header in listed(origin.get("OriginCustomHeaders"))
                }
                for function in stack.functions:
                    known = stack.variables(function).get("FRONT_DOOR")
                    if known is not None and says.get("x-front-door") != text(known):
                        yield f"{door} says {says} to {function}, which knows it by {text(known)}."


def nothing_goes_in_the_clear(stack: Stack) -> Iterator[str]:
    for door, config in _doors(stack):
        for origin in listed(config.get("Origins")):
            how = origin.get("CustomOriginConfig", {})
            if how.get("OriginProtocolPolicy") != "https-only":
                yield f"{door} speaks to its origin {origin['Id']} by {how.get('OriginProtocolPolicy')}."
            if set(how.get("OriginSSLProtocols", ["TLSv1"])) - {"TLSv1.2", "TLSv1.3"}:
                yield f"{door} speaks to its origin {origin['Id']} in a TLS before 1.2."
        for path, behaviour in _behaviours(config):
            if behaviour.get("ViewerProtocolPolicy") not in ("https-only", "redirect-to-https"):
                yield f"{door} answers {path} in the clear."
            if path in (API, SOCKETS) and behaviour.get("ViewerProtocolPolicy") != "https-only":
                yield f"{door} redirects {path}, after cookies and passwords were sent in the clear."
        certificate = config.get("ViewerCertificate", {})
        if config.get("Aliases"):
            if not str(certificate.get("MinimumProtocolVersion")).startswith(("TLSv1.2_", "TLSv1.3_")):
                yield f"{door} takes {certificate.get('MinimumProtocolVersion')} from viewers."
            if certificate.get("SslSupportMethod") != "sni-only" or not certificate.get("AcmCertificateArn"):
                yield f"{door} has a name of its own, and no certificate for it, or an address of its own to pay for."
        if config.get("Logging", {}).get("IncludeCookies"):
            yield f"{door} writes cookies to its log."
    for name, domain in stack.of_type("AWS::ApiGatewayV2::DomainName").items():
        for configuration in listed(domain.get("DomainNameConfigurations")):
            if not str(configuration.get("SecurityPolicy")).startswith(("TLS_1_2", "SecurityPolicy_TLS13")):
                yield f"{name} takes {configuration.get('SecurityPolicy')}."
    for function in stack.functions:
        for variable, value in stack.variables(function).items():
            if text(value).startswith(("http:", "ws:")):
                yield f"{variable} of {function} is an address in the clear: {text(value)}"


# Headers that a policy says in words of its own.
SECURITY_HEADERS = {
    "strict-transport-security": lambda it: (
        f"max-age={it['AccessControlMaxAgeSec']}" + "; includeSubDomains" * bool(it.get("IncludeSubdomains"))
    ),
    "x-content-type-options": lambda it: "nosniff",
    "referrer-policy": lambda it: it["ReferrerPolicy"],
    "content-security-policy": lambda it: it["ContentSecurityPolicy"],
}
SECTIONS = {
    "strict-transport-security": "StrictTransportSecurity",
    "x-content-type-options": "ContentTypeOptions",
    "referrer-policy": "ReferrerPolicy",
    "content-security-policy": "ContentSecurityPolicy",
}
# The function's own is for the page; that of the edge is for what has no content of ours.
OWN = "content-security-policy"


def every_response_has_the_security_headers(stack: Stack) -> Iterator[str]:
    policies = stack.of_type("AWS::CloudFront::ResponseHeadersPolicy")
    for door, config in _doors(stack):
        for path, behaviour in _behaviours(config):
            named = stack.named(behaviour.get("ResponseHeadersPolicyId"), "AWS::CloudFront::ResponseHeadersPolicy")
            if not named:
                yield f"{door} adds no headers to responses at {path}, such as the gateway's own errors."
    for name, properties in policies.items():
        added = _added(properties["ResponseHeadersPolicyConfig"])
        for header, value in source.security_headers().items():
            given, overrides = added.get(header, (None, None))
            if given is None:
                yield f"{name} does not add {header}."
            elif header == OWN and overrides:
                yield f"{name} takes the place of the page's own {header}."
            elif header == OWN and "frame-ancestors 'none'" not in given:
                yield f"{name} lets others frame a response without {header} of its own."
            elif header != OWN and given != value:
                yield f"{name} adds {header}: {given}, and the function says {value}."
        if "includeSubDomains" not in str(added.get("strict-transport-security")):
            yield f"{name} lets subdomains be reached in the clear."


def _added(config: dict) -> dict[str, tuple[str, bool]]:
    """The headers that a policy adds, and whether each takes the place of the origin's."""
    security = config.get("SecurityHeadersConfig", {})
    added = {
        header: (SECURITY_HEADERS[header](security[section]), security[section]["Override"])
        for header, section in SECTIONS.items()
        if section in security
    }
    custom = listed(config.get("CustomHeadersConfig", {}).get("Items"))
    return added | {item["Header"].lower(): (item["Value"], item["Override"]) for item in custom}


def _doors(stack: Stack) -> list[tuple[str, dict]]:
    doors = stack.of_type("AWS::CloudFront::Distribution")
    return [(name, properties["DistributionConfig"]) for name, properties in doors.items()]


def _behaviours(config: dict) -> list[tuple[str, dict]]:
    others = [(behaviour["PathPattern"], behaviour) for behaviour in listed(config.get("CacheBehaviors"))]
    return [*others, ("*", config.get("DefaultCacheBehavior", {}))]
