//! `Policies` of a template: the supported syntax, and the errors for unsupported syntax.

use std::collections::BTreeMap;

use sam_template::policy::{Comparison, Condition};
use sam_template::policy::{Effect, Statement};
use sam_template::{Plan, TemplateError};

/// Reads the template of these tests with `right` replaced by `wrong`.
#[track_caller]
fn read(right: &str, wrong: &str) -> Result<Plan, String> {
    let text = std::fs::read_to_string(crate::template()).unwrap();
    assert!(text.contains(right), "the template has no `{right}`");
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("template.yaml");
    std::fs::write(&path, text.replacen(right, wrong, 1)).unwrap();
    sam_template::read(&path, &BTreeMap::new()).map_err(|error| match error {
        TemplateError::NotRun { problems, .. } => {
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        }
        error => error.to_string(),
    })
}

#[test]
fn statements_actions_and_resources_are_single_values_or_lists() {
    let plan = sam_template::read(&crate::template(), &BTreeMap::new()).unwrap();
    let policies = |id: &str| &plan.functions.iter().find(|function| function.id == id).unwrap().policies;
    let orders = "arn:aws:dynamodb:us-east-1:123456789012:table/Orders";
    let statement = |at: &str, effect, actions: &[&str], resource: &str| Statement {
        at: at.to_owned(),
        effect,
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        resources: vec![resource.to_owned()],
        conditions: vec![],
    };
    assert_eq!(
        policies("Writer")[..2],
        [
            statement(
                "Writer.Policies[0].Statement[0]",
                Effect::Allow,
                &["dynamodb:GetItem", "dynamodb:PutItem"],
                orders
            ),
            statement(
                "Writer.Policies[0].Statement[1]",
                Effect::Allow,
                &["dynamodb:Query"],
                &format!("{orders}/index/by-author")
            ),
        ]
    );
    assert_eq!(
        policies("Keeper")[..],
        [
            statement("Keeper.Policies.Statement[0]", Effect::Allow, &["dynamodb:*"], &format!("{orders}*")),
            statement("Keeper.Policies.Statement[1]", Effect::Deny, &["dynamodb:Delete*"], orders),
        ]
    );
    assert_eq!(policies("Idler")[..], []);
}

#[test]
fn an_unsupported_policy_is_an_error_that_says_what_to_write() {
    let statement = "        - Statement:\n            - Effect: Allow";
    let first = "Writer.Policies[0].Statement[0]";
    for (right, wrong, message) in [
        (
            statement,
            "        - AWSLambdaExecute\n        - Statement:\n            - Effect: Allow",
            "Writer.Policies[0]: `AWSLambdaExecute` is a managed policy, whose statements only AWS knows: write a \
             Statement with the permissions"
                .to_owned(),
        ),
        (
            statement,
            "        - DynamoDBCrudPolicy: { TableName: !Ref Orders }\n        - Statement:\n            - Effect: Allow",
            "Writer.Policies[0]: `DynamoDBCrudPolicy` is a SAM policy template, which is not supported: write a \
             Statement with the permissions"
                .to_owned(),
        ),
        (
            statement,
            "        - Statement:\n            - Effect: Allow\n              Condition: { Bool: { a: b } }",
            format!(
                "{first}.Condition.Bool: the local cloud does not support this, and without it the statement would \
                 allow more than on AWS: write ForAllValues:StringEquals or ForAllValues:StringLike of \
                 dynamodb:LeadingKeys, or use actions and resources"
            ),
        ),
        (
            statement,
            "        - Statement:\n            - Effect: Allow\n              NotResource: '*'",
            format!(
                "{first}.NotResource: the local cloud does not support this: list the resources in Resource"
            ),
        ),
        (
            statement,
            "        - Statement:\n            - Effect: Permit",
            format!("{first}.Effect: `Permit` is not supported: the local cloud supports Allow, Deny"),
        ),
        (
            "Version: \"2012-10-17\"",
            "Version: \"2008-10-17\"",
            "Keeper.Policies.Version: `2008-10-17` is not supported: the local cloud supports 2012-10-17".to_owned(),
        ),
        (
            "Resource: !GetAtt Orders.Arn",
            "Resource: !Ref Orders",
            format!(
                "{first}.Resource: `Orders` is not an ARN: write !GetAtt TABLE.Arn, !Sub \
                 ${{TABLE.Arn}}/index/NAME, or \"*\""
            ),
        ),
        (
            "Resource: !GetAtt Orders.Arn",
            "Resource: !Sub \"${Orders.Arn}/${!aws:username}\"",
            format!(
                "{first}.Resource: `arn:aws:dynamodb:us-east-1:123456789012:table/Orders/${{aws:username}}` holds \
                 a policy variable, which the local cloud does not support: write its value"
            ),
        ),
        ("              Resource: !GetAtt Orders.Arn\n", "", format!("{first}.Resource: is missing: write it")),
    ] {
        assert_eq!(read(right, wrong).unwrap_err(), message);
    }
}

