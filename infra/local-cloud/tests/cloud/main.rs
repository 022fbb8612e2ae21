//! The local cloud, running `template.yaml` beside this file: Lambda, both kinds of API, the front door, the end.
//!
//! Functions are real: this program plays them, too, on the real Lambda runtime, in processes of their own. Hence a main
//! of its own.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod containers;
mod faults;
mod front_door;
mod functions;
mod hosts;
mod http_api;
mod lambda;
mod running;
mod stopping;
mod triggers;
mod warnings;
mod websocket_api;

use std::future::Future;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use running::PATIENCE;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["function", binary] => functions::play(binary),
        // A cloud in a process of its own, for tests of what is left when that is killed.
        ["cloud"] => stopping::play(),
        _ => {
            let trials = [
                containers::trials(),
                faults::trials(),
                front_door::trials(),
                hosts::trials(),
                http_api::trials(),
                lambda::trials(),
                stopping::trials(),
                triggers::trials(),
                warnings::trials(),
                websocket_api::trials(),
            ];
            let mut arguments = Arguments::from_args();
            // Most of their time they wait: for timeouts, for half a minute some of them.
            arguments.test_threads.get_or_insert(8);
            libtest_mimic::run(&arguments, trials.into_iter().flatten().collect()).exit_code()
        }
    }
}

/// A test, with a runtime of its own and a limit to how long it may take.
fn trial<F: Future<Output = ()> + 'static>(name: &str, test: fn() -> F) -> Trial {
    Trial::test(name, move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime.block_on(async {
            // Each of its waits has a limit of its own.
            tokio::time::timeout(5 * PATIENCE, test()).await.map_err(|_| "it takes too long".into())
        })
    })
}

/// The tests of a module, each under its function's name.
macro_rules! trials {
    ($($test:ident),* $(,)?) => {
        pub(crate) fn trials() -> Vec<libtest_mimic::Trial> {
            let module = module_path!().rsplit("::").next().unwrap_or_default();
            vec![$($crate::trial(&format!("{module}::{}", stringify!($test)), $test)),*]
        }
    };
}
use trials;
