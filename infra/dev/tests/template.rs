//! The template of Notes: its plan, and the problems that the reader finds when it is changed.

#![allow(clippy::unwrap_used, reason = "a test whose setup fails has failed")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use sam_template::{Origin, Plan, StartingPosition, TemplateError};
use serde_json::json;

const NOTES: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/Notes";

fn own() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml")).unwrap()
}

fn read(text: &str, parameters: &[(&str, &str)]) -> Result<Plan, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("template.yaml");
    std::fs::write(&path, text).unwrap();
    let parameters: BTreeMap<String, String> =
        parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    sam_template::read(&path, &parameters).map_err(|error| match error {
        TemplateError::NotRun { problems, .. } => {
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        }
        error => error.to_string().replace(&format!("{}:", path.display()), ""),
    })
}

/// What an author is told who writes `wrong` where the repository's template has `right`.
#[track_caller]
fn refusal(right: &str, wrong: &str) -> String {
    let own = own();
    assert!(own.contains(right), "the template has no `{right}`");
    read(&own.replacen(right, wrong, 1), &[]).unwrap_err()
}

#[test]
fn the_repositorys_template_is_run_as_it_stands() {
    let plan = read(&own(), &[]).unwrap();

    let tables: Vec<_> = plan.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(tables, ["Connections", "Notes", "Sessions", "Users"]);
    let [connections, notes, sessions, users] = plan.tables.as_slice() else { unreachable!() };
    assert_eq!(notes.stream_view.as_deref(), Some("NEW_AND_OLD_IMAGES"));
    assert_eq!(notes.ttl_attribute, None);
    assert_eq!(notes.create["LocalSecondaryIndexes"][0]["IndexName"], "by-updated");
    assert_eq!(notes.create["KeySchema"][1], json!({"AttributeName": "key", "KeyType": "RANGE"}));
    assert_eq!(sessions.stream_view.as_deref(), Some("KEYS_ONLY"));
    assert_eq!(sessions.ttl_attribute.as_deref(), Some("expires"));
    assert_eq!(connections.create["GlobalSecondaryIndexes"][0]["IndexName"], "by-session");
    assert_eq!((&users.stream_view, users.ttl_attribute.as_deref()), (&None, Some("expires")));

    let functions: Vec<_> =
        plan.functions.iter().map(|function| (&*function.id, &*function.binary)).collect();
    assert_eq!(
        functions,
        [
            ("Http", "http-function"),
            ("KeepAlive", "keepalive-function"),
            ("Stream", "stream-function"),
            ("WebSocket", "websocket-function"),
        ]
    );
    let [_, keep_alive, _, websocket] = plan.functions.as_slice() else { unreachable!() };
    assert_eq!(
        (keep_alive.timeout, &*keep_alive.code),
        (Duration::from_mins(1), Path::new("functions/keepalive"))
    );
    assert_eq!((websocket.memory_mb, websocket.timeout), (256, Duration::from_secs(20)));
    for function in &plan.functions {
        assert_eq!(
            (function.log_format.as_deref(), function.log_level.as_deref()),
            (Some("JSON"), Some("INFO"))
        );
    }
    let environment: BTreeMap<&str, &str> =
        websocket.environment.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(
        environment,
        BTreeMap::from([
            ("DYNAMODB_ENDPOINT", ""),
            ("NOTES_TABLE", "Notes"),
            ("SESSIONS_TABLE", "Sessions"),
            ("CONNECTIONS_TABLE", "Connections"),
            ("ROOM_SHARDS", "1"),
            ("SESSION_COOKIE", "__Host-notes-session"),
            ("ORIGIN", "https://frontdoor.cloudfront.net"),
            (
                "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI",
                "https://websocketapi.execute-api.us-east-1.amazonaws.com/live"
            ),
        ])
    );

    let [http] = plan.http_apis.as_slice() else { panic!("one HTTP API") };
    assert_eq!((&*http.id, &*http.api_id, &*http.stage), ("HttpApi", "httpapi", "$default"));
    assert_eq!(http.routes, BTreeMap::from([("$default".to_owned(), "Http".to_owned())]));
    let [websocket] = plan.websocket_apis.as_slice() else { panic!("one WebSocket API") };
    assert_eq!((&*websocket.api_id, &*websocket.stage), ("websocketapi", "live"));
    assert_eq!(websocket.route_selection, "$request.body.action");
    assert_eq!(
        websocket.routes,
        ["$connect", "$default", "$disconnect"].map(|key| (key.to_owned(), "WebSocket".to_owned())).into()
    );

    let triggers: Vec<_> = plan.triggers.iter().map(|trigger| (&*trigger.id, &*trigger.table)).collect();
    assert_eq!(
        triggers,
        [
            ("Stream.ConnectionOpened", "Connections"),
            ("Stream.NoteChanged", "Notes"),
            ("Stream.SessionEnded", "Sessions"),
        ]
    );
    let [opened, changed, _] = plan.triggers.as_slice() else { unreachable!() };
    assert_eq!(opened.starting_position, StartingPosition::Latest);
    assert_eq!((opened.maximum_retries, opened.maximum_age), (Some(10), Some(Duration::from_hours(1))));
    assert_eq!(changed.starting_position, StartingPosition::TrimHorizon);
    assert_eq!(
        (&*changed.function, changed.batch_size, changed.batching_window),
        ("Stream", 100, Duration::ZERO)
    );
    assert_eq!(changed.parallelization_factor, 1);
    assert!(changed.bisect && changed.partial_responses && changed.filters.is_empty());
    assert_eq!(changed.on_failure.as_deref(), Some("FailedRecords"));
    let [schedule] = plan.schedules.as_slice() else { panic!("one schedule") };
    assert_eq!((&*schedule.id, &*schedule.function), ("KeepAlive.EveryNineMinutes", "KeepAlive"));
    assert_eq!(schedule.every, Duration::from_mins(9));
    assert_eq!((schedule.invocation.retries, schedule.invocation.maximum_age), (1, Duration::from_mins(5)));
    assert_eq!(schedule.invocation.on_failure.as_deref(), Some("FailedRecords"));
    assert_eq!(plan.queues.iter().map(|queue| &*queue.id).collect::<Vec<_>>(), ["FailedRecords"]);

    let front_door = plan.cdn.unwrap();
    assert_eq!(front_door.domain, "frontdoor.cloudfront.net");
    let behaviours: Vec<_> = front_door
        .behaviours
        .iter()
        .map(|(pattern, origin)| (&**pattern, &*origin.api, origin.cached))
        .collect();
    assert_eq!(
        behaviours,
        [
            ("/assets/*", "HttpApi", true),
            ("/api/*", "HttpApi", false),
            ("/socket.io/*", "WebSocketApi", false),
        ]
    );
    let header = |origin: &Origin, name: &str| {
        let named = origin.response_headers.iter().find(|header| header.name == name).unwrap();
        (named.value.clone(), named.overrides)
    };
    for origin in front_door.behaviours.iter().map(|(_, origin)| origin).chain([&front_door.default]) {
        let transport = ("max-age=63072000; includeSubDomains".to_owned(), true);
        assert_eq!(header(origin, "strict-transport-security"), transport);
        assert_eq!(header(origin, "x-content-type-options"), ("nosniff".to_owned(), true));
        // The function's own, for the page, is another.
        assert!(!header(origin, "content-security-policy").1);
    }
    assert_eq!((&*front_door.default.api, front_door.default.cached), ("HttpApi", false));
    let [(name, secret)] = front_door.default.headers.as_slice() else { panic!("one header") };
    assert_eq!((&**name, secret), ("x-front-door", &plan.functions[0].environment["FRONT_DOOR"]));
}

