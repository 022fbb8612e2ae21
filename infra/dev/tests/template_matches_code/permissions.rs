//! The permissions that depend on the tables' shapes: queries of indexes, and writes of comments.

use std::collections::BTreeSet;

use notes::{BoardId, DocumentId, History, Thread, Trash};
use sam_template::policy::{self, Comparison, Condition, Decision};
use sam_template::{Function, Plan, table_arn};

use crate::tables::{TABLES, table};
use crate::{mistaken, mistaken_plan, plan, read};

/// The functions that query a table but not its index.
const WITHOUT_INDEX: [(&str, &str); 4] = [
    ("http-function", socketio::CONNECTIONS_TABLE.session_index.name),
    ("keepalive-function", socketio::CONNECTIONS_TABLE.session_index.name),
    ("merge-function", socketio::CONNECTIONS_TABLE.session_index.name),
    ("websocket-function", socketio::CONNECTIONS_TABLE.session_index.name),
];

const WRITES: [&str; 4] =
    ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"];

/// Checks that a function that may query a table may also query its index.
fn index_complaints(plan: &Plan) -> Vec<String> {
    let mut complaints = Vec::new();
    for function in &plan.functions {
        for used in TABLES {
            let Some((index, _)) = used.index else { continue };
            let Some(name) = function.environment.get(used.variable) else { continue };
            let arn = table_arn(name);
            if !is_allowed(function, "dynamodb:Query", &arn, &[]) {
                continue;
            }
            let is_allowed = is_allowed(function, "dynamodb:Query", &format!("{arn}/index/{index}"), &[]);
            let is_needed = !WITHOUT_INDEX.contains(&(&function.binary, index));
            if is_allowed != is_needed {
                let id = &function.id;
                complaints.push(format!("{id} queries {index}: {is_needed}. It is allowed: {is_allowed}"));
            }
        }
    }
    complaints
}

/// Returns the condition of a statement about partitions with these names.
fn partitions(names: &[String]) -> Condition {
    Condition { comparison: Comparison::Like, values: names.to_vec() }
}

/// Checks that functions other than the HTTP function write comments only. Comments share the table with notes. The stream's
/// function also deletes the notes and the trash of deleted boards, whose ids begin with `0`, and the function that merges edits
/// updates notes.
fn write_complaints(plan: &Plan) -> Vec<String> {
    let mut complaints = Vec::new();
    let Some(notes) = table(plan, "NOTES_TABLE") else { return vec!["no table has notes".to_owned()] };
    let arn = table_arn(&notes.name);
    let comments = format!("{}*", Thread::PARTITION_PREFIX);
    let (boards, trash) = ("0*".to_owned(), format!("{}0*", Trash::PARTITION_PREFIX));
    let of_comments = partitions(std::slice::from_ref(&comments));
    let of_boards = [partitions(&[boards.clone(), trash.clone()]), partitions(&[comments, boards, trash])];
    for function in plan.functions.iter().filter(|function| function.binary != "http-function") {
        let id = &function.id;
        for write in WRITES {
            let merges = function.binary == "merge-function" && write == "dynamodb:UpdateItem";
            if !merges && is_allowed(function, write, &arn, &["team"]) {
                complaints.push(format!("{id} may do {write} to notes"));
            }
        }
        let is_stream = function.binary == "stream-function";
        for statement in &function.policies {
            let is_right = |it: &Condition| *it == of_comments || is_stream && of_boards.contains(it);
            if statement.resources.contains(&arn) && !statement.conditions.iter().all(is_right) {
                complaints.push(format!("{} is not about {:?}", statement.at, of_comments.values));
            }
        }
    }
    complaints
}

fn is_allowed(function: &Function, action: &str, resource: &str, partitions: &[&str]) -> bool {
    let partitions: BTreeSet<String> = partitions.iter().map(|&name| name.to_owned()).collect();
    matches!(policy::decide(&function.policies, action, resource, &partitions), Decision::Allowed(_))
}

const COMMENTS: &str =
    r#"      Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["comments#*"] } }"#;

#[test]
fn functions_may_query_the_indexes_that_they_use() {
    assert!(index_complaints(&plan()).is_empty(), "{:?}", index_complaints(&plan()));
}

