//! Parses the text of a template: YAML 1.1, with CloudFormation's tags converted to their long forms.

use std::borrow::Cow;
use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};

use crate::error::Problems;
use crate::node::{Fields, Kind, Node, Place};
use crate::yaml;

/// A text that is not YAML.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotYaml {
    pub(crate) line: usize,
    pub(crate) reason: String,
}

/// Maximum nesting of values. CloudFormation's own templates have much less.
const DEEPEST: usize = 100;

/// Parses a template. Each intrinsic has one spelling in the result: `{"Fn::GetAtt": ["Orders", "Arn"]}`.
pub(crate) fn parse(text: &str, problems: &Problems) -> Result<Node, NotYaml> {
    let mut composer =
        Composer { events: Parser::new_from_str(text), anchors: BTreeMap::new(), depth: 0, problems };
    let template = composer.document()?;
    match template.kind {
        Kind::Fields(_) => Ok(template),
        _ => Err(NotYaml { line: template.line.max(1), reason: "there are no sections".to_owned() }),
    }
}

impl From<ScanError> for NotYaml {
    fn from(error: ScanError) -> Self {
        Self { line: error.marker().line(), reason: error.info().to_owned() }
    }
}

/// Builds values from the parser's events.
struct Composer<'a> {
    events: Parser<'a, StrInput<'a>>,
    /// The values of aliases.
    anchors: BTreeMap<usize, Node>,
    depth: usize,
    problems: &'a Problems,
}

/// The meaning of a tag.
enum Meaning {
    /// No tag, or one without an effect.
    Plain,
    /// The type of a scalar: `!!str`.
    Type(String),
    /// An intrinsic, by its long name: `!Ref`, `!Sub`.
    Intrinsic(String),
}

impl<'a> Composer<'a> {
    fn document(&mut self) -> Result<Node, NotYaml> {
        let place = Place::default();
        let mut template = Node::default();
        let mut documents = 0;
        loop {
            let (event, span) = self.event()?;
            match event {
                Event::StreamEnd => return Ok(template),
                Event::Nothing | Event::StreamStart | Event::DocumentEnd => {}
                Event::DocumentStart(_) if documents == 0 => documents = 1,
                Event::DocumentStart(_) => {
                    return Err(not_yaml(&span, "a template is one document, and a second one begins here"));
                }
                event => template = self.value(event, &span, &place)?,
            }
        }
    }

