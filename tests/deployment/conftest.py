"""Fixtures: the stack, its template, and the services of its cloud."""

import json
import os
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import boto3
import pytest
from samtranslator.yaml_helper import yaml_parse

STACK = os.environ["NOTES_STACK"]

# Seconds until a test stops waiting. It only keeps a failing test from waiting forever.
PATIENCE = 180


@pytest.fixture(scope="session")
def service():
    """Returns a function that makes a client of a service, at AWS_ENDPOINT_URL."""
    return boto3.client


@pytest.fixture(scope="session")
def template() -> dict:
    return yaml_parse((Path(__file__).parents[2] / "template.yaml").read_text())


@pytest.fixture(scope="session")
def resources(service) -> dict:
    """Returns name and status of each resource in the stack, by its name in the template."""
    described = service("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    return {each["LogicalResourceId"]: each for each in described}


@pytest.fixture(scope="session")
def physical(resources):
    """Returns a function that returns a resource's name in the stack."""
    return lambda name: resources[name]["PhysicalResourceId"]


@pytest.fixture(scope="session")
def outputs(service) -> dict:
    [stack] = service("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


class Response:
    """A response of Notes: status, headers and JSON."""

    def __init__(self, response) -> None:
        self.status, self.headers, self.content = response.status, response.headers, json.load(response)

    @property
    def cookie(self) -> str:
        return self.headers["set-cookie"].split(";")[0]


def request(path: str, content: dict | None = None, **headers: str) -> Response:
    """Sends a request to Notes, through the reverse proxy."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    body = None
    if content is not None:
        headers["content-type"] = "application/json"
        body = json.dumps(content).encode()
    try:
        with urllib.request.urlopen(
            urllib.request.Request(os.environ["NOTES_ADDRESS"] + path, body, headers)
        ) as response:
            return Response(response)
    except urllib.error.HTTPError as refusal:
        return Response(refusal)


def until(holds, otherwise: str) -> None:
    """Waits until a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.1)


def new_account(**more: str) -> dict:
    """Returns the fields of a new account."""
    return {"username": f"new-{uuid.uuid4().hex[:20]}", "password": "correct horse battery"} | more
