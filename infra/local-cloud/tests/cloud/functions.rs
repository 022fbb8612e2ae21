//! The functions of `template.yaml`, on the real Lambda runtime.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::retry::RetryConfig;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use http_body_util::Full;
use lambda_extension::Extension;
use lambda_http::{Body, Request, RequestExt, Response};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, json};
use tokio::sync::{Mutex, mpsc};

use crate::running::{Gate, TestResponse, send};

/// Runs the function with this binary in the template.
pub(crate) fn play(binary: &str) -> ExitCode {
    local_cloud::lambda::process::end_with_parent();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let outcome = runtime.block_on(async {
        match binary {
            "direct" => lambda_runtime::run(service_fn(direct)).await,
            "echo" => lambda_runtime::run(service_fn(echo)).await,
            "sleepy" => {
                let marker = std::env::temp_dir().join("asleep");
                if !marker.exists() {
                    std::fs::write(marker, "").unwrap();
                    Gate::reach(&std::env::var("GATE").unwrap());
                    std::thread::sleep(Duration::from_mins(10));
                }
                lambda_runtime::run(service_fn(direct)).await
            }
            "reader" => reader().await,
            "extended" => extended().await,
            "lingering" => lingering().await,
            "raw" => raw().await,
            "raw-extension" => raw_extension().await,
            "unable" => unable().await,
            "http" => lambda_http::run(service_fn(http)).await,
            "socket" => socket().await,
            _ => Err(format!("no function {binary}").into()),
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Executes the command in its event.
async fn direct(event: LambdaEvent<Value>) -> Result<Value, Error> {
    static INVOCATIONS: AtomicU32 = AtomicU32::new(0);
    let (event, context) = event.into_parts();
    match event["do"].as_str().unwrap_or_default() {
        "wait" => tokio::time::sleep(Duration::from_millis(event["ms"].as_u64().unwrap_or_default())).await,
        "pass" => Gate::pass(event["gate"].as_str().unwrap()).await,
        "hang" => {
            if let Some(gate) = event["gate"].as_str() {
                Gate::reach(gate);
            }
            std::thread::sleep(Duration::from_mins(10));
        }
        "exit" => std::process::exit(3),
        "fail" => return Err("the test asked for a failure".into()),
        "allocate" => {
            let bytes = usize::try_from(event["mb"].as_u64().unwrap_or_default()).unwrap() * 1024 * 1024;
            std::hint::black_box(vec![1_u8; bytes]);
        }
        "abort" => std::process::abort(),
        "write" => std::fs::write(std::env::temp_dir().join("written"), "mine").unwrap(),
        "large" => return Ok("x".repeat(7_000_000).into()),
        "exit afterwards" => {
            std::thread::spawn(|| {
                std::thread::sleep(Duration::from_millis(100));
                std::process::exit(0);
            });
        }
        _ => {}
    }
    Ok(json!({
        "process": std::process::id(),
        "invocation": INVOCATIONS.fetch_add(1, Ordering::Relaxed),
        "recorded": std::env::temp_dir().join("written").exists(),
        "request": context.request_id,
        "arn": context.invoked_function_arn,
        "remaining": context.deadline().duration_since(std::time::SystemTime::now()).unwrap_or_default().as_millis(),
        "environment": std::env::vars().collect::<std::collections::BTreeMap<_, _>>(),
    }))
}

/// Executes the command in its event, and then, in an extension, the one in `after`, which may wait at a gate.
async fn extended() -> Result<(), Error> {
    let (after, commands) = mpsc::unbounded_channel::<Value>();
    let commands = &Mutex::new(commands);
    let work = |_: lambda_extension::LambdaEvent| async move {
        afterwards(&commands.lock().await.recv().await.unwrap_or_default()).await
    };
    let extension = Extension::new().with_extension_name("after").with_events(&["INVOKE"]);
    let extension = extension.with_events_processor(lambda_extension::service_fn(work)).register().await?;
    let runtime = lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| {
        let _ = after.send(event.payload["after"].clone());
        direct(event)
    }));
    tokio::try_join!(runtime, extension.run())?;
    Ok(())
}

/// Responds, and then executes the command in `after`, before it asks for the next event.
async fn lingering() -> Result<(), Error> {
    loop {
        let event = ask("GET", "2018-06-01/runtime/invocation/next", &[], "").await;
        let id = event.headers["lambda-runtime-aws-request-id"].to_str()?;
        let response = json!({"process": std::process::id(), "request": id}).to_string();
        ask("POST", &format!("2018-06-01/runtime/invocation/{id}/response"), &[], &response).await;
        afterwards(&event.json()["after"]).await?;
    }
}

/// Executes a command after the response.
async fn afterwards(command: &Value) -> Result<(), Error> {
    if let Some(gate) = command["gate"].as_str() {
        Gate::pass(gate).await;
    }
    match command["do"].as_str().unwrap_or_default() {
        "exit" => std::process::exit(3),
        "fail" => Err("the test asked for a failure".into()),
        _ => Ok(()),
    }
}

/// Returns its event. The query or the body may name a gate to wait at.
async fn echo(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let body: Value =
        serde_json::from_str(event.payload["body"].as_str().unwrap_or_default()).unwrap_or_default();
    let gate = event.payload["queryStringParameters"]["gate"].as_str().or(body["gate"].as_str());
    if let Some(gate) = gate {
        Gate::pass(gate).await;
    }
    Ok(event.payload)
}

/// Fails as the letter of its record says, or records that it was read.
async fn reader() -> Result<(), Error> {
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let dynamodb = &aws_sdk_dynamodb::Client::new(&config);
    let table = &std::env::var("EVENTS_TABLE")?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
        let letter =
            event.payload["Records"][0]["dynamodb"]["Keys"]["letter"]["S"].as_str().unwrap_or_default();
        match letter {
            "hang" => {
                Gate::reach(&std::env::var("GATE")?);
                std::thread::sleep(Duration::from_mins(10));
            }
            "exit" => std::process::exit(3),
            "fail" => return Err("the test asked for a failure".into()),
            _ => {}
        }
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let put = dynamodb.put_item().table_name(table).item("connectionId", text(letter));
        put.item("event", text("read")).item("detail", text("{}")).send().await?;
        Ok::<_, Error>(())
    }))
    .await
}

