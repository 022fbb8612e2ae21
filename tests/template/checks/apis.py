"""APIs: each route invokes a function in its format, and is throttled."""

from collections.abc import Iterator

from stack import Stack, text

PROTOCOLS = {"HTTP", "WEBSOCKET"}
WEBSOCKET_ROUTES = {"$connect", "$default", "$disconnect"}


def protocols_are_known(stack: Stack) -> Iterator[str]:
    apis = stack.of_type("AWS::ApiGatewayV2::Api")
    for api in apis:
        if stack.protocol(api) not in PROTOCOLS:
            yield f"{api} has the unknown protocol {stack.protocol(api)}: write HTTP or WEBSOCKET."
    for protocol in PROTOCOLS - {stack.protocol(api) for api in apis}:
        yield f"No API has the protocol {protocol}."


def routes_reach_their_functions(stack: Stack) -> Iterator[str]:
    integrations = stack.of_type("AWS::ApiGatewayV2::Integration")
    for api in stack.of_type("AWS::ApiGatewayV2::Api"):
        routes = [
            route
            for route in stack.of_type("AWS::ApiGatewayV2::Route").values()
            if api in stack.named(route.get("ApiId"))
        ]
        needed = WEBSOCKET_ROUTES if stack.protocol(api) == "WEBSOCKET" else {"$default"}
        for key in needed - {route.get("RouteKey") for route in routes}:
            yield f"{api} has no route {key}."
        if not stack.stages(api):
            yield f"{api} has no stage, so it has no address."
        for route in routes:
            targets = stack.named(route.get("Target"), "AWS::ApiGatewayV2::Integration")
            if not targets or not text(route["Target"]).startswith("integrations/"):
                yield f"The route {route.get('RouteKey')} of {api} has no integration."
            for target in targets:
                yield from _integration_problems(stack, api, target, integrations[target])


def _integration_problems(stack: Stack, api: str, name: str, integration: dict) -> Iterator[str]:
    if api not in stack.named(integration.get("ApiId")):
        yield f"{name} is an integration of another API than {api}."
    if integration.get("IntegrationType") != "AWS_PROXY":
        yield f"{name} does not pass the request to the function (AWS_PROXY)."
    # The function reads only this format (lambda_http's feature apigw_http).
    if stack.protocol(api) == "HTTP" and integration.get("PayloadFormatVersion") != "2.0":
        yield f"{name} has the payload format {integration.get('PayloadFormatVersion')}, but the function reads 2.0."
    functions = stack.named(integration.get("IntegrationUri"), "AWS::Lambda::Function")
    if not functions:
        yield f"{name} invokes no function of the template."
    for function in functions:
        may_invoke = any(
            function in stack.named(permission.get("FunctionName"))
            and api in stack.named(permission.get("SourceArn"))
            and permission.get("Action") == "lambda:InvokeFunction"
            and permission.get("Principal") == "apigateway.amazonaws.com"
            for permission in stack.of_type("AWS::Lambda::Permission").values()
        )
        if not may_invoke:
            yield f"{api} may not invoke {function}: it has no AWS::Lambda::Permission."


def routes_are_throttled(stack: Stack) -> Iterator[str]:
    for api in stack.of_type("AWS::ApiGatewayV2::Api"):
        for stage in stack.stages(api).values():
            by_route = (stage.get("RouteSettings") or {}).values()
            for settings in [stage.get("DefaultRouteSettings", {}), *by_route]:
                if not (settings.get("ThrottlingRateLimit") and settings.get("ThrottlingBurstLimit")):
                    yield f"Routes of {api} are not throttled, so they can use up the account's limit."
                if settings.get("DataTraceEnabled"):
                    yield f"{api} logs all messages (DataTraceEnabled)."
