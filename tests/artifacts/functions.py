"""The functions that `sam build` made, with the environment from the template, as SAM reads it."""

import os
from dataclasses import dataclass
from pathlib import Path

from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider

import visit

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / ".aws-sam/build"


@dataclass(frozen=True)
class Function:
    name: str
    timeout: int
    variables: dict[str, str]

    @property
    def bootstrap(self) -> Path:
        return BUILT / self.name / "bootstrap"


def functions(dynamodb: str, gateway: str, **more: str) -> list[Function]:
    """Returns all functions of the template, with these addresses of tables and `@connections`, and more parameters."""
    parameters = {
        "Architecture": "x86_64",
        "Edge": "no",
        "Origin": visit.ORIGIN,
        "DynamoDbEndpoint": dynamodb,
        "ConnectionsEndpoint": gateway,
        **more,
    }
    stacks, _ = SamLocalStackProvider.get_stacks(str(ROOT / "template.yaml"), parameter_overrides=parameters)
    found = []
    for function in SamFunctionProvider(stacks).get_all():
        variables = {name: str(value) for name, value in function.environment["Variables"].items()}
        logs = function.logging_config
        variables |= lambda_variables(function.name, function.memory)
        variables |= {
            "AWS_LAMBDA_LOG_FORMAT": logs["LogFormat"],
            "AWS_LAMBDA_LOG_LEVEL": logs["ApplicationLogLevel"],
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout),
        }
        found.append(Function(function.name, function.timeout, variables))
    return found


def lambda_variables(name: str, memory: int) -> dict[str, str]:
    """Returns the variables that Lambda sets for every function. The local tables allow this key everything."""
    return {
        "PATH": os.environ["PATH"],
        "_HANDLER": "bootstrap",
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "artifacts",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "artifacts",
        "AWS_SECRET_ACCESS_KEY": "artifacts",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "TZ": ":UTC",
    }
