//! Values of CloudFormation's pseudo parameters (`AWS::Region` and the like) on the local machine.

/// `AWS::Region`. Fixed, so that ARNs do not depend on the user's configuration.
pub const REGION: &str = "us-east-1";
/// `AWS::AccountId`: the account of AWS's own examples.
pub const ACCOUNT: &str = "123456789012";
/// `AWS::StackName`.
pub const STACK: &str = "local";
/// `AWS::StackId`.
pub const STACK_ID: &str =
    "arn:aws:cloudformation:us-east-1:123456789012:stack/local/00000000-0000-4000-8000-000000000000";
/// `AWS::URLSuffix`: the domain of AWS's services.
pub const URL_SUFFIX: &str = "amazonaws.com";
