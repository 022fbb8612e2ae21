//! All problems of a template are reported at once, with their lines.

use sam_template::TemplateError;

/// Returns the message, and the line, place and reason of each problem.
fn problems(text: &str) -> (String, Vec<(usize, String, String)>) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("template.yaml");
    std::fs::write(&path, text).unwrap();
    let error = sam_template::read(&path, &[].into()).unwrap_err();
    let message = error.to_string().replace(&path.display().to_string(), "template.yaml");
    let TemplateError::NotRun { problems, .. } = error else { panic!("{message}") };
    (
        message,
        problems.into_iter().map(|problem| (problem.at.line, problem.at.path, problem.reason)).collect(),
    )
}

/// Returns the lines and places of the problems.
fn places(text: &str) -> Vec<(usize, String)> {
    problems(text).1.into_iter().map(|(line, path, _)| (line, path)).collect()
}

fn expected(places: &[(usize, &str)]) -> Vec<(usize, String)> {
    places.iter().map(|(line, path)| (*line, (*path).to_owned())).collect()
}

const MANY: &str = r#"Transform: AWS::Serverless-2016-10-31
Mappings: { Sizes: { Small: { Memory: 128 } } }
Globals:
  Function:
    CodeUri: .
    Layers:
      - layer
    Runtime: nodejs22.x
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: hello } }
    Properties:
      MemorySize: 64
      VpcConfig: {}
      Environment:
        Variables:
          NAME: !Join ["-", [a, b]]
          BUCKET: !Ref Bucket
          NOTHING: !Ref Nowhere
      Policies:
        - AWSLambdaExecute
        - Statement:
            - Effect: Allow
              Action: [s3:GetObject, dynamodb:GetItem]
              Resource: !Sub ${Bucket.Arn}/*
      Events:
        Daily: { Type: Schedule, Properties: { Schedule: cron(0 0 * * ? *) } }
        Page: { Type: Api, Properties: { Path: /, Method: get } }
        Changed:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt Rows.StreamArn
            StartingPosition: AT_TIMESTAMP
            FilterCriteria:
              Filters:
                - Pattern: '{"eventName": ["INSERT"]}'
                - Pattern: '{'
  Other:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: other } }
  Bucket:
    Type: AWS::S3::Bucket
    Properties: { BucketName: !ImportValue name }
  Rows:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PROVISIONED
      KeySchema: [{ AttributeName: a, KeyType: HASH }]
"#;

#[test]
fn all_problems_are_reported_at_once_with_their_lines() {
    let (message, problems) = problems(MANY);
    let places: Vec<_> = problems.iter().map(|(line, path, _)| (*line, path.clone())).collect();
    assert_eq!(
        places,
        expected(&[
            (2, "Mappings"),
            // Both functions inherit these problems, and each is reported once.
            (6, "Hello.Layers"),
            (8, "Hello.Runtime"),
            (14, "Hello.MemorySize"),
            (15, "Hello.VpcConfig"),
            (18, "Hello.Environment.Variables.NAME"),
            (20, "Hello.Environment.Variables.NOTHING"),
            (22, "Hello.Policies[0]"),
            (25, "Hello.Policies[1].Statement[0].Action[0]"),
            (28, "Hello.Events.Daily.Properties.Schedule"),
            (29, "Hello.Events.Page.Type"),
            (33, "Hello.Events.Changed.Properties.Stream"),
            (34, "Hello.Events.Changed.Properties.StartingPosition"),
            (38, "Hello.Events.Changed.Properties.FilterCriteria.Filters[1].Pattern"),
            (42, "Bucket"),
            (47, "Rows.AttributeDefinitions"),
            (48, "Rows.BillingMode"),
        ]),
        "{message}"
    );
    let mut lines = message.lines();
    assert_eq!(lines.next(), Some("template.yaml has 17 problems:"));
    assert_eq!(
        lines.next(),
        Some(
            "  template.yaml:2: Mappings: the local cloud does not support this section: check its spelling, or remove it"
        )
    );
    assert_eq!(lines.count(), 16);
}

#[test]
fn one_problem_is_one_line() {
    let message =
        problems(&MANY[..MANY.find("Globals").unwrap()].replace("Mappings: {", "Resources: {}\nMappings: {"))
            .0;
    assert_eq!(
        message,
        "template.yaml:3: Mappings: the local cloud does not support this section: check its spelling, or remove it"
    );
}

#[test]
fn lines_are_those_of_the_text_after_values_have_moved() {
    let text = "Transform: AWS::Serverless-2016-10-31\n\
                Conditions:\n\
                \x20 Never: !Equals [a, b]\n\
                Resources:\n\
                \x20 Rows:\n\
                \x20   Type: AWS::DynamoDB::Table\n\
                \x20   Properties:\n\
                \x20     BillingMode: PAY_PER_REQUEST\n\
                \x20     AttributeDefinitions: [{ AttributeName: a, AttributeType: S }]\n\
                \x20     KeySchema: [{ AttributeName: a, KeyType: HASH }]\n\
                \x20     GlobalSecondaryIndexes:\n\
                \x20       - !If [Never, { IndexName: gone }, !Ref AWS::NoValue]\n\
                \x20       - IndexName: b\n\
                \x20         KeySchema: []\n\
                \x20         Projektion: {}\n\
                \x20     TimeToLiveSpecification: !If\n\
                \x20       - Never\n\
                \x20       - {}\n\
                \x20       - Enabled: maybe\n";
    assert_eq!(
        places(text),
        expected(&[
            (13, "Rows.GlobalSecondaryIndexes[0].Projection"),
            (15, "Rows.GlobalSecondaryIndexes[0].Projektion"),
            (19, "Rows.TimeToLiveSpecification.Enabled"),
        ])
    );
}
