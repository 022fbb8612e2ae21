"""The functions' environment: all that they read is set, and nothing else."""

import re
from collections.abc import Iterator

import source
from stack import Stack, text


def variables_are_those_of_the_code(stack: Stack) -> Iterator[str]:
    for function in stack.functions:
        binary = stack.binary(function)
        if binary not in source.crates():
            yield f"{function} is built from {binary or 'nothing'}, which is no crate below functions/."
            continue
        read, given = source.variables(binary), set(stack.variables(function))
        for variable in sorted(read - given):
            yield f"{function} reads {variable}, which the template does not set."
        for variable in sorted(given - read):
            yield f"The template sets {variable}, which {function} does not read."


def tables_are_named_to_functions(stack: Stack) -> Iterator[str]:
    for variable in source.CODE_OF_TABLES:
        tables = stack.table(variable)
        if len(tables) != 1:
            yield f"{variable} names {' and '.join(sorted(tables)) or 'nothing'} to functions, and has to name a table."
        for function in stack.functions:
            value = stack.variables(function).get(variable)
            if value is not None and not stack.named(value, "AWS::DynamoDB::Table"):
                yield f"{variable} of {function} names no table of the template: {text(value)}"
    named = {table for variable in source.CODE_OF_TABLES for table in stack.table(variable)}
    for table in stack.of_type("AWS::DynamoDB::Table").keys() - named:
        yield f"{table} is named to no function."


def endpoints_are_those_of_the_api(stack: Stack) -> Iterator[str]:
    for function in stack.functions:
        value = stack.variables(function).get("AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI")
        if value is None:
            continue
        at = re.fullmatch(
            r"https://\$\{(\w+)\}\.execute-api\.\$\{AWS::Region\}\.\$\{AWS::URLSuffix\}/(\w+)", text(value)
        )
        if not at:
            yield f"{function} would look for @connections at {text(value)}, which is no stage of an API."
        elif at[2] not in stages(stack, at[1]):
            yield f"{function} would look for @connections at the stage {at[2]}, which {at[1]} does not have."


def tables_are_those_of_the_region(stack: Stack) -> Iterator[str]:
    for function in stack.functions:
        if endpoint := stack.variables(function).get("DYNAMODB_ENDPOINT"):
            yield f"{function} would look for its tables at {text(endpoint)}, and not on AWS."


def stages(stack: Stack, api: str) -> list[str]:
    """The names of an API's stages."""
    stages = stack.of_type("AWS::ApiGatewayV2::Stage").values()
    return [str(stage.get("StageName")) for stage in stages if api in stack.named(stage.get("ApiId"))]
