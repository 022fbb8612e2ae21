//! Different forms of the same template.

use std::collections::BTreeMap;
use std::time::Duration;

use sam_template::Plan;

use crate::read;

/// Returns a template of one function, with sections before it and resources after it.
fn template(top: &str, resources: &str) -> String {
    format!(
        "{top}\nResources:\n  Hello:\n    Type: AWS::Serverless::Function\n    Metadata: {{ BuildProperties: {{ Binary: hello }} }}\n\
         {resources}"
    )
}

const SAM: &str = "Transform: AWS::Serverless-2016-10-31";
const PROPERTIES: &str = "    Properties: { CodeUri: ., Runtime: provided.al2023 }\n";

fn variables(plan: &Plan) -> BTreeMap<&str, &str> {
    plan.functions[0].environment.iter().map(|(name, value)| (&**name, &**value)).collect()
}

#[test]
fn a_transform_is_a_name_or_a_list_with_the_supported_name() {
    for transform in
        ["AWS::Serverless-2016-10-31", "[AWS::Serverless-2016-10-31]", "\n  - AWS::Serverless-2016-10-31"]
    {
        let plan = read(&template(&format!("Transform: {transform}"), PROPERTIES), &[]).unwrap();
        assert_eq!(plan.functions.len(), 1, "{transform}");
    }
    let refusal = |top: &str| read(&template(top, PROPERTIES), &[]).unwrap_err();
    assert_eq!(refusal(""), "Transform: is missing: write AWS::Serverless-2016-10-31");
    assert_eq!(refusal("Transform: []"), "Transform: is missing: write AWS::Serverless-2016-10-31");
    assert_eq!(
        refusal("Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]"),
        "Transform[0]: `AWS::LanguageExtensions` is not supported: the local cloud supports AWS::Serverless-2016-10-31"
    );
    assert_eq!(
        refusal("Transform: AWS::Serverless-2016-11-31"),
        "Transform: `AWS::Serverless-2016-11-31` is not supported: the local cloud supports AWS::Serverless-2016-10-31"
    );
    assert!(
        refusal("Transform: [{ Name: AWS::Include }, AWS::Serverless-2016-10-31]")
            .starts_with("Transform[0]: the local cloud")
    );
}

#[test]
fn depends_on_is_an_existing_resource_or_a_list() {
    let with = |dependencies: &str| {
        let queue = "  Failed: { Type: AWS::SQS::Queue }\n";
        read(&template(SAM, &format!("    DependsOn: {dependencies}\n{PROPERTIES}{queue}")), &[])
    };
    assert!(with("Failed").is_ok() && with("[Failed]").is_ok());
    assert_eq!(
        with("Failled").unwrap_err(),
        "Hello.DependsOn: there is no resource Failled: declare it, or correct the name"
    );
    assert!(
        with("[Failed, Failled]")
            .unwrap_err()
            .starts_with("Hello.DependsOn[1]: there is no resource Failled")
    );
}

