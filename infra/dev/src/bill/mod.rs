//! `notes-dev bill`: estimates the AWS bill for the traffic of a data directory.
//!
//! - `month`: the usage of a team in a month
//! - `operations`: the usage of single operations
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

/// The arguments of `bill`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The data directory with the traffic
    #[arg(long, value_name = "DIR", default_value = ".notes")]
    data: PathBuf,
    /// Estimate a month for this number of users instead of the traffic so far
    #[arg(long, value_name = "NUMBER", conflicts_with = "data", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    users: Option<u32>,
    /// The number of people on each board, for the estimate of a month; the default is one board for all
    #[arg(long, value_name = "COUNT", requires = "users", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    board: Option<u32>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The bill could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{} has no traffic yet: use it with `cargo run`, or name another directory with --data", directory.display())]
    NoTraffic { directory: PathBuf },
    #[error("cannot read {}: {source}; delete it to start again", file.display())]
    Unreadable { file: PathBuf, source: io::Error },
}

/// Prints the bill.
///
/// # Errors
/// If the directory has no traffic yet, or its counts cannot be read.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Error> {
    let Arguments { data, users, board, json } = arguments;
    if let Some(users) = users {
        let board = board.unwrap_or(*users).min(*users);
        let usage = month::of(*users, board);
        if *json {
            println!("{:#}", as_json(&usage));
        } else {
            println!("{}", month_as_text(*users, board, &usage));
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
        "What the traffic so far would have cost on AWS ({REGION}, prices read on {READ_ON}, without the free tier):\n"
    )];
    lines.extend(priced(usage));
    for operation in OPERATIONS {
        lines.push(format!("  {}: {}", operation.what, dollars(operation.cost())));
    }
    lines.push(String::new());
    lines.push("GB-seconds are this machine's, of functions built for development. Not counted: costs without\ntraffic (storage, backups, metrics, alarms), and open connections.".to_owned());
    lines.extend(sources());
    lines.push(format!("Delete {file} while Notes is stopped to start again."));
    lines.join("\n")
}

fn month_as_text(users: u32, board: u32, usage: &Usage) -> String {
    let mut lines = vec![
        format!(
            "What a month would cost {users} people on AWS ({REGION}, prices read on {READ_ON}, without the free \
             tier),"
        ),
        format!("{}\n", month::assumptions(board)),
    ];
    lines.extend(priced(usage));
    lines.push("Not counted: costs without traffic (storage, backups, metrics, alarms).".to_owned());
    lines.extend(sources());
    lines.join("\n")
}

/// Returns a line for each price, and the total.
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

/// Returns the lines that list the sources of the prices.
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

/// Formats an amount. Whole and large numbers have no decimals, others have six.
fn amount(used: f64) -> String {
    if used.fract() == 0.0 || used >= 1_000.0 { format!("{used:.0}") } else { format!("{used:.6}") }
}

/// Formats dollars. Most sums are small, so amounts below one dollar have seven decimals.
fn dollars(cost: f64) -> String {
    if cost == 0.0 || cost >= 1.0 { format!("${cost:.2}") } else { format!("${cost:.7}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_shows_usage_cost_and_sources() {
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
