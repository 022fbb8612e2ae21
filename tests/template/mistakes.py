"""Mistakes that a tired person makes in the template, each with the check that has to catch it."""

from collections.abc import Callable
from dataclasses import dataclass

from checks import (
    Check,
    alarms,
    apis,
    environment,
    failures,
    front_door,
    logs,
    outputs,
    policies,
    tables,
    triggers,
)

TABLE = "AWS::DynamoDB::Table"
FUNCTION = "AWS::Serverless::Function"
ALARM = "AWS::CloudWatch::Alarm"
QUEUE = "AWS::SQS::Queue"
DOOR = "AWS::CloudFront::Distribution"
HEADERS = "AWS::CloudFront::ResponseHeadersPolicy"
LOGS = "AWS::Logs::LogGroup"
WEBSOCKET_API = "AWS::Serverless::WebSocketApi"
HTTP_API = "AWS::ApiGatewayV2::Api"
STAGE = "AWS::ApiGatewayV2::Stage"
INTEGRATION = "AWS::ApiGatewayV2::Integration"
ROUTE = "AWS::ApiGatewayV2::Route"
PERMISSION = "AWS::Lambda::Permission"


@dataclass
class Mistake:
    """A mistake: what it does to a template, and which check is to say so."""

    make: Callable[[dict], None]
    caught_by: Check


MISTAKES: dict[str, Mistake] = {}


def mistake(caught_by: Check):
    """Adds a mistake by the name of the function that makes it."""

    def add(make: Callable[[dict], None]):
        MISTAKES[make.__name__] = Mistake(make, caught_by)
        return make

    return add


# --- Where things are -------------------------------------------------------------------------------------------------


def all_of(template: dict, kind: str) -> dict[str, dict]:
    return {name: it for name, it in template["Resources"].items() if it["Type"] == kind}


def only(template: dict, kind: str) -> dict:
    """The properties of the one resource of a type."""
    [resource] = all_of(template, kind).values()
    return resource["Properties"]


def table(template: dict, variable: str) -> str:
    """The table that a variable names."""
    functions = all_of(template, FUNCTION).values()
    [name] = {
        it["Properties"]["Environment"]["Variables"][variable]["Ref"]
        for it in functions
        if variable in it["Properties"]["Environment"]["Variables"]
    }
    return name


def table_properties(template: dict, variable: str) -> dict:
    return template["Resources"][table(template, variable)]["Properties"]


def function(template: dict, binary: str) -> dict:
    [properties] = [
        it["Properties"]
        for it in all_of(template, FUNCTION).values()
        if it["Metadata"]["BuildProperties"]["Binary"] == binary
    ]
    return properties


def variables(template: dict, binary: str) -> dict:
    return function(template, binary)["Environment"]["Variables"]


def statements(template: dict, binary: str) -> list[dict]:
    return function(template, binary)["Policies"][0]["Statement"]


def trigger(template: dict, variable: str) -> dict:
    """The trigger that reads the stream of the table that a variable names."""
    name = table(template, variable)
    [properties] = [
        event["Properties"]
        for event in function(template, "stream-function")["Events"].values()
        if event["Properties"]["Stream"] == {"Fn::GetAtt": [name, "StreamArn"]}
    ]
    return properties


def remove_alarm(template: dict, metric: str) -> None:
    """Removes an alarm on a metric."""
    name = next(name for name, it in all_of(template, ALARM).items() if it["Properties"]["MetricName"] == metric)
    del template["Resources"][name]


def remove_first(template: dict, kind: str) -> None:
    del template["Resources"][next(iter(all_of(template, kind)))]


def behaviour(template: dict, path: str) -> dict:
    return next(it for it in door(template)["CacheBehaviors"] if it["PathPattern"] == path)


def writing(template: dict, binary: str) -> dict:
    """The statement that lets a function write into the table of notes."""
    return next(it for it in statements(template, binary) if "Condition" in it)


def door(template: dict) -> dict:
    return only(template, DOOR)["DistributionConfig"]


# --- Tables -----------------------------------------------------------------------------------------------------------