#[test]
fn plain_scalars_are_yaml_1_1() {
    let top = "Transform: AWS::Serverless-2016-10-31\n\
               Parameters:\n\
               \x20 Flag: { Type: String, Default: yes, AllowedValues: [yes, no] }\n\
               \x20 Text: { Type: String, Default: 'yes', AllowedValues: ['yes', 'no'] }\n\
               \x20 Octal: { Type: Number, Default: 0777 }\n\
               Conditions:\n\
               \x20 IsSet: !Equals [!Ref Flag, on]\n\
               \x20 IsText: !Equals [!Ref Text, 'yes']";
    let rest = "    Properties:\n\
                \x20     CodeUri: .\n\
                \x20     Runtime: provided.al2023\n\
                \x20     Timeout: 1:30\n\
                \x20     MemorySize: 0x100\n\
                \x20     Environment:\n\
                \x20       Variables:\n\
                \x20         FLAG: !Ref Flag\n\
                \x20         TEXT: !Ref Text\n\
                \x20         OCTAL: !Ref Octal\n\
                \x20         SET: !If [IsSet, set, unset]\n\
                \x20         TEXT_SET: !If [IsText, set, unset]\n\
                \x20         SWITCHED: Off\n\
                \x20         QUOTED: \"Off\"\n\
                \x20         DAY: 2012-10-17\n\
                \x20         LETTER: y\n\
                \x20         on: key\n\
                \x20     Events:\n\
                \x20       Hourly: { Type: Schedule, Properties: { Schedule: rate(1 hour), Enabled: no } }\n\
                \x20       Daily: { Type: Schedule, Properties: { Schedule: rate(1 day), Enabled: yes } }\n";
    let plan = read(&template(top, rest), &[]).unwrap();
    assert_eq!(
        variables(&plan),
        BTreeMap::from([
            ("FLAG", "true"),
            ("TEXT", "yes"),
            ("OCTAL", "511"),
            ("SET", "set"),
            ("TEXT_SET", "set"),
            ("SWITCHED", "false"),
            ("QUOTED", "Off"),
            ("DAY", "2012-10-17"),
            ("LETTER", "y"),
            ("true", "key"),
        ])
    );
    let function = &plan.functions[0];
    assert_eq!((function.timeout, function.memory_mb), (Duration::from_secs(90), 256));
    assert_eq!(plan.schedules.iter().map(|schedule| &*schedule.id).collect::<Vec<_>>(), ["Hello.Daily"]);
    assert_eq!(
        read(&template(top, rest), &[("Flag", "yes")]).unwrap_err(),
        "Parameters.Flag: `yes` is not one of true, false"
    );
}

#[test]
fn aliases_and_merged_mappings_are_resolved() {
    let rest = "    Properties:\n\
                \x20     <<: &base { CodeUri: ., Runtime: provided.al2023, Timeout: 9 }\n\
                \x20     Timeout: 10\n\
                \x20 Other:\n\
                \x20   Type: AWS::Serverless::Function\n\
                \x20   Metadata: { BuildProperties: { Binary: other } }\n\
                \x20   Properties: *base\n";
    let plan = read(&template(SAM, rest), &[]).unwrap();
    let timeouts: Vec<_> = plan.functions.iter().map(|function| function.timeout.as_secs()).collect();
    assert_eq!(timeouts, [10, 9]);
}

#[test]
fn globals_are_merged_as_sam_merges_them() {
    let with = |globals: &str, own: &str, more: &str| {
        let top = format!(
            "{SAM}\nParameters: {{ More: {{ Type: String, Default: yes }} }}\nConditions: {{ HasMore: !Equals [!Ref More, yes] }}\n\
             Globals:\n  Function:\n    CodeUri: .\n    Runtime: provided.al2023\n    Timeout: 20\n{globals}"
        );
        read(&template(&top, &format!("    Properties:\n      MemorySize: 128\n{own}")), &[("More", more)])
    };
    let choice = "    Environment:\n      Variables: !If [HasMore, { A: 1, B: 1 }, { A: 2 }]\n";
    // An intrinsic is a scalar, so the function's value replaces it.
    let own = "      Environment: { Variables: { C: 3 } }\n";
    for more in ["true", "false"] {
        assert_eq!(variables(&with(choice, own, more).unwrap()), [("C", "3")].into());
    }
    assert_eq!(variables(&with(choice, "", "true").unwrap()), [("A", "1"), ("B", "1")].into());
    assert_eq!(variables(&with(choice, "", "false").unwrap()), [("A", "2")].into());
    let mapping = "    Environment: { Variables: { A: 1, B: 1 } }\n";
    assert_eq!(variables(&with(mapping, own, "true").unwrap()), [("A", "1"), ("B", "1"), ("C", "3")].into());
    let own = "      Environment: { Variables: !If [HasMore, { C: 3 }, !Ref AWS::NoValue] }\n";
    assert_eq!(variables(&with(mapping, own, "true").unwrap()), [("C", "3")].into());
    assert_eq!(variables(&with(mapping, own, "false").unwrap()), [].into());
    let own = "      Timeout: !Ref AWS::NoValue\n";
    assert_eq!(with("", own, "true").unwrap().functions[0].timeout, Duration::from_secs(3));
    for (refused, value) in [("Policies", "[]"), ("Events", "{}"), ("Role", "x"), ("FunctionName", "x")] {
        assert_eq!(
            with(&format!("    {refused}: {value}\n"), "", "true").unwrap_err(),
            format!(
                "Globals.Function.{refused}: SAM does not accept {refused} in Globals: write it in each resource"
            )
        );
    }
}