#[test]
fn an_unknown_or_unsupported_action_is_an_error() {
    for action in ["dynamodb:GetItme", "dynamodb:TransactWriteItems", "dynamodb:GetRecords", "s3:GetObject"] {
        let error = read("dynamodb:GetItem, ", &format!("{action}, ")).unwrap_err();
        let beginning = format!(
            "Writer.Policies[0].Statement[0].Action[0]: the local cloud does not check the action `{action}`: \
             write one of dynamodb:BatchGetItem,"
        );
        assert!(error.starts_with(&beginning), "{error}");
    }
}

#[test]
fn a_condition_on_partition_keys_has_one_value_or_many() {
    let resource = "              Resource: !GetAtt Orders.Arn\n";
    let with = |condition: &str| read(resource, &format!("{resource}              Condition: {condition}\n"));
    let conditions = |condition: &str| {
        let plan = with(condition).unwrap();
        let writer = plan.functions.iter().find(|function| function.id == "Writer").unwrap();
        writer.policies[0].conditions.clone()
    };
    let condition = |comparison, values: &[&str]| Condition {
        comparison,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    assert_eq!(
        conditions("{ \"ForAllValues:StringLike\": { \"dynamodb:LeadingKeys\": [\"a#*\", !Ref Users] } }"),
        [condition(Comparison::Like, &["a#*", "Users"])]
    );
    assert_eq!(
        conditions(
            "{ \"ForAllValues:StringEquals\": { \"dynamodb:leadingkeys\": a }, \
             \"ForAllValues:StringLike\": { \"dynamodb:LeadingKeys\": 1 } }"
        ),
        [condition(Comparison::Equals, &["a"]), condition(Comparison::Like, &["1"])]
    );
    for (wrong, message) in [
        (
            "{ StringLike: { \"dynamodb:LeadingKeys\": a } }",
            "Condition.StringLike: the local cloud does not support this",
        ),
        (
            "{ \"ForAnyValue:StringLike\": { \"dynamodb:LeadingKeys\": a } }",
            "Condition.ForAnyValue:StringLike: the local cloud does not support this",
        ),
        (
            "{ \"ForAllValues:StringLike\": { \"dynamodb:Attributes\": a } }",
            "Condition.ForAllValues:StringLike.dynamodb:Attributes: the local cloud supports only \
             dynamodb:LeadingKeys",
        ),
        (
            "{ \"ForAllValues:StringLike\": { \"dynamodb:LeadingKeys\": \"${aws:userid}\" } }",
            "Condition.ForAllValues:StringLike.dynamodb:LeadingKeys: `${aws:userid}` holds a policy variable",
        ),
    ] {
        let error = with(wrong).unwrap_err();
        assert!(error.starts_with(&format!("Writer.Policies[0].Statement[0].{message}")), "{error}");
    }
}
