"""Stream triggers: which stream each reads, what it filters, what it does with a record that cannot be acted on."""

import json
from collections import Counter
from collections.abc import Iterator

import source
from stack import Stack, listed

KINDS = {"INSERT", "MODIFY", "REMOVE"}
IMAGES = {
    "KEYS_ONLY": set(),
    "NEW_IMAGE": {"NewImage"},
    "OLD_IMAGE": {"OldImage"},
    "NEW_AND_OLD_IMAGES": {"NewImage", "OldImage"},
}


def triggers_read_streams_that_there_are(stack: Stack) -> Iterator[str]:
    read = Counter()
    for trigger, properties in _triggers(stack).items():
        tables = _tables(stack, properties)
        if not tables:
            yield f"{trigger} reads the stream of no table of the template."
        for table in tables:
            read[table] += 1
            if "StreamSpecification" not in stack.properties(table):
                yield f"{trigger} reads a stream of {table}, which has none (StreamSpecification)."
    for table, times in read.items():
        if times > 1:
            yield f"{times} triggers read the stream of {table}: each is invoked for every record of it."
    for table, properties in stack.of_type("AWS::DynamoDB::Table").items():
        if "StreamSpecification" in properties and not read[table]:
            yield f"{table} has a stream, and no trigger reads it."
    for variable in source.CODE_OF_TABLES:
        for table in stack.table(variable):
            for image in source.table(variable).images:
                view = stack.properties(table).get("StreamSpecification", {}).get("StreamViewType")
                if f"{image.title()}Image" not in IMAGES.get(view, set()):
                    yield f"The code reads {image} images of {table}; its stream is of {view}."


def filters_can_match(stack: Stack) -> Iterator[str]:
    for trigger, properties in _triggers(stack).items():
        for given in listed(properties.get("FilterCriteria", {}).get("Filters")):
            pattern = given.get("Pattern")
            try:
                pattern = json.loads(pattern)
            except (TypeError, ValueError) as error:
                yield f"{trigger} has a filter that is no JSON ({error}): {pattern}"
                continue
            for member in pattern.keys() - {"eventName", "dynamodb", "userIdentity"}:
                yield f"{trigger} filters by {member}, which no record has."
            for kind in set(map(str, listed(pattern.get("eventName")))) - KINDS:
                yield f"{trigger} waits for {kind}, which no record is."
            for table in _tables(stack, properties):
                view = stack.properties(table).get("StreamSpecification", {}).get("StreamViewType")
                words = {
                    word
                    for variable in source.CODE_OF_TABLES
                    if table in stack.table(variable)
                    for word in source.table(variable).words
                }
                for part, attributes in pattern.get("dynamodb", {}).items():
                    if part not in IMAGES.get(view, set()) | {"Keys"}:
                        yield f"{trigger} filters by {part}, which records of {table} do not have: they are {view}."
                    for attribute in attributes.keys() - words if isinstance(attributes, dict) else []:
                        yield f"{trigger} filters by {attribute}, which no code writes to {table}."


def a_poison_record_blocks_nobody(stack: Stack) -> Iterator[str]:
    for trigger, properties in _triggers(stack).items():
        if properties.get("MaximumRetryAttempts", -1) < 0 or properties.get("MaximumRecordAgeInSeconds", -1) < 0:
            yield f"{trigger} tries a record that cannot be acted on for a day, and nothing behind it is reached."
        if not properties.get("BisectBatchOnFunctionError"):
            yield f"{trigger} gives a whole batch up for one record (BisectBatchOnFunctionError)."
        if "ReportBatchItemFailures" not in properties.get("FunctionResponseTypes", []):
            yield f"{trigger} takes an answer that names failed records for success (ReportBatchItemFailures)."


def _triggers(stack: Stack) -> dict[str, dict]:
    return stack.of_type("AWS::Lambda::EventSourceMapping")


def _tables(stack: Stack, trigger: dict) -> list[str]:
    return stack.named(trigger.get("EventSourceArn"), "AWS::DynamoDB::Table")
