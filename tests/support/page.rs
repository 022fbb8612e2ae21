//! A page that a user has open: it shows the newest list that it received, and reconnects whenever it is disconnected.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::{Frame, PATIENCE, Socket, TestCloud, TestUser};

/// The timeout for the open packet. `socket.io-client` waits 20 s. Shorter times make tests shorter.
const OPENING: Duration = Duration::from_secs(6);
/// The delay before it reconnects. `socket.io-client` waits 1 to 5 s.
const RECONNECT_DELAY: Duration = Duration::from_millis(50);

/// An open page. Dropping it closes the page.
pub struct Page {
    shown: watch::Receiver<Value>,
    open: JoinHandle<()>,
}

impl Page {
    /// Opens the page of a user, on the first board.
    pub fn open(cloud: &TestCloud, user: &TestUser) -> Self {
        Self::open_on(cloud, user, "team")
    }

    /// Opens the page of a user, on a board.
    pub fn open_on(cloud: &TestCloud, user: &TestUser, board: &str) -> Self {
        let (show, shown) = watch::channel(Value::Null);
        let (address, cookie) = (cloud.address(), user.cookie().to_owned());
        let join = format!("40/home,{}", json!({ "board": board }));
        let open = tokio::spawn(async move {
            loop {
                if let Ok(mut socket) = Socket::open(&address, Some(&cookie)).await {
                    live(&mut socket, &join, &show).await;
                }
                sleep(RECONNECT_DELAY).await;
            }
        });
        Self { shown, open }
    }

    /// Waits until it shows a matching list.
    pub async fn shows(&mut self, wanted: impl Fn(&Value) -> bool) {
        let shows = self.shown.wait_for(|list| wanted(list));
        let in_time = timeout(PATIENCE, shows).await.map(|shown| drop(shown.expect("the page is open")));
        assert!(in_time.is_ok(), "it still shows {}", *self.shown.borrow());
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.open.abort();
    }
}

/// Runs one connection until it closes or receives an invalid packet, as `socket.io-client` does.
async fn live(socket: &mut Socket, join: &str, show: &watch::Sender<Value>) {
    let Ok(mut frame) = timeout(OPENING, socket.frame()).await else { return };
    loop {
        let Frame::Text(text) = frame else { return };
        if text.starts_with("0{") {
            // A second open packet makes the client join again.
            if socket.try_send(join).await.is_err() {
                return;
            }
        } else if let Some(event) = text.strip_prefix("42/home,") {
            let mut event: Value = serde_json::from_str(event).expect("an event is JSON");
            let (is_list, list) = (event[0] == "notetitles", event[1].take());
            show.send_if_modified(|shown| {
                let newer = is_list && list["revision"].as_u64() >= shown["revision"].as_u64();
                if newer {
                    *shown = list;
                }
                newer
            });
        } else if text.starts_with("44") {
            panic!("a real client would never reconnect: {text}");
        } else if text != "6" && !text.starts_with("40/home,") {
            // A frame that is not a packet, such as the gateway's own error, makes the client reconnect.
            return;
        }
        frame = socket.frame().await;
    }
}
