"""The APIs: every route reaches a function that may be invoked, understands the event, and is throttled."""

from collections.abc import Iterator

from stack import Stack, listed, text

PROTOCOLS = {"HTTP", "WEBSOCKET"}
WEBSOCKET_ROUTES = {"$connect", "$default", "$disconnect"}


def protocols_are_known(stack: Stack) -> Iterator[str]:
    there = set()
    for api, properties in stack.of_type("AWS::ApiGatewayV2::Api").items():
        protocol = properties.get("ProtocolType")
        there.add(protocol)
        if protocol not in PROTOCOLS:
            yield f"{api} speaks {protocol}, which API Gateway does not: HTTP or WEBSOCKET."
    for protocol in PROTOCOLS - there:
        yield f"No API speaks {protocol}."


def routes_reach_their_functions(stack: Stack) -> Iterator[str]:
    integrations = stack.of_type("AWS::ApiGatewayV2::Integration")
    for api, properties in stack.of_type("AWS::ApiGatewayV2::Api").items():
        routes = {
            name: route
            for name, route in stack.of_type("AWS::ApiGatewayV2::Route").items()
            if api in stack.named(route.get("ApiId"))
        }
        keys = {route.get("RouteKey") for route in routes.values()}
        wanted = WEBSOCKET_ROUTES if properties.get("ProtocolType") == "WEBSOCKET" else {"$default"}
        for key in wanted - keys:
            yield f"{api} has no route {key}."
        if not _stages(stack, api):
            yield f"{api} has no stage, and nobody reaches it."
        for route in routes.values():
            targets = stack.named(route.get("Target"), "AWS::ApiGatewayV2::Integration")
            if not targets or not text(route["Target"]).startswith("integrations/"):
                yield f"The route {route.get('RouteKey')} of {api} leads nowhere."
            for target in targets:
                yield from _reached(stack, api, target, integrations[target])


def _reached(stack: Stack, api: str, name: str, integration: dict) -> Iterator[str]:
    if api not in stack.named(integration.get("ApiId")):
        yield f"{name} is an integration of another API than {api}."
    if integration.get("IntegrationType") != "AWS_PROXY":
        yield f"{name} does not give the function what came (AWS_PROXY)."
    # The functions' crate for HTTP knows this format alone (lambda_http's feature apigw_http).
    if stack.properties(api).get("ProtocolType") == "HTTP" and integration.get("PayloadFormatVersion") != "2.0":
        yield f"{name} gives the function payload format {integration.get('PayloadFormatVersion')}; it reads 2.0."
    functions = stack.named(integration.get("IntegrationUri"), "AWS::Lambda::Function")
    if not functions:
        yield f"{name} invokes no function of the template."
    for function in functions:
        allowed = any(
            function in stack.named(it.get("FunctionName"))
            and api in stack.named(it.get("SourceArn"))
            and it.get("Action") == "lambda:InvokeFunction"
            and it.get("Principal") == "apigateway.amazonaws.com"
            for it in stack.of_type("AWS::Lambda::Permission").values()
        )
        if not allowed:
            yield f"{api} may not invoke {function}: there is no AWS::Lambda::Permission that says so."


def routes_are_throttled(stack: Stack) -> Iterator[str]:
    for api in stack.of_type("AWS::ApiGatewayV2::Api"):
        for stage in _stages(stack, api):
            by_route = listed(list((stage.get("RouteSettings") or {}).values()))
            for settings in [stage.get("DefaultRouteSettings", {}), *by_route]:
                if not (settings.get("ThrottlingRateLimit") and settings.get("ThrottlingBurstLimit")):
                    yield f"Routes of {api} are not throttled: one API could take all that the account has."
                if settings.get("DataTraceEnabled"):
                    yield f"{api} logs all that is said to it (DataTraceEnabled)."


def _stages(stack: Stack, api: str) -> list[dict]:
    stages = stack.of_type("AWS::ApiGatewayV2::Stage").values()
    return [stage for stage in stages if api in stack.named(stage.get("ApiId"))]
