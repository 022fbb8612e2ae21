"""The functions' permissions: no wildcards, and only existing resources."""

import re
from collections.abc import Iterator

from stack import Stack, listed, text

# A connection gets its id when it opens, so the template cannot name it.
CONNECTIONS = re.compile(
    r"arn:\$\{AWS::Partition\}:execute-api:\$\{AWS::Region\}:\$\{AWS::AccountId\}:"
    r"\$\{\w+\}/\w+/(GET|POST|DELETE)/@connections/\*"
)

# The managed policies that SAM adds to roles.
MANAGED = {
    "AWSLambdaBasicExecutionRole",  # writes the log
    "AWSLambdaDynamoDBExecutionRole",  # reads the stream
    "AWSXRayDaemonWriteAccess",  # traces, if the parameter Tracing is Active
    "AWSXrayWriteOnlyAccess",  # the older name of the same policy
}

LEADING_KEYS = "dynamodb:LeadingKeys"
# The actions whose calls name items by partition key. ForAllValues is true for a call without a key.
KEYED_ACTIONS = {
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
}


def policies_have_no_wildcards(stack: Stack) -> Iterator[str]:
    for function in stack.functions:
        for statement in stack.statements(function):
            if statement.get("Effect") == "Allow" and ("NotAction" in statement or "NotResource" in statement):
                yield f"{function} has a permission with NotAction or NotResource."
            for action in listed(statement.get("Action")):
                if "*" in action or "?" in action:
                    yield f"{function} is allowed {action}: name the actions."
            for resource in map(text, listed(statement.get("Resource"))):
                if "*" in resource and not CONNECTIONS.fullmatch(resource):
                    actions = ", ".join(listed(statement["Action"]))
                    yield f"{function} is allowed {actions} on {resource}: name the resources."
        for policy in map(text, listed(stack.role(function).get("ManagedPolicyArns"))):
            if policy.rsplit("/", 1)[-1] not in MANAGED:
                yield f"{function} has the unknown managed policy {policy}."


def policies_name_existing_resources(stack: Stack) -> Iterator[str]:
    for function in stack.functions:
        for statement in stack.statements(function):
            for resource in map(text, listed(statement.get("Resource"))):
                index = re.fullmatch(r"\$\{(\w+)\.Arn\}/index/(.*)", resource)
                if index and index[2] not in _indexes(stack, index[1]):
                    yield f"{function} may query the index {index[2]}, which {index[1]} does not have."
                connections = re.search(r"\$\{(\w+)\}/(\w+)/\w+/@connections", resource)
                if connections and connections[2] not in stack.stages(connections[1]):
                    yield f"{function} may post to the stage {connections[2]}, which {connections[1]} does not have."


def conditions_restrict_every_action(stack: Stack) -> Iterator[str]:
    for function in stack.functions:
        for statement in stack.statements(function):
            if LEADING_KEYS in str(statement.get("Condition")):
                for action in set(listed(statement.get("Action"))) - KEYED_ACTIONS:
                    yield f"{function}: {action} names no key, so the condition on {LEADING_KEYS} allows every call."


def _indexes(stack: Stack, table: str) -> set[str]:
    properties = stack.properties(table)
    indexes = [*listed(properties.get("LocalSecondaryIndexes")), *listed(properties.get("GlobalSecondaryIndexes"))]
    return {index["IndexName"] for index in indexes}
