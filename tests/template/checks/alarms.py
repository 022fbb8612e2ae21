"""What wakes somebody up, and what they look at then."""

import json
from collections.abc import Iterator

import source
from stack import Stack, listed, text

# What each of AWS's namespaces measures, of what is used here. (An HTTP API's 5xx is not a REST API's 5XXError.)
METRICS = {
    "AWS/Lambda": {
        "Errors",
        "Throttles",
        "IteratorAge",
        "Duration",
        "Invocations",
        "ConcurrentExecutions",
        "AsyncEventsDropped",
        "AsyncEventAge",
        "DeadLetterErrors",
        "DestinationDeliveryFailures",
    },
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage", "NumberOfMessagesSent"},
    "AWS/ApiGateway": {
        "Count",
        "4xx",
        "5xx",
        "Latency",
        "IntegrationLatency",
        "DataProcessed",
        "ConnectCount",
        "MessageCount",
        "IntegrationError",
        "ClientError",
        "ExecutionError",
    },
    "AWS/DynamoDB": {
        "ConsumedReadCapacityUnits",
        "ConsumedWriteCapacityUnits",
        "ReadThrottleEvents",
        "WriteThrottleEvents",
        "ThrottledRequests",
        "SystemErrors",
        "UserErrors",
        "SuccessfulRequestLatency",
    },
    "AWS/CloudFront": {"Requests", "5xxErrorRate", "4xxErrorRate", "BytesDownloaded", "TotalErrorRate"},
}
OURS = "Notes"


def functions_are_watched(stack: Stack) -> Iterator[str]:
    for function in stack.functions:
        if not _watched(stack, "AWS/Lambda", "Errors", function):
            yield f"No alarm is on Errors of {function}."
        # Places are the account's: an alarm on all of its functions tells as much.
        if not _watched(stack, "AWS/Lambda", "Throttles", function, everywhere=True):
            yield f"No alarm is on Throttles of {function}."
    for name, trigger in stack.of_type("AWS::Lambda::EventSourceMapping").items():
        for function in stack.named(trigger.get("FunctionName"), "AWS::Lambda::Function"):
            if not _watched(stack, "AWS/Lambda", "IteratorAge", function):
                yield f"No alarm says that records of {name} wait for {function}."


def what_stays_behind_is_watched(stack: Stack) -> Iterator[str]:
    for queue in stack.of_type("AWS::SQS::Queue"):
        if not _watched(stack, "AWS/SQS", "ApproximateNumberOfMessagesVisible", queue):
            yield f"No alarm says that something is in {queue}."


def apis_are_watched(stack: Stack) -> Iterator[str]:
    for api, properties in stack.of_type("AWS::ApiGatewayV2::Api").items():
        metric = {"HTTP": "5xx", "WEBSOCKET": "IntegrationError"}.get(properties.get("ProtocolType"))
        if metric and not _watched(stack, "AWS/ApiGateway", metric, api):
            yield f"No alarm is on {metric} of {api}."


def what_fills_up_is_watched(stack: Stack) -> Iterator[str]:
    # A local index bounds a partition: 10 GB with all of its indexes. Only the functions that write it know its size.
    for table, properties in stack.of_type("AWS::DynamoDB::Table").items():
        alarms = stack.of_type("AWS::CloudWatch::Alarm").values()
        watched = any(metric.get("MetricName") == "BoardSize" for alarm in alarms for metric in _metrics(alarm))
        if properties.get("LocalSecondaryIndexes") and not watched:
            yield f"No alarm says that a partition of {table} is nearly full."


def alarms_can_go_off(stack: Stack) -> Iterator[str]:
    topics = stack.of_type("AWS::SNS::Topic")
    for alarm, properties in stack.of_type("AWS::CloudWatch::Alarm").items():
        if not str(properties.get("AlarmDescription", "")).strip():
            yield f"{alarm} does not say what it means (AlarmDescription)."
        if properties.get("TreatMissingData") != "notBreaching":
            yield f"{alarm} takes silence for something (TreatMissingData: notBreaching)."
        for metric in _metrics(properties):
            yield from _unknown(alarm, metric.get("Namespace"), metric.get("MetricName"))
        if topics and not stack.named(properties.get("AlarmActions"), "AWS::SNS::Topic"):
            yield f"{alarm} goes off, and nobody is told (AlarmActions)."
        if str(properties.get("ActionsEnabled", True)).lower() != "true":
            yield f"{alarm} has its actions turned off."
    for topic in topics:
        if not any(topic in stack.named(it.get("TopicArn")) for it in stack.of_type("AWS::SNS::Subscription").values()):
            yield f"{topic} has no subscriber."


def dashboards_can_be_read(stack: Stack) -> Iterator[str]:
    for dashboard, properties in stack.of_type("AWS::CloudWatch::Dashboard").items():
        try:
            body = json.loads(text(properties.get("DashboardBody")))
        except ValueError as error:
            yield f"{dashboard} is no JSON: {error}"
            continue
        for widget in body.get("widgets", []):
            for metric in widget.get("properties", {}).get("metrics", []):
                if len(metric) > 1 and isinstance(metric[0], str):
                    yield from _unknown(dashboard, metric[0], metric[1])


def _unknown(where: str, namespace: str, metric: str) -> Iterator[str]:
    known = source.metrics() if namespace == OURS else METRICS.get(namespace, set())
    if metric not in known:
        yield f"{where} looks at {namespace} {metric}, which nobody counts."


def _metrics(alarm: dict) -> list[dict]:
    """What an alarm looks at."""
    several = [metric["MetricStat"]["Metric"] for metric in listed(alarm.get("Metrics")) if "MetricStat" in metric]
    return several or [alarm]


def _watched(stack: Stack, namespace: str, name: str, resource: str, everywhere: bool = False) -> bool:
    """Whether an alarm is on a metric of a resource, or, if that is enough, of all resources of the kind together."""
    for alarm in stack.of_type("AWS::CloudWatch::Alarm").values():
        for metric in _metrics(alarm):
            dimensions = listed(metric.get("Dimensions"))
            named = stack.named([dimension["Value"] for dimension in dimensions])
            on_it = resource in named or (everywhere and not dimensions)
            if on_it and (metric.get("Namespace"), metric.get("MetricName")) == (namespace, name):
                return True
    return False
