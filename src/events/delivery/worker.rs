//! Background workers: they deliver events as soon as they are recorded, and apply incoming
//! messages, for as long as the server runs.

use super::consumer::Consumer;
use super::deliver::{deliver_to, due_consumers};
use super::dispatch::{MOST_AT_A_GO, dispatch};
use crate::error::AppError;
use crate::events::broker::start_broker;
use crate::events::inbox::{apply_due, rung};
use crate::outbox::noted;
use crate::server::config::Transport;
use crate::server::{App, round};
use std::collections::HashMap;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// The polling interval for what rings no bell: the next try of a failed delivery, or events
/// recorded by another server.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The delay after the bell, which rings before the commit; most commits are done by then.
const COMMIT: Duration = Duration::from_millis(20);

/// The timeout of a round: deliveries get forty seconds each, side by side, and every statement has
/// its own limit, which an unresponsive database does not keep.
const LONGEST_ROUND: Duration = Duration::from_mins(2);

/// Starts the workers; they end when the server stops. Several servers share the work.
pub fn start(app: &App) {
    let mail = &app.config.mail;
    if !app.in_development() && mail.transport == Transport::File {
        tracing::warn!(
            mail.folder,
            "Mail to customers is written to files and not sent; see [mail] in Leptos.toml"
        );
    }
    tokio::spawn(run(app.clone()));
    start_broker(app);
    tokio::spawn(work_on_inbox(app.clone()));
}

async fn work_on_inbox(app: App) {
    while !app.is_draining() {
        // There may be work whether or not it rang.
        let _ = timeout(LONGEST_PAUSE, rung()).await;
        if let Err(error) = apply_all(&app).await {
            tracing::warn!(error.cause = %error, "The inbox could not be worked on and is tried again");
            sleep(LONGEST_PAUSE).await;
        }
    }
}

async fn apply_all(app: &App) -> Result<(), AppError> {
    loop {
        let ours = app.clone();
        let applied = round(LONGEST_ROUND, async move { apply_due(&ours).await }).await?;
        if applied == 0 || app.is_draining() {
            return Ok(());
        }
    }
}

/// Runs one worker per consumer while it has something due, so that a slow consumer delays only
/// itself.
async fn run(app: App) {
    let mut busy: HashMap<Consumer, JoinHandle<()>> = HashMap::new();
    let mut more = false;
    while !app.is_draining() {
        if !more && timeout(LONGEST_PAUSE, noted()).await.is_ok() {
            sleep(COMMIT).await;
        }
        more = dispatch_some(&app).await;
        busy.retain(|_, worker| !worker.is_finished());
        for consumer in look(&app).await {
            let work = || tokio::spawn(serve(app.clone(), consumer));
            busy.entry(consumer).or_insert_with(work);
        }
    }
}

/// Dispatches waiting events and returns true if a full run was dispatched, so that more may wait.
async fn dispatch_some(app: &App) -> bool {
    let ours = app.clone();
    match round(LONGEST_ROUND, async move { dispatch(&ours).await }).await {
        Ok(count) => count >= MOST_AT_A_GO,
        Err(error) => {
            tracing::warn!(error.cause = %error, "The outbox could not be dispatched and is tried again");
            false
        }
    }
}

/// Returns the consumers with something due, whether or not anything could be dispatched.
async fn look(app: &App) -> Vec<Consumer> {
    let ours = app.clone();
    let due = round(LONGEST_ROUND, async move { due_consumers(&ours).await }).await;
    due.unwrap_or_else(|error| {
        tracing::warn!(error.cause = %error, "What is due could not be read and is tried again");
        Vec::new()
    })
}

/// Delivers to the consumer until nothing is due any more.
async fn serve(app: App, consumer: Consumer) {
    while !app.is_draining() {
        let ours = app.clone();
        match round(
            LONGEST_ROUND,
            async move { deliver_to(&ours, consumer).await },
        )
        .await
        {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(
                    error.cause = %error,
                    delivery.consumer = %consumer,
                    "Deliveries broke off and are tried again later"
                );
                return;
            }
        }
    }
}
