//! A page as a person has it open: it shows the newest list that it was sent, and comes back whenever it is cut off.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::{Frame, PATIENCE, Socket, TestCloud, Visitor};

/// How long it waits for its open packet, and before it comes back. `socket.io-client` waits for 20 s and for 1 to 5;
/// nothing but the length of a test hangs on it.
const OPENING: Duration = Duration::from_secs(6);
const AWAY: Duration = Duration::from_millis(50);

/// An open page. It is closed when this is dropped.
pub struct Page {
    shown: watch::Receiver<Value>,
    open: JoinHandle<()>,
}

impl Page {
    /// Opens the page of somebody who is signed in.
    pub fn open(cloud: &TestCloud, visitor: &Visitor) -> Self {
        let (show, shown) = watch::channel(Value::Null);
        let (address, cookie) = (cloud.address(), visitor.cookie().to_owned());
        let open = tokio::spawn(async move {
            loop {
                if let Ok(mut socket) = Socket::open(&address, Some(&cookie)).await {
                    live(&mut socket, &show).await;
                }
                sleep(AWAY).await;
            }
        });
        Self { shown, open }
    }

    /// Waits until it shows a list like this.
    pub async fn shows(&mut self, wanted: impl Fn(&Value) -> bool) {
        let shows = self.shown.wait_for(|list| wanted(list));
        let came = timeout(PATIENCE, shows).await.map(|shown| drop(shown.expect("the page is open")));
        assert!(came.is_ok(), "it still shows {}", *self.shown.borrow());
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.open.abort();
    }
}

/// One connection, for as long as all that comes is what may come, as `socket.io-client` has it.
async fn live(socket: &mut Socket, show: &watch::Sender<Value>) {
    let Ok(mut frame) = timeout(OPENING, socket.frame()).await else { return };
    loop {
        let Frame::Text(text) = frame else { return };
        if text.starts_with("0{") {
            // Greeted, perhaps again: it joins, perhaps again.
            if socket.try_send("40/home,").await.is_err() {
                return;
            }
        } else if let Some(event) = text.strip_prefix("42/home,") {
            let mut event: Value = serde_json::from_str(event).expect("an event is JSON");
            let list = event[1].take();
            show.send_if_modified(|shown| {
                let newer = list["revision"].as_u64() >= shown["revision"].as_u64();
                if newer {
                    *shown = list;
                }
                newer
            });
        } else if text.starts_with("44") {
            panic!("a client stops here for ever: {text}");
        } else if text != "6" && !text.starts_with("40/home,") {
            // What is no packet, such as the gateway's own error text, has a client start anew.
            return;
        }
        frame = socket.frame().await;
    }
}
