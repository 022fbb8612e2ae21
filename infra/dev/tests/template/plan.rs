//! The plan of the template.

use super::*;

#[test]
fn the_repositorys_template_runs_unchanged() {
    let plan = read(&own(), &[]).unwrap();

    let tables: Vec<_> = plan.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(tables, ["Boards", "Connections", "Edits", "Notes", "Sessions", "Users"]);
    let [boards, connections, edits, notes, sessions, users] = plan.tables.as_slice() else { unreachable!() };
    assert_eq!([boards, notes].map(|table| table.stream_view.as_deref()), [Some("NEW_AND_OLD_IMAGES"); 2]);
    assert_eq!(edits.stream_view.as_deref(), Some("NEW_IMAGE"));
    assert_eq!(users.stream_view.as_ref(), None);
    assert_eq!(notes.create["LocalSecondaryIndexes"][0]["IndexName"], "by-listed");
    assert_eq!(notes.create["KeySchema"][1], json!({"AttributeName": "key", "KeyType": "RANGE"}));
    assert_eq!(sessions.stream_view.as_deref(), Some("KEYS_ONLY"));
    assert_eq!(connections.create["GlobalSecondaryIndexes"][0]["IndexName"], "by-session");
    let expiring = [boards, notes, sessions, users].map(|table| table.ttl_attribute.as_deref());
    assert_eq!(expiring, [Some("expires"); 4]);

    let functions: Vec<_> =
        plan.functions.iter().map(|function| (&*function.id, &*function.binary)).collect();
    assert_eq!(
        functions,
        [
            ("Http", "http-function"),
            ("KeepAlive", "keepalive-function"),
            ("Merge", "merge-function"),
            ("Stream", "stream-function"),
            ("WebSocket", "websocket-function"),
        ]
    );
    let [_, keep_alive, _, _, websocket] = plan.functions.as_slice() else { unreachable!() };
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
            ("EDITS_TABLE", "Edits"),
            ("BOARDS_TABLE", "Boards"),
            ("USERS_TABLE", "Users"),
            ("SESSIONS_TABLE", "Sessions"),
            ("CONNECTIONS_TABLE", "Connections"),
            ("ROOM_SHARDS", "1"),
            ("EARLY_PUSH_SOCKETS", "200"),
            ("BUSY_ROOM_SOCKETS", "100"),
            ("WRITES_PER_MINUTE", "300"),
            ("MEGABYTES_PER_MINUTE", "12"),
            ("SESSION_COOKIE", "__Host-notes-session"),
            ("ORIGIN", "https://frontdoor.cloudfront.net"),
            ("EDGE", "yes"),
            ("FRONT_DOOR", sam_template::STACK_ID),
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
        // The function sends another policy with the page.
        assert!(!header(origin, "content-security-policy").1);
    }
    assert_eq!((&*front_door.default.api, front_door.default.cached), ("HttpApi", false));
    // Each API gets the header that its function requires.
    for origin in front_door.behaviours.iter().map(|(_, origin)| origin).chain([&front_door.default]) {
        assert_eq!(origin.headers, [("x-front-door".to_owned(), sam_template::STACK_ID.to_owned())]);
    }
}

#[test]
fn a_parameter_is_checked() {
    let plan = read(&own(), &[("RoomShards", "4")]).unwrap();
    assert_eq!(plan.functions[3].environment["ROOM_SHARDS"], "4");
    assert_eq!(
        read(&own(), &[("RoomShards", "257")]).unwrap_err(),
        "Parameters.RoomShards: `257` is beyond MaxValue 256"
    );
}

