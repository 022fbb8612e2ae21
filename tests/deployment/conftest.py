"""What the tests share: the stack, its template, and the services of the cloud that it is in."""

import os
from pathlib import Path

import boto3
import pytest
from samtranslator.yaml_helper import yaml_parse

STACK = os.environ["NOTES_STACK"]


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
