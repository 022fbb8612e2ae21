//! The template's text: YAML, with CloudFormation's tags turned into their long forms.

use serde_json::{Map, Value, json};
use serde_yaml_ng::Value as Yaml;

use super::Problem;

/// Parses a template. What comes out has one spelling for each intrinsic: `{"Fn::GetAtt": ["Notes", "Arn"]}`.
pub(super) fn parse(text: &str) -> Result<Value, Problem> {
    let yaml: Yaml = serde_yaml_ng::from_str(text).map_err(|error| Problem::NotYaml(error.to_string()))?;
    let template = long_form(yaml)?;
    if template.is_object() {
        Ok(template)
    } else {
        Err(Problem::NotYaml("there are no sections".to_owned()))
    }
}

fn long_form(yaml: Yaml) -> Result<Value, Problem> {
    Ok(match yaml {
        Yaml::Mapping(mapping) => {
            let mut fields = Map::new();
            for (key, value) in mapping {
                let key = match key {
                    Yaml::String(key) => key,
                    key => scalar(&key).ok_or_else(|| {
                        Problem::NotYaml("a key that is neither text nor number".to_owned())
                    })?,
                };
                let value = long_form(value)?;
                fields.insert(key.clone(), if key == "Fn::GetAtt" { get_att(value) } else { value });
            }
            Value::Object(fields)
        }
        Yaml::Sequence(items) => items.into_iter().map(long_form).collect::<Result<_, _>>()?,
        Yaml::Tagged(tagged) => {
            let value = long_form(tagged.value)?;
            match tagged.tag.to_string().trim_start_matches('!') {
                "Ref" => json!({ "Ref": value }),
                "Condition" => json!({ "Condition": value }),
                "GetAtt" => json!({ "Fn::GetAtt": get_att(value) }),
                name => json!({ (format!("Fn::{name}")): value }),
            }
        }
        other => serde_json::to_value(other).map_err(|error| Problem::NotYaml(error.to_string()))?,
    })
}

/// `Notes.Arn` and `[Notes, Arn]` are the same.
fn get_att(value: Value) -> Value {
    match value.as_str().and_then(|text| text.split_once('.')) {
        Some((id, attribute)) => json!([id, attribute]),
        None => value,
    }
}

fn scalar(key: &Yaml) -> Option<String> {
    match key {
        Yaml::Number(number) => Some(number.to_string()),
        Yaml::Bool(bool) => Some(bool.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_long_forms_come_out_the_same() {
        let tags = "a: !Ref Notes\nb: !GetAtt Notes.Arn\nc: !Sub 'x${Notes}'\nd: [!Join ['', [!Ref A]]]";
        let long = r#"{"a": {"Ref": "Notes"}, "b": {"Fn::GetAtt": "Notes.Arn"}, "c": {"Fn::Sub": "x${Notes}"},
            "d": [{"Fn::Join": ["", [{"Ref": "A"}]]}]}"#;
        assert_eq!(parse(tags).unwrap(), parse(long).unwrap());
        assert_eq!(parse(tags).unwrap()["b"], json!({"Fn::GetAtt": ["Notes", "Arn"]}));
    }

    #[test]
    fn broken_yaml_is_refused_with_its_place() {
        let refusal = parse("Resources:\n  Notes: [").unwrap_err().to_string();
        assert!(refusal.starts_with("is no YAML: ") && refusal.contains("line 3"), "{refusal}");
        assert_eq!(parse("").unwrap_err().to_string(), "is no YAML: there are no sections; correct it there");
    }
}
