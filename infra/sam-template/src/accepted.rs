//! Resource types and properties that are accepted and have no effect on one machine, each with the reason.

/// Resource types, with the reason.
const TYPES: &[(&str, &str)] = &[
    ("AWS::Budgets::Budget", "a local cloud costs nothing"),
    ("AWS::CloudWatch::Alarm", "a local cloud needs no alarms"),
    ("AWS::CloudWatch::Dashboard", "the console shows what happens"),
    ("AWS::Logs::LogGroup", "the console is the only log"),
    ("AWS::SNS::Subscription", "a local cloud sends no messages"),
    ("AWS::SNS::Topic", "a local cloud sends no messages"),
    ("AWS::WAFv2::WebACL", "nobody else can reach the local distribution"),
];

/// Properties by the kind of their owner, with the reason.
const PROPERTIES: &[(&str, &[&str], &str)] = &[
    ("AWS::ApiGatewayV2::Api", &["Name", "Description", "Tags"], "only for readers"),
    ("AWS::ApiGatewayV2::Integration", &["Description"], "only for readers"),
    ("AWS::ApiGatewayV2::Route", &["OperationName"], "only for readers"),
    ("AWS::ApiGatewayV2::Stage", &["Description", "Tags"], "only for readers"),
    ("AWS::ApiGatewayV2::Stage", &["AccessLogSettings"], "every request is printed"),
    ("AWS::CloudFront::Distribution", &["Tags"], "only for readers"),
    ("AWS::CloudFront::ResponseHeadersPolicy", &["Name", "Comment"], "only for readers"),
    ("AWS::CloudFront::Function", &["Name", "AutoPublish", "FunctionConfig"], "there is one version of it"),
    ("DistributionConfig", &["Comment"], "only for readers"),
    (
        "DistributionConfig",
        &["HttpVersion", "IPV6Enabled", "PriceClass", "ViewerCertificate", "Aliases"],
        "there is one address, on loopback",
    ),
    ("DistributionConfig", &["Logging", "WebACLId"], "nobody else can reach it"),
    ("Behaviour", &["ViewerProtocolPolicy"], "loopback needs no TLS"),
    (
        "Origin",
        &["CustomOriginConfig", "ConnectionAttempts", "ConnectionTimeout"],
        "origins are in the same process",
    ),
    (
        "AWS::DynamoDB::Table",
        &["PointInTimeRecoverySpecification", "DeletionProtectionEnabled"],
        "nothing deletes a local table",
    ),
    ("AWS::DynamoDB::Table", &["SSESpecification", "Tags", "TableClass"], "how AWS stores it"),
    ("AWS::Lambda::Permission", &["SourceAccount"], "there is one account"),
    ("AWS::SQS::Queue", &["MessageRetentionPeriod"], "messages remain until their directory is deleted"),
    ("AWS::SQS::Queue", &["KmsMasterKeyId", "SqsManagedSseEnabled", "Tags"], "how AWS stores it"),
    (
        "AWS::Serverless::Function",
        &["Architectures", "Handler"],
        "Cargo builds for this machine, and the binary is the handler",
    ),
    ("AWS::Serverless::Function", &["Description", "Tags"], "only for readers"),
    ("AWS::Serverless::Function", &["Tracing"], "log lines are printed"),
    ("AWS::Serverless::WebSocketApi", &["Name", "Description", "Tags"], "only for readers"),
    ("AWS::Serverless::WebSocketApi", &["AccessLogSettings"], "every frame is printed"),
    ("LoggingConfig", &["LogGroup", "SystemLogLevel"], "the console is the only log"),
    ("Parameter", &["ConstraintDescription", "Description", "NoEcho"], "only for readers"),
    ("Resource", &["DeletionPolicy", "UpdateReplacePolicy"], "nothing is deleted or replaced"),
    ("Resource", &["DependsOn"], "all resources exist before the first call"),
    ("Resource", &["Metadata"], "only for tools, except for the part that is read"),
    (
        "RouteSettings",
        &["DetailedMetricsEnabled", "LoggingLevel", "DataTraceEnabled"],
        "every request is printed",
    ),
    ("Schedule", &["Name", "Description"], "only for readers"),
    ("Statement", &["Sid"], "only for readers"),
    ("Template", &["AWSTemplateFormatVersion", "Description", "Metadata"], "only for readers and tools"),
];

/// Returns whether a resource type is accepted without effect.
pub(crate) fn is_accepted(kind: &str) -> bool {
    TYPES.iter().any(|(accepted, _reason)| *accepted == kind)
}

/// Returns the properties of a kind that are accepted without effect.
pub(crate) fn properties(kind: &str) -> impl Iterator<Item = &'static str> {
    PROPERTIES
        .iter()
        .filter(move |(of, ..)| *of == kind)
        .flat_map(|(_, names, _reason)| names.iter().copied())
}
