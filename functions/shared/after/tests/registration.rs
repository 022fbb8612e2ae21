//! Registering the extension, in a process of its own that finds a server in place of Lambda.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, ExitCode};
use std::thread;

use after::Queue;
use libtest_mimic::{Arguments, Trial};

/// The environment variable that makes this program register an extension, and print whether work runs.
const REGISTER: &str = "AFTER_REGISTERS";

fn main() -> ExitCode {
    if std::env::var_os(REGISTER).is_some() {
        register();
        return ExitCode::SUCCESS;
    }
    let trials = vec![
        Trial::test("work_runs_if_lambda_accepts_the_extension", || {
            let body = r#"{"functionName":"f","functionVersion":"1","handler":"bootstrap"}"#;
            assert_eq!(registered("200 OK\r\nlambda-extension-identifier: 1", body), "true");
            Ok(())
        }),
        Trial::test("no_work_runs_if_lambda_refuses_the_extension", || {
            assert_eq!(registered("403 Forbidden", "{}"), "false");
            assert_eq!(registered("404 Not Found", "no such path"), "false");
            Ok(())
        }),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

#[tokio::main(flavor = "current_thread")]
async fn register() {
    let queue = Queue::default();
    let _worker = after::register(&queue, |_| {}).await;
    println!("{}", queue.after().is_available());
}

/// Returns what the program prints if its request gets this response.
fn registered(head: &str, body: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let response = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        // Its body is short, and comes with its head or right after it.
        while !String::from_utf8_lossy(&request).contains("INVOKE") {
            let mut bytes = [0; 1024];
            let count = stream.read(&mut bytes).unwrap();
            assert!(count > 0, "{request:?}");
            request.extend(&bytes[..count]);
        }
        stream.write_all(response.as_bytes()).unwrap();
        String::from_utf8(request).unwrap()
    });
    let program = Command::new(std::env::current_exe().unwrap())
        .env(REGISTER, "1")
        .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
        .output()
        .unwrap();
    let request = server.join().unwrap();
    assert!(request.starts_with("POST /2020-01-01/extension/register "), "{request}");
    String::from_utf8(program.stdout).unwrap().trim().to_owned()
}
