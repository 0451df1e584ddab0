//! Slow statements, as the driver reports them to the log: handed on to whoever explains them.

use super::statement::{Statement, is_statement};
use std::sync::OnceLock;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// The most statements that wait for their plan; what is more goes without.
const QUEUE: usize = 16;

static SLOW: OnceLock<Sender<String>> = OnceLock::new();

/// Hears what the driver calls a slow statement.
pub struct SlowStatements;

impl<S: Subscriber> Layer<S> for SlowStatements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        if *metadata.level() != Level::WARN || !is_statement(metadata) {
            return;
        }
        if let Some(slow) = SLOW.get() {
            let mut statement = Statement::default();
            event.record(&mut statement);
            // Where many are slow at once, some plans say as much as all.
            let _ = slow.try_send(statement.text().to_owned());
        }
    }
}

/// Returns the texts of slow statements from here on; `None` if somebody has them already.
pub fn receive() -> Option<Receiver<String>> {
    let (slow, statements) = channel(QUEUE);
    SLOW.set(slow).is_ok().then_some(statements)
}