#[test]
fn a_parameter_may_be_given_and_is_checked() {
    let plan = read(&own(), &[("RoomShards", "4")]).unwrap();
    assert_eq!(plan.functions[3].environment["ROOM_SHARDS"], "4");
    assert_eq!(
        read(&own(), &[("RoomShards", "257")]).unwrap_err(),
        "Parameters.RoomShards: `257` is beyond MaxValue 256"
    );
}

#[test]
fn the_edge_and_the_domain_are_a_parameters_choice() {
    let origin = |parameters: &[(&str, &str)]| {
        let plan = read(&own(), parameters).unwrap();
        let origin = plan.functions[0].environment["ORIGIN"].clone();
        (plan.cdn.is_some(), origin)
    };
    assert_eq!(origin(&[]), (true, "https://frontdoor.cloudfront.net".to_owned()));
    let without = ("Edge", "no");
    assert_eq!(origin(&[without]), (false, "https://httpapi.execute-api.us-east-1.amazonaws.com".to_owned()));
    let domain = ("DomainName", "notes.example.org");
    assert_eq!(origin(&[without, domain]), (false, "https://notes.example.org".to_owned()));
    let certificate = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000";
    assert_eq!(
        origin(&[domain, ("CertificateArn", certificate)]),
        (true, "https://notes.example.org".to_owned())
    );
    assert_eq!(
        read(&own(), &[domain]).unwrap_err(),
        "Rules.ADomainHasACertificate: Give DomainName and CertificateArn both, or neither."
    );
}

