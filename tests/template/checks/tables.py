"""Tables: their keys are those of the code, what ends is swept, what lasts is kept."""

from collections.abc import Iterator

import source
from stack import Stack, listed


def keys_and_indexes_are_those_of_the_code(stack: Stack) -> Iterator[str]:
    for variable in source.CODE_OF_TABLES:
        asked = source.table(variable)
        for name in stack.table(variable):
            properties = stack.properties(name)
            keys = _keys(properties)
            for used in asked.keys - {frozenset(keys)}:
                yield f"{name} has the key {_and(keys)}; the code of {variable} uses {_and(used)}."
            indexes = {index["IndexName"]: _keys(index) for index in _indexes(properties)}
            for index in asked.indexes - indexes.keys():
                yield f"{name} has no index {index}, which the code of {variable} queries."
            for index in indexes.keys() - asked.indexes:
                yield f"{name} has an index {index}, which no code queries, and every write pays for."
            for index, partitions in asked.partitions.items():
                has = (keys if index is None else indexes.get(index, [])) or [None]
                for partition in partitions - {has[0]}:
                    yield f"{name} is queried by {partition}; {index or 'its'} partition is of {has[0]}."
            for attribute in asked.sorts - {key for keys in indexes.values() for key in keys[1:]}:
                yield f"{name} has no index that is sorted by {attribute}, which cursors name."
            declared = {it["AttributeName"] for it in properties.get("AttributeDefinitions", [])}
            for attribute in {*keys, *(key for keys in indexes.values() for key in keys)} ^ declared:
                yield f"{name} defines the attribute {attribute} without a key of that name, or the other way round."
            if properties.get("BillingMode") != "PAY_PER_REQUEST":
                yield f"{name} is paid for while it is idle: its BillingMode is not PAY_PER_REQUEST."


def rows_that_end_are_swept(stack: Stack) -> Iterator[str]:
    for variable in source.CODE_OF_TABLES:
        for name in stack.table(variable):
            ttl = stack.properties(name).get("TimeToLiveSpecification")
            if source.table(variable).ends:
                if ttl is None:
                    yield f"{name} has rows that end, and no TimeToLiveSpecification: they would stay for ever."
                elif ttl.get("AttributeName") != source.TTL or str(ttl.get("Enabled")).lower() != "true":
                    yield f"{name} ends no row: TTL is {ttl}, and the code writes {source.TTL}."
            elif ttl:
                yield f"{name} would lose rows by TTL; the code writes none that end."


def what_lasts_is_protected(stack: Stack) -> Iterator[str]:
    for variable in source.LASTING:
        for name in stack.table(variable):
            for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
                if stack.resources[name].get(policy) != "Retain":
                    yield f"{name} would go with the stack or with a change of its key: its {policy} is not Retain."
            recovery = stack.properties(name).get("PointInTimeRecoverySpecification", {})
            if not recovery.get("PointInTimeRecoveryEnabled"):
                yield f"{name} could not be put back to yesterday: it has no point-in-time recovery."
    for name, properties in stack.of_type("AWS::DynamoDB::Table").items():
        if not properties.get("SSESpecification", {}).get("SSEEnabled"):
            yield f"{name} is not encrypted with a key whose use can be audited (SSESpecification)."
        if str(properties.get("DeletionProtectionEnabled")).lower() not in ("true", "false"):
            yield f"{name} does not say whether it may be deleted (DeletionProtectionEnabled)."
    protects = str(stack.template.get("Parameters", {}).get("DeletionProtection", {}).get("Default")).lower()
    if protects != "true":
        yield "Unless somebody says so, tables may be deleted: the parameter DeletionProtection is not true by default."


def _keys(properties: dict) -> list[str]:
    """The attributes of a key, the partition's first."""
    schema = sorted(properties.get("KeySchema", []), key=lambda key: key["KeyType"] != "HASH")
    return [key["AttributeName"] for key in schema]


def _indexes(properties: dict) -> list[dict]:
    return [*listed(properties.get("LocalSecondaryIndexes")), *listed(properties.get("GlobalSecondaryIndexes"))]


def _and(names) -> str:
    return " + ".join(sorted(names))