@mistake(tables.rows_that_end_are_swept)
def ttl_of_a_misspelt_attribute(template):
    table_properties(template, "SESSIONS_TABLE")["TimeToLiveSpecification"]["AttributeName"] = "expire"


@mistake(tables.rows_that_end_are_swept)
def ttl_without_an_attribute(template):
    del table_properties(template, "CONNECTIONS_TABLE")["TimeToLiveSpecification"]["AttributeName"]


@mistake(tables.rows_that_end_are_swept)
def ttl_forgotten(template):
    del table_properties(template, "CONNECTIONS_TABLE")["TimeToLiveSpecification"]


@mistake(tables.rows_that_end_are_swept)
def ttl_on_a_table_that_ends_nothing(template):
    table_properties(template, "NOTES_TABLE")["TimeToLiveSpecification"] = {"AttributeName": "expires", "Enabled": True}


@mistake(tables.keys_and_indexes_are_those_of_the_code)
def an_index_renamed(template):
    table_properties(template, "NOTES_TABLE")["LocalSecondaryIndexes"][0]["IndexName"] = "by-change"


@mistake(tables.keys_and_indexes_are_those_of_the_code)
def an_index_by_another_attribute(template):
    properties = table_properties(template, "NOTES_TABLE")
    properties["AttributeDefinitions"][2]["AttributeName"] = "created"
    properties["LocalSecondaryIndexes"][0]["KeySchema"][1]["AttributeName"] = "created"


@mistake(tables.keys_and_indexes_are_those_of_the_code)
def a_key_in_another_case(template):
    properties = table_properties(template, "CONNECTIONS_TABLE")
    properties["AttributeDefinitions"][1]["AttributeName"] = "connectionID"
    properties["KeySchema"][1]["AttributeName"] = "connectionID"


@mistake(tables.what_lasts_is_protected)
def notes_deleted_with_the_stack(template):
    template["Resources"][table(template, "NOTES_TABLE")]["DeletionPolicy"] = "Delete"