#[test]
fn a_name_may_contain_any_other_names() {
    let rest = format!(
        "{PROPERTIES}\
         \x20 HelloLogs: {{ Type: AWS::Logs::LogGroup, Properties: {{ LogGroupName: !Sub \"/aws/lambda/${{Hello}}\" }} }}\n\
         \x20 Other:\n\
         \x20   Type: AWS::Serverless::Function\n\
         \x20   Metadata: {{ BuildProperties: {{ Binary: other }} }}\n\
         \x20   Properties:\n\
         \x20     CodeUri: .\n\
         \x20     Runtime: provided.al2023\n\
         \x20     Environment:\n\
         \x20       Variables:\n\
         \x20         LOGS: !Ref HelloLogs\n\
         \x20         LOGS_ARN: !GetAtt HelloLogs.Arn\n\
         \x20         TABLE: !Ref Rows\n\
         \x20         STREAM: !Sub \"${{Rows.StreamArn}}\"\n\
         \x20         ALARM: !GetAtt Late.Arn\n\
         \x20         ROLE: !Sub \"${{HelloRole}} ${{HelloRole.Arn}}\"\n\
         \x20         TOPIC: !Sub \"${{Topic}} ${{Topic.TopicName}}\"\n\
         \x20 Rows:\n\
         \x20   Type: AWS::DynamoDB::Table\n\
         \x20   Properties:\n\
         \x20     TableName: !Sub \"${{HelloLogs}}-${{Failed.QueueName}}\"\n\
         \x20     BillingMode: PAY_PER_REQUEST\n\
         \x20     AttributeDefinitions: [{{ AttributeName: a, AttributeType: S }}]\n\
         \x20     KeySchema: [{{ AttributeName: a, KeyType: HASH }}]\n\
         \x20     StreamSpecification: {{ StreamViewType: KEYS_ONLY }}\n\
         \x20 Failed: {{ Type: AWS::SQS::Queue }}\n\
         \x20 Late:\n\
         \x20   Type: AWS::CloudWatch::Alarm\n\
         \x20   Properties: {{ AlarmName: !Sub \"${{Hello}}-late\", Dimensions: [{{ Name: LogGroup, Value: !Ref HelloLogs }}] }}\n\
         \x20 Topic: {{ Type: AWS::SNS::Topic }}\n"
    );
    let plan = read(&template(SAM, &rest), &[]).unwrap();
    let arn = |service: &str, rest: &str| format!("arn:aws:{service}:us-east-1:123456789012:{rest}");
    assert_eq!(plan.tables[0].name, "/aws/lambda/Hello-Failed");
    let other = &plan.functions[1].environment;
    assert_eq!(other["LOGS"], "/aws/lambda/Hello");
    assert_eq!(other["LOGS_ARN"], arn("logs", "log-group:/aws/lambda/Hello:*"));
    assert_eq!(other["TABLE"], "/aws/lambda/Hello-Failed");
    assert!(other["STREAM"].starts_with(&arn("dynamodb", "table//aws/lambda/Hello-Failed/stream/")));
    // SAM generates the role.
    assert_eq!(other["ROLE"], "local-HelloRole arn:aws:iam::123456789012:role/local-HelloRole");
    assert_eq!(other["ALARM"], arn("cloudwatch", "alarm:Hello-late"));
    assert_eq!(other["TOPIC"], format!("{} Topic", arn("sns", "Topic")));
}

#[test]
fn names_that_depend_on_each_other_are_refused() {
    let rest = format!(
        "{PROPERTIES}\
         \x20 One: {{ Type: AWS::Logs::LogGroup, Properties: {{ LogGroupName: !Sub \"${{Other}}-a\" }} }}\n\
         \x20 Other: {{ Type: AWS::Logs::LogGroup, Properties: {{ LogGroupName: !Sub \"${{One}}-b\" }} }}\n"
    );
    assert_eq!(
        read(&template(SAM, &rest), &[]).unwrap_err(),
        "Other.LogGroupName: the name of One depends on itself: remove one of the references"
    );
}