/// Calls the Runtime API by hand. The third invocation returns the responses to the calls before it.
async fn raw() -> Result<(), Error> {
    let error = [("lambda-runtime-function-error-type", "Function.Raw")];
    let mut seen = Vec::new();
    let first = ask("GET", "2018-06-01/runtime/invocation/next", &[], "").await;
    let id = first.headers["lambda-runtime-aws-request-id"].to_str()?.to_owned();
    seen.push(ask("POST", "2018-06-01/runtime/invocation/another/response", &[], "1").await);
    seen.push(ask("POST", "2018-06-01/runtime/init/error", &error, "").await);
    seen.push(ask("GET", "2018-06-01/runtime/invocation/next", &[], "").await);
    let header = |name: &str| first.headers.get(name).map(|value| value.to_str().unwrap());
    let headers = json!({
        "request": id,
        "deadline": header("lambda-runtime-deadline-ms"),
        "arn": header("lambda-runtime-invoked-function-arn"),
        "trace": header("lambda-runtime-trace-id"),
        "type": header("content-type"),
    });
    seen.push(
        ask("POST", &format!("2018-06-01/runtime/invocation/{id}/response"), &[], &headers.to_string()).await,
    );
    seen.push(ask("POST", &format!("2018-06-01/runtime/invocation/{id}/response"), &[], "1").await);

    let second = ask("GET", "2018-06-01/runtime/invocation/next", &[], "").await;
    let id = second.headers["lambda-runtime-aws-request-id"].to_str()?;
    seen.push(ask("POST", &format!("2018-06-01/runtime/invocation/{id}/error"), &error, "").await);

    let third = ask("GET", "2018-06-01/runtime/invocation/next", &[], "").await;
    let id = third.headers["lambda-runtime-aws-request-id"].to_str()?;
    let seen: Vec<Value> =
        seen.iter().map(|response| json!([response.status.as_u16(), response.json()])).collect();
    ask("POST", &format!("2018-06-01/runtime/invocation/{id}/response"), &[], &json!(seen).to_string()).await;
    ask("GET", "2018-06-01/runtime/invocation/next", &[], "").await;
    Ok(())
}