@mistake(tables.what_lasts_is_protected)
def accounts_without_point_in_time_recovery(template):
    table_properties(template, "USERS_TABLE")["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] = False


@mistake(tables.what_lasts_is_protected)
def encryption_off(template):
    del table_properties(template, "SESSIONS_TABLE")["SSESpecification"]


@mistake(tables.what_lasts_is_protected)
def tables_deleted_unless_somebody_says_no(template):
    template["Parameters"]["DeletionProtection"]["Default"] = "false"


# --- Triggers and failures --------------------------------------------------------------------------------------------


@mistake(triggers.triggers_read_streams_that_there_are)
def a_trigger_on_the_stream_of_another_table(template):
    trigger(template, "SESSIONS_TABLE")["Stream"] = {"Fn::GetAtt": [table(template, "NOTES_TABLE"), "StreamArn"]}


@mistake(triggers.triggers_read_streams_that_there_are)
def a_stream_turned_off(template):
    del table_properties(template, "NOTES_TABLE")["StreamSpecification"]


@mistake(triggers.triggers_read_streams_that_there_are)
def a_stream_without_the_images_that_are_read(template):
    table_properties(template, "NOTES_TABLE")["StreamSpecification"]["StreamViewType"] = "KEYS_ONLY"


@mistake(triggers.filters_can_match)
def a_filter_that_is_no_json(template):
    given = trigger(template, "SESSIONS_TABLE")["FilterCriteria"]["Filters"][0]
    given["Pattern"] = given["Pattern"].replace('"eventName"', "eventName")


@mistake(triggers.filters_can_match)
def a_filter_for_what_no_record_is(template):
    given = trigger(template, "SESSIONS_TABLE")["FilterCriteria"]["Filters"][0]
    given["Pattern"] = given["Pattern"].replace("REMOVE", "DELETE")


@mistake(triggers.filters_can_match)
def a_filter_by_an_attribute_that_nobody_writes(template):
    given = trigger(template, "CONNECTIONS_TABLE")["FilterCriteria"]["Filters"][0]
    given["Pattern"] = given["Pattern"].replace("engine", "engineId")


@mistake(triggers.a_poison_record_blocks_nobody)
def retries_without_end(template):
    del trigger(template, "NOTES_TABLE")["MaximumRetryAttempts"]


@mistake(triggers.a_poison_record_blocks_nobody)
def single_failures_not_reported(template):
    del trigger(template, "NOTES_TABLE")["FunctionResponseTypes"]


@mistake(failures.what_fails_is_kept)
def what_a_trigger_gives_up_on_is_lost(template):
    del trigger(template, "NOTES_TABLE")["DestinationConfig"]


@mistake(failures.what_fails_is_kept)
def what_the_schedule_gives_up_on_is_lost(template):
    del function(template, "keepalive-function")["EventInvokeConfig"]["DestinationConfig"]


@mistake(failures.what_fails_is_kept)
def a_queue_that_forgets_overnight(template):
    only(template, QUEUE)["MessageRetentionPeriod"] = 43200


@mistake(failures.functions_end_before_the_gateways_do)
def a_timeout_above_the_gateways(template):
    template["Globals"]["Function"]["Timeout"] = 30


@mistake(failures.connections_are_kept_alive)
def a_schedule_that_comes_too_late(template):
    [event] = function(template, "keepalive-function")["Events"].values()
    event["Properties"]["Schedule"] = "rate(15 minutes)"


# --- Environment and policies -----------------------------------------------------------------------------------------


@mistake(environment.variables_are_those_of_the_code)
def a_variable_renamed(template):
    given = variables(template, "http-function")
    given["SIGNUP_CODE"] = given.pop("SIGN_UP_CODE")


@mistake(environment.variables_are_those_of_the_code)
def a_variable_forgotten(template):
    del variables(template, "keepalive-function")["ROOM_SHARDS"]


@mistake(environment.tables_are_named_to_functions)
def a_variable_of_another_table(template):
    variables(template, "websocket-function")["SESSIONS_TABLE"] = {"Ref": table(template, "USERS_TABLE")}


@mistake(environment.endpoints_are_those_of_the_api)
def connections_looked_for_at_another_stage(template):
    given = variables(template, "stream-function")
    name = "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"
    usual = given[name]["Fn::If"][2]
    usual["Fn::Sub"] = usual["Fn::Sub"].replace("/live", "/prod")


@mistake(environment.tables_are_those_of_the_region)
def tables_looked_for_on_a_laptop(template):
    template["Parameters"]["DynamoDbEndpoint"]["Default"] = "http://host.docker.internal:8000"


@mistake(policies.nothing_is_allowed_by_wildcard)
def a_wildcard_for_a_resource(template):
    statements(template, "http-function")[0]["Resource"] = "*"


@mistake(policies.nothing_is_allowed_by_wildcard)
def a_wildcard_for_an_action(template):
    statements(template, "keepalive-function")[0]["Action"] = "dynamodb:*"


@mistake(policies.nothing_is_allowed_by_wildcard)
def a_policy_of_aws_that_allows_everything(template):
    function(template, "stream-function")["Policies"].append("arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess")


@mistake(policies.indexes_may_be_queried)
def no_permission_for_an_index(template):
    granted = statements(template, "stream-function")
    granted.remove(next(it for it in granted if "index/by-session" in str(it["Resource"])))


@mistake(policies.policies_name_what_there_is)
def a_permission_for_an_index_that_is_not_there(template):
    granted = next(it for it in statements(template, "http-function") if "/index/" in str(it["Resource"]))
    granted["Resource"] = {"Fn::Sub": granted["Resource"]["Fn::Sub"].replace("by-updated", "by-title")}


@mistake(policies.only_http_writes_notes)
def a_wildcard_write(template):
    del writing(template, "websocket-function")["Condition"]


@mistake(policies.only_http_writes_notes)
def a_write_to_all_partitions(template):
    writing(template, "stream-function")["Condition"] = {"ForAllValues:StringLike": {policies.KEYS: ["*"]}}


@mistake(policies.only_http_writes_notes)
def a_write_to_one_partition_of_many(template):
    # It holds as soon as one key is a comment's.
    writing(template, "stream-function")["Condition"] = {"ForAnyValue:StringLike": {policies.KEYS: ["comments#*"]}}


@mistake(policies.conditions_hold_of_some_item)
def a_condition_on_what_names_no_key(template):
    writing(template, "websocket-function")["Action"].append("dynamodb:Scan")


# --- APIs -------------------------------------------------------------------------------------------------------------


@mistake(apis.protocols_are_known)
def a_protocol_that_there_is_not(template):
    only(template, HTTP_API)["ProtocolType"] = "HTTPS"


@mistake(apis.routes_reach_their_functions)
def an_api_that_may_not_invoke_its_function(template):
    remove_first(template, PERMISSION)


@mistake(apis.routes_reach_their_functions)
def the_payload_format_of_rest_apis(template):
    only(template, INTEGRATION)["PayloadFormatVersion"] = "1.0"


@mistake(apis.routes_reach_their_functions)
def a_route_forgotten(template):
    del only(template, WEBSOCKET_API)["Routes"]["$disconnect"]


@mistake(apis.routes_reach_their_functions)
def a_route_that_leads_nowhere(template):
    only(template, ROUTE)["Target"] = "integrations"


@mistake(apis.routes_are_throttled)
def throttling_removed(template):
    del only(template, STAGE)["DefaultRouteSettings"]


@mistake(apis.routes_are_throttled)
def sockets_without_throttling(template):
    del only(template, WEBSOCKET_API)["DefaultRouteSettings"]


# --- Front door -------------------------------------------------------------------------------------------------------


@mistake(front_door.only_assets_are_cached)
def the_api_cached(template):
    door(template)["DefaultCacheBehavior"]["CachePolicyId"] = front_door.CACHING_OPTIMIZED


@mistake(front_door.only_assets_are_cached)
def assets_kept_by_cookie(template):
    assets = next(it for it in door(template)["CacheBehaviors"] if it["PathPattern"] == front_door.ASSETS)
    assets["OriginRequestPolicyId"] = front_door.ALL_VIEWER_EXCEPT_HOST


@mistake(front_door.behaviours_lead_to_their_apis)
def sockets_sent_to_the_http_api(template):
    sockets = next(it for it in door(template)["CacheBehaviors"] if it["PathPattern"] == front_door.SOCKETS)
    sockets["TargetOriginId"] = door(template)["DefaultCacheBehavior"]["TargetOriginId"]


@mistake(front_door.behaviours_lead_to_their_apis)
def cookies_kept_from_the_api(template):
    del door(template)["DefaultCacheBehavior"]["OriginRequestPolicyId"]


@mistake(front_door.behaviours_lead_to_their_apis)
def nothing_but_reading_let_through(template):
    door(template)["DefaultCacheBehavior"]["AllowedMethods"] = ["GET", "HEAD"]


@mistake(front_door.nothing_goes_in_the_clear)
def an_origin_in_the_clear(template):
    door(template)["Origins"][0]["CustomOriginConfig"]["OriginProtocolPolicy"] = "http-only"


@mistake(front_door.nothing_goes_in_the_clear)
def pages_in_the_clear(template):
    door(template)["DefaultCacheBehavior"]["ViewerProtocolPolicy"] = "allow-all"


@mistake(front_door.nothing_goes_in_the_clear)
def an_api_that_redirects_who_comes_in_the_clear(template):
    behaviour(template, front_door.API)["ViewerProtocolPolicy"] = "redirect-to-https"


@mistake(front_door.behaviours_lead_to_their_apis)
def no_behaviour_of_the_apis_own(template):
    door(template)["CacheBehaviors"].remove(behaviour(template, front_door.API))


@mistake(front_door.every_response_has_the_security_headers)
def a_behaviour_without_headers(template):
    del behaviour(template, front_door.SOCKETS)["ResponseHeadersPolicyId"]


@mistake(front_door.every_response_has_the_security_headers)
def subdomains_forgotten(template):
    config = only(template, HEADERS)["ResponseHeadersPolicyConfig"]
    del config["SecurityHeadersConfig"]["StrictTransportSecurity"]["IncludeSubdomains"]


@mistake(front_door.every_response_has_the_security_headers)
def the_pages_own_policy_overridden(template):
    config = only(template, HEADERS)["ResponseHeadersPolicyConfig"]
    config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["Override"] = True


@mistake(front_door.every_response_has_the_security_headers)
def a_header_that_the_function_says_otherwise(template):
    items = only(template, HEADERS)["ResponseHeadersPolicyConfig"]["CustomHeadersConfig"]["Items"]
    next(it for it in items if it["Header"] == "permissions-policy")["Value"] = "camera=()"


@mistake(front_door.who_came_through_the_front_door_is_known)
def a_front_door_that_says_nothing_of_itself(template):
    for origin in door(template)["Origins"]:
        origin.pop("OriginCustomHeaders", None)


# --- Alarms, logs, outputs --------------------------------------------------------------------------------------------


@mistake(alarms.functions_are_watched)
def an_alarm_deleted(template):
    remove_alarm(template, "Errors")


@mistake(alarms.functions_are_watched)
def functions_that_find_no_place_unwatched(template):
    remove_alarm(template, "Throttles")


@mistake(alarms.functions_are_watched)
def late_pushes_unwatched(template):
    remove_alarm(template, "IteratorAge")


@mistake(alarms.what_stays_behind_is_watched)
def a_queue_that_nobody_looks_into(template):
    remove_alarm(template, "ApproximateNumberOfMessagesVisible")


@mistake(alarms.apis_are_watched)
def an_alarm_on_a_metric_of_rest_apis(template):
    alarm = next(it for it in all_of(template, ALARM).values() if it["Properties"]["MetricName"] == "5xx")
    alarm["Properties"]["MetricName"] = "5XXError"


@mistake(alarms.what_fills_up_is_watched)
def a_board_that_fills_up_unseen(template):
    remove_alarm(template, "BoardSize")


@mistake(alarms.alarms_can_go_off)
def an_alarm_on_a_metric_that_nobody_counts(template):
    alarm = next(it for it in all_of(template, ALARM).values() if it["Properties"]["Namespace"] == alarms.OURS)
    alarm["Properties"]["MetricName"] = "PushesDelay"


@mistake(alarms.alarms_can_go_off)
def silence_taken_for_an_alarm(template):
    alarm = next(iter(all_of(template, ALARM).values()))
    del alarm["Properties"]["TreatMissingData"]


@mistake(alarms.alarms_can_go_off)
def an_alarm_without_a_word(template):
    alarm = next(iter(all_of(template, ALARM).values()))
    del alarm["Properties"]["AlarmDescription"]


@mistake(alarms.alarms_can_go_off)
def an_alarm_that_tells_nobody(template):
    alarm = next(iter(all_of(template, ALARM).values()))
    del alarm["Properties"]["AlarmActions"]


@mistake(alarms.dashboards_can_be_read)
def a_comma_too_many_in_the_dashboard(template):
    dashboard = only(template, "AWS::CloudWatch::Dashboard")
    dashboard["DashboardBody"]["Fn::Sub"] = dashboard["DashboardBody"]["Fn::Sub"].replace("]", ",]", 1)


@mistake(logs.logs_end)
def logs_kept_for_ever(template):
    del next(iter(all_of(template, LOGS).values()))["Properties"]["RetentionInDays"]


@mistake(logs.logs_end)
def a_function_that_logs_elsewhere(template):
    del function(template, "stream-function")["LoggingConfig"]["LogGroup"]


@mistake(logs.access_logs_hold_no_secret)
def cookies_in_the_access_log(template):
    settings = only(template, STAGE)["AccessLogSettings"]
    settings["Format"] = settings["Format"].replace("{", '{"cookie":"$request.header.cookie",', 1)


@mistake(outputs.outputs_hold_no_secret)
def the_sign_up_code_in_an_output(template):
    template["Outputs"]["Code"] = {"Description": "For new people.", "Value": {"Ref": "SignUpCode"}}


@mistake(outputs.secrets_go_to_functions_alone)
def a_sign_up_code_that_is_shown(template):
    del template["Parameters"]["SignUpCode"]["NoEcho"]
