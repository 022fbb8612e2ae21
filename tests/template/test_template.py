"""Tests of the template: validation by SAM and cfn-lint, and our own checks of every kind of deployment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import linter
import local
from checks import CHECKS, findings
from mistakes import MISTAKES
from stack import Refused, deploy, parse, translate

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "template.yaml"
# The templates that SAM validates.
TEMPLATES = ["template.yaml", "functions/shared/socketio/examples/template.yaml"]
SAM = Path(sys.executable).with_name("sam")

# The kinds of deployments, by their parameters.
DOMAIN = {
    "DomainName": "notes.example.org",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d",
}
WEB_ACL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/ours/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"
DEPLOYMENTS = {
    "defaults": {},
    "with a domain": DOMAIN,
    "with every option": DOMAIN
    | {
        "AlarmEmail": "ada@example.org",
        "WebSocketAccessLogs": "yes",
        "Tracing": "Active",
        "SignUp": "code",
        "SignUpCode": "open-sesame",
        "RequestsPerFiveMinutes": "2000",
        "MonthlyBudget": "50",
    },
    "with a web ACL of its own": {"WebAclArn": WEB_ACL},
    "on the other architecture": {"Architecture": "x86_64"},
    "for a day": {"DeletionProtection": "false", "LogRetentionDays": "1"},
    "with a reverse proxy": {"Edge": "no", "DomainName": "notes.example.org"},
    "without a CDN": {"Edge": "no"},
}


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("how", [["--lint"], ["--region", "us-east-1"]], ids=["linted", "translated"])
def test_sam_accepts_the_template(template, how):
    # The two modes find different problems. Neither calls AWS.
    environment = os.environ | {"SAM_CLI_TELEMETRY": "0"}
    ran = subprocess.run(
        [SAM, "validate", *how, "--template", ROOT / template],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_linter_has_only_expected_findings():
    assert linter.findings(translate(parse(TEMPLATE))) == []


def test_sam_local_serves_every_path_of_the_http_api():
    assert local.routes(TEMPLATE) == {("$default", "http-function")}


def test_sam_local_passes_endpoints_to_functions():
    parameters = {
        "DynamoDbEndpoint": "http://host.docker.internal:8000",
        "ConnectionsEndpoint": "http://localhost:1/live",
        "Origin": "http://localhost:3001",
    }
    expected = {
        "DYNAMODB_ENDPOINT": parameters["DynamoDbEndpoint"],
        "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": parameters["ConnectionsEndpoint"],
        "ORIGIN": parameters["Origin"],
    }
    for function, variables in local.variables(TEMPLATE, **parameters).items():
        assert "DYNAMODB_ENDPOINT" in variables, function
        for name in variables.keys() & expected.keys():
            assert variables[name] == expected[name], function


def test_sam_local_resolves_every_variable():
    for function, given in local.variables(TEMPLATE).items():
        assert given["DYNAMODB_ENDPOINT"] == ""
        assert not [name for name, value in given.items() if isinstance(value, (dict, list))], function


@pytest.mark.parametrize("parameters", DEPLOYMENTS.values(), ids=DEPLOYMENTS.keys())
def test_every_deployment_passes_every_check(parameters):
    assert findings(deploy(parse(TEMPLATE), **parameters)) == {}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_caught(name):
    template = parse(TEMPLATE)
    MISTAKES[name].make(template)
    assert template != parse(TEMPLATE), "the mistake did not change the template"
    # Some mistakes show only with every option. Without the mistake, there is no problem: see the test before.
    problems = findings(deploy(template, **DEPLOYMENTS["with every option"]))
    assert MISTAKES[name].caught_by.__name__ in problems, problems


def test_every_check_catches_some_mistake():
    catching = {mistake.caught_by.__name__ for mistake in MISTAKES.values()}
    assert {check.__name__ for check in CHECKS} == catching
    assert len(MISTAKES) >= 62


@pytest.mark.parametrize(
    "parameters",
    [
        {"Colour": "red"},
        {"Architecture": "riscv64"},
        {"AlarmEmail": "ada"},
        {"DynamoDbEndpoint": "localhost:8000"},
        {"ConnectionsEndpoint": "localhost:8001/live"},
        {"Origin": "http://localhost:3001/"},
        {"DomainName": "notes.example.org"},
        {"CertificateArn": DOMAIN["CertificateArn"]},
        {"MonthlyBudget": "50"},
        {"MonthlyBudget": "-1", "AlarmEmail": "ada@example.org"},
        {"MonthlyBudget": "1.50", "AlarmEmail": "ada@example.org"},
        # AWS WAF requires at least 10.
        {"RequestsPerFiveMinutes": "9"},
        {"RequestsPerFiveMinutes": "2000", "WebAclArn": WEB_ACL},
        {"RequestsPerFiveMinutes": "2000", "region": "eu-central-1"},
        {"RequestsPerFiveMinutes": "2000", "Edge": "no"},
        {"WebAclArn": WEB_ACL, "Edge": "no"},
        # CloudFront uses web ACLs of us-east-1 only.
        {"WebAclArn": WEB_ACL.replace("us-east-1", "eu-central-1")},
    ],
    ids=str,
)
def test_invalid_parameters_are_refused(parameters):
    with pytest.raises(Refused):
        deploy(parse(TEMPLATE), **parameters)


PROTECTIONS = {"AWS::WAFv2::WebACL", "AWS::Budgets::Budget"}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, set()),
        ({"RequestsPerFiveMinutes": "10"}, {"AWS::WAFv2::WebACL"}),
        ({"MonthlyBudget": "1", "AlarmEmail": "ada@example.org", "region": "eu-central-1"}, {"AWS::Budgets::Budget"}),
        ({"WebAclArn": WEB_ACL, "region": "eu-central-1"}, set()),
    ],
    ids=str,
)
def test_a_rate_limit_and_a_budget_exist_only_on_request(parameters, expected):
    stack = deploy(parse(TEMPLATE), **parameters)
    assert {it["Type"] for it in stack.resources.values()} & PROTECTIONS == expected
    [distribution] = stack.of_type("AWS::CloudFront::Distribution").values()
    web_acl = distribution["DistributionConfig"].get("WebACLId")
    if "RequestsPerFiveMinutes" in parameters:
        assert [stack.resources[name]["Type"] for name in stack.named(web_acl)] == ["AWS::WAFv2::WebACL"]
    else:
        assert web_acl == parameters.get("WebAclArn")


def test_the_limits_have_the_given_values():
    stack = deploy(parse(TEMPLATE), **DEPLOYMENTS["with every option"])
    [acl] = stack.of_type("AWS::WAFv2::WebACL").values()
    [rule] = acl["Rules"]
    limit = rule["Statement"]["RateBasedStatement"]
    assert (limit["Limit"], limit["EvaluationWindowSec"]) == ("2000", 300)
    [budget] = stack.of_type("AWS::Budgets::Budget").values()
    assert budget["Budget"]["BudgetLimit"] == {"Amount": "50", "Unit": "USD"}
    addresses = [it["Address"] for each in budget["NotificationsWithSubscribers"] for it in each["Subscribers"]]
    assert addresses == ["ada@example.org"] * 2
