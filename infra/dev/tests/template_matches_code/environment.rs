//! The variables of each function, and the tables that they name.

use std::collections::BTreeSet;

use sam_template::Plan;

use crate::tables::TABLES;
use crate::{mistaken_plan, plan, read, template};

/// The variables that each function reads, by its binary.
const FUNCTIONS: [(&str, &[&str]); 5] = [
    ("http-function", http_function::ENVIRONMENT),
    ("websocket-function", websocket_function::ENVIRONMENT),
    ("stream-function", stream_function::ENVIRONMENT),
    ("merge-function", merge_function::ENVIRONMENT),
    ("keepalive-function", keepalive_function::ENVIRONMENT),
];

/// Compares the variables that the template sets with those that the functions read.
fn variable_complaints(plan: &Plan) -> Vec<String> {
    let mut complaints = Vec::new();
    for function in &plan.functions {
        let id = &function.id;
        let Some((_, variables)) = FUNCTIONS.into_iter().find(|(binary, _)| *binary == function.binary)
        else {
            complaints.push(format!("{id} is built from {}, which is not a function", function.binary));
            continue;
        };
        let read: BTreeSet<&str> = variables.iter().copied().collect();
        let set: BTreeSet<&str> = function.environment.keys().map(String::as_str).collect();
        let not_set = read.difference(&set).map(|name| format!("{id} reads {name}, which is not set"));
        let not_read = set.difference(&read).map(|name| format!("{id} does not read {name}, which is set"));
        complaints.extend(not_set.chain(not_read));
    }
    complaints
}

/// Checks that each table variable names the same table to every function, and that each table has a variable.
fn table_complaints(plan: &Plan) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut named = BTreeSet::new();
    for table in TABLES {
        let values: BTreeSet<&str> = plan
            .functions
            .iter()
            .filter_map(|function| function.environment.get(table.variable))
            .map(String::as_str)
            .collect();
        if values.len() != 1 {
            complaints.push(format!("{} has the values {values:?}", table.variable));
        }
        for value in &values {
            if !plan.tables.iter().any(|table| table.name == *value) {
                complaints.push(format!("{} names {value}, which is not a table", table.variable));
            }
        }
        named.extend(values);
    }
    let unnamed = plan.tables.iter().filter(|table| !named.contains(&*table.name));
    complaints.extend(unnamed.map(|table| format!("no variable names {}", table.name)));
    complaints
}

#[test]
fn each_function_gets_the_variables_that_it_reads() {
    assert!(variable_complaints(&plan()).is_empty(), "{:?}", variable_complaints(&plan()));
    assert_eq!(plan().functions.len(), FUNCTIONS.len());
}

#[test]
fn each_variable_of_a_table_names_one_table() {
    assert!(table_complaints(&plan()).is_empty(), "{:?}", table_complaints(&plan()));
}

#[test]
fn a_renamed_variable_is_caught_both_ways() {
    assert_eq!(
        variable_complaints(&mistaken_plan("SIGN_UP_CODE:", "SIGNUP_CODE:")),
        ["Http reads SIGN_UP_CODE, which is not set", "Http does not read SIGNUP_CODE, which is set"]
    );
}

#[test]
fn a_forgotten_variable_is_caught() {
    let keepalive =
        "CONNECTIONS_TABLE: !Ref Connections\n          ROOM_SHARDS: !Ref RoomShards\n          AWS_";
    let plan = mistaken_plan(keepalive, "CONNECTIONS_TABLE: !Ref Connections\n          AWS_");
    assert_eq!(variable_complaints(&plan), ["KeepAlive reads ROOM_SHARDS, which is not set"]);
}

#[test]
fn an_unknown_binary_is_caught() {
    let plan = mistaken_plan("Binary: stream-function", "Binary: streams-function");
    assert_eq!(
        variable_complaints(&plan),
        ["Stream is built from streams-function, which is not a function"]
    );
}

#[test]
fn a_variable_with_another_functions_table_is_caught() {
    let websocket = "SESSIONS_TABLE: !Ref Sessions\n          CONNECTIONS_TABLE";
    let plan = mistaken_plan(websocket, "SESSIONS_TABLE: !Ref Users\n          CONNECTIONS_TABLE");
    assert_eq!(table_complaints(&plan), [r#"SESSIONS_TABLE has the values {"Sessions", "Users"}"#]);
}

#[test]
fn a_variable_without_a_table_and_a_table_without_a_variable_are_caught() {
    let everywhere = template().replace("USERS_TABLE: !Ref Users", "USERS_TABLE: Accounts");
    let plan = read(&everywhere).unwrap();
    assert_eq!(
        table_complaints(&plan),
        ["USERS_TABLE names Accounts, which is not a table", "no variable names Users"]
    );
}
