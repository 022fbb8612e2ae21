//! The open connections, by id. A connection is open from the end of `$connect` until it closes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::client::Client;

/// Maximum number of frames that wait for a slow client.
const BACKLOG: usize = 256;

/// The open connections of an API.
#[derive(Debug, Default)]
pub(super) struct Connections {
    live: Mutex<HashMap<String, Arc<Live>>>,
}

/// An open connection, as `@connections` sees it.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) id: String,
    pub(super) connected: Timestamp,
    pub(super) source: String,
    pub(super) user_agent: String,
    last_active: Mutex<Timestamp>,
    orders: mpsc::Sender<Order>,
}

/// An order to a connection.
#[derive(Debug)]
pub(super) enum Order {
    /// Send this to the client.
    Send(String),
    /// Close the connection.
    Close,
}

/// The error of an order that a connection cannot take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OrderError {
    /// The connection has ended.
    Gone,
    /// The client does not read its messages, and the backlog is full.
    Full,
}

impl Connections {
    pub(super) fn insert(&self, client: &Client) -> (Arc<Live>, mpsc::Receiver<Order>) {
        let (orders, to_do) = mpsc::channel(BACKLOG);
        let live = Arc::new(Live {
            id: client.id.clone(),
            connected: client.connected,
            source: client.source.clone(),
            user_agent: client.user_agent.clone(),
            last_active: Mutex::new(client.connected),
            orders,
        });
        self.lock().insert(live.id.clone(), Arc::clone(&live));
        (live, to_do)
    }

    pub(super) fn get(&self, id: &str) -> Option<Arc<Live>> {
        self.lock().get(id).cloned()
    }

    pub(super) fn remove(&self, id: &str) {
        self.lock().remove(id);
    }

    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    // A panic of another holder leaves the map consistent: each change is one call.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Live>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Live {
    /// Queues an order after all earlier ones.
    pub(super) fn order(&self, order: Order) -> Result<(), OrderError> {
        self.orders.try_send(order).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => OrderError::Full,
            mpsc::error::TrySendError::Closed(_) => OrderError::Gone,
        })
    }

    /// Records that a message was sent or received.
    pub(super) fn touch(&self) {
        *self.last_active.lock().unwrap_or_else(PoisonError::into_inner) = Timestamp::now();
    }

    pub(super) fn last_active(&self) -> Timestamp {
        *self.last_active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
