"""Failures: failed events go to a queue, and functions end in time."""

import re
from collections.abc import Iterator

from stack import Stack, listed

# The time-outs of gateways, in seconds.
GATEWAY_TIMEOUTS = {"HTTP": 30, "WEBSOCKET": 29}
# The idle time after which a WebSocket API closes a connection, in minutes.
IDLE_TIMEOUT = 10

# The action that sends to each type of destination.
SEND_ACTIONS = {"AWS::SQS::Queue": "sqs:SendMessage", "AWS::SNS::Topic": "sns:Publish"}
WEEK = 7 * 24 * 60 * 60


def failed_events_go_to_a_queue(stack: Stack) -> Iterator[str]:
    for function in stack.functions:
        has_api = any(
            function in stack.named(integration.get("IntegrationUri"))
            for integration in stack.of_type("AWS::ApiGatewayV2::Integration").values()
        )
        triggers = {
            name: properties
            for name, properties in stack.of_type("AWS::Lambda::EventSourceMapping").items()
            if function in stack.named(properties.get("FunctionName"))
        }
        has_schedule = any(
            function in stack.named(target["Arn"])
            for rule in stack.of_type("AWS::Events::Rule", "AWS::Scheduler::Schedule").values()
            for target in [*listed(rule.get("Targets")), *listed(rule.get("Target"))]
        )
        for trigger, properties in triggers.items():
            yield from _destination_problems(stack, function, f"failed records of {trigger}", properties)
        if has_schedule:
            settings = [
                properties
                for properties in stack.of_type("AWS::Lambda::EventInvokeConfig").values()
                if function in stack.named(properties.get("FunctionName"))
            ]
            yield from _destination_problems(stack, function, "failed events", settings[0] if settings else {})
        if not (has_api or triggers or has_schedule):
            yield f"Nothing invokes {function}."


def _destination_problems(stack: Stack, function: str, events: str, properties: dict) -> Iterator[str]:
    configured = properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    destinations = stack.named(configured, *SEND_ACTIONS)
    if not destinations:
        yield f"{function}: {events} are lost (OnFailure)."
    for destination in destinations:
        kind = stack.resources[destination]["Type"]
        may_send = any(
            SEND_ACTIONS[kind] in listed(statement["Action"]) and destination in stack.named(statement["Resource"])
            for statement in stack.statements(function)
        )
        if not may_send:
            yield f"{function} may not send {events} to {destination}."
        if kind == "AWS::SQS::Queue":
            queue = stack.properties(destination)
            if queue.get("MessageRetentionPeriod", 0) < WEEK:
                yield f"{destination} keeps messages for less than a week."
            if not (queue.get("SqsManagedSseEnabled") or queue.get("KmsMasterKeyId")):
                yield f"{destination} is not encrypted."


def functions_end_before_gateways(stack: Stack) -> Iterator[str]:
    for integration in stack.of_type("AWS::ApiGatewayV2::Integration").values():
        for api in stack.named(integration.get("ApiId"), "AWS::ApiGatewayV2::Api"):
            gateway_timeout = GATEWAY_TIMEOUTS.get(stack.protocol(api), 29)
            if "TimeoutInMillis" in integration:
                gateway_timeout = min(gateway_timeout, integration["TimeoutInMillis"] / 1000)
            for function in stack.named(integration.get("IntegrationUri"), "AWS::Lambda::Function"):
                timeout = stack.properties(function).get("Timeout", 3)
                if timeout >= gateway_timeout:
                    yield f"{function} ends after {timeout} s, but {api} responds after {gateway_timeout} s."


def connections_are_kept_alive(stack: Stack) -> Iterator[str]:
    for name, rule in stack.of_type("AWS::Events::Rule").items():
        for function in stack.named([target["Arn"] for target in listed(rule.get("Targets"))], "AWS::Lambda::Function"):
            schedule = str(rule.get("ScheduleExpression"))
            minutes = re.fullmatch(r"rate\((\d+) minutes?\)", schedule)
            if not minutes or int(minutes[1]) >= IDLE_TIMEOUT:
                yield f"{function} runs at {schedule}, but connections close after {IDLE_TIMEOUT} minutes."
            if rule.get("State", "ENABLED") != "ENABLED":
                yield f"{name} is not enabled."
