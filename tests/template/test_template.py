"""The template holds what AWS, its linters and we ask of it, in every way that it can be deployed."""

import os
import subprocess
import sys
from pathlib import Path

import linter
import local
import pytest
from checks import CHECKS, findings
from mistakes import MISTAKES
from source import ROOT
from stack import Refused, deploy, parse, translate

TEMPLATE = ROOT / "template.yaml"
# Those that SAM's own checks are run on.
TEMPLATES = ["template.yaml", "functions/shared/socketio/examples/template.yaml"]
SAM = Path(sys.executable).with_name("sam")

# The ways in which the template can be deployed, by its parameters.
DOMAIN = {
    "DomainName": "notes.example.org",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d",
}
DEPLOYMENTS = {
    "as it comes": {},
    "with a domain": DOMAIN,
    "with all there is": DOMAIN
    | {
        "AlarmEmail": "ada@example.org",
        "WebSocketAccessLogs": "yes",
        "Tracing": "Active",
        "SignUpCode": "open-sesame",
    },
    "on the other architecture": {"Architecture": "x86_64"},
    "for a day": {"DeletionProtection": "false", "LogRetentionDays": "1"},
    "behind a front door of one's own": {"Edge": "no", "DomainName": "notes.example.org"},
    "without a front door": {"Edge": "no"},
}


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("how", [["--lint"], ["--region", "us-east-1"]], ids=["linted", "translated"])
def test_sam_finds_it_valid(template, how):
    # Each way finds what the other misses. Neither asks AWS anything.
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


def test_the_linter_finds_nothing_unexplained_in_what_it_becomes():
    assert linter.findings(translate(parse(TEMPLATE))) == []


def test_sam_local_serves_every_path_of_the_http_api():
    assert local.routes(TEMPLATE) == {("$default", "http-function")}


def test_sam_local_tells_functions_where_things_are():
    endpoint, connections, origin = "http://host.docker.internal:8000", "http://localhost:1/live", "http://localhost:3001"
    parameters = {"DynamoDbEndpoint": endpoint, "ConnectionsEndpoint": connections, "Origin": origin}
    told = {
        "DYNAMODB_ENDPOINT": endpoint,
        "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": connections,
        "ORIGIN": origin,
    }
    for given in local.variables(TEMPLATE, **parameters).values():
        assert "DYNAMODB_ENDPOINT" in given
        assert [given[name] for name in told if name in given] == [told[name] for name in told if name in given]


def test_sam_local_resolves_every_variable():
    for function, given in local.variables(TEMPLATE).items():
        assert given["DYNAMODB_ENDPOINT"] == ""
        assert not [name for name, value in given.items() if isinstance(value, (dict, list))], function


@pytest.mark.parametrize("parameters", DEPLOYMENTS.values(), ids=DEPLOYMENTS.keys())
def test_every_check_holds_however_it_is_deployed(parameters):
    assert findings(deploy(parse(TEMPLATE), **parameters)) == {}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_caught(name):
    template = parse(TEMPLATE)
    MISTAKES[name].make(template)
    assert template != parse(TEMPLATE), "the mistake was not made: the template says it otherwise than before"
    # Some show only where there is all. What is said without the mistake, too, catches nothing.
    parameters = DEPLOYMENTS["with all there is"]
    before = findings(deploy(parse(TEMPLATE), **parameters))
    after = findings(deploy(template, **parameters))
    caught = {
        check: said for check in after if (said := [it for it in after[check] if it not in before.get(check, [])])
    }
    for check, sentences in caught.items():
        print(*(f"{name}: {check}: {sentence}" for sentence in sentences), sep="\n")
    assert MISTAKES[name].caught_by.__name__ in caught


def test_every_check_catches_some_mistake():
    catching = {mistake.caught_by.__name__ for mistake in MISTAKES.values()}
    assert {check.__name__ for check in CHECKS} == catching
    assert len(MISTAKES) >= 20


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
def test_what_cannot_be_deployed_is_refused(parameters):
    with pytest.raises(Refused):
        deploy(parse(TEMPLATE), **parameters)