#[test]
fn a_template_that_is_not_there_or_not_yaml_says_so() {
    let missing = sam_template::read(Path::new("/nowhere/template.yaml"), &BTreeMap::new()).unwrap_err();
    assert!(missing.to_string().starts_with("/nowhere/template.yaml: cannot be read ("), "{missing}");
    assert!(read("Resources:\n  Notes: [", &[]).unwrap_err().starts_with("3: is no YAML: "));
}

#[test]
fn an_unknown_section_type_property_or_event_is_named() {
    assert_eq!(
        refusal("Outputs:", "Mappings: { Sizes: { Small: { Memory: 128 } } }\n\nOutputs:"),
        "Mappings: the local cloud does not run this section: check its spelling, or leave it out"
    );
    assert_eq!(
        refusal("Type: AWS::SQS::Queue", "Type: AWS::Kinesis::Stream"),
        "FailedRecords: the local cloud does not run AWS::Kinesis::Stream: check its spelling, or leave it out"
    );
    assert_eq!(
        refusal("      BillingMode: PAY", "      StreamSpecifikation: {}\n      BillingMode: PAY"),
        "Notes.StreamSpecifikation: the local cloud does not run this property: check its spelling, or leave it out"
    );
    assert_eq!(
        refusal("LogFormat: JSON", "LogFormat: XML"),
        "Http.LoggingConfig.LogFormat: `XML` is not run: the local cloud runs JSON, Text"
    );
    assert_eq!(
        refusal("MemorySize: 256", "MemorySize: 256\n    ProvisionedConcurrencyConfig: 1"),
        "Http.ProvisionedConcurrencyConfig: the local cloud does not run this property: check its spelling, or \
         leave it out"
    );
    assert_eq!(
        refusal("          Type: DynamoDB", "          Type: HttpApi"),
        "Stream.Events.NoteChanged.Type: `HttpApi` is not run: declare the route with AWS::ApiGatewayV2::Route"
    );
    assert_eq!(
        refusal("          Type: Schedule", "          Type: ScheduleV2"),
        "KeepAlive.Events.EveryNineMinutes.Type: `ScheduleV2` is not run: write Schedule"
    );
}

#[test]
fn an_unknown_intrinsic_or_a_reference_to_nothing_is_named() {
    assert_eq!(
        refusal("SESSION_COOKIE: !Ref SessionCookie", "SESSION_COOKIE: !Join ['', [a]]"),
        "Http.Environment.Variables.SESSION_COOKIE: the local cloud does not run Fn::Join: write it with Ref, \
         Fn::GetAtt or Fn::Sub"
    );
    assert_eq!(
        refusal("!Ref SessionCookie", "!Ref SesionCookie"),
        "Http.Environment.Variables.SESSION_COOKIE: there is no resource or parameter SesionCookie: declare it, or \
         correct the name"
    );
    assert_eq!(
        refusal("${FrontDoor.DomainName}", "${BackDoor.DomainName}"),
        "Http.Environment.Variables.ORIGIN: there is no resource or parameter BackDoor: declare it, or correct the \
         name"
    );
    // Also where nothing is run: what cannot be deployed is no template.
    assert_eq!(
        refusal("Value: !Ref Stream", "Value: !Ref Streem"),
        "StreamErrors.Dimensions[0].Value: there is no resource or parameter Streem: declare it, or correct the name"
    );
}

#[test]
fn a_table_that_dynamodb_would_not_take_is_refused() {
    assert_eq!(
        refusal(
            "TimeToLiveSpecification: { AttributeName: expires, Enabled: true }",
            "TimeToLiveSpecification: { Enabled: true }"
        ),
        "Users.TimeToLiveSpecification.AttributeName: is missing: name the attribute that holds an item's expiry"
    );
    assert_eq!(
        refusal("{ StreamViewType: KEYS_ONLY }", "{ StreamViewType: KEYS }"),
        "Sessions.StreamSpecification.StreamViewType: `KEYS` is not run: the local cloud runs KEYS_ONLY, NEW_IMAGE, \
         OLD_IMAGE, NEW_AND_OLD_IMAGES"
    );
    assert_eq!(
        refusal(
            "        - IndexName: by-updated\n",
            "        - IndexName: by-updated\n          Projektion: {}\n"
        ),
        "Notes.LocalSecondaryIndexes[0].Projektion: the local cloud does not run this property: check its spelling, or \
         leave it out"
    );
    assert_eq!(
        refusal("BillingMode: PAY_PER_REQUEST", "BillingMode: PROVISIONED"),
        "Notes.BillingMode: `PROVISIONED` is not run: the local cloud runs PAY_PER_REQUEST"
    );
}

