//! The types of resources that the local cloud knows.

use crate::accepted;

/// The supported types.
const RUN: [&str; 12] = [
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage",
    "AWS::CloudFront::Distribution",
    "AWS::CloudFront::Function",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::DynamoDB::Table",
    "AWS::Lambda::Permission",
    "AWS::SQS::Queue",
    "AWS::Serverless::Function",
    "AWS::Serverless::WebSocketApi",
];

/// Returns whether a type is supported, or accepted without effect.
pub(crate) fn is_known(kind: &str) -> bool {
    RUN.contains(&kind) || accepted::is_accepted(kind)
}
