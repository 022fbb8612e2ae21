"""The endpoints in the functions' environment."""

import re
from collections.abc import Iterator

from stack import Stack, text

ENDPOINT = re.compile(r"https://\$\{(\w+)\}\.execute-api\.\$\{AWS::Region\}\.\$\{AWS::URLSuffix\}/(\w+)")


def connection_endpoints_exist(stack: Stack) -> Iterator[str]:
    for function in stack.functions:
        value = stack.variables(function).get("AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI")
        if value is None:
            continue
        endpoint = ENDPOINT.fullmatch(text(value))
        if not endpoint:
            yield f"{function} calls @connections at {text(value)}, which is no stage of an API."
        elif endpoint[2] not in stack.stages(endpoint[1]):
            yield f"{function} calls @connections at the stage {endpoint[2]}, which {endpoint[1]} does not have."


def tables_are_in_the_region(stack: Stack) -> Iterator[str]:
    for function in stack.functions:
        if endpoint := stack.variables(function).get("DYNAMODB_ENDPOINT"):
            yield f"{function} calls DynamoDB at {text(endpoint)} instead of AWS."
