//! The local cloud with `template.yaml` in this folder: Lambda, both kinds of API, the CDN, and stopping.
//!
//! The functions are real. This program also runs them, in separate processes on the real Lambda runtime, and therefore
//! has its own `main`.

#![allow(clippy::unwrap_used, reason = "a test whose setup fails has failed")]

mod after_response;
mod cdn;
mod clock;
mod containers;
mod faults;
mod functions;
mod hosts;
mod http_api;
mod lambda;
mod running;
mod stopping;
mod time_limits;
mod triggers;
mod warnings;
mod websocket_api;

use std::future::Future;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use running::PATIENCE;
use tokio::runtime::Builder;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["function", binary] => functions::play(binary),
        // A cloud in a separate process, which a test kills.
        ["cloud"] => stopping::play(),
        _ => {
            let trials = [
                after_response::trials(),
                containers::trials(),
                faults::trials(),
                cdn::trials(),
                hosts::trials(),
                http_api::trials(),
                lambda::trials(),
                stopping::trials(),
                time_limits::trials(),
                triggers::trials(),
                warnings::trials(),
                websocket_api::trials(),
            ];
            let mut arguments = Arguments::from_args();
            // Tests mostly wait for processes.
            arguments.test_threads.get_or_insert(8);
            libtest_mimic::run(&arguments, trials.into_iter().flatten().collect()).exit_code()
        }
    }
}

/// Creates a test with its own runtime and a time limit.
fn trial<F: Future<Output = ()> + 'static>(name: &str, test: fn() -> F) -> Trial {
    Trial::test(name, move || {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime.block_on(async {
            // Each wait of a test has a shorter limit.
            tokio::time::timeout(5 * PATIENCE, test()).await.map_err(|_| "the test takes too long".into())
        })
    })
}

/// Creates a test that may change its clock. It has no time limit, because hours of virtual time may pass.
fn virtual_trial<F: Future<Output = ()> + 'static>(name: &str, test: fn() -> F) -> Trial {
    Trial::test(name, move || {
        Builder::new_current_thread().enable_all().build()?.block_on(test());
        Ok(())
    })
}

/// Defines the function `trials`, which returns the tests of a module.
macro_rules! trials {
    (in virtual time: $($test:ident),* $(,)?) => { $crate::trials![; $($test),*]; };
    ($($test:ident),* $(,)?) => { $crate::trials![$($test),*;]; };
    ($($test:ident),* $(,)?; in virtual time: $($late:ident),* $(,)?) => { $crate::trials![$($test),*; $($late),*]; };
    ($($test:ident),*; $($late:ident),*) => {
        pub(crate) fn trials() -> Vec<libtest_mimic::Trial> {
            let name = |test: &str| format!("{}::{test}", module_path!().rsplit("::").next().unwrap_or_default());
            vec![
                $($crate::trial(&name(stringify!($test)), $test),)*
                $($crate::virtual_trial(&name(stringify!($late)), $late),)*
            ]
        }
    };
}
use trials;
