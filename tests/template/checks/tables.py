"""The protection of the tables' data."""

from collections.abc import Iterator

from stack import Stack

# The variables of the tables whose data cannot be created again.
LASTING = ["NOTES_TABLE", "USERS_TABLE"]


def lasting_tables_are_retained(stack: Stack) -> Iterator[str]:
    for variable in LASTING:
        tables = stack.table(variable)
        if not tables:
            yield f"{variable} names no table."
        for name in tables:
            for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
                if stack.resources[name].get(policy) != "Retain":
                    yield f"{name} is deleted with the stack or when its key changes: its {policy} is not Retain."
            recovery = stack.properties(name).get("PointInTimeRecoverySpecification", {})
            if not recovery.get("PointInTimeRecoveryEnabled"):
                yield f"{name} has no point-in-time recovery."


def tables_are_protected(stack: Stack) -> Iterator[str]:
    for name, properties in stack.of_type("AWS::DynamoDB::Table").items():
        if not properties.get("SSESpecification", {}).get("SSEEnabled"):
            yield f"{name} is not encrypted with a key whose use can be audited (SSESpecification)."
        if str(properties.get("DeletionProtectionEnabled")).lower() not in ("true", "false"):
            yield f"{name} does not set DeletionProtectionEnabled."
    protection = stack.template.get("Parameters", {}).get("DeletionProtection", {})
    if str(protection.get("Default")).lower() != "true":
        yield "Tables can be deleted by default: the default of the parameter DeletionProtection is not true."
