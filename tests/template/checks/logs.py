"""Logs: they end some day, and hold nothing that somebody could sign in with."""

import re
from collections.abc import Iterator

from stack import Stack, text

# What a request says that is nobody else's: its headers, cookies and query, and what it brings along.
SECRET = re.compile(r"header|cookie|authorization|authorizer|query|\bbody\b|apiKey|userAgent", re.IGNORECASE)


def logs_end(stack: Stack) -> Iterator[str]:
    for group, properties in stack.of_type("AWS::Logs::LogGroup").items():
        if not properties.get("RetentionInDays"):
            yield f"{group} is kept for ever (RetentionInDays)."
    for function, properties in stack.functions.items():
        group = properties.get("LoggingConfig", {}).get("LogGroup")
        named = (
            stack.named(group, "AWS::Logs::LogGroup")
            if group
            else [
                name
                for name, it in stack.of_type("AWS::Logs::LogGroup").items()
                if function in stack.named(it.get("LogGroupName"))
            ]
        )
        if not named:
            yield f"{function} logs to a group that Lambda makes, which is kept for ever."
        if properties.get("LoggingConfig", {}).get("LogFormat") != "JSON":
            yield f"{function} does not log in JSON (LoggingConfig)."


def access_logs_hold_no_secret(stack: Stack) -> Iterator[str]:
    for name, stage in stack.of_type("AWS::ApiGatewayV2::Stage").items():
        settings = stage.get("AccessLogSettings")
        protocols = [stack.properties(api).get("ProtocolType") for api in stack.named(stage.get("ApiId"))]
        if not settings:
            # A WebSocket API's would want a role that is the account's: it has one if somebody says so.
            if "HTTP" in protocols:
                yield f"{name} has no access log."
            continue
        if not stack.named(settings.get("DestinationArn"), "AWS::Logs::LogGroup"):
            yield f"{name} writes its access log to no group of the template."
        written = text(settings.get("Format"))
        for variable in re.findall(r"\$[\w.\-]+", written):
            if SECRET.search(variable):
                yield f"{name} writes {variable} to its access log."
        if "$context.requestId" not in written:
            yield f"{name} writes no request id, by which a line of the function's log would be found."
