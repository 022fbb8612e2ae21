"""What the tests share: the stack, its template, and the services of the cloud that it is in."""

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

# After how many seconds a test gives up waiting. It only keeps a test that waits in vain from waiting for ever.
PATIENCE = 180


@pytest.fixture(scope="session")
def service():
    """A service of that cloud: AWS_ENDPOINT_URL says where it is."""
    return boto3.client


@pytest.fixture(scope="session")
def template() -> dict:
    return yaml_parse((Path(__file__).parents[2] / "template.yaml").read_text())


@pytest.fixture(scope="session")
def resources(service) -> dict:
    """What each resource of the template is called in the stack, and what became of it."""
    described = service("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    return {each["LogicalResourceId"]: each for each in described}


@pytest.fixture(scope="session")
def physical(resources):
    """A resource's name in the stack."""
    return lambda name: resources[name]["PhysicalResourceId"]


@pytest.fixture(scope="session")
def outputs(service) -> dict:
    [stack] = service("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


class Answer:
    """What Notes answered: a status, headers, and JSON."""

    def __init__(self, answer) -> None:
        self.status, self.headers, self.content = answer.status, answer.headers, json.load(answer)

    @property
    def cookie(self) -> str:
        return self.headers["set-cookie"].split(";")[0]


def ask(path: str, content: dict | None = None, **headers: str) -> Answer:
    """Asks Notes, at the front door."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    body = None
    if content is not None:
        headers["content-type"] = "application/json"
        body = json.dumps(content).encode()
    try:
        with urllib.request.urlopen(
            urllib.request.Request(os.environ["NOTES_ADDRESS"] + path, body, headers)
        ) as answer:
            return Answer(answer)
    except urllib.error.HTTPError as refusal:
        return Answer(refusal)


def until(holds, otherwise: str) -> None:
    """Waits until something holds."""
    patience = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < patience, otherwise
        time.sleep(0.1)


def newcomer(**more: str) -> dict:
    """Somebody who has no account yet."""
    return {"username": f"new-{uuid.uuid4().hex[:20]}", "password": "correct horse battery"} | more