#[test]
fn only_the_http_function_writes_notes() {
    assert!(write_complaints(&plan()).is_empty(), "{:?}", write_complaints(&plan()));
    let stream = plan().functions.into_iter().find(|function| function.id == "Stream").unwrap();
    let thread = format!("{}shopping", Thread::PARTITION_PREFIX);
    assert!(is_allowed(&stream, "dynamodb:BatchWriteItem", &table_arn("Notes"), &[&thread]));
    let board = BoardId::generate();
    for partition in [board.to_string(), format!("{}{board}", Trash::PARTITION_PREFIX)] {
        for write in WRITES {
            let is_deletion = write == "dynamodb:DeleteItem";
            assert_eq!(
                is_allowed(&stream, write, &table_arn("Notes"), &[&partition]),
                is_deletion,
                "{write}"
            );
        }
    }
}

#[test]
fn the_stream_function_writes_earlier_texts_but_no_edits() {
    let stream = plan().functions.into_iter().find(|function| function.id == "Stream").unwrap();
    let document = DocumentId::generate();
    let writes = |partition: &str| is_allowed(&stream, "dynamodb:PutItem", &table_arn("Edits"), &[partition]);
    assert!(writes(&format!("{}{document}", History::PARTITION_PREFIX)));
    assert!(!writes(document.as_str()));
}

#[test]
fn the_http_function_deletes_rows_of_the_trash_only() {
    let http = plan().functions.into_iter().find(|function| function.id == "Http").unwrap();
    let deletes =
        |partition: &str| is_allowed(&http, "dynamodb:DeleteItem", &table_arn("Notes"), &[partition]);
    assert!(deletes(&format!("{}team", Trash::PARTITION_PREFIX)));
    assert!(!deletes("team") && !deletes(&format!("{}shopping", Thread::PARTITION_PREFIX)));
}

#[test]
fn the_http_function_changes_counters_but_adds_no_socket() {
    let http = plan().functions.into_iter().find(|function| function.id == "Http").unwrap();
    let may = |action, partition| is_allowed(&http, action, &table_arn("Connections"), &[partition]);
    assert!(may("dynamodb:UpdateItem", "#/home,team"));
    for partition in ["/home,team#0", "L0SM9cOFvHcCIhw="] {
        assert!(may("dynamodb:DeleteItem", partition), "{partition} may be gone");
        for write in ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"] {
            assert!(!may(write, partition), "{write} {partition}");
        }
    }
}

#[test]
fn a_missing_permission_for_an_index_is_caught() {
    let right = "Resource: !Sub ${Connections.Arn}/index/by-session";
    let plan = mistaken_plan(right, "Resource: !Sub ${Connections.Arn}/index/by-user");
    assert_eq!(index_complaints(&plan), ["Stream queries by-session: true. It is allowed: false"]);
}

#[test]
fn a_needless_permission_for_an_index_is_caught() {
    let right = "            - Effect: Allow\n              Action: [dynamodb:Query, dynamodb:DeleteItem]\n              \
                 Resource: !GetAtt Connections.Arn\n";
    let indexes = right.replace("!GetAtt Connections.Arn", "!Sub ${Connections.Arn}/index/by-session");
    // The first function with this statement.
    let plan = mistaken_plan(right, &format!("{right}{indexes}"));
    assert_eq!(index_complaints(&plan), ["Http queries by-session: false. It is allowed: true"]);
}

#[test]
fn a_write_without_a_condition_is_caught() {
    assert_eq!(
        write_complaints(&mistaken_plan(COMMENTS, "")),
        ["WebSocket may do dynamodb:PutItem to notes", "WebSocket may do dynamodb:DeleteItem to notes"]
    );
}

#[test]
fn a_write_to_all_partitions_is_caught() {
    let complaints = write_complaints(&mistaken_plan(COMMENTS, &COMMENTS.replace("comments#*", "*")));
    assert_eq!(complaints.len(), 3, "{complaints:?}");
    assert_eq!(complaints[2], r#"WebSocket.Policies[0].Statement[3] is not about ["comments#*"]"#);
}

#[test]
fn a_write_to_misspelt_partitions_is_caught() {
    let plan = mistaken_plan(COMMENTS, &COMMENTS.replace("comments#*", "comment#*"));
    assert_eq!(
        write_complaints(&plan),
        [r#"WebSocket.Policies[0].Statement[3] is not about ["comments#*"]"#]
    );
}

/// `ForAnyValue` holds as soon as one key is a comment's.
#[test]
fn a_condition_on_one_of_many_keys_is_refused() {
    let refused = read(&mistaken(COMMENTS, &COMMENTS.replace("ForAllValues", "ForAnyValue"))).unwrap_err();
    assert!(
        refused.to_string().contains("ForAnyValue:StringLike: the local cloud does not support this"),
        "{refused}"
    );
}
