//! Measures the CPU time per post of a push, and compares it with other ways to make the same posts.
//!
//! `cargo bench -p load` runs it. Each contender posts one packet of 8 KB to 2,000 connections, 64 at a time, again
//! and again, in its own process, which measures itself. It posts to the sink, a process on loopback that counts posts.
//! Rounds are interleaved, so that other load on the machine slows all contenders alike.
//!
//! It fails if this project's layer, the query of the room included, adds more than 15% to a bare loop over the SDK,
//! or needs more than 64 MiB. It needs Linux, because it reads memory use from `/proc`.

mod contenders;
mod sink;
mod usage;

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};

use sink::Sink;
use usage::Usage;

/// The number of connections that each push reaches.
const CONNECTIONS: usize = 2_000;
/// The number of concurrent posts.
const CONCURRENCY: usize = 64;
/// The size of a frame in bytes.
const FRAME: usize = 8 * 1024;
/// The number of measured pushes. One unmeasured push warms up.
const PUSHES: usize = 3;
/// The number of rounds. Times are compared within a round, and the median of all rounds counts.
const ROUNDS: usize = 7;

/// The limit of CPU time that our layer adds, as a share of the SDK's.
const MOST_ADDED: f64 = 0.15;
/// The limit of the pushing process's memory, in MiB.
const MOST_MEMORY: f64 = 64.0;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The contenders, in the order of the table. The others are compared with the first.
const CONTENDERS: [&str; 4] = ["sdk", "socketio", "hyper", "node"];

fn main() -> Result<()> {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => compare(),
        ["sink"] => sink::serve(),
        [contender, address] => contenders::run(contender, address),
        _ => Err("usage: cargo bench -p load".into()),
    }
}

/// Runs all contenders, prints their usage, and checks the limits.
fn compare() -> Result<()> {
    install_node_sdk()?;
    let sink = Sink::start()?;
    let mut usages: [Vec<Usage>; CONTENDERS.len()] = Default::default();
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        for (contender, usages) in CONTENDERS.iter().zip(&mut usages) {
            let before = sink.count()?;
            usages.push(measure(contender, &sink)?);
            let posts = sink.count()? - before;
            if posts != (PUSHES + 1) * CONNECTIONS {
                return Err(format!("{contender}: {posts} posts reached the sink").into());
            }
        }
    }
    report(&usages)
}

fn report(rounds: &[Vec<Usage>; CONTENDERS.len()]) -> Result<()> {
    let names = [
        "the Rust SDK, a bare loop",
        "socketio, room query included",
        "hyper, signed with aws-sigv4",
        "Node's SDK v3",
    ];
    println!("{:<32}{:>16}{:>14}{:>12}", "", "CPU per post", "to the SDK", "peak RSS");
    for (name, own) in names.iter().zip(rounds) {
        println!(
            "{name:<32}{:>13.1} us{:>13.2}x{:>8.1} MiB",
            Usage::median_cpu_per_post(own) * 1e6,
            Usage::median_ratio(own, &rounds[0]),
            Usage::peak_mebibytes(own),
        );
    }
    let [sdk, ours, ..] = rounds;
    let added = Usage::median_ratio(ours, sdk) - 1.0;
    if added > MOST_ADDED {
        return Err(format!("socketio adds {:.0}% to the SDK's loop", added * 100.0).into());
    }
    let memory = Usage::peak_mebibytes(ours);
    if memory > MOST_MEMORY {
        return Err(format!("a push needs {memory:.0} MiB").into());
    }
    Ok(())
}

/// Runs a contender in its own process, and returns its usage.
fn measure(contender: &str, sink: &Sink) -> Result<Usage> {
    let mut command = if contender == "node" {
        let mut node = Command::new("node");
        node.arg("--no-warnings").arg(folder().join("node.mjs"));
        for number in [CONNECTIONS, CONCURRENCY, FRAME, PUSHES] {
            node.arg(number.to_string());
        }
        node
    } else {
        let mut own = Command::new(std::env::current_exe()?);
        own.arg(contender);
        own
    };
    let run = command.arg(sink.address()).stderr(Stdio::inherit()).output()?;
    if !run.status.success() {
        return Err(format!("{contender}: {}", run.status).into());
    }
    Usage::parse(&String::from_utf8(run.stdout)?)
}

/// Installs the packages of the lock file, once.
fn install_node_sdk() -> Result<()> {
    if folder().join("node_modules/.package-lock.json").exists() {
        return Ok(());
    }
    let install = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
    let status = Command::new("npm").args(install).current_dir(folder()).status()?;
    if status.success() { Ok(()) } else { Err(format!("npm ci: {status}").into()) }
}

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
