//! The table of what is under way, as plain text: the oldest first.

use crate::i18n::t;
use crate::server::telemetry::list_under_way;

/// Returns a line for each request that is being answered and each job that runs.
pub fn list() -> String {
    let mut text = format!("{}\n\n", t!("ops-profile-tasks"));
    let all = list_under_way();
    if all.is_empty() {
        text.push_str(t!("ops-profile-tasks-none"));
        text.push('\n');
    }
    for entry in all {
        text.push_str(&format!(
            "{:>10.3}s  {:<7} {:<40} {}\n",
            entry.age().as_secs_f64(),
            entry.kind,
            entry.name(),
            entry.trace_id
        ));
    }
    text
}
