//! `Policies` in a template: how they may be written, and what an author is told who writes what isn't run.

use std::collections::BTreeMap;

use sam_template::policy::{Comparison, Condition};
use sam_template::policy::{Effect, Statement};
use sam_template::{Plan, TemplateError};

/// The template of these tests, with `wrong` where it has `right`.
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
fn statements_are_one_or_a_list_and_so_are_actions_and_resources() {
    let plan = sam_template::read(&crate::template(), &BTreeMap::new()).unwrap();
    let of = |id: &str| &plan.functions.iter().find(|function| function.id == id).unwrap().policies;
    let orders = "arn:aws:dynamodb:us-east-1:123456789012:table/Orders";
    let statement = |at: &str, effect, actions: &[&str], resource: &str| Statement {
        at: at.to_owned(),
        effect,
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        resources: vec![resource.to_owned()],
        conditions: vec![],
    };
    assert_eq!(
        of("Writer")[..2],
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
        of("Keeper")[..],
        [
            statement("Keeper.Policies.Statement[0]", Effect::Allow, &["dynamodb:*"], &format!("{orders}*")),
            statement("Keeper.Policies.Statement[1]", Effect::Deny, &["dynamodb:Delete*"], orders),
        ]
    );
    assert_eq!(of("Idler")[..], []);
}

#[test]
fn what_cannot_be_checked_is_refused_by_name_with_what_to_write_instead() {
    let statement = "        - Statement:\n            - Effect: Allow";
    let first = "Writer.Policies[0].Statement[0]";
    for (right, wrong, said) in [
        (
            statement,
            "        - AWSLambdaExecute\n        - Statement:\n            - Effect: Allow",
            "Writer.Policies[0]: `AWSLambdaExecute` is a managed policy, whose statements only AWS knows: write a \
             Statement of what is needed"
                .to_owned(),
        ),
        (
            statement,
            "        - DynamoDBCrudPolicy: { TableName: !Ref Orders }\n        - Statement:\n            - Effect: Allow",
            "Writer.Policies[0]: `DynamoDBCrudPolicy` is a SAM policy template, and the local cloud runs none: write a \
             Statement of what is needed"
                .to_owned(),
        ),
        (
            statement,
            "        - Statement:\n            - Effect: Allow\n              Condition: { Bool: { a: b } }",
            format!(
                "{first}.Condition.Bool: the local cloud does not run this, and without it the statement would allow more \
                 than on AWS: write ForAllValues:StringEquals or ForAllValues:StringLike of dynamodb:LeadingKeys, or say it \
                 with actions and resources"
            ),
        ),
        (
            statement,
            "        - Statement:\n            - Effect: Allow\n              NotResource: '*'",
            format!(
                "{first}.NotResource: the local cloud does not run this: name the resources that are meant, in Resource"
            ),
        ),
        (
            statement,
            "        - Statement:\n            - Effect: Permit",
            format!("{first}.Effect: `Permit` is not run: the local cloud runs Allow, Deny"),
        ),
        (
            "Version: \"2012-10-17\"",
            "Version: \"2008-10-17\"",
            "Keeper.Policies.Version: `2008-10-17` is not run: the local cloud runs 2012-10-17".to_owned(),
        ),
        (
            "Resource: !GetAtt Orders.Arn",
            "Resource: !Ref Orders",
            format!(
                "{first}.Resource: `Orders` is no ARN: write !GetAtt TABLE.Arn, !Sub ${{TABLE.Arn}}/index/NAME, or \"*\""
            ),
        ),
        (
            "Resource: !GetAtt Orders.Arn",
            "Resource: !Sub \"${Orders.Arn}/${!aws:username}\"",
            format!(
                "{first}.Resource: `arn:aws:dynamodb:us-east-1:123456789012:table/Orders/${{aws:username}}` holds a \
                 policy variable, which the local cloud does not run: write out what it stands for"
            ),
        ),
        ("              Resource: !GetAtt Orders.Arn\n", "", format!("{first}.Resource: is missing: write it")),
    ] {
        assert_eq!(read(right, wrong).unwrap_err(), said);
    }
}

#[test]
fn an_action_that_does_not_exist_or_is_not_checked_is_refused_by_name() {
    for action in ["dynamodb:GetItme", "dynamodb:TransactWriteItems", "dynamodb:GetRecords", "s3:GetObject"] {
        let said = read("dynamodb:GetItem, ", &format!("{action}, ")).unwrap_err();
        let begins = format!(
            "Writer.Policies[0].Statement[0].Action[0]: `{action}` is no action that the local cloud checks: write one \
             of dynamodb:BatchGetItem,"
        );
        assert!(said.starts_with(&begins), "{said}");
    }
}

#[test]
fn a_condition_on_partition_keys_is_read_with_one_value_or_many() {
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
    for (wrong, said) in [
        (
            "{ StringLike: { \"dynamodb:LeadingKeys\": a } }",
            "Condition.StringLike: the local cloud does not run this",
        ),
        (
            "{ \"ForAnyValue:StringLike\": { \"dynamodb:LeadingKeys\": a } }",
            "Condition.ForAnyValue:StringLike: the local cloud does not run this",
        ),
        (
            "{ \"ForAllValues:StringLike\": { \"dynamodb:Attributes\": a } }",
            "Condition.ForAllValues:StringLike.dynamodb:Attributes: the local cloud knows of dynamodb:LeadingKeys alone",
        ),
        (
            "{ \"ForAllValues:StringLike\": { \"dynamodb:LeadingKeys\": \"${aws:userid}\" } }",
            "Condition.ForAllValues:StringLike.dynamodb:LeadingKeys: `${aws:userid}` holds a policy variable",
        ),
    ] {
        let refusal = with(wrong).unwrap_err();
        assert!(refusal.starts_with(&format!("Writer.Policies[0].Statement[0].{said}")), "{refusal}");
    }
}
