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
    },
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
    assert len(MISTAKES) >= 57


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
    ],
    ids=str,
)
def test_invalid_parameters_are_refused(parameters):
    with pytest.raises(Refused):
        deploy(parse(TEMPLATE), **parameters)
