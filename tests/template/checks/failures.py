"""What becomes of an invocation that fails: somebody is told, or it is kept."""

import re
from collections.abc import Iterator

from stack import Stack, listed

# What a gateway waits for, in seconds.
GATEWAYS = {"HTTP": 30, "WEBSOCKET": 29}
# What a WebSocket API waits for a word on an idle connection, in minutes.
IDLE = 10

KEEPERS = ("AWS::SQS::Queue", "AWS::SNS::Topic")


def what_fails_is_kept(stack: Stack) -> Iterator[str]:
    for function in stack.functions:
        answered = any(
            function in stack.named(it.get("IntegrationUri"))
            for it in stack.of_type("AWS::ApiGatewayV2::Integration").values()
        )
        triggers = {
            name: it
            for name, it in stack.of_type("AWS::Lambda::EventSourceMapping").items()
            if function in stack.named(it.get("FunctionName"))
        }
        scheduled = any(
            function in stack.named(target["Arn"])
            for rule in stack.of_type("AWS::Events::Rule", "AWS::Scheduler::Schedule").values()
            for target in [*listed(rule.get("Targets")), *listed(rule.get("Target"))]
        )
        for trigger, properties in triggers.items():
            yield from _kept(stack, function, f"what {trigger} gives up on", properties)
        if scheduled:
            settings = [
                it
                for it in stack.of_type("AWS::Lambda::EventInvokeConfig").values()
                if function in stack.named(it.get("FunctionName"))
            ]
            yield from _kept(stack, function, "what Lambda gives up on", settings[0] if settings else {})
        if not (answered or triggers or scheduled):
            yield f"Nothing invokes {function}."


def _kept(stack: Stack, function: str, what: str, properties: dict) -> Iterator[str]:
    destination = properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    keepers = stack.named(destination, *KEEPERS)
    if not keepers:
        yield f"{function}: {what} is lost (OnFailure)."
    for keeper in keepers:
        sent = {"AWS::SQS::Queue": "sqs:SendMessage", "AWS::SNS::Topic": "sns:Publish"}[stack.resources[keeper]["Type"]]
        if not any(
            sent in listed(it["Action"]) and keeper in stack.named(it["Resource"]) for it in stack.statements(function)
        ):
            yield f"{function} may not send {what} to {keeper}."
        if stack.resources[keeper]["Type"] == "AWS::SQS::Queue":
            queue = stack.properties(keeper)
            if queue.get("MessageRetentionPeriod", 0) < 7 * 24 * 60 * 60:
                yield f"{keeper} keeps what failed for less than a week, which may be before anybody looks."
            if not (queue.get("SqsManagedSseEnabled") or queue.get("KmsMasterKeyId")):
                yield f"{keeper} is not encrypted."


def functions_end_before_the_gateways_do(stack: Stack) -> Iterator[str]:
    for integration in stack.of_type("AWS::ApiGatewayV2::Integration").values():
        for api in stack.named(integration.get("ApiId"), "AWS::ApiGatewayV2::Api"):
            protocol = stack.properties(api).get("ProtocolType")
            waits = GATEWAYS.get(protocol, 29)
            if "TimeoutInMillis" in integration:
                waits = min(waits, integration["TimeoutInMillis"] / 1000)
            for function in stack.named(integration.get("IntegrationUri"), "AWS::Lambda::Function"):
                timeout = stack.properties(function).get("Timeout", 3)
                if timeout >= waits:
                    yield f"{function} may take {timeout} s, and {api} waits {waits} s: it would answer, not we."


def connections_are_kept_alive(stack: Stack) -> Iterator[str]:
    for name, rule in stack.of_type("AWS::Events::Rule").items():
        for function in stack.named([target["Arn"] for target in listed(rule.get("Targets"))], "AWS::Lambda::Function"):
            minutes = re.fullmatch(r"rate\((\d+) minutes?\)", str(rule.get("ScheduleExpression")))
            if not minutes or int(minutes[1]) >= IDLE:
                yield f"{function} comes by {rule.get('ScheduleExpression')}; connections end after {IDLE} minutes."
            if rule.get("State", "ENABLED") != "ENABLED":
                yield f"{name} is not enabled."
