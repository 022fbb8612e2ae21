"""CloudFront: caching, origins and encryption."""

from collections.abc import Iterator

from stack import Stack, listed, text

# The ids of AWS's managed policies.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"  # without cookies, headers and queries
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"

# Files that never change.
ASSETS = "/assets/*"
SOCKETS = "/socket.io/*"
# Its requests carry passwords and cookies.
API = "/api/*"
ALL_METHODS = {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}


def only_assets_are_cached(stack: Stack) -> Iterator[str]:
    for cdn, config in _distributions(stack):
        for path, behaviour in _behaviours(config):
            policy = behaviour.get("CachePolicyId")
            if path == ASSETS:
                if policy != CACHING_OPTIMIZED or behaviour.get("OriginRequestPolicyId"):
                    yield f"{cdn} does not cache {path}, or caches it per viewer."
            elif policy != CACHING_DISABLED:
                yield f"{cdn} caches {path}, and would show the response to other viewers."


def behaviours_reach_their_apis(stack: Stack) -> Iterator[str]:
    for cdn, config in _distributions(stack):
        origins = {origin["Id"]: origin for origin in listed(config.get("Origins"))}
        behaviours = dict(_behaviours(config))
        for path in {ASSETS, API, SOCKETS, "*"} - behaviours.keys():
            yield f"{cdn} has no behaviour for {path}."
        for path, behaviour in behaviours.items():
            origin = origins.get(behaviour.get("TargetOriginId"))
            if origin is None:
                yield f"{cdn} has no origin for {path}."
                continue
            yield from _origin_problems(stack, cdn, path, origin)
            if path != ASSETS and behaviour.get("OriginRequestPolicyId") != ALL_VIEWER_EXCEPT_HOST:
                yield f"{cdn}: the origin of {path} does not get the cookie, or gets another host."
            if path in (API, "*") and set(behaviour.get("AllowedMethods", [])) != ALL_METHODS:
                methods = behaviour.get("AllowedMethods", ["GET", "HEAD"])
                yield f"{cdn} allows only {', '.join(methods)} at {path}."
            if path == SOCKETS and not behaviour.get("FunctionAssociations"):
                yield f"{cdn}: no function removes the path of {path}, which a WebSocket API does not serve."


def _origin_problems(stack: Stack, cdn: str, path: str, origin: dict) -> Iterator[str]:
    protocol = "WEBSOCKET" if path == SOCKETS else "HTTP"
    apis = stack.named(origin.get("DomainName"), "AWS::ApiGatewayV2::Api")
    if [stack.protocol(api) for api in apis] != [protocol]:
        yield f"{cdn} sends {path} to {text(origin.get('DomainName'))}, which is no API for {protocol}."
    stage = origin.get("OriginPath", "").removeprefix("/") or "$default"
    if not any(stage in stack.stages(api) for api in apis):
        yield f"{cdn} sends {path} to the stage {stage}, which the API does not have."


def functions_recognize_the_cdn(stack: Stack) -> Iterator[str]:
    for cdn, config in _distributions(stack):
        for origin in listed(config.get("Origins")):
            headers = listed(origin.get("OriginCustomHeaders"))
            sent = {header["HeaderName"]: text(header["HeaderValue"]) for header in headers}
            for function in stack.functions:
                expected = stack.variables(function).get("FRONT_DOOR")
                if expected is not None and sent.get("x-front-door") != text(expected):
                    yield f"{cdn} sends the headers {sent}, but {function} expects {text(expected)}."


def functions_require_the_cdn(stack: Stack) -> Iterator[str]:
    # With a CDN, requests around it are refused. Without one, that would refuse every request.
    expected = "yes" if _distributions(stack) else "no"
    for api in stack.of_type("AWS::ApiGatewayV2::Api"):
        integrations = stack.of_type("AWS::ApiGatewayV2::Integration").values()
        uris = [it.get("IntegrationUri") for it in integrations if api in stack.named(it.get("ApiId"))]
        for function in set(stack.named(uris, "AWS::Lambda::Function")):
            variables = stack.variables(function)
            if variables.get("EDGE") != expected or not variables.get("FRONT_DOOR"):
                yield f"{function}, behind {api}, has EDGE={variables.get('EDGE')}, not {expected}, or no FRONT_DOOR."


def connections_are_encrypted(stack: Stack) -> Iterator[str]:
    for cdn, config in _distributions(stack):
        for origin in listed(config.get("Origins")):
            settings = origin.get("CustomOriginConfig", {})
            if settings.get("OriginProtocolPolicy") != "https-only":
                yield f"{cdn} calls the origin {origin['Id']} with {settings.get('OriginProtocolPolicy')}."
            if set(settings.get("OriginSSLProtocols", ["TLSv1"])) - {"TLSv1.2", "TLSv1.3"}:
                yield f"{cdn} calls the origin {origin['Id']} with TLS before 1.2."
        for path, behaviour in _behaviours(config):
            protocols = behaviour.get("ViewerProtocolPolicy")
            if protocols not in ("https-only", "redirect-to-https"):
                yield f"{cdn} serves {path} over plain HTTP."
            # A redirect would come after cookies and passwords were sent in clear text.
            if path in (API, SOCKETS) and protocols != "https-only":
                yield f"{cdn} redirects {path} instead of refusing plain HTTP."
        certificate = config.get("ViewerCertificate", {})
        if config.get("Aliases"):
            if not str(certificate.get("MinimumProtocolVersion")).startswith(("TLSv1.2_", "TLSv1.3_")):
                yield f"{cdn} accepts {certificate.get('MinimumProtocolVersion')} from viewers."
            if certificate.get("SslSupportMethod") != "sni-only" or not certificate.get("AcmCertificateArn"):
                yield f"{cdn} has a domain without a certificate, or pays for an IP address (SslSupportMethod)."
        if config.get("Logging", {}).get("IncludeCookies"):
            yield f"{cdn} writes cookies to its log."
    for name, domain in stack.of_type("AWS::ApiGatewayV2::DomainName").items():
        for configuration in listed(domain.get("DomainNameConfigurations")):
            policy = configuration.get("SecurityPolicy")
            if not str(policy).startswith(("TLS_1_2", "SecurityPolicy_TLS13")):
                yield f"{name} accepts {policy}."
    for function in stack.functions:
        for variable, value in stack.variables(function).items():
            if text(value).startswith(("http:", "ws:")):
                yield f"{variable} of {function} is an address without encryption: {text(value)}"


def _distributions(stack: Stack) -> list[tuple[str, dict]]:
    distributions = stack.of_type("AWS::CloudFront::Distribution")
    return [(name, properties["DistributionConfig"]) for name, properties in distributions.items()]


def _behaviours(config: dict) -> list[tuple[str, dict]]:
    others = [(behaviour["PathPattern"], behaviour) for behaviour in listed(config.get("CacheBehaviors"))]
    return [*others, ("*", config.get("DefaultCacheBehavior", {}))]
