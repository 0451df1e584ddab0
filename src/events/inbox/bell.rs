//! The inbox bell, which wakes its worker.

use tokio::sync::Notify;

/// Rings when a message arrives or may have become applicable.
static INBOX: Notify = Notify::const_new();

pub fn ring_inbox() {
    INBOX.notify_one();
}

/// Waits for the bell.
pub async fn rung() {
    INBOX.notified().await;
}