#[test]
fn of_connections_who_is_new_comes_to_the_function_and_whoever_comes_to_a_note_or_goes() {
    let plan = read(&own(), &[]).unwrap();
    let opened = plan.triggers.iter().find(|trigger| trigger.table == "Connections").unwrap();
    let engine = json!({"eventName": "INSERT", "dynamodb": {"NewImage": {"engine": {"S": "x"}}}});
    let room = json!({"eventName": "INSERT", "dynamodb": {"NewImage": {"socket": {"S": "x"}}}});
    assert!(opened.filters[0].matches(&engine) && !opened.filters[0].matches(&room));
    let left = |room: &str| json!({"eventName": "REMOVE", "dynamodb": {"Keys": {"room": {"S": room}}}});
    assert!(opened.filters[1].matches(&left("/notes,shopping#0")));
    for other in ["/notes#0", "/home#0", "#/notes", "L0SM9cOFvHcCIhw="] {
        assert!(!opened.filters[1].matches(&left(other)), "{other}");
    }
    let by =
        |whom: &str| json!({"eventName": "REMOVE", "userIdentity": {"type": "Service", "principalId": whom}});
    assert!(opened.filters[2].matches(&by("dynamodb.amazonaws.com")), "a row that expired");
    assert!(
        !opened.filters[2].matches(&by("somebody")) && !opened.filters[2].matches(&left("L0SM9cOFvHcCIhw="))
    );
}

