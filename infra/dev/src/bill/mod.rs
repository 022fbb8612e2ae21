//! `notes-dev bill`: what the traffic of a data directory would have cost on AWS.
//!
//! - `month`: what a month costs so many people
//! - `operations`: what single operations of Notes use
//! - `prices`: the price table

mod month;
mod operations;
mod prices;

use std::io;
use std::path::PathBuf;

use clap::Args;
use local_cloud::usage_file;
use local_service::Usage;
use serde_json::{Value, json};

use operations::OPERATIONS;
use prices::{PRICES, READ_ON, REGION};

/// Whose bill, and how.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The directory whose traffic it is
    #[arg(long, value_name = "DIR", default_value = ".notes")]
    data: PathBuf,
    /// Say what a month would cost so many people, rather than what the traffic so far would have
    #[arg(long, value_name = "NUMBER", conflicts_with = "data", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    users: Option<u32>,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

/// Why there is no bill.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{} has no traffic yet: use it with `cargo run`, or name another directory with --data", directory.display())]
    NoTraffic { directory: PathBuf },
    #[error("can't read {}: {source}; delete it to begin anew", file.display())]
    Unreadable { file: PathBuf, source: io::Error },
}

/// Prints the bill.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Error> {
    let Arguments { data, users, json } = arguments;
    if let Some(users) = users {
        let usage = month::of(*users);
        if *json {
            println!("{:#}", as_json(&usage));
        } else {
            println!("{}", month_as_text(*users, &usage));
        }
        return Ok(());
    }
    let usage = usage_file::read(data)
        .map_err(|source| Error::Unreadable { file: usage_file::path(data), source })?
        .ok_or_else(|| Error::NoTraffic { directory: data.clone() })?;
    if *json {
        println!("{:#}", as_json(&usage));
    } else {
        println!("{}", as_text(&usage, &usage_file::path(data).display().to_string()));
    }
    Ok(())
}

fn as_text(usage: &Usage, file: &str) -> String {
    let mut lines = vec![format!(
        "What the traffic so far would have cost on AWS ({REGION}, prices read on {READ_ON}, nothing of it free):\n"
    )];
    lines.extend(priced(usage));
    for operation in OPERATIONS {
        lines.push(format!("  {}: {}", operation.what, dollars(operation.cost())));
    }
    lines.push(String::new());
    lines.push("GB-seconds are this machine's, of functions built for development. Not counted: what is paid for without\ntraffic (storage, backups, metrics, alarms), and connections that still stand.".to_owned());
    lines.extend(sources());
    lines.push(format!("Delete {file} while nothing runs to begin anew."));
    lines.join("\n")
}

fn month_as_text(users: u32, usage: &Usage) -> String {
    let mut lines = vec![
        format!(
            "What a month would cost {users} people on AWS ({REGION}, prices read on {READ_ON}, nothing of it free),"
        ),
        format!("{}\n", month::ASSUMED),
    ];
    lines.extend(priced(usage));
    lines.push(
        "Not counted: what is paid for without traffic (storage, backups, metrics, alarms).".to_owned(),
    );
    lines.extend(sources());
    lines.join("\n")
}

/// A line for each price, and their sum.
fn priced(usage: &Usage) -> Vec<String> {
    let mut lines = Vec::new();
    for price in PRICES {
        let (used, cost) = ((price.used)(usage), price.cost(usage));
        lines.push(format!(
            "  {:<32} {:>14}  {:<18} {:>12}",
            price.what,
            amount(used),
            price.each(),
            dollars(cost)
        ));
    }
    lines.push(format!("  {:<32} {:>14}  {:<18} {:>12}\n", "in all", "", "", dollars(prices::total(usage))));
    lines
}

/// Where the prices are from.
fn sources() -> Vec<String> {
    let mut sources: Vec<_> = PRICES.iter().map(|price| price.source).collect();
    sources.dedup();
    let sources = sources.iter().map(|source| format!("  {source}"));
    std::iter::once("Prices:".to_owned()).chain(sources).collect()
}

fn as_json(usage: &Usage) -> Value {
    let price = |price: &prices::Price| {
        json!({
            "what": price.what, "used": (price.used)(usage), "dollars": price.dollars, "per": price.per,
            "cost": price.cost(usage), "source": price.source,
        })
    };
    let operation = |operation: &operations::Operation| json!({"what": operation.what, "times": operation.times, "each": operation.each, "cost": operation.cost()});
    json!({
        "region": REGION,
        "pricesReadOn": READ_ON,
        "usage": usage,
        "lines": PRICES.iter().map(price).collect::<Vec<_>>(),
        "total": prices::total(usage),
        "operations": OPERATIONS.iter().map(operation).collect::<Vec<_>>(),
    })
}

/// As exact as it is: whole numbers as they are, the others with a few digits.
fn amount(used: f64) -> String {
    if used.fract() == 0.0 || used >= 1_000.0 { format!("{used:.0}") } else { format!("{used:.6}") }
}

/// Small sums are what there is to see: four significant digits at least.
fn dollars(cost: f64) -> String {
    if cost == 0.0 || cost >= 1.0 { format!("${cost:.2}") } else { format!("${cost:.7}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_shows_what_was_used_what_it_costs_and_who_says_so() {
        let usage = Usage { messages: 2_000_000, read_units: 0.5, ..Usage::default() };
        let bill = as_text(&usage, "usage.json");
        let line = |of: &str| {
            bill.lines()
                .find(|line| line.contains(of))
                .unwrap()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(line("WebSocket messages"), "WebSocket messages 2000000 $1 / million $2.00");
        assert_eq!(line("read request units"), "read request units 0.500000 $0.125 / million $0.0000001");
        assert_eq!(line("in all"), "in all $2.00");
        assert!(bill.contains(READ_ON) && bill.contains("https://aws.amazon.com/lambda/pricing/"), "{bill}");
        assert!(bill.contains("1,000 edits seen by 100 readers: $"), "{bill}");
    }
}
