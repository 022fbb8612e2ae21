"""Typical mistakes in the template, each with the check that must catch it."""

from collections.abc import Callable
from dataclasses import dataclass

from checks import (
    Check,
    alarms,
    apis,
    cdn,
    costs,
    environment,
    failures,
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
DISTRIBUTION = "AWS::CloudFront::Distribution"
LOGS = "AWS::Logs::LogGroup"
WEB_ACL = "AWS::WAFv2::WebACL"
BUDGET = "AWS::Budgets::Budget"
WEBSOCKET_API = "AWS::Serverless::WebSocketApi"
HTTP_API = "AWS::ApiGatewayV2::Api"
STAGE = "AWS::ApiGatewayV2::Stage"
INTEGRATION = "AWS::ApiGatewayV2::Integration"
ROUTE = "AWS::ApiGatewayV2::Route"
PERMISSION = "AWS::Lambda::Permission"


@dataclass
class Mistake:
    """A mistake: the change of the template, and the check that must catch it."""

    make: Callable[[dict], None]
    caught_by: Check


MISTAKES: dict[str, Mistake] = {}


def mistake(caught_by: Check):
    """Registers a mistake under the name of its function."""

    def add(make: Callable[[dict], None]):
        MISTAKES[make.__name__] = Mistake(make, caught_by)
        return make

    return add


# --- Finding resources ------------------------------------------------------------------------------------------------


def all_of(template: dict, kind: str) -> dict[str, dict]:
    return {name: it for name, it in template["Resources"].items() if it["Type"] == kind}


def only(template: dict, kind: str) -> dict:
    """Returns the properties of the only resource of a type."""
    [resource] = all_of(template, kind).values()
    return resource["Properties"]


def table(template: dict, variable: str) -> str:
    """Returns the table that a variable names."""
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
    """Returns the trigger on the table that a variable names."""
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
    return next(it for it in distribution(template)["CacheBehaviors"] if it["PathPattern"] == path)


def distribution(template: dict) -> dict:
    return only(template, DISTRIBUTION)["DistributionConfig"]


# --- Tables -----------------------------------------------------------------------------------------------------------


@mistake(tables.lasting_tables_are_retained)
def notes_deleted_with_the_stack(template):
    template["Resources"][table(template, "NOTES_TABLE")]["DeletionPolicy"] = "Delete"


@mistake(tables.lasting_tables_are_retained)
def accounts_without_point_in_time_recovery(template):
    table_properties(template, "USERS_TABLE")["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] = False


@mistake(tables.tables_are_protected)
def encryption_off(template):
    del table_properties(template, "SESSIONS_TABLE")["SSESpecification"]


@mistake(tables.tables_are_protected)
def tables_that_can_be_deleted_by_default(template):
    template["Parameters"]["DeletionProtection"]["Default"] = "false"


# --- Triggers and failures --------------------------------------------------------------------------------------------


@mistake(triggers.triggers_read_existing_streams)
def a_trigger_on_the_stream_of_another_table(template):
    trigger(template, "SESSIONS_TABLE")["Stream"] = {"Fn::GetAtt": [table(template, "NOTES_TABLE"), "StreamArn"]}


@mistake(triggers.triggers_read_existing_streams)
def a_stream_turned_off(template):
    del table_properties(template, "NOTES_TABLE")["StreamSpecification"]


@mistake(triggers.filters_can_match)
def a_filter_that_is_not_json(template):
    given = trigger(template, "SESSIONS_TABLE")["FilterCriteria"]["Filters"][0]
    given["Pattern"] = given["Pattern"].replace('"eventName"', "eventName")


@mistake(triggers.filters_can_match)
def a_filter_for_an_unknown_event(template):
    given = trigger(template, "SESSIONS_TABLE")["FilterCriteria"]["Filters"][0]
    given["Pattern"] = given["Pattern"].replace("REMOVE", "DELETE")


@mistake(triggers.poison_records_do_not_block)
def unlimited_retries(template):
    del trigger(template, "NOTES_TABLE")["MaximumRetryAttempts"]


@mistake(triggers.poison_records_do_not_block)
def single_failures_not_reported(template):
    del trigger(template, "NOTES_TABLE")["FunctionResponseTypes"]


@mistake(failures.failed_events_go_to_a_queue)
def a_trigger_without_a_queue(template):
    del trigger(template, "NOTES_TABLE")["DestinationConfig"]


@mistake(failures.failed_events_go_to_a_queue)
def a_schedule_without_a_queue(template):
    del function(template, "keepalive-function")["EventInvokeConfig"]["DestinationConfig"]


@mistake(failures.failed_events_go_to_a_queue)
def a_queue_that_keeps_messages_for_hours(template):
    only(template, QUEUE)["MessageRetentionPeriod"] = 43200


@mistake(failures.functions_end_before_gateways)
def a_timeout_above_the_gateways(template):
    template["Globals"]["Function"]["Timeout"] = 30


@mistake(failures.connections_are_kept_alive)
def a_schedule_that_is_too_slow(template):
    [event] = function(template, "keepalive-function")["Events"].values()
    event["Properties"]["Schedule"] = "rate(15 minutes)"


# --- Environment and policies -----------------------------------------------------------------------------------------


@mistake(environment.connection_endpoints_exist)
def connections_at_another_stage(template):
    given = variables(template, "stream-function")
    name = "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"
    usual = given[name]["Fn::If"][2]
    usual["Fn::Sub"] = usual["Fn::Sub"].replace("/live", "/prod")


@mistake(environment.tables_are_in_the_region)
def tables_on_a_laptop(template):
    template["Parameters"]["DynamoDbEndpoint"]["Default"] = "http://host.docker.internal:8000"


@mistake(policies.policies_have_no_wildcards)
def a_wildcard_for_a_resource(template):
    statements(template, "http-function")[0]["Resource"] = "*"


@mistake(policies.policies_have_no_wildcards)
def a_wildcard_for_an_action(template):
    statements(template, "keepalive-function")[0]["Action"] = "dynamodb:*"


@mistake(policies.policies_have_no_wildcards)
def a_managed_policy_with_full_access(template):
    function(template, "stream-function")["Policies"].append("arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess")


@mistake(policies.policies_name_existing_resources)
def a_permission_for_a_missing_index(template):
    granted = next(it for it in statements(template, "http-function") if "/index/" in str(it["Resource"]))
    granted["Resource"] = {"Fn::Sub": granted["Resource"]["Fn::Sub"].replace("by-listed", "by-title")}


@mistake(policies.conditions_restrict_every_action)
def a_condition_on_an_action_without_keys(template):
    statement = next(it for it in statements(template, "websocket-function") if "Condition" in it)
    statement["Action"].append("dynamodb:Scan")


# --- APIs -------------------------------------------------------------------------------------------------------------


@mistake(apis.protocols_are_known)
def an_unknown_protocol(template):
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
def a_route_without_an_integration(template):
    only(template, ROUTE)["Target"] = "integrations"


@mistake(apis.routes_are_throttled)
def throttling_removed(template):
    del only(template, STAGE)["DefaultRouteSettings"]


@mistake(apis.routes_are_throttled)
def sockets_without_throttling(template):
    del only(template, WEBSOCKET_API)["DefaultRouteSettings"]


# --- CloudFront -------------------------------------------------------------------------------------------------------


@mistake(cdn.only_assets_are_cached)
def the_api_cached(template):
    distribution(template)["DefaultCacheBehavior"]["CachePolicyId"] = cdn.CACHING_OPTIMIZED


@mistake(cdn.only_assets_are_cached)
def assets_cached_by_cookie(template):
    assets = next(it for it in distribution(template)["CacheBehaviors"] if it["PathPattern"] == cdn.ASSETS)
    assets["OriginRequestPolicyId"] = cdn.ALL_VIEWER_EXCEPT_HOST


@mistake(cdn.behaviours_reach_their_apis)
def sockets_sent_to_the_http_api(template):
    sockets = next(it for it in distribution(template)["CacheBehaviors"] if it["PathPattern"] == cdn.SOCKETS)
    sockets["TargetOriginId"] = distribution(template)["DefaultCacheBehavior"]["TargetOriginId"]


@mistake(cdn.behaviours_reach_their_apis)
def cookies_removed_before_the_api(template):
    del distribution(template)["DefaultCacheBehavior"]["OriginRequestPolicyId"]


@mistake(cdn.behaviours_reach_their_apis)
def only_reads_allowed(template):
    distribution(template)["DefaultCacheBehavior"]["AllowedMethods"] = ["GET", "HEAD"]


@mistake(cdn.connections_are_encrypted)
def an_origin_over_plain_http(template):
    distribution(template)["Origins"][0]["CustomOriginConfig"]["OriginProtocolPolicy"] = "http-only"


@mistake(cdn.connections_are_encrypted)
def pages_over_plain_http(template):
    distribution(template)["DefaultCacheBehavior"]["ViewerProtocolPolicy"] = "allow-all"


@mistake(cdn.connections_are_encrypted)
def an_api_that_redirects_plain_http(template):
    behaviour(template, cdn.API)["ViewerProtocolPolicy"] = "redirect-to-https"


@mistake(cdn.behaviours_reach_their_apis)
def no_behaviour_for_the_api(template):
    distribution(template)["CacheBehaviors"].remove(behaviour(template, cdn.API))


@mistake(cdn.functions_recognize_the_cdn)
def a_cdn_without_its_header(template):
    for origin in distribution(template)["Origins"]:
        origin.pop("OriginCustomHeaders", None)


@mistake(cdn.functions_recognize_the_cdn)
def sockets_without_the_header_of_the_cdn(template):
    [origin] = [origin for origin in distribution(template)["Origins"] if "OriginPath" in origin]
    del origin["OriginCustomHeaders"]


@mistake(cdn.functions_require_the_cdn)
def requests_around_the_cdn_accepted(template):
    variables(template, "http-function")["EDGE"] = "no"


@mistake(cdn.functions_require_the_cdn)
def handshakes_without_a_check(template):
    del variables(template, "websocket-function")["EDGE"]


# --- Costs ------------------------------------------------------------------------------------------------------------


@mistake(costs.rate_limits_protect_the_cdn)
def a_web_acl_without_a_distribution(template):
    del distribution(template)["WebACLId"]


@mistake(costs.rate_limits_protect_the_cdn)
def a_rate_limit_that_only_counts(template):
    only(template, WEB_ACL)["Rules"][0]["Action"] = {"Count": {}}


@mistake(costs.web_acls_keep_no_requests)
def cookies_in_samples_of_requests(template):
    only(template, WEB_ACL)["Rules"][0]["VisibilityConfig"]["SampledRequestsEnabled"] = True


@mistake(costs.budgets_notify)
def a_budget_without_a_forecast(template):
    only(template, BUDGET)["NotificationsWithSubscribers"].pop()


@mistake(costs.budgets_notify)
def a_budget_that_notifies_nobody(template):
    only(template, BUDGET)["NotificationsWithSubscribers"][0]["Subscribers"] = []


# --- Alarms, logs, outputs --------------------------------------------------------------------------------------------


@mistake(alarms.functions_have_alarms)
def an_alarm_deleted(template):
    remove_alarm(template, "Errors")


@mistake(alarms.functions_have_alarms)
def no_alarm_on_throttles(template):
    remove_alarm(template, "Throttles")


@mistake(alarms.functions_have_alarms)
def no_alarm_on_delays(template):
    remove_alarm(template, "IteratorAge")


@mistake(alarms.queues_have_alarms)
def no_alarm_on_the_queue(template):
    remove_alarm(template, "ApproximateNumberOfMessagesVisible")


@mistake(alarms.apis_have_alarms)
def an_alarm_on_a_metric_of_rest_apis(template):
    alarm = next(it for it in all_of(template, ALARM).values() if it["Properties"]["MetricName"] == "5xx")
    alarm["Properties"]["MetricName"] = "5XXError"


@mistake(alarms.board_size_has_an_alarm)
def no_alarm_on_the_board_size(template):
    remove_alarm(template, "BoardSize")


@mistake(alarms.alarms_notify)
def an_alarm_on_missing_data(template):
    alarm = next(iter(all_of(template, ALARM).values()))
    del alarm["Properties"]["TreatMissingData"]


@mistake(alarms.alarms_notify)
def an_alarm_without_a_description(template):
    alarm = next(iter(all_of(template, ALARM).values()))
    del alarm["Properties"]["AlarmDescription"]


@mistake(alarms.alarms_notify)
def an_alarm_that_notifies_nobody(template):
    alarm = next(iter(all_of(template, ALARM).values()))
    del alarm["Properties"]["AlarmActions"]


@mistake(alarms.dashboards_are_valid)
def an_extra_comma_in_the_dashboard(template):
    dashboard = only(template, "AWS::CloudWatch::Dashboard")
    dashboard["DashboardBody"]["Fn::Sub"] = dashboard["DashboardBody"]["Fn::Sub"].replace("]", ",]", 1)


@mistake(logs.logs_expire)
def logs_that_never_expire(template):
    del next(iter(all_of(template, LOGS).values()))["Properties"]["RetentionInDays"]


@mistake(logs.logs_expire)
def a_function_without_its_log_group(template):
    del function(template, "stream-function")["LoggingConfig"]["LogGroup"]


@mistake(logs.access_logs_contain_no_secrets)
def cookies_in_the_access_log(template):
    settings = only(template, STAGE)["AccessLogSettings"]
    settings["Format"] = settings["Format"].replace("{", '{"cookie":"$request.header.cookie",', 1)


@mistake(outputs.outputs_contain_no_secrets)
def the_sign_up_code_in_an_output(template):
    template["Outputs"]["Code"] = {"Description": "For new users.", "Value": {"Ref": "SignUpCode"}}


@mistake(outputs.only_functions_get_secrets)
def a_sign_up_code_without_no_echo(template):
    del template["Parameters"]["SignUpCode"]["NoEcho"]