#[test]
fn a_trigger_that_lambda_would_not_take_is_refused() {
    assert_eq!(
        refusal("      StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }\n", ""),
        "Stream.Events.NoteChanged.Properties.Stream: Notes has no attribute StreamArn: give the table a \
         StreamSpecification"
    );
    assert_eq!(
        refusal("Stream: !GetAtt Notes.StreamArn", &format!("Stream: {NOTES}/stream/x")),
        "Stream.Events.NoteChanged.Properties.Stream: is no stream of this template: write !GetAtt TABLE.StreamArn, \
         and give the table a StreamSpecification"
    );
    assert_eq!(
        refusal(r#"'{"eventName": ["REMOVE"]}'"#, r#"'{"eventName": ["REMOVE"}'"#),
        "Stream.Events.SessionEnded.Properties.FilterCriteria.Filters[0].Pattern: the filter is no JSON: expected \
         `,` or `]` at line 1 column 24"
    );
    assert_eq!(
        refusal(r#"'{"eventName": ["REMOVE"]}'"#, r#"'{"eventName": [{"suffix": "E"}]}'"#),
        "Stream.Events.SessionEnded.Properties.FilterCriteria.Filters[0].Pattern: the filter is not run: `suffix` is \
         no rule that the local cloud runs: it runs exact values, prefix, exists and anything-but"
    );
    assert_eq!(
        refusal("BatchSize: 100", "BatchSize: 10001"),
        "Stream.Events.NoteChanged.Properties.BatchSize: `10001` is no whole number from 1 to 10000"
    );
    assert_eq!(
        refusal("BatchSize: 100", "ParallelizationFactor: 11"),
        "Stream.Events.NoteChanged.Properties.ParallelizationFactor: `11` is no whole number from 1 to 10"
    );
    assert_eq!(
        refusal("MaximumRecordAgeInSeconds: 3600\n", "MaximumRecordAgeInSeconds: 59\n"),
        "Stream.Events.NoteChanged.Properties.MaximumRecordAgeInSeconds: `59` is neither -1 nor from 60 to 604800"
    );
    assert_eq!(
        refusal("            StartingPosition: TRIM_HORIZON\n", ""),
        "Stream.Events.NoteChanged.Properties.StartingPosition: is missing: write it"
    );
}

#[test]
fn a_schedule_is_a_rate() {
    let at = "KeepAlive.Events.EveryNineMinutes.Properties.Schedule";
    assert_eq!(
        refusal("rate(9 minutes)", "cron(0/9 * * * ? *)"),
        format!(
            "{at}: `cron(0/9 * * * ? *)` is not run: the local cloud runs rate(N minutes), rate(N hours) and rate(N days)"
        )
    );
    assert_eq!(
        refusal("rate(9 minutes)", "rate(9 minute)"),
        format!(
            "{at}: `rate(9 minute)` is no rate: write rate(9 minutes), rate(1 hour), rate(2 days) or the like"
        )
    );
    let off = own().replace("Schedule: rate(9 minutes)", "{ Schedule: rate(9 minutes), Enabled: false }");
    assert_eq!(read(&off, &[]).unwrap().schedules, []);
}

#[test]
fn a_function_without_its_binary_is_refused() {
    assert_eq!(
        refusal("BuildProperties: { Binary: http-function }", "BuildProperties: {}"),
        "Http.Metadata.BuildProperties.Binary: is missing: name the binary that plays the function"
    );
    assert_eq!(
        refusal("Runtime: provided.al2023", "Runtime: nodejs22.x"),
        "Http.Runtime: `nodejs22.x` is not run: the local cloud runs provided.al2023"
    );
}

#[test]
fn an_api_that_nobody_could_call_is_refused() {
    assert_eq!(
        refusal("ProtocolType: HTTP", "ProtocolType: HTPP"),
        "HttpApi.ProtocolType: `HTPP` is no protocol: write HTTP"
    );
    assert_eq!(
        refusal("FunctionName: !Ref Http", "FunctionName: !Ref Stream"),
        "HttpIntegration: API Gateway may not invoke Http: declare an AWS::Lambda::Permission for it"
    );
    assert_eq!(
        refusal("Target: !Sub integrations/${HttpIntegration}", "Target: !Ref HttpIntegration"),
        "HttpRoute.Target: is no integration of the same API: write !Sub integrations/${INTEGRATION}"
    );
    assert_eq!(
        refusal("AutoDeploy: true", "AutoDeploy: false"),
        "HttpStage.AutoDeploy: deployments are not run: write true, so that the routes are always those of the \
         template"
    );
    assert_eq!(
        refusal(
            "RouteSelectionExpression: $request.body.action",
            "RouteSelectionExpression: $request.header.x"
        ),
        "WebSocketApi.RouteSelectionExpression: `$request.header.x` is not run: write $request.body.PROPERTY"
    );
    assert_eq!(
        refusal(
            "$connect: { FunctionArn: !GetAtt WebSocket.Arn }",
            "$connect: { FunctionArn: !GetAtt FailedRecords.Arn }"
        ),
        "WebSocketApi.Routes.$connect.FunctionArn: is no function of this template: write !GetAtt FUNCTION.Arn"
    );
}

#[test]
fn a_front_door_that_would_keep_something_from_an_api_is_refused() {
    assert_eq!(
        refusal("OriginPath: /live", "OriginPath: /dead"),
        "FrontDoor.DistributionConfig.Origins[1].OriginPath: `/dead` is not where the API's stage is: write `/live`"
    );
    assert_eq!(
        refusal("            AllowedMethods: [GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE]\n", ""),
        "FrontDoor.DistributionConfig.CacheBehaviors[1].AllowedMethods: CloudFront refuses the others: write \
         [DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT]"
    );
    assert_eq!(
        refusal("TargetOriginId: http\n", "TargetOriginId: htpp\n"),
        "FrontDoor.DistributionConfig.CacheBehaviors[0].TargetOriginId: there is no origin `htpp`"
    );
    let policies = "the local cloud runs 4135ea2d-6df8-44a3-9df3-4b5a84be39ad (Managed-CachingDisabled) and, for HTTP \
                    APIs, 658327ea-f89d-4fab-a63d-7e88639e58f6 (Managed-CachingOptimized)";
    let right = "https-only\n            CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
    // Nothing of a connection can be kept.
    for wrong in ["CachePolicyId: 5135ea2d", "CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6"] {
        assert_eq!(
            refusal(right, &format!("https-only\n            {wrong}")),
            format!("FrontDoor.DistributionConfig.CacheBehaviors[2].CachePolicyId: {policies}")
        );
    }
    assert_eq!(
        refusal("ResponseHeadersPolicyId: !Ref SecurityHeaders", "ResponseHeadersPolicyId: 67f7725c"),
        "FrontDoor.DistributionConfig.CacheBehaviors[0].ResponseHeadersPolicyId: `67f7725c` is no policy of this template: \
         declare an AWS::CloudFront::ResponseHeadersPolicy, and write !Ref POLICY"
    );
    // What is kept for all may not be asked for with one's cookie.
    let kept = "658327ea-f89d-4fab-a63d-7e88639e58f6 # Managed-CachingOptimized\n";
    let with_cookies = "            OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac\n";
    assert_eq!(
        refusal(kept, &format!("{kept}{with_cookies}")),
        "FrontDoor.DistributionConfig.CacheBehaviors[0].OriginRequestPolicyId: what is kept for all is asked for \
         without what one of them sends: leave it out"
    );
}

#[test]
fn what_a_stage_says_of_its_routes_is_run_and_what_it_says_of_others_refused() {
    let stage = "      StageName: live\n";
    let default = "      DefaultRouteSettings: { ThrottlingRateLimit: 2000, ThrottlingBurstLimit: 4000 }\n";
    assert!(own().contains(default));
    let with =
        |settings: &str| own().replacen(default, "", 1).replacen(stage, &format!("{stage}{settings}"), 1);
    let settings = "      DefaultRouteSettings: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 5 }\n";
    let plan = read(&with(settings), &[]).unwrap();
    assert_eq!(plan.websocket_apis[0].throttling.len(), 3);
    assert_eq!(
        plan.websocket_apis[0].throttling["$default"],
        sam_template::Throttling { rate: 10.0, burst: 5.0 }
    );
    assert_eq!(
        read(&with("      RouteSettings: { join: {} }\n"), &[]).unwrap_err(),
        "WebSocketApi.RouteSettings.join: is no route of this API"
    );
    assert_eq!(
        read(&with("      DefaultRouteSettings: { ThrottlingRateLimit: 10 }\n"), &[]).unwrap_err(),
        "WebSocketApi.DefaultRouteSettings: write both ThrottlingRateLimit and ThrottlingBurstLimit"
    );
    let route = "$default: { FunctionArn: !GetAtt WebSocket.Arn }";
    assert_eq!(
        refusal(route, &route.replace(" }", ", RouteResponseSelectionExpression: $default }")),
        "WebSocketApi.Routes.$default.RouteResponseSelectionExpression: the local cloud does not run this property: \
         check its spelling, or leave it out"
    );
}

#[test]
fn a_cloudfront_function_with_other_code_is_refused() {
    assert_eq!(
        refusal("event.request.uri = \"/\";", "event.request.uri = \"/x\";"),
        "SocketPath.FunctionCode: the local cloud runs no code but function handler(event) { event.request.uri = \
         \"/\"; return event.request; }"
    );
}

#[test]
fn resources_that_depend_on_a_problem_are_not_reported() {
    let own = own();
    let line = |text: &str| own.lines().position(|line| line.contains(text)).unwrap() + 1;
    // Named in triggers, a schedule, an alarm and the dashboard.
    assert_eq!(
        places(&own.replace("Type: AWS::SQS::Queue", "Type: AWS::Kinesis::Stream")),
        [(line("FailedRecords:"), "FailedRecords".to_owned())]
    );
    // Integration, route, stage, permission and distribution belong to it.
    assert_eq!(
        places(&own.replace("ProtocolType: HTTP", "ProtocolType: REST")),
        [(line("ProtocolType: HTTP"), "HttpApi.ProtocolType".to_owned())]
    );
    assert_eq!(
        places(&own.replace("Type: AWS::ApiGatewayV2::Api", "Type: AWS::ApiGateway::RestApi")),
        [(line("  HttpApi:"), "HttpApi".to_owned())]
    );
    assert_eq!(
        places(&own.replace("IntegrationUri: !GetAtt Http.Arn", "IntegrationUri: !GetAtt Nobody.Arn")),
        [(line("IntegrationUri:"), "HttpIntegration.IntegrationUri".to_owned())]
    );
}

/// The lines and places of a template's problems.
fn places(text: &str) -> Vec<(usize, String)> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("template.yaml");
    std::fs::write(&path, text).unwrap();
    match sam_template::read(&path, &BTreeMap::new()) {
        Err(TemplateError::NotRun { problems, .. }) => {
            problems.into_iter().map(|problem| (problem.at.line, problem.at.path)).collect()
        }
        other => panic!("{other:?}"),
    }
}
