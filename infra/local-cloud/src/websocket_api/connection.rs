//! One connection, from its upgrade to its `$disconnect`.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::api::Api;
use super::client::Client;
use super::closing::Closing;
use super::connections::{Live, Order};
use super::event;
use super::handshake::{Socket, Upgrade};
use crate::console::Served;
use local_service::faults::{Fault, FaultPoint, Site};

/// Maximum number of a client's messages that wait for a function. Beyond it, the gateway stops reading.
const BACKLOG: usize = 64;
/// Time limit of a send. A client that does not read counts as gone.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// Relays messages both ways until the connection ends, then invokes `$disconnect`, unless a fault suppresses it.
pub(super) async fn run(
    api: &Arc<Api>,
    client: Client,
    live: Arc<Live>,
    orders: mpsc::Receiver<Order>,
    upgrade: Upgrade,
) {
    let (messages, inbox) = mpsc::channel(BACKLOG);
    let (closing, ()) =
        tokio::join!(relay(api, &live, orders, upgrade, messages), dispatch(api, &client, &live, inbox));
    let unsent = fault(api, FaultPoint::Disconnect, &live.id) == Some(Fault::DisconnectUnsent);
    if let Some(function) = api.declared.routes.get("$disconnect").filter(|_| !unsent) {
        let event = event::disconnect(api, &client, &closing).to_string();
        // The client has left, so a failure is only in the function's log.
        let _ = api.invoke(function, event.into()).await;
    }
}

/// Relays messages until the connection ends, then closes it.
async fn relay(
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
                if !matches!(timeout(SEND_TIMEOUT, socket.send(Message::text(text))).await, Ok(Ok(()))) {
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
        api.warn(&format!("closed a connection with {}: {advice}", closing.code));
    }
    closing.close(socket, by_client).await;
    closing
}

/// Draws the fault of a connection.
fn fault(api: &Api, point: FaultPoint, id: &String) -> Option<Fault> {
    let site = Site { function: "", operation: "", resources: std::slice::from_ref(id) };
    api.faults.inject(point, &site).fault
}

/// A read from a client.
enum Received<'a> {
    /// A message, and a permit for the inbox.
    Text(String, mpsc::Permit<'a, String>),
    /// The end of the connection, and whether the client closed it.
    End(Closing, bool),
}

/// Reads the client's next message once the inbox has room for it. Cancel safe.
async fn receive<'a>(socket: &mut Socket, messages: &'a mpsc::Sender<String>) -> Received<'a> {
    let Ok(permit) = messages.reserve().await else { return Received::End(Closing::GOING_AWAY, false) };
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return Received::Text(text.as_str().to_owned(), permit),
            Some(Ok(Message::Binary(_))) => return Received::End(Closing::BINARY, false),
            Some(Ok(Message::Close(frame))) => return Received::End(Closing::by_client(frame), true),
            // The library has answered a ping by now.
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
            None | Some(Err(Error::ConnectionClosed)) => return Received::End(Closing::VANISHED, true),
            Some(Err(error)) => return Received::End(Closing::by_error(&error), false),
        }
    }
}

/// Invokes the function of each message. Invocations start in the order of the messages and may overlap.
async fn dispatch(api: &Arc<Api>, client: &Client, live: &Arc<Live>, mut inbox: mpsc::Receiver<String>) {
    while let Some(body) = inbox.recv().await {
        let Some((route, function)) = api.selection.select(&api.declared.routes, &body) else {
            api.console.received(&live.id, &body, None);
            send_error(live, "Forbidden", &crate::api_gateway::new_id());
            continue;
        };
        let (event, request_id) = event::message(api, client, route, &body);
        let served = Served { function: function.to_owned(), request_id: request_id.clone() };
        api.console.received(&live.id, &body, Some(&served));
        if !api.throttle.admits(route) {
            api.warn(&format!(
                "dropped a message: {route} is over its limit (see the throttling settings of {0})",
                api.declared.id
            ));
            send_error(live, "Too Many Requests", &request_id);
            continue;
        }
        let deadline = tokio::time::Instant::now() + api.integration_timeout;
        let begun = api.lambda.begin(function, Bytes::from(event.to_string()));
        let Ok(Ok(invocation)) = tokio::time::timeout_at(deadline, begun).await else {
            send_error(live, "Internal server error", &request_id);
            continue;
        };
        let (api, live, function) = (Arc::clone(api), Arc::clone(live), function.to_owned());
        api.clone().tasks.spawn(async move {
            // Without a route response, the client gets no response, only errors.
            match tokio::time::timeout_at(deadline, invocation.answer()).await {
                Ok(Ok(_)) => {}
                Ok(Err(_)) => send_error(&live, "Internal server error", &request_id),
                Err(_) => {
                    api.warn_of_timeout(&function);
                    send_error(&live, "Endpoint request timed out", &request_id);
                }
            }
        });
    }
}

/// Sends the client an error about its message, as API Gateway does.
fn send_error(live: &Live, message: &str, request_id: &str) {
    let error = json!({"message": message, "connectionId": live.id, "requestId": request_id});
    // Fails if the client is gone, which is harmless.
    let _ = live.order(Order::Send(error.to_string()));
}