#[test]
fn parameters_select_the_edge_and_the_domain() {
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
fn functions_require_the_edge_only_if_there_is_one() {
    for edge in ["yes", "no"] {
        let plan = read(&own(), &[("Edge", edge)]).unwrap();
        for id in ["Http", "WebSocket"] {
            let function = plan.functions.iter().find(|function| function.id == id).unwrap();
            assert_eq!(function.environment["EDGE"], edge, "{id}");
            // A reverse proxy sends the secret, too. The client address is trusted only beside it.
            assert_eq!(function.environment["FRONT_DOOR"], sam_template::STACK_ID, "{id}");
        }
    }
}

#[test]
fn a_rate_limit_and_a_budget_are_optional_and_checked() {
    let limit = ("RequestsPerFiveMinutes", "10");
    let acl = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/ours/00000000-0000-4000-8000-000000000000";
    let (acl, email) = (("WebAclArn", acl), ("AlarmEmail", "ada@example.org"));
    for accepted in [&[limit][..], &[acl], &[("MonthlyBudget", "50"), email]] {
        assert!(read(&own(), accepted).unwrap().cdn.is_some(), "{accepted:?}");
    }
    for (refused, reason) in [
        (&[("RequestsPerFiveMinutes", "9")][..], "Parameters.RequestsPerFiveMinutes: `9` does not match"),
        (&[limit, acl], "Rules.ARateLimitIsInUsEast1: Give RequestsPerFiveMinutes or WebAclArn, not both."),
        (&[limit, ("Edge", "no")], "Rules.AWebAclHasAnEdge: RequestsPerFiveMinutes and WebAclArn protect"),
        (&[acl, ("Edge", "no")], "Rules.AWebAclHasAnEdge: RequestsPerFiveMinutes and WebAclArn protect"),
        (&[("MonthlyBudget", "50")], "Rules.ABudgetHasAnEmailAddress: MonthlyBudget requires an AlarmEmail."),
        (&[("MonthlyBudget", "0.5"), email], "Parameters.MonthlyBudget: `0.5` does not match"),
    ] {
        let problem = read(&own(), refused).unwrap_err();
        assert!(problem.starts_with(reason), "{problem}");
    }
}

#[test]
fn the_function_receives_new_connections_readers_and_ends() {
    let plan = read(&own(), &[]).unwrap();
    let opened = plan.triggers.iter().find(|trigger| trigger.table == "Connections").unwrap();
    let engine = json!({"eventName": "INSERT", "dynamodb": {"NewImage": {"engine": {"S": "x"}}}});
    let room = json!({"eventName": "INSERT", "dynamodb": {"NewImage": {"socket": {"S": "x"}}}});
    assert!(opened.filters[0].matches(&engine) && !opened.filters[0].matches(&room));
    let removed = |room: &str| json!({"eventName": "REMOVE", "dynamodb": {"Keys": {"room": {"S": room}}}});
    assert!(opened.filters[1].matches(&removed("/notes,shopping#0")));
    for other in ["/notes#0", "/home#0", "#/notes", "L0SM9cOFvHcCIhw="] {
        assert!(!opened.filters[1].matches(&removed(other)), "{other}");
    }
    let by =
        |whom: &str| json!({"eventName": "REMOVE", "userIdentity": {"type": "Service", "principalId": whom}});
    assert!(opened.filters[2].matches(&by("dynamodb.amazonaws.com")), "a row that expired");
    assert!(
        !opened.filters[2].matches(&by("somebody"))
            && !opened.filters[2].matches(&removed("L0SM9cOFvHcCIhw="))
    );
}

#[test]
fn stage_settings_apply_to_routes_and_other_settings_are_refused() {
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
        "WebSocketApi.RouteSettings.join: is not a route of this API"
    );
    assert_eq!(
        read(&with("      DefaultRouteSettings: { ThrottlingRateLimit: 10 }\n"), &[]).unwrap_err(),
        "WebSocketApi.DefaultRouteSettings: write both ThrottlingRateLimit and ThrottlingBurstLimit"
    );
    let route = "$default: { FunctionArn: !GetAtt WebSocket.Arn }";
    assert_eq!(
        refusal(route, &route.replace(" }", ", RouteResponseSelectionExpression: $default }")),
        "WebSocketApi.Routes.$default.RouteResponseSelectionExpression: the local cloud does not support this \
         property: check its spelling, or remove it"
    );
}

#[test]
fn the_triggers_of_the_repositorys_template_run_unchanged() {
    let plan = read(&own(), &[]).unwrap();
    let triggers: Vec<_> = plan.triggers.iter().map(|trigger| (&*trigger.id, &*trigger.table)).collect();
    assert_eq!(
        triggers,
        [
            ("Merge.EditStored", "Edits"),
            ("Stream.BoardChanged", "Boards"),
            ("Stream.ConnectionOpened", "Connections"),
            ("Stream.NoteChanged", "Notes"),
            ("Stream.SessionEnded", "Sessions"),
        ]
    );
    let [stored, _, opened, changed, _] = plan.triggers.as_slice() else { unreachable!() };
    assert_eq!((stored.batching_window, stored.filters.len()), (Duration::from_secs(5), 1));
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
}
