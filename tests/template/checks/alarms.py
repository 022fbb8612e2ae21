"""Alarms and the dashboard."""

import json
from collections.abc import Iterator

from stack import Stack, listed, text

# Metrics of AWS's namespaces. An HTTP API has 5xx, a REST API 5XXError.
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
# A Rust test compares the metrics of this namespace with those that the functions count.
OURS = "Notes"


def functions_have_alarms(stack: Stack) -> Iterator[str]:
    for function in stack.functions:
        if not _has_alarm(stack, "AWS/Lambda", "Errors", function):
            yield f"No alarm is on Errors of {function}."
        # The concurrency limit is the account's, so an alarm on all of its functions is enough.
        if not _has_alarm(stack, "AWS/Lambda", "Throttles", function, account_wide=True):
            yield f"No alarm is on Throttles of {function}."
    for name, trigger in stack.of_type("AWS::Lambda::EventSourceMapping").items():
        for function in stack.named(trigger.get("FunctionName"), "AWS::Lambda::Function"):
            if not _has_alarm(stack, "AWS/Lambda", "IteratorAge", function):
                yield f"No alarm is on the delay of {name} (IteratorAge)."


def queues_have_alarms(stack: Stack) -> Iterator[str]:
    for queue in stack.of_type("AWS::SQS::Queue"):
        if not _has_alarm(stack, "AWS/SQS", "ApproximateNumberOfMessagesVisible", queue):
            yield f"No alarm is on the messages in {queue}."


def apis_have_alarms(stack: Stack) -> Iterator[str]:
    for api in stack.of_type("AWS::ApiGatewayV2::Api"):
        metric = {"HTTP": "5xx", "WEBSOCKET": "IntegrationError"}.get(stack.protocol(api))
        if metric and not _has_alarm(stack, "AWS/ApiGateway", metric, api):
            yield f"No alarm is on {metric} of {api}."


def board_size_has_an_alarm(stack: Stack) -> Iterator[str]:
    # A table with a local index limits a partition to 10 GB. Only the functions that write know its size.
    alarms = stack.of_type("AWS::CloudWatch::Alarm").values()
    has_alarm = any(metric.get("MetricName") == "BoardSize" for alarm in alarms for metric in _metrics(alarm))
    for table, properties in stack.of_type("AWS::DynamoDB::Table").items():
        if properties.get("LocalSecondaryIndexes") and not has_alarm:
            yield f"No alarm is on the size of partitions of {table} (BoardSize)."


def alarms_notify(stack: Stack) -> Iterator[str]:
    topics = stack.of_type("AWS::SNS::Topic")
    for alarm, properties in stack.of_type("AWS::CloudWatch::Alarm").items():
        if not str(properties.get("AlarmDescription", "")).strip():
            yield f"{alarm} has no description (AlarmDescription)."
        if properties.get("TreatMissingData") != "notBreaching":
            yield f"{alarm} does not ignore missing data (TreatMissingData: notBreaching)."
        for metric in _metrics(properties):
            yield from _unknown_metric(alarm, metric.get("Namespace"), metric.get("MetricName"))
        if topics and not stack.named(properties.get("AlarmActions"), "AWS::SNS::Topic"):
            yield f"{alarm} notifies no topic (AlarmActions)."
        if str(properties.get("ActionsEnabled", True)).lower() != "true":
            yield f"{alarm} has its actions disabled."
    for topic in topics:
        if not any(topic in stack.named(it.get("TopicArn")) for it in stack.of_type("AWS::SNS::Subscription").values()):
            yield f"{topic} has no subscriber."


def dashboards_are_valid(stack: Stack) -> Iterator[str]:
    for dashboard, properties in stack.of_type("AWS::CloudWatch::Dashboard").items():
        try:
            body = json.loads(text(properties.get("DashboardBody")))
        except ValueError as error:
            yield f"{dashboard} is not JSON: {error}"
            continue
        for widget in body.get("widgets", []):
            for metric in widget.get("properties", {}).get("metrics", []):
                if len(metric) > 1 and isinstance(metric[0], str):
                    yield from _unknown_metric(dashboard, metric[0], metric[1])


def _unknown_metric(where: str, namespace: str, metric: str) -> Iterator[str]:
    if namespace != OURS and metric not in METRICS.get(namespace, set()):
        yield f"{where} shows the unknown metric {namespace} {metric}."


def _metrics(alarm: dict) -> list[dict]:
    """Returns the metrics of an alarm."""
    several = [metric["MetricStat"]["Metric"] for metric in listed(alarm.get("Metrics")) if "MetricStat" in metric]
    return several or [alarm]


def _has_alarm(stack: Stack, namespace: str, name: str, resource: str, account_wide: bool = False) -> bool:
    """Returns whether a resource has an alarm on a metric. An alarm on the whole account may be enough."""
    for alarm in stack.of_type("AWS::CloudWatch::Alarm").values():
        for metric in _metrics(alarm):
            dimensions = listed(metric.get("Dimensions"))
            named = stack.named([dimension["Value"] for dimension in dimensions])
            covers_resource = resource in named or (account_wide and not dimensions)
            if covers_resource and (metric.get("Namespace"), metric.get("MetricName")) == (namespace, name):
                return True
    return False
