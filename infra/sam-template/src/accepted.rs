//! What a template may say that changes nothing on one machine: accepted knowingly, each with the reason.

/// Types of resources, with the reason.
const TYPES: &[(&str, &str)] = &[
    ("AWS::CloudWatch::Alarm", "nobody is paged for a laptop"),
    ("AWS::CloudWatch::Dashboard", "the console shows what happens"),
    ("AWS::Logs::LogGroup", "the console is the only log"),
    ("AWS::SNS::Subscription", "nobody is written to from a laptop"),
    ("AWS::SNS::Topic", "nobody is written to from a laptop"),
];

/// Properties by what has them, with the reason.
const PROPERTIES: &[(&str, &[&str], &str)] = &[
    ("AWS::ApiGatewayV2::Api", &["Name", "Description", "Tags"], "names for people"),
    ("AWS::ApiGatewayV2::Integration", &["Description"], "words for people"),
    ("AWS::ApiGatewayV2::Route", &["OperationName"], "words for people"),
    ("AWS::ApiGatewayV2::Stage", &["Description", "Tags"], "words for people"),
    ("AWS::ApiGatewayV2::Stage", &["AccessLogSettings"], "every request is printed"),
    ("AWS::CloudFront::Distribution", &["Tags"], "names for people"),
    ("AWS::CloudFront::ResponseHeadersPolicy", &["Name", "Comment"], "names and words for people"),
    ("AWS::CloudFront::Function", &["Name", "AutoPublish", "FunctionConfig"], "there is one version of it"),
    ("DistributionConfig", &["Comment"], "words for people"),
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
        "nothing deletes a table here",
    ),
    ("AWS::DynamoDB::Table", &["SSESpecification", "Tags", "TableClass"], "how AWS stores it"),
    ("AWS::Lambda::Permission", &["SourceAccount"], "there is one account"),
    ("AWS::SQS::Queue", &["MessageRetentionPeriod"], "messages stay until their directory goes"),
    ("AWS::SQS::Queue", &["KmsMasterKeyId", "SqsManagedSseEnabled", "Tags"], "how AWS stores it"),
    (
        "AWS::Serverless::Function",
        &["Architectures", "Handler"],
        "Cargo knows for what it builds, and the binary is the handler",
    ),
    ("AWS::Serverless::Function", &["Description", "Tags"], "words for people"),
    ("AWS::Serverless::Function", &["Tracing"], "log lines are printed"),
    ("AWS::Serverless::WebSocketApi", &["Name", "Description", "Tags"], "names for people"),
    ("AWS::Serverless::WebSocketApi", &["AccessLogSettings"], "every frame is printed"),
    ("LoggingConfig", &["LogGroup", "SystemLogLevel"], "the console is the only log"),
    ("Parameter", &["ConstraintDescription", "Description", "NoEcho"], "words for people"),
    ("Resource", &["DeletionPolicy", "UpdateReplacePolicy"], "nothing is deleted or replaced"),
    ("Resource", &["DependsOn"], "everything is there before anything is called"),
    ("Resource", &["Metadata"], "words for tools; what is read of it is read"),
    (
        "RouteSettings",
        &["DetailedMetricsEnabled", "LoggingLevel", "DataTraceEnabled"],
        "every request is printed",
    ),
    ("Schedule", &["Name", "Description"], "words for people"),
    ("Statement", &["Sid"], "words for people"),
    ("Template", &["AWSTemplateFormatVersion", "Description", "Metadata"], "words for people and tools"),
];

/// Whether a resource of this type may stand in the template without being run.
pub(crate) fn is_accepted(kind: &str) -> bool {
    TYPES.iter().any(|(accepted, _reason)| *accepted == kind)
}

/// The properties that something of this kind may have without effect.
pub(crate) fn properties(kind: &str) -> impl Iterator<Item = &'static str> {
    PROPERTIES
        .iter()
        .filter(move |(of, ..)| *of == kind)
        .flat_map(|(_, names, _reason)| names.iter().copied())
}
