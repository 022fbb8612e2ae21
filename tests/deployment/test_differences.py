"""Differences between MiniStack and AWS.

Each test fails when its difference disappears. Then delete it, and test the behaviour of AWS instead. Until then, the tests
of the local cloud and of the template cover that behaviour.
"""

import json
import uuid

import pytest

from conftest import new_account, request, until


@pytest.fixture
def stream_says(service, physical):
    """Returns a function that waits for log lines of Stream with a text, and returns them."""
    logs, group = service("logs"), physical("StreamLogs")

    def lines(text: str) -> list[str]:
        # A filter pattern matches whole terms only, so search the lines here.
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        return [event["message"] for page in pages for event in page["events"] if text in event["message"]]

    def wait(text: str) -> list[str]:
        until(lambda: lines(text), f"never logged: {text}")
        return lines(text)

    wait.lines = lines
    return wait


def test_cloudformation_ignores_ttl_recovery_and_encryption_of_tables(service, physical):
    dynamodb, sessions = service("dynamodb"), physical("Sessions")
    ttl = dynamodb.describe_time_to_live(TableName=sessions)["TimeToLiveDescription"]
    assert ttl["TimeToLiveStatus"] == "DISABLED"
    backups = dynamodb.describe_continuous_backups(TableName=physical("Notes"))["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED"
    assert "SSEDescription" not in dynamodb.describe_table(TableName=sessions)["Table"]


def test_a_failed_record_is_neither_retried_nor_queued(service, physical, stream_says):
    dynamodb, table = service("dynamodb"), physical("Notes")

    def put(version: dict) -> None:
        key, now = str(uuid.uuid4()), "2026-11-23T20:15:00.000Z"
        texts = {
            "board": "team",
            "key": key,
            "title": key,
            "body": "",
            "author": "ada",
            "editor": "ada",
            "created": now,
        }
        # Without `updated`, the list does not show it.
        item = {name: {"S": text} for name, text in texts.items()} | {"version": version}
        dynamodb.put_item(TableName=table, Item=item)

    put({"S": "one"})
    stream_says("failed=1")
    batches = len(stream_says.lines("records=1"))
    put({"S": "two"})
    until(lambda: len(stream_says.lines("records=1")) > batches, "the second record never came")
    # On AWS, the second would wait for ten retries of the first.
    assert len(stream_says.lines("failed=1")) == 2
    queue = service("sqs").get_queue_attributes(QueueUrl=physical("FailedRecords"), AttributeNames=["All"])
    assert queue["Attributes"]["ApproximateNumberOfMessages"] == "0"


def test_a_condition_on_partition_keys_allows_every_item(service, physical):
    iam, table, user = service("iam"), physical("Connections"), "keys"
    allow = {
        "Effect": "Allow",
        "Action": "dynamodb:PutItem",
        "Resource": "*",
        "Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["allowed#*"]}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName=user, PolicyDocument=policy)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    secrets = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    item = {"room": {"S": "refused"}, "connectionId": {"S": "a"}}
    try:
        # On AWS, this is an AccessDeniedException.
        service("dynamodb", **secrets).put_item(TableName=table, Item=item)
    finally:
        service("dynamodb").delete_item(TableName=table, Key=item)
        iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
        iam.delete_user_policy(UserName=user, PolicyName=user)
        iam.delete_user(UserName=user)


def test_stages_do_not_throttle(service, physical):
    for api in ("HttpApi", "WebSocketApi"):
        [stage] = service("apigatewayv2").get_stages(ApiId=physical(api))["Items"]
        assert stage["DefaultRouteSettings"] == {}


def test_the_http_api_writes_no_access_log(service, physical):
    assert service("logs").describe_log_streams(logGroupName=physical("HttpAccessLogs"))["logStreams"] == []


def test_the_http_api_does_not_add_its_caller_to_x_forwarded_for():
    # So the client's own header is trusted. On AWS, the address of CloudFront would follow it.
    signed_up = request("/api/users", new_account(), x_forwarded_for="203.0.113.7")
    [session] = request("/api/sessions", cookie=signed_up.cookie).content["sessions"]
    assert session["address"] == "203.0.113.7"


def test_functions_do_not_log_json_and_their_metrics_are_missing(service, stream_says):
    assert not stream_says("a batch of")[0].lstrip().startswith("{")
    assert service("cloudwatch").list_metrics(Namespace="Notes")["Metrics"] == []
