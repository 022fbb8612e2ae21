"""What functions may do: what they need, and no more."""

import re
from collections.abc import Iterator

import source
from stack import Stack, listed, text

from .environment import stages

# Resources with a wildcard that are as narrow as they can be.
CONNECTIONS = (
    r"arn:\$\{AWS::Partition\}:execute-api:\$\{AWS::Region\}:\$\{AWS::AccountId\}:"
    r"\$\{\w+\}/\w+/(GET|POST|DELETE)/@connections/\*"
)
WILDCARDS = {
    CONNECTIONS: "A connection's id is made when somebody connects: the template cannot name it.",
}

# Policies of AWS that SAM adds to roles.
MANAGED = {
    "AWSLambdaBasicExecutionRole": "Writing its log.",
    "AWSLambdaDynamoDBExecutionRole": "Reading a stream, and writing its log: Lambda reads in the function's name.",
    "AWSXRayDaemonWriteAccess": "Tracing, if the parameter of that name wants it.",
    "AWSXrayWriteOnlyAccess": "The same, by its older name.",
}

# Functions that query a table, and never by its index.
WITHOUT_INDEX = {
    ("keepalive-function", "by-session"): "It goes from room to room, and looks up nobody by session.",
}


def nothing_is_allowed_by_wildcard(stack: Stack) -> Iterator[str]:
    for function in stack.functions:
        for statement in stack.statements(function):
            if statement.get("Effect") == "Allow" and ("NotAction" in statement or "NotResource" in statement):
                yield f"{function} is allowed all but something."
            for action in listed(statement.get("Action")):
                if "*" in action or "?" in action:
                    yield f"{function} is allowed {action}: name what it does."
            for resource in map(text, listed(statement.get("Resource"))):
                if "*" in resource and not any(re.fullmatch(explained, resource) for explained in WILDCARDS):
                    actions = ", ".join(listed(statement["Action"]))
                    yield f"{function} is allowed {actions} on {resource}: name what it does that on."
        for policy in listed(stack.role(function).get("ManagedPolicyArns")):
            if text(policy).rsplit("/", 1)[-1] not in MANAGED:
                yield f"{function} has {text(policy)}, which allows more than anybody here has read."


def policies_name_what_there_is(stack: Stack) -> Iterator[str]:
    for function in stack.functions:
        for statement in stack.statements(function):
            for resource in listed(statement.get("Resource")):
                written = text(resource)
                index = re.fullmatch(r"\$\{(\w+)\.Arn\}/index/(.*)", written)
                if index and index[2] not in _indexes(stack, index[1]):
                    yield f"{function} may query {index[1]} by {index[2]}, an index that it does not have."
                connections = re.search(r"\$\{(\w+)\}/(\w+)/\w+/@connections", written)
                if connections and connections[2] not in stages(stack, connections[1]):
                    yield f"{function} may post to the stage {connections[2]}, which {connections[1]} does not have."


def indexes_may_be_queried(stack: Stack) -> Iterator[str]:
    for function in stack.functions:
        for variable in source.CODE_OF_TABLES:
            for table in stack.named(stack.variables(function).get(variable), "AWS::DynamoDB::Table"):
                if not _may_query(stack, function, "${" + table + ".Arn}"):
                    continue
                for index in source.table(variable).indexes:
                    may = _may_query(stack, function, "${" + table + ".Arn}/index/" + index)
                    excused = (stack.binary(function), index) in WITHOUT_INDEX
                    if not may and not excused:
                        yield f"{function} queries {table}, and may not by {index}."
                    if may and excused:
                        yield f"{function} may query {table} by {index}, and is said not to need that (WITHOUT_INDEX)."


# Functions that touch comments alone, which share the table with notes.
WRITING_COMMENTS = ["websocket-function", "stream-function"]
WRITES = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}
KEYS = "dynamodb:LeadingKeys"
# Actions whose calls name items by their partition keys. ForAllValues holds where no key is named.
NAMING_KEYS = WRITES | {"dynamodb:" + read for read in ("GetItem", "BatchGetItem", "Query", "ConditionCheckItem")}


def only_http_writes_notes(stack: Stack) -> Iterator[str]:
    comments = source.partition_of_comments() + "*"
    tables = {"${" + table + ".Arn}" for table in stack.table("NOTES_TABLE")}
    for function in stack.functions:
        if stack.binary(function) not in WRITING_COMMENTS:
            continue
        for statement in stack.statements(function):
            writes = WRITES & set(listed(statement.get("Action")))
            if statement.get("Effect") != "Allow" or not writes or not tables & set(_resources(statement)):
                continue
            keys = listed(statement.get("Condition", {}).get("ForAllValues:StringLike", {}).get(KEYS))
            if keys != [comments]:
                yield f"{function} may do {', '.join(sorted(writes))} to any note, not only to {comments}."


def conditions_hold_of_some_item(stack: Stack) -> Iterator[str]:
    for function in stack.functions:
        for statement in stack.statements(function):
            if KEYS not in str(statement.get("Condition")):
                continue
            for action in set(listed(statement.get("Action"))) - NAMING_KEYS:
                yield f"{function}: no call of {action} names a key, so that the condition on {KEYS} lets all of them through."


def _resources(statement: dict) -> list[str]:
    return [text(resource) for resource in listed(statement.get("Resource"))]


def _may_query(stack: Stack, function: str, resource: str) -> bool:
    return any(
        statement.get("Effect") == "Allow"
        and "dynamodb:Query" in listed(statement.get("Action"))
        and resource in map(text, listed(statement.get("Resource")))
        for statement in stack.statements(function)
    )


def _indexes(stack: Stack, table: str) -> set[str]:
    properties = stack.properties(table)
    indexes = [*listed(properties.get("LocalSecondaryIndexes")), *listed(properties.get("GlobalSecondaryIndexes"))]
    return {index["IndexName"] for index in indexes}
