"""Logs: they expire, and contain no secrets."""

import re
from collections.abc import Iterator

from stack import Stack, text

# Variables with the parts of a request that may be secret.
SECRET = re.compile(r"header|cookie|authorization|authorizer|query|\bbody\b|apiKey|userAgent", re.IGNORECASE)


def logs_expire(stack: Stack) -> Iterator[str]:
    groups = stack.of_type("AWS::Logs::LogGroup")
    for group, properties in groups.items():
        if not properties.get("RetentionInDays"):
            yield f"{group} never expires (RetentionInDays)."
    for function, properties in stack.functions.items():
        config = properties.get("LoggingConfig", {})
        group = stack.named(config.get("LogGroup"), "AWS::Logs::LogGroup")
        named_after_function = any(function in stack.named(it.get("LogGroupName")) for it in groups.values())
        if not group and ("LogGroup" in config or not named_after_function):
            yield f"{function} logs to a group that Lambda creates, which never expires."
        if config.get("LogFormat") != "JSON":
            yield f"{function} does not log JSON (LoggingConfig)."


def access_logs_contain_no_secrets(stack: Stack) -> Iterator[str]:
    for name, stage in stack.of_type("AWS::ApiGatewayV2::Stage").items():
        settings = stage.get("AccessLogSettings")
        if not settings:
            # The access log of a WebSocket API is optional, because it needs an account-wide role.
            if "HTTP" in map(stack.protocol, stack.named(stage.get("ApiId"))):
                yield f"{name} has no access log."
            continue
        if not stack.named(settings.get("DestinationArn"), "AWS::Logs::LogGroup"):
            yield f"{name} writes its access log to no group of the template."
        log_format = text(settings.get("Format"))
        for variable in re.findall(r"\$[\w.\-]+", log_format):
            if SECRET.search(variable):
                yield f"{name} writes {variable} to its access log."
        if "$context.requestId" not in log_format:
            yield f"{name} does not log the request id, which leads to the lines of the function's log."
