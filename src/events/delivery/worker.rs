//! The workers: they tell what happened as soon as it is known, and do what others told us, for as
//! long as the server runs.

use super::consumer::Consumer;
use super::deliver::{deliver_to, due_consumers};
use super::dispatch::{MOST_AT_A_GO, dispatch};
use crate::error::AppError;
use crate::events::inbox::{apply_due, rung};
use crate::outbox::noted;
use crate::server::config::Transport;
use crate::server::{App, round};
use std::collections::HashMap;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// What nobody rang for is found this soon: the next try of a failed delivery, or what another
/// server noted.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The bell rings before the commit; this long after it most commits are done.
const COMMIT: Duration = Duration::from_millis(20);

/// What takes longer hangs: a round of deliveries has forty seconds for each, side by side, and every
/// statement its own limit, which a database that fell silent does not keep.
const LONGEST_ROUND: Duration = Duration::from_secs(120);

/// Starts them; they end when the server stops. On several servers they share the work.
pub fn start(app: &App) {
    let mail = &app.config.mail;
    if !app.in_development() && mail.transport == Transport::File {
        tracing::warn!(
            mail.folder,
            "Mail to customers is written to files and not sent; see [mail] in Leptos.toml"
        );
    }
    tokio::spawn(run(app.clone()));
    tokio::spawn(work_on_inbox(app.clone()));
}

async fn work_on_inbox(app: App) {
    while !app.is_draining() {
        // Whether it rang or not, there may be something.
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

/// Each consumer has a worker of its own while there is something for it, so that a slow one keeps
/// nobody waiting but itself.
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

/// Dispatches what waits, and says whether there was more than is done at a go.
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

/// For whom something is due: whether or not anything could be dispatched.
async fn look(app: &App) -> Vec<Consumer> {
    let ours = app.clone();
    let due = round(LONGEST_ROUND, async move { due_consumers(&ours).await }).await;
    due.unwrap_or_else(|error| {
        tracing::warn!(error.cause = %error, "What is due could not be read and is tried again");
        Vec::new()
    })
}

/// Delivers until nothing is due any more.
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
