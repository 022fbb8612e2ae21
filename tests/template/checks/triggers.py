"""Stream triggers: their streams, their filters, and how they handle records that fail."""

import json
from collections import Counter
from collections.abc import Iterator

from stack import Stack, listed

EVENTS = {"INSERT", "MODIFY", "REMOVE"}
IMAGES = {
    "KEYS_ONLY": set(),
    "NEW_IMAGE": {"NewImage"},
    "OLD_IMAGE": {"OldImage"},
    "NEW_AND_OLD_IMAGES": {"NewImage", "OldImage"},
}


def triggers_read_existing_streams(stack: Stack) -> Iterator[str]:
    triggers_of = Counter()
    for trigger, properties in _triggers(stack).items():
        tables = _tables(stack, properties)
        if not tables:
            yield f"{trigger} reads the stream of no table in the template."
        for table in tables:
            triggers_of[table] += 1
            if "StreamSpecification" not in stack.properties(table):
                yield f"{trigger} reads the stream of {table}, which has none (StreamSpecification)."
    for table, count in triggers_of.items():
        if count > 1:
            yield f"{count} triggers read the stream of {table}. Each is invoked for every record."
    for table, properties in stack.of_type("AWS::DynamoDB::Table").items():
        if "StreamSpecification" in properties and not triggers_of[table]:
            yield f"No trigger reads the stream of {table}."


def filters_can_match(stack: Stack) -> Iterator[str]:
    for trigger, properties in _triggers(stack).items():
        for criterion in listed(properties.get("FilterCriteria", {}).get("Filters")):
            pattern = criterion.get("Pattern")
            try:
                pattern = json.loads(pattern)
            except (TypeError, ValueError) as error:
                yield f"{trigger} has a filter that is not JSON ({error}): {pattern}"
                continue
            for member in pattern.keys() - {"eventName", "dynamodb", "userIdentity"}:
                yield f"{trigger} filters by {member}, which records do not have."
            for event in set(map(str, listed(pattern.get("eventName")))) - EVENTS:
                yield f"{trigger} filters by the unknown event {event}."
            for table in _tables(stack, properties):
                view = stack.properties(table).get("StreamSpecification", {}).get("StreamViewType")
                for part in pattern.get("dynamodb", {}).keys() - IMAGES.get(view, set()) - {"Keys"}:
                    yield f"{trigger} filters by {part}, which the stream of {table} ({view}) does not have."


def poison_records_do_not_block(stack: Stack) -> Iterator[str]:
    for trigger, properties in _triggers(stack).items():
        if properties.get("MaximumRetryAttempts", -1) < 0 or properties.get("MaximumRecordAgeInSeconds", -1) < 0:
            yield f"{trigger} retries a failing record for a day, which blocks the records behind it."
        if not properties.get("BisectBatchOnFunctionError"):
            yield f"{trigger} gives up a whole batch for one record (BisectBatchOnFunctionError)."
        if "ReportBatchItemFailures" not in properties.get("FunctionResponseTypes", []):
            yield f"{trigger} ignores the failed records that a response names (ReportBatchItemFailures)."


def _triggers(stack: Stack) -> dict[str, dict]:
    return stack.of_type("AWS::Lambda::EventSourceMapping")


def _tables(stack: Stack, trigger: dict) -> list[str]:
    return stack.named(trigger.get("EventSourceArn"), "AWS::DynamoDB::Table")