    fn event(&mut self) -> Result<(Event<'a>, Span), NotYaml> {
        match self.events.next_event() {
            Some(event) => Ok(event?),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    /// Builds the value that begins with this event.
    fn value(&mut self, event: Event<'a>, span: &Span, at: &Place) -> Result<Node, NotYaml> {
        let line = span.start.line();
        if self.depth == DEEPEST {
            return Err(not_yaml(span, "values are nested too deeply"));
        }
        self.depth += 1;
        let (anchor, node) = match event {
            Event::Alias(anchor) => {
                let named = self.anchors.get(&anchor).cloned();
                (0, named.ok_or_else(|| not_yaml(span, "an alias is inside the value that it names"))?)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let kind = match meaning(tag, span)? {
                    Meaning::Plain if style == ScalarStyle::Plain => yaml::plain(&text),
                    Meaning::Plain => Kind::Text(text.into_owned()),
                    Meaning::Type(kind) => typed(&kind, &text, span)?,
                    Meaning::Intrinsic(name) => tagged(name, Node::text(line, text)),
                };
                (anchor, Node::new(line, kind))
            }
            Event::SequenceStart(anchor, tag) => {
                let meaning = meaning(tag, span)?;
                let items = Node::new(line, Kind::List(self.items(at)?));
                (anchor, of_collection(meaning, items))
            }
            Event::MappingStart(anchor, tag) => {
                let meaning = meaning(tag, span)?;
                let fields = Node::new(line, Kind::Fields(self.fields(at)?));
                (anchor, of_collection(meaning, fields))
            }
            _ => return Err(not_yaml(span, "expected a value")),
        };
        self.depth -= 1;
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn items(&mut self, at: &Place) -> Result<Vec<Node>, NotYaml> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.event()?;
            if event == Event::SequenceEnd {
                return Ok(items);
            }
            let place = at.item(items.len(), span.start.line());
            items.push(self.value(event, &span, &place)?);
        }
    }

    /// Builds the entries of a mapping. Its own entries replace those merged with `<<`.
    fn fields(&mut self, at: &Place) -> Result<Fields, NotYaml> {
        let (mut fields, mut merged) = (Fields::new(), Vec::new());
        loop {
            let (event, span) = self.event()?;
            if event == Event::MappingEnd {
                for field in merged.into_iter().flatten() {
                    let (name, value): (String, Node) = field;
                    fields.entry(name).or_insert(value);
                }
                return Ok(fields);
            }
            let line = span.start.line();
            let is_merge = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<");
            let name = self
                .value(event, &span, at)?
                .scalar()
                .ok_or_else(|| not_yaml(&span, "a key is neither a string nor a number: put it in quotes"))?;
            let place = match at.path.as_str() {
                "" => Place::new(&name, line),
                _ => at.field(&name, line),
            };
            let (event, span) = self.event()?;
            let mut value = self.value(event, &span, &place)?;
            if is_merge {
                merged.extend(to_merge(value, &span)?);
                continue;
            }
            value.line = line;
            if name == "Fn::GetAtt" {
                value = get_att(value);
            }
            if fields.insert(name, value).is_some() {
                self.problems.refuse(place, "is a duplicate: remove one of the two");
            }
        }
    }
}

/// Returns the mappings that `<<` merges. Earlier ones take precedence.
fn to_merge(value: Node, span: &Span) -> Result<Vec<Fields>, NotYaml> {
    let mappings = value.one_or_more(&Place::default()).into_iter().map(|(_, value)| match value.kind {
        Kind::Fields(fields) => Ok(fields),
        _ => Err(not_yaml(span, "<< merges a mapping or a list of mappings")),
    });
    mappings.collect()
}

fn meaning(tag: Option<Cow<'_, Tag>>, span: &Span) -> Result<Meaning, NotYaml> {
    let Some(tag) = tag else { return Ok(Meaning::Plain) };
    if tag.is_yaml_core_schema() {
        return Ok(Meaning::Type(tag.suffix.clone()));
    }
    match (tag.handle.as_str(), tag.suffix.as_str()) {
        // `!` makes a scalar a string, and has no effect on other values.
        ("" | "!", "") => Ok(Meaning::Type("str".to_owned())),
        ("!", name @ ("Ref" | "Condition")) => Ok(Meaning::Intrinsic(name.to_owned())),
        ("!", name) => Ok(Meaning::Intrinsic(format!("Fn::{name}"))),
        _ => Err(not_yaml(span, &format!("CloudFormation has no tag {tag}"))),
    }
}

/// Parses a scalar with a type tag.
fn typed(kind: &str, text: &str, span: &Span) -> Result<Kind, NotYaml> {
    let value = match kind {
        "str" => Kind::Text(text.to_owned()),
        _ => yaml::plain(text),
    };
    match (kind, &value) {
        ("str", _) | ("bool", Kind::Flag(_)) | ("int" | "float", Kind::Number(_)) | ("null", Kind::Null) => {
            Ok(value)
        }
        _ => Err(not_yaml(span, &format!("CloudFormation cannot read `{text}` as {kind}"))),
    }
}

fn of_collection(meaning: Meaning, node: Node) -> Node {
    match meaning {
        Meaning::Plain | Meaning::Type(_) => node,
        Meaning::Intrinsic(name) => Node::new(node.line, tagged(name, node)),
    }
}

/// Converts a tag to its long form.
fn tagged(name: String, argument: Node) -> Kind {
    let argument = if name == "Fn::GetAtt" { get_att(argument) } else { argument };
    Kind::Fields([(name, argument)].into())
}

/// Converts `Orders.Arn` to `[Orders, Arn]`.
fn get_att(value: Node) -> Node {
    match value.as_text().and_then(|text| text.split_once('.')) {
        Some((id, attribute)) => {
            let items = [id, attribute].map(|text| Node::text(value.line, text));
            Node::new(value.line, Kind::List(items.into()))
        }
        None => value,
    }
}

fn not_yaml(span: &Span, reason: &str) -> NotYaml {
    NotYaml { line: span.start.line(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(text: &str) -> Value {
        let problems = Problems::default();
        let template = parse(text, &problems).unwrap();
        assert_eq!(problems.into_list(), []);
        template.into_json()
    }

    #[test]
    fn tags_and_long_forms_have_the_same_result() {
        let tags = "a: !Ref Orders\nb: !GetAtt Orders.Arn\nc: !Sub 'x${Orders}'\nd: [!Join ['', [!Ref A]]]";
        let long = r#"{"a": {"Ref": "Orders"}, "b": {"Fn::GetAtt": "Orders.Arn"}, "c": {"Fn::Sub": "x${Orders}"},
            "d": [{"Fn::Join": ["", [{"Ref": "A"}]]}]}"#;
        assert_eq!(read(tags), read(long));
        assert_eq!(read(tags)["b"], json!({"Fn::GetAtt": ["Orders", "Arn"]}));
    }

    #[test]
    fn scalars_without_quotes_or_tags_are_yaml_1_1() {
        let text = "a: yes\nb: 'yes'\nc: \"0777\"\nd: 0777\ne: >-\n  no\nf: !!str on\ng: !!int '7'\nh: !Ref off\n\
                    on: key\n1: key\n'off': key\ni: [no, ~]";
        assert_eq!(
            read(text),
            json!({
                "a": true, "b": "yes", "c": "0777", "d": 511, "e": "no", "f": "on", "g": 7, "h": {"Ref": "off"},
                "true": "key", "1": "key", "off": "key", "i": [false, null],
            })
        );
    }

    #[test]
    fn aliases_are_replaced_and_own_entries_take_precedence_over_merged_ones() {
        let text = "base: &base {a: 1, b: 1}\nother: &other {b: 2, c: 2}\none: {<<: *base, b: 0}\n\
                    both: {<<: [*base, *other], d: *other}\ntext: {'<<': 1}";
        let read = read(text);
        assert_eq!(read["one"], json!({"a": 1, "b": 0}));
        assert_eq!(read["both"], json!({"a": 1, "b": 1, "c": 2, "d": {"b": 2, "c": 2}}));
        assert_eq!(read["text"], json!({"<<": 1}));
    }

    #[test]
    fn an_entry_has_the_line_of_its_key_and_an_item_its_line() {
        let template =
            parse("# Comment\na:\n  b:\n    - c\n    - d: !Ref\n        e\n", &Problems::default()).unwrap();
        let b = template.get("a").unwrap().get("b").unwrap();
        assert_eq!((template.get("a").unwrap().line, b.line), (2, 3));
        assert_eq!(b.items().unwrap().iter().map(|item| item.line).collect::<Vec<_>>(), [4, 5]);
    }

    #[test]
    fn invalid_yaml_is_refused_with_its_line() {
        for (text, line, reason) in [
            ("Resources:\n  Orders: [", 3, ""),
            ("", 1, "there are no sections"),
            ("- a", 1, "there are no sections"),
            ("a: 1\n---\nb: 2", 2, "a template is one document"),
            ("a: 1\n[x]: 2", 2, "a key is neither a string nor a number"),
            ("a: 1\nb: !!binary aGk=", 2, "CloudFormation cannot read `aGk=` as binary"),
            ("a: 1\nb: !!int x", 2, "CloudFormation cannot read `x` as int"),
            ("a: 1\nb: {<<: 1}", 2, "<< merges a mapping"),
            ("a: &a [*a]", 1, "an alias is inside"),
        ] {
            let refusal = parse(text, &Problems::default()).unwrap_err();
            assert_eq!(refusal.line, line, "{text:?}: {refusal:?}");
            assert!(refusal.reason.starts_with(reason), "{text:?}: {refusal:?}");
        }
        assert!(parse(&format!("a: {}", "[".repeat(200)), &Problems::default()).is_err());
    }

    #[test]
    fn a_duplicate_key_is_refused_at_its_second_place() {
        let problems = Problems::default();
        parse("A:\n  B: 1\n  B: 2\n", &problems).unwrap();
        let [problem] = &problems.into_list()[..] else { panic!("one problem") };
        assert_eq!(
            (problem.at.line, problem.to_string().as_str()),
            (3, "A.B: is a duplicate: remove one of the two")
        );
    }
}
