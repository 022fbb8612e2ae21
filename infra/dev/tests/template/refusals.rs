//! Mistakes in the template, and the problems that the reader reports.

use super::*;

#[test]
fn a_missing_template_or_one_that_is_not_yaml_is_named() {
    let missing = sam_template::read(Path::new("/nowhere/template.yaml"), &BTreeMap::new()).unwrap_err();
    assert!(missing.to_string().starts_with("/nowhere/template.yaml: cannot be read ("), "{missing}");
    assert!(read("Resources:\n  Notes: [", &[]).unwrap_err().starts_with("3: is not valid YAML: "));
}

#[test]
fn an_unknown_section_type_property_or_event_is_named() {
    assert_eq!(
        refusal("Outputs:", "Mappings: { Sizes: { Small: { Memory: 128 } } }\n\nOutputs:"),
        "Mappings: the local cloud does not support this section: check its spelling, or remove it"
    );
    assert_eq!(
        refusal("Type: AWS::SQS::Queue", "Type: AWS::Kinesis::Stream"),
        "FailedRecords: the local cloud does not support AWS::Kinesis::Stream: check its spelling, or remove it"
    );
    assert_eq!(
        refusal("      BillingMode: PAY", "      StreamSpecifikation: {}\n      BillingMode: PAY"),
        "Notes.StreamSpecifikation: the local cloud does not support this property: check its spelling, or remove it"
    );
    assert_eq!(
        refusal("LogFormat: JSON", "LogFormat: XML"),
        "Http.LoggingConfig.LogFormat: `XML` is not supported: the local cloud supports JSON, Text"
    );
    assert_eq!(
        refusal("MemorySize: 256", "MemorySize: 256\n    ProvisionedConcurrencyConfig: 1"),
        "Http.ProvisionedConcurrencyConfig: the local cloud does not support this property: check its spelling, or \
         remove it"
    );
    assert_eq!(
        refusal("          Type: DynamoDB", "          Type: HttpApi"),
        "Stream.Events.NoteChanged.Type: `HttpApi` is not supported: declare the route with AWS::ApiGatewayV2::Route"
    );
    assert_eq!(
        refusal("          Type: Schedule", "          Type: ScheduleV2"),
        "KeepAlive.Events.EveryNineMinutes.Type: `ScheduleV2` is not supported: write Schedule"
    );
}