/// Calls the Extensions API by hand, and returns the responses.
async fn raw_extension() -> Result<(), Error> {
    let register = "2020-01-01/extension/register";
    let next = "2020-01-01/extension/event/next";
    let invoke = r#"{"events":["INVOKE"]}"#;
    let mut seen = Vec::new();
    seen.push(ask("POST", register, &[], invoke).await);
    let named = |name| [("lambda-extension-name", name)];
    seen.push(ask("POST", register, &named("one"), "INVOKE").await);
    seen.push(ask("POST", register, &named("one"), r#"{"events":["INVOKE","SHUTDOWN"]}"#).await);
    let one = ask("POST", register, &named("one"), invoke).await;
    seen.push(ask("POST", register, &named("one"), invoke).await);
    let id = |registered: &TestResponse| registered.headers["lambda-extension-identifier"].clone();
    let mut extensions = vec![id(&one)];
    seen.push(one);
    // Nine that want to know nothing.
    for name in ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"] {
        extensions.push(id(&ask("POST", register, &named(name), "{}").await));
    }
    seen.push(ask("POST", register, &named("eleven"), "{}").await);
    seen.push(ask("GET", next, &[("lambda-extension-identifier", "unknown")], "").await);
    seen.push(ask("POST", "2020-01-01/extension/exit/error", &[], "").await);

    let mut notices = extensions.iter().map(|id| {
        let id = id.to_str().unwrap().to_owned();
        tokio::spawn(async move { ask("GET", next, &[("lambda-extension-identifier", &id)], "").await })
    });
    let notice = notices.next().unwrap();
    let waiting: Vec<_> = notices.collect();
    let event = ask("GET", "2018-06-01/runtime/invocation/next", &[], "").await;
    seen.push(notice.await?);
    seen.push(ask("POST", register, &named("late"), "{}").await);
    assert!(waiting.iter().all(|notice| !notice.is_finished()));

    let header = |name: &str| event.headers[name].to_str().unwrap().to_owned();
    let id = header("lambda-runtime-aws-request-id");
    let seen = seen.iter().map(|response| json!([response.status.as_u16(), response.json()]));
    let content = json!({
        "seen": seen.collect::<Vec<_>>(),
        "request": id,
        "deadline": header("lambda-runtime-deadline-ms").parse::<u64>()?,
        "arn": header("lambda-runtime-invoked-function-arn"),
        "trace": header("lambda-runtime-trace-id"),
    });
    ask("POST", &format!("2018-06-01/runtime/invocation/{id}/response"), &[], &content.to_string()).await;
    let one = [("lambda-extension-identifier", extensions[0].to_str()?)];
    tokio::join!(ask("GET", next, &one, ""), ask("GET", "2018-06-01/runtime/invocation/next", &[], ""));
    Ok(())
}

/// Reports an init error with a reason.
async fn unable() -> Result<(), Error> {
    let error = [("lambda-runtime-function-error-type", "Runtime.Unable")];
    ask("POST", "2018-06-01/runtime/init/error", &error, "no key").await;
    Err("the error was reported".into())
}

async fn ask(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> TestResponse {
    let api = std::env::var("AWS_LAMBDA_RUNTIME_API").unwrap();
    let mut request = axum::http::Request::builder().method(method).uri(format!("http://{api}/{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(request.body(Full::from(body.to_owned())).unwrap()).await
}

/// Returns a description of its request.
async fn http(request: Request) -> Result<Response<Body>, Error> {
    match request.uri().path() {
        "/fail" => return Err("the test asked for a failure".into()),
        "/exit" => std::process::exit(3),
        "/cookies" => {
            let response =
                Response::builder().status(201).header("set-cookie", "a=1").header("set-cookie", "b=2");
            return Ok(response.header("x-two", "1").header("x-two", "2").body(Body::Empty)?);
        }
        "/binary" => {
            let response = Response::builder().header("content-type", "application/octet-stream");
            return Ok(response.body(Body::Binary(vec![0, 159, 146, 150]))?);
        }
        _ => {}
    }
    let headers =
        request.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("?")));
    let description = json!({
        "method": request.method().as_str(),
        "path": request.raw_http_path(),
        "query": request.uri().query(),
        "headers": headers.collect::<Vec<_>>(),
        "body": String::from_utf8_lossy(request.body()),
        "bytes": request.body().len(),
        "binary": matches!(request.body(), Body::Binary(_)),
    });
    Ok(Response::builder().header("content-type", "application/json").body(description.to_string().into())?)
}

struct Socket {
    connections: aws_sdk_apigatewaymanagement::Client,
    dynamodb: aws_sdk_dynamodb::Client,
    table: String,
}

async fn socket() -> Result<(), Error> {
    // Retries of injected faults begin after a millisecond instead of a second.
    let retries = RetryConfig::standard().with_initial_backoff(Duration::from_millis(1));
    let config = aws_config::defaults(BehaviorVersion::latest()).retry_config(retries).load().await;
    let socket = &Socket {
        connections: aws_sdk_apigatewaymanagement::Client::new(&config),
        dynamodb: aws_sdk_dynamodb::Client::new(&config),
        table: std::env::var("EVENTS_TABLE")?,
    };
    lambda_runtime::run(service_fn(
        |event: LambdaEvent<Value>| async move { socket.handle(event.payload).await },
    ))
    .await
}

impl Socket {
    async fn handle(&self, event: Value) -> Result<Value, Error> {
        let context = &event["requestContext"];
        let id = context["connectionId"].as_str().unwrap_or_default();
        match context["eventType"].as_str().unwrap_or_default() {
            "CONNECT" => {
                let query = &event["queryStringParameters"];
                // A post fails before the connection is open.
                let early = self.post(id, "too early").await.err().unwrap_or_default();
                self.record(id, "connect", &json!({"event": event, "early": early})).await?;
                if let Some(gate) = query["gate"].as_str() {
                    Gate::pass(gate).await;
                }
                let status =
                    query["response"].as_str().and_then(|status| status.parse::<u16>().ok()).unwrap_or(200);
                if query["response"] == "fail" {
                    return Err("the test asked for a failure".into());
                }
                let headers = json!({"Set-Cookie": "a=1", "Sec-WebSocket-Protocol": query["protocol"]});
                Ok(json!({"statusCode": status, "headers": headers, "body": "unseen"}))
            }
            "DISCONNECT" => {
                self.record(id, "disconnect", &event).await?;
                Ok(json!({"statusCode": 200}))
            }
            _ => {
                let body = event["body"].as_str().unwrap_or_default();
                let (command, argument) = body.split_once(' ').unwrap_or((body, ""));
                match command {
                    "exit" => std::process::exit(3),
                    "fail" => return Err("the test asked for a failure".into()),
                    "delete" => drop(self.connections.delete_connection().connection_id(id).send().await?),
                    "get" => {
                        let got = self.connections.get_connection().connection_id(id).send().await?;
                        let agent = got
                            .identity()
                            .map(|identity| identity.user_agent().unwrap_or_default().to_owned());
                        self.post(id, &agent.unwrap_or_default()).await?;
                    }
                    "count" => {
                        for number in 0..argument.parse()? {
                            self.post(id, &format!("{number}")).await?;
                        }
                    }
                    "flood" => {
                        let mut posted = 0;
                        let end = loop {
                            match self.post(id, &"x".repeat(64 * 1024)).await {
                                Ok(()) => posted += 1,
                                Err(exception) => break exception,
                            }
                        };
                        self.record(id, "flood", &json!({"posted": posted, "end": end})).await?;
                    }
                    "large" => self.post(id, &"x".repeat(argument.parse()?)).await?,
                    "post" => {
                        let (other, text) = argument.split_once(' ').unwrap_or((argument, ""));
                        let outcome =
                            self.post(other, text).await.err().unwrap_or_else(|| "posted".to_owned());
                        self.post(id, &outcome).await?;
                    }
                    "event" => self.post(id, &event.to_string()).await?,
                    "length" => self.post(id, &body.len().to_string()).await?,
                    "quiet" => {}
                    _ => self.post(id, body).await?,
                }
                Ok(json!({"statusCode": 200, "body": "unseen"}))
            }
        }
    }

    /// Posts to a connection. The error is the name of the exception.
    async fn post(&self, id: &str, text: &str) -> Result<(), String> {
        let post = self.connections.post_to_connection().connection_id(id).data(Blob::new(text));
        match post.send().await {
            Ok(_) => Ok(()),
            Err(error) => {
                let error = error.into_service_error();
                Err(error.meta().code().unwrap_or("unknown").to_owned())
            }
        }
    }

    async fn record(&self, id: &str, event: &str, detail: &Value) -> Result<(), Error> {
        let row =
            [("connectionId", id.to_owned()), ("event", event.to_owned()), ("detail", detail.to_string())];
        let row = row.map(|(name, value)| (name.to_owned(), AttributeValue::S(value)));
        self.dynamodb.put_item().table_name(&self.table).set_item(Some(row.into())).send().await?;
        Ok(())
    }
}
