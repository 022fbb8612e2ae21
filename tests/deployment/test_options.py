"""A deployment with every option: CloudFront with a domain and a rate limit, alarms by email, access logs, traces."""

import os
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

from conftest import STACK


def test_every_resource_of_the_template_exists(template, resources):
    # MiniStack cannot create a budget, so there is none.
    assert template["Resources"].keys() - {"Budget"} <= resources.keys()
    assert {each["ResourceStatus"] for each in resources.values()} == {"CREATE_COMPLETE"}


def test_the_outputs_have_the_domain_and_the_distribution(outputs):
    assert outputs["Address"] == "https://notes.example.org"
    assert outputs["FrontDoorName"].endswith(".cloudfront.net")


def test_alarms_go_to_the_given_email_address(service, physical):
    topic = physical("Alarms")
    [subscription] = service("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "ops@example.org")
    for alarm in service("cloudwatch").describe_alarms()["MetricAlarms"]:
        assert alarm["AlarmActions"] == [topic], alarm["AlarmName"]


def test_invocations_are_traced(service, physical):
    for function in ("Http", "WebSocket", "Stream", "Merge", "KeepAlive"):
        made = service("lambda").get_function_configuration(FunctionName=physical(function))
        assert made["TracingConfig"] == {"Mode": "Active"}


@pytest.mark.parametrize(("knows_the_secret", "status"), [(False, 403), (True, 200)])
def test_the_apis_own_address_requires_the_secret_of_cloudfront(service, outputs, knows_the_secret, status):
    [stack] = service("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    # MiniStack knows an API by its name, and answers for it at one address.
    headers = {"host": urlsplit(outputs["HttpApiAddress"]).netloc}
    if knows_the_secret:
        headers["x-front-door"] = stack["StackId"]
    request = urllib.request.Request(f"{os.environ['AWS_ENDPOINT_URL']}/api/sign-up", headers=headers)
    try:
        with urllib.request.urlopen(request) as response:
            assert response.status == status
    except urllib.error.HTTPError as refusal:
        assert refusal.status == status
        assert b"not-through-edge" in refusal.read()
