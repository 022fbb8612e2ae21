"""A deployed stack matches the template."""

import json

import pytest

from conftest import new_account, request

FUNCTIONS = ["Http", "WebSocket", "Stream", "KeepAlive"]


def test_every_resource_of_the_template_exists(template, resources):
    # Resources with a condition depend on parameters that are not set here.
    expected = {name for name, resource in template["Resources"].items() if "Condition" not in resource}
    assert expected <= resources.keys()
    assert {each["ResourceStatus"] for each in resources.values()} == {"CREATE_COMPLETE"}


@pytest.mark.parametrize("event", ["NoteChanged", "ConnectionOpened", "SessionEnded"])
def test_a_trigger_matches_the_template(service, template, physical, event):
    said = template["Resources"]["Stream"]["Properties"]["Events"][event]["Properties"]
    made = service("lambda").get_event_source_mapping(UUID=physical(f"Stream{event}"))
    settings = {"Stream", "DestinationConfig"} ^ said.keys()
    assert {name: made.get(name) for name in settings} == {name: said[name] for name in settings}
    assert made["State"] == "Enabled"
    assert made["DestinationConfig"]["OnFailure"]["Destination"].endswith(
        f":{physical('FailedRecords').split('/')[-1]}"
    )


def test_the_schedule_has_nine_minutes_and_a_failure_queue(service, physical):
    events, functions = service("events"), service("lambda")
    rule = physical("KeepAliveEveryNineMinutes")
    assert events.describe_rule(Name=rule)["ScheduleExpression"] == "rate(9 minutes)"
    [target] = events.list_targets_by_rule(Rule=rule)["Targets"]
    assert target["Arn"].endswith(f":{physical('KeepAlive')}")
    settings = functions.get_function_event_invoke_config(FunctionName=physical("KeepAlive"), Qualifier="$LATEST")
    assert (settings["MaximumRetryAttempts"], settings["MaximumEventAgeInSeconds"]) == (1, 300)
    assert "FailedRecords" in settings["DestinationConfig"]["OnFailure"]["Destination"]


@pytest.mark.parametrize("function", ["Http", "WebSocket", "Stream"])
def test_a_function_has_its_own_log_group_with_a_retention(service, template, physical, function):
    logs, group = service("logs"), physical(f"{function}Logs")
    [described] = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert described["retentionInDays"] == template["Parameters"]["LogRetentionDays"]["Default"]
    # From the suites that ran before.
    events = logs.filter_log_events(logGroupName=group)["events"]
    assert any("REPORT RequestId" in event["message"] for event in events)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_matches_the_template(service, template, physical, function):
    made = service("lambda").get_function_configuration(FunctionName=physical(function))
    defaults, own = template["Globals"]["Function"], template["Resources"][function]["Properties"]
    assert (made["Runtime"], made["MemorySize"]) == ("provided.al2023", defaults["MemorySize"])
    assert made["Timeout"] == own.get("Timeout", defaults["Timeout"])
    assert made["LoggingConfig"] == {
        "LogFormat": "JSON",
        "ApplicationLogLevel": "INFO",
        "LogGroup": physical(f"{function}Logs"),
    }


def test_a_function_may_do_only_what_its_policies_allow(service, physical):
    iam, functions = service("iam"), service("lambda")
    role, policy = physical("KeepAliveRole"), "KeepAliveRolePolicy0"

    def failure():
        answer = functions.invoke(FunctionName=physical("KeepAlive"), Payload=b"{}")
        said = answer["Payload"].read().decode()
        return said if "FunctionError" in answer else None

    document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    assert failure() is None
    iam.delete_role_policy(RoleName=role, PolicyName=policy)
    try:
        assert failure() is not None
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))
    assert failure() is None


def test_the_outputs_have_the_addresses(outputs):
    assert outputs["Address"] == "https://notes.example.org"
    assert outputs.keys() == {"Address", "Dashboard", "HttpApiAddress", "WebSocketApiAddress"}


def test_changes_are_accepted_only_from_a_page_at_that_address(outputs):
    assert request("/api/users", new_account(), origin=outputs["Address"]).status == 201
    for other in (outputs["HttpApiAddress"], "https://evil.example"):
        refused = request("/api/users", new_account(), origin=other)
        assert (refused.status, refused.content["type"]) == (403, "/api/problems/foreign-origin")
