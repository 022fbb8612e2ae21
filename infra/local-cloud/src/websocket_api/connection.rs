//! One connection, from its upgrade to its `$disconnect`.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::api::{Api, INTEGRATION_TIMEOUT};
use super::client::Client;
use super::closing::Closing;
use super::connections::{Live, Order};
use super::event;
use super::handshake::{Socket, Upgrade};
use crate::console::Served;
use local_service::faults::{Fault, FaultPoint, Site};

/// How many messages of a client may wait for a function before the client has to wait.
const BACKLOG: usize = 64;
/// How long sending may take: a client that doesn't read is gone.
const STALL: Duration = Duration::from_secs(10);

/// Carries messages both ways until the connection ends, then invokes `$disconnect`, always (but for a fault).
pub(super) async fn run(
    api: &Arc<Api>,
    client: Client,
    live: Arc<Live>,
    orders: mpsc::Receiver<Order>,
    upgrade: Upgrade,
) {
    let (messages, inbox) = mpsc::channel(BACKLOG);
    let (closing, ()) =
        tokio::join!(carry(api, &live, orders, upgrade, messages), dispatch(api, &client, &live, inbox));
    let unsent = fault(api, FaultPoint::Disconnect, &live.id) == Some(Fault::DisconnectUnsent);
    if let Some(function) = api.declared.routes.get("$disconnect").filter(|_| !unsent) {
        let event = event::disconnect(api, &client, &closing).to_string();
        // There is nobody left to tell of a failure, which stands in the function's log.
        let _ = api.invoke(function, event.into()).await;
    }
}

/// The connection itself, until it ends.
async fn carry(
    api: &Api,
    live: &Live,
    mut orders: mpsc::Receiver<Order>,
    upgrade: Upgrade,
    messages: mpsc::Sender<String>,
) -> Closing {
    let Some(mut socket) = upgrade.socket().await else {
        api.connections.remove(&live.id);
        return Closing::VANISHED;
    };
    api.console.connected(&live.id);
    let begun = Instant::now();
    let ends = begun + api.lifetime;
    let mut idle_until = Instant::now() + api.idle;
    let (closing, by_client) = loop {
        tokio::select! {
            order = orders.recv() => {
                let Some(Order::Send(text)) = order else { break (Closing::DELETED, false) };
                if fault(api, FaultPoint::Frame, &live.id).is_some() {
                    break (Closing::VANISHED, false);
                }
                api.console.sent(&live.id, &text);
                api.lambda.meter().sent(text.len());
                if !matches!(timeout(STALL, socket.send(Message::text(text))).await, Ok(Ok(()))) {
                    break (Closing::VANISHED, false);
                }
                live.touch();
                idle_until = Instant::now() + api.idle;
            }
            received = receive(&mut socket, &messages) => match received {
                Received::Text(text, permit) => {
                    if fault(api, FaultPoint::Frame, &live.id).is_some() {
                        break (Closing::VANISHED, false);
                    }
                    api.lambda.meter().received(text.len());
                    permit.send(text);
                    live.touch();
                    idle_until = Instant::now() + api.idle;
                }
                Received::End(closing, by_client) => break (closing, by_client),
            },
            () = sleep_until(idle_until.min(ends)) => break (Closing::GOING_AWAY, false),
            () = api.stop.cancelled() => break (Closing::GOING_AWAY, false),
        }
    };
    api.connections.remove(&live.id);
    api.lambda.meter().connected(begun.elapsed());
    api.console.disconnected(&live.id, closing.code, &closing.reason);
    if let Some(advice) = closing.advice().filter(|_| !by_client) {
        api.warn(&format!("closes a connection with {}: {advice}", closing.code));
    }
    closing.tell(socket, by_client).await;
    closing
}

/// Asks what goes wrong with a connection.
fn fault(api: &Api, point: FaultPoint, id: &String) -> Option<Fault> {
    let site = Site { function: "", operation: "", resources: std::slice::from_ref(id) };
    api.faults.inject(point, &site).fault
}

/// What came from a client.
enum Received<'a> {
    /// A message, and the place for it in the inbox.
    Text(String, mpsc::Permit<'a, String>),
    /// The end, and whether the client meant it.
    End(Closing, bool),
}

/// The client's next message, as soon as there is a place for it. It can be given up at any time without losing one.
async fn receive<'a>(socket: &mut Socket, messages: &'a mpsc::Sender<String>) -> Received<'a> {
    let Ok(permit) = messages.reserve().await else { return Received::End(Closing::GOING_AWAY, false) };
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return Received::Text(text.as_str().to_owned(), permit),
            Some(Ok(Message::Binary(_))) => return Received::End(Closing::BINARY, false),
            Some(Ok(Message::Close(frame))) => return Received::End(Closing::by_client(frame), true),
            // A ping has its pong by now.
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
            None | Some(Err(Error::ConnectionClosed)) => return Received::End(Closing::VANISHED, true),
            Some(Err(error)) => return Received::End(Closing::by_error(&error), false),
        }
    }
}

/// Invokes the function of each message. They start in the order of the messages, and then may overlap.
async fn dispatch(api: &Arc<Api>, client: &Client, live: &Arc<Live>, mut inbox: mpsc::Receiver<String>) {
    while let Some(body) = inbox.recv().await {
        let Some((route, function)) = api.selection.select(&api.declared.routes, &body) else {
            api.console.received(&live.id, &body, None);
            complain(live, "Forbidden", &crate::api_gateway::new_id());
            continue;
        };
        let (event, request_id) = event::message(api, client, route, &body);
        let served = Served { function: function.to_owned(), request_id: request_id.clone() };
        api.console.received(&live.id, &body, Some(&served));
        if !api.throttle.admits(route) {
            api.warn(&format!(
                "drops a message: {route} takes no more now (throttling in {0})",
                api.declared.id
            ));
            complain(live, "Too Many Requests", &request_id);
            continue;
        }
        let deadline = tokio::time::Instant::now() + INTEGRATION_TIMEOUT;
        let begun = api.lambda.begin(function, Bytes::from(event.to_string()));
        let Ok(Ok(invocation)) = tokio::time::timeout_at(deadline, begun).await else {
            complain(live, "Internal server error", &request_id);
            continue;
        };
        let (api, live, function) = (Arc::clone(api), Arc::clone(live), function.to_owned());
        api.clone().tasks.spawn(async move {
            // Without a route response, what the function answers reaches nobody; that it failed reaches the client.
            match tokio::time::timeout_at(deadline, invocation.answer()).await {
                Ok(Ok(_)) => {}
                Ok(Err(_)) => complain(&live, "Internal server error", &request_id),
                Err(_) => {
                    api.warn_of_timeout(&function);
                    complain(&live, "Endpoint request timed out", &request_id);
                }
            }
        });
    }
}

/// Tells the client, as API Gateway does, that a message of it came to nothing.
fn complain(live: &Live, message: &str, request_id: &str) {
    let complaint = json!({"message": message, "connectionId": live.id, "requestId": request_id});
    // A client that is gone needn't hear it.
    let _ = live.order(Order::Send(complaint.to_string()));
}
