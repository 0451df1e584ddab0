//! The bell of the inbox, which its worker waits for.

use tokio::sync::Notify;

/// Rings when a message came, or may have become possible.
static INBOX: Notify = Notify::const_new();

pub fn ring_inbox() {
    INBOX.notify_one();
}

/// Waits until it rings.
pub async fn rung() {
    INBOX.notified().await;
}