#[test]
fn an_unknown_intrinsic_or_a_reference_to_nothing_is_named() {
    assert_eq!(
        refusal("SESSION_COOKIE: !Ref SessionCookie", "SESSION_COOKIE: !Join ['', [a]]"),
        "Http.Environment.Variables.SESSION_COOKIE: the local cloud does not support Fn::Join: use Ref, Fn::GetAtt \
         or Fn::Sub"
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
    assert_eq!(
        refusal("!GetAtt SocketPath.FunctionARN", "!GetAtt RateLimit.Arn"),
        "FrontDoor.DistributionConfig.CacheBehaviors[2].FunctionAssociations[0].FunctionARN: there is no resource or \
         parameter RateLimit: declare it, or correct the name"
    );
    // Alarms do not run locally. A mistake in one is reported, because the template could not be deployed.
    assert_eq!(
        refusal("Value: !Ref Stream", "Value: !Ref Streem"),
        "StreamErrors.Dimensions[0].Value: there is no resource or parameter Streem: declare it, or correct the name"
    );
}

#[test]
fn a_table_that_dynamodb_refuses_is_refused() {
    assert_eq!(
        refusal(
            "TimeToLiveSpecification: { AttributeName: expires, Enabled: true }",
            "TimeToLiveSpecification: { Enabled: true }"
        ),
        "Notes.TimeToLiveSpecification.AttributeName: is missing: name the attribute that holds an item's expiry"
    );
    assert_eq!(
        refusal("{ StreamViewType: KEYS_ONLY }", "{ StreamViewType: KEYS }"),
        "Sessions.StreamSpecification.StreamViewType: `KEYS` is not supported: the local cloud supports KEYS_ONLY, \
         NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES"
    );
    assert_eq!(
        refusal(
            "        - IndexName: by-listed\n",
            "        - IndexName: by-listed\n          Projektion: {}\n"
        ),
        "Notes.LocalSecondaryIndexes[0].Projektion: the local cloud does not support this property: check its \
         spelling, or remove it"
    );
    assert_eq!(
        refusal("BillingMode: PAY_PER_REQUEST", "BillingMode: PROVISIONED"),
        "Notes.BillingMode: `PROVISIONED` is not supported: the local cloud supports PAY_PER_REQUEST"
    );
}

#[test]
fn a_trigger_that_lambda_refuses_is_refused() {
    assert_eq!(
        refusal("      StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }\n", ""),
        "Stream.Events.NoteChanged.Properties.Stream: Notes has no attribute StreamArn: give the table a \
         StreamSpecification"
    );
    assert_eq!(
        refusal("Stream: !GetAtt Notes.StreamArn", &format!("Stream: {NOTES}/stream/x")),
        "Stream.Events.NoteChanged.Properties.Stream: is not a stream of this template: write !GetAtt TABLE.StreamArn, \
         and give the table a StreamSpecification"
    );
    assert_eq!(
        refusal(r#"'{"eventName": ["REMOVE"]}'"#, r#"'{"eventName": ["REMOVE"}'"#),
        "Stream.Events.SessionEnded.Properties.FilterCriteria.Filters[0].Pattern: the filter is not JSON: expected \
         `,` or `]` at line 1 column 24"
    );
    assert_eq!(
        refusal(r#"'{"eventName": ["REMOVE"]}'"#, r#"'{"eventName": [{"suffix": "E"}]}'"#),
        "Stream.Events.SessionEnded.Properties.FilterCriteria.Filters[0].Pattern: the filter is not supported: the \
         local cloud does not support the rule `suffix`: use exact values, prefix, exists or anything-but"
    );
    assert_eq!(
        refusal("BatchSize: 100", "BatchSize: 10001"),
        "Stream.Events.NoteChanged.Properties.BatchSize: `10001` is not a whole number from 1 to 10000"
    );
    assert_eq!(
        refusal("BatchSize: 100", "ParallelizationFactor: 11"),
        "Stream.Events.NoteChanged.Properties.ParallelizationFactor: `11` is not a whole number from 1 to 10"
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
            "{at}: `cron(0/9 * * * ? *)` is not supported: use rate(N minutes), rate(N hours) or rate(N days)"
        )
    );
    assert_eq!(
        refusal("rate(9 minutes)", "rate(9 minute)"),
        format!("{at}: `rate(9 minute)` is not a rate: write rate(9 minutes), rate(1 hour) or rate(2 days)")
    );
    let off = own().replace("Schedule: rate(9 minutes)", "{ Schedule: rate(9 minutes), Enabled: false }");
    assert_eq!(read(&off, &[]).unwrap().schedules, []);
}

#[test]
fn a_function_without_its_binary_is_refused() {
    assert_eq!(
        refusal("BuildProperties: { Binary: http-function }", "BuildProperties: {}"),
        "Http.Metadata.BuildProperties.Binary: is missing: write the name of the function's binary"
    );
    assert_eq!(
        refusal("Runtime: provided.al2023", "Runtime: nodejs22.x"),
        "Http.Runtime: `nodejs22.x` is not supported: the local cloud supports provided.al2023"
    );
}

#[test]
fn an_api_without_a_caller_is_refused() {
    assert_eq!(
        refusal("ProtocolType: HTTP", "ProtocolType: HTPP"),
        "HttpApi.ProtocolType: `HTPP` is not a protocol of an API: write HTTP"
    );
    assert_eq!(
        refusal("FunctionName: !Ref Http", "FunctionName: !Ref Stream"),
        "HttpIntegration: API Gateway may not invoke Http: declare an AWS::Lambda::Permission for it"
    );
    assert_eq!(
        refusal("Target: !Sub integrations/${HttpIntegration}", "Target: !Ref HttpIntegration"),
        "HttpRoute.Target: is not an integration of the same API: write !Sub integrations/${INTEGRATION}"
    );
    assert_eq!(
        refusal("AutoDeploy: true", "AutoDeploy: false"),
        "HttpStage.AutoDeploy: deployments are not supported: write true, so that the routes are always those of the \
         template"
    );
    assert_eq!(
        refusal(
            "RouteSelectionExpression: $request.body.action",
            "RouteSelectionExpression: $request.header.x"
        ),
        "WebSocketApi.RouteSelectionExpression: `$request.header.x` is not supported: write $request.body.PROPERTY"
    );
    assert_eq!(
        refusal(
            "$connect: { FunctionArn: !GetAtt WebSocket.Arn }",
            "$connect: { FunctionArn: !GetAtt FailedRecords.Arn }"
        ),
        "WebSocketApi.Routes.$connect.FunctionArn: is not a function of this template: write !GetAtt FUNCTION.Arn"
    );
}

#[test]
fn a_distribution_that_withholds_something_from_an_api_is_refused() {
    assert_eq!(
        refusal("OriginPath: /live", "OriginPath: /dead"),
        "FrontDoor.DistributionConfig.Origins[1].OriginPath: `/dead` is not the path of the API's stage: write `/live`"
    );
    assert_eq!(
        refusal("            AllowedMethods: [GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE]\n", ""),
        "FrontDoor.DistributionConfig.CacheBehaviors[1].AllowedMethods: CloudFront rejects other lists: write \
         [DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT]"
    );
    assert_eq!(
        refusal("TargetOriginId: http\n", "TargetOriginId: htpp\n"),
        "FrontDoor.DistributionConfig.CacheBehaviors[0].TargetOriginId: there is no origin `htpp`"
    );
    let policies = "the local cloud supports 4135ea2d-6df8-44a3-9df3-4b5a84be39ad (Managed-CachingDisabled) and, \
        for HTTP APIs, 658327ea-f89d-4fab-a63d-7e88639e58f6 (Managed-CachingOptimized)";
    let right = "https-only\n            CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
    // Connections cannot be cached.
    for wrong in ["CachePolicyId: 5135ea2d", "CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6"] {
        assert_eq!(
            refusal(right, &format!("https-only\n            {wrong}")),
            format!("FrontDoor.DistributionConfig.CacheBehaviors[2].CachePolicyId: {policies}")
        );
    }
    assert_eq!(
        refusal("ResponseHeadersPolicyId: !Ref SecurityHeaders", "ResponseHeadersPolicyId: 67f7725c"),
        "FrontDoor.DistributionConfig.CacheBehaviors[0].ResponseHeadersPolicyId: `67f7725c` is not a policy of \
         this template: declare an AWS::CloudFront::ResponseHeadersPolicy, and write !Ref POLICY"
    );
    // A cached response must not depend on the cookie of one viewer.
    let cached = "658327ea-f89d-4fab-a63d-7e88639e58f6 # Managed-CachingOptimized\n";
    let with_cookies = "            OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac\n";
    assert_eq!(
        refusal(cached, &format!("{cached}{with_cookies}")),
        "FrontDoor.DistributionConfig.CacheBehaviors[0].OriginRequestPolicyId: a cached response must not depend \
         on what one viewer sends: remove the policy"
    );
}

#[test]
fn a_cloudfront_function_with_other_code_is_refused() {
    assert_eq!(
        refusal("event.request.uri = \"/\";", "event.request.uri = \"/x\";"),
        "SocketPath.FunctionCode: the local cloud supports only this code: function handler(event) { \
         event.request.uri = \"/\"; return event.request; }"
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
