//! Serving invocations, in a process of its own that finds a server in place of Lambda.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, ExitCode};
use std::sync::mpsc;
use std::thread;

use after::After;
use lambda_runtime::{Error, LambdaEvent, Runtime, service_fn};
use libtest_mimic::{Arguments, Trial};

/// Lambda sets this variable, and so makes this program serve invocations.
const API: &str = "AWS_LAMBDA_RUNTIME_API";

fn main() -> ExitCode {
    if std::env::var_os(API).is_some() {
        serve();
        return ExitCode::SUCCESS;
    }
    let trials = vec![
        Trial::test("work_begins_after_the_response_and_ends_before_the_next_event", || {
            let seen = ["GET next", "POST response", "GET worked", "GET next"];
            assert_eq!(served(r#""work""#), (seen.map(str::to_owned).to_vec(), "request-1".to_owned()));
            Ok(())
        }),
        Trial::test("a_failed_invocation_has_work_too", || {
            let seen = ["GET next", "POST error", "GET worked", "GET next"];
            assert_eq!(served(r#""fail""#), (seen.map(str::to_owned).to_vec(), "request-1".to_owned()));
            Ok(())
        }),
        Trial::test("without_work_nothing_is_done", || {
            let seen = ["GET next", "POST response", "GET next"];
            assert_eq!(served(r#""rest""#), (seen.map(str::to_owned).to_vec(), String::new()));
            Ok(())
        }),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// Serves one invocation, prints its id if it had work, and ends because the second request for an event fails.
#[tokio::main(flavor = "current_thread")]
async fn serve() {
    let after = &After::default();
    let handler = service_fn(|event: LambdaEvent<String>| async move {
        if event.payload != "rest" {
            after.run("work", async {
                ask("/worked");
                Ok(())
            });
        }
        if event.payload == "fail" { Err::<(), Error>("no".into()) } else { Ok(()) }
    });
    assert!(after::serve(Runtime::new(handler), after, |id| print!("{id}")).await.is_err());
}

fn ask(path: &str) {
    let mut stream = TcpStream::connect(std::env::var(API).unwrap()).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nconnection: close\r\n\r\n").unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
}

/// Returns the requests of the program that gets this event, and what it prints.
fn served(event: &'static str) -> (Vec<String>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (seen, requests) = mpsc::channel();
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let seen = seen.clone();
            thread::spawn(move || respond(stream, event, &seen));
        }
    });
    let program = Command::new(std::env::current_exe().unwrap())
        .env(API, address)
        .envs(["NAME", "VERSION", "MEMORY_SIZE"].map(|name| (format!("AWS_LAMBDA_FUNCTION_{name}"), "1")))
        .output()
        .unwrap();
    (requests.try_iter().collect(), String::from_utf8(program.stdout).unwrap())
}

/// Responds as Lambda's Runtime API to the requests of a connection, and gives out one event. It closes the connection instead of
/// giving out another one.
fn respond(stream: TcpStream, event: &str, seen: &mpsc::Sender<String>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    for served in 0.. {
        let (mut head, mut length) = (Vec::new(), 0);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap() == 0 {
                return;
            }
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            head.push(line);
        }
        reader.read_exact(&mut vec![0; length]).unwrap();
        let [method, path, ..] = head[0].split(' ').collect::<Vec<_>>()[..] else { panic!("{head:?}") };
        let name = path.rsplit('/').next().unwrap();
        seen.send(format!("{method} {name}")).unwrap();
        let (headers, body) = match name {
            "next" if served > 0 => return,
            "next" => (
                "lambda-runtime-aws-request-id: request-1\r\nlambda-runtime-deadline-ms: 4102444800000\r\n",
                event,
            ),
            _ => ("", "{}"),
        };
        write!(stream, "HTTP/1.1 200 OK\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
        if name == "worked" {
            return;
        }
    }
}
