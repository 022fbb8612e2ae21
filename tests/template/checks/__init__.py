"""What linters miss. A check is a function over a stack that says in sentences what is wrong with it; none is well."""

from collections.abc import Callable, Iterator

from stack import Stack

from . import alarms, apis, environment, failures, front_door, logs, outputs, policies, tables, triggers

Check = Callable[[Stack], Iterator[str]]

CHECKS: list[Check] = [
    tables.keys_and_indexes_are_those_of_the_code,
    tables.rows_that_end_are_swept,
    tables.what_lasts_is_protected,
    triggers.triggers_read_streams_that_there_are,
    triggers.filters_can_match,
    triggers.a_poison_record_blocks_nobody,
    failures.what_fails_is_kept,
    failures.functions_end_before_the_gateways_do,
    failures.connections_are_kept_alive,
    environment.variables_are_those_of_the_code,
    environment.tables_are_named_to_functions,
    environment.endpoints_are_those_of_the_api,
    environment.tables_are_those_of_the_region,
    policies.nothing_is_allowed_by_wildcard,
    policies.policies_name_what_there_is,
    policies.indexes_may_be_queried,
    policies.only_http_writes_notes,
    policies.conditions_hold_of_some_item,
    apis.protocols_are_known,
    apis.routes_reach_their_functions,
    apis.routes_are_throttled,
    front_door.only_assets_are_cached,
    front_door.behaviours_lead_to_their_apis,
    front_door.who_came_through_the_front_door_is_known,
    front_door.nothing_goes_in_the_clear,
    front_door.every_response_has_the_security_headers,
    alarms.functions_are_watched,
    alarms.what_stays_behind_is_watched,
    alarms.apis_are_watched,
    alarms.what_fills_up_is_watched,
    alarms.alarms_can_go_off,
    alarms.dashboards_can_be_read,
    logs.logs_end,
    logs.access_logs_hold_no_secret,
    outputs.outputs_hold_no_secret,
    outputs.secrets_go_to_functions_alone,
]


def findings(stack: Stack) -> dict[str, list[str]]:
    """What all checks say, by the check that says it."""
    said = {check.__name__: list(dict.fromkeys(check(stack))) for check in CHECKS}
    return {check: sentences for check, sentences in said.items() if sentences}
