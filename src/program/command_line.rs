//! The commands of the program and their options.

use clap::{Parser, Subcommand};
use guildhall::accounts::Role;
use guildhall::events::Consumer;
use std::path::PathBuf;

/// A small company in one binary.
#[derive(Parser)]
#[command(version)]
pub struct Cli {
    /// Defaults to `serve`, which is how `cargo leptos watch` starts it.
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Serve until told to stop; brings the database up to date first.
    Serve,
    /// Bring the database up to date, roll it back, or show its state.
    Migrate {
        #[command(subcommand)]
        step: Option<Migrate>,
    },
    /// Rebuild what rows are found by: words, folded names, normalised addresses. Runs by itself
    /// after an update; run it by hand if servers of before and after it wrote at the same time.
    Reindex,
    /// Fill the database: with the demo company, or with many made-up rows to measure with.
    Seed {
        /// The demo company: its people, products and tasks. A second run changes nothing.
        #[arg(long)]
        demo: bool,
        /// The number of made-up products.
        #[arg(long, value_name = "N", default_value_t = 0)]
        products: u64,
        /// The number of made-up tasks.
        #[arg(long, value_name = "N", default_value_t = 0)]
        tasks: u64,
    },
    /// Manage people.
    User {
        #[command(subcommand)]
        step: User,
    },
    /// Recompute everything and compare. Fails if anything is not as it must be.
    Verify {
        #[command(subcommand)]
        what: Verify,
    },
    /// Look after events that were published.
    Events {
        #[command(subcommand)]
        step: Events,
    },
    /// Look after clinical studies.
    Trials {
        #[command(subcommand)]
        step: Trials,
    },
    /// Let many buyers at once compete for the last pieces of one product of a running server; judge it.
    Duel {
        /// The server's URL.
        #[arg(long, default_value = "http://127.0.0.1:3000")]
        url: String,
        #[arg(long, default_value_t = 500)]
        buyers: usize,
        #[arg(long, default_value_t = 100)]
        stock: usize,
        /// The e-mail address of an admin, who creates the product and the buyers.
        #[arg(long, default_value = "ada@example.com")]
        email: String,
        /// The admin's password.
        #[arg(long, env = "GUILDHALL_PASSWORD", hide_env_values = true)]
        password: String,
    },
    /// Print the description of the JSON API (OpenAPI).
    Openapi,
}

#[derive(Subcommand)]
pub enum Events {
    /// Send events again to one consumer, in their order, through the servers that run.
    Replay(ReplayOptions),
}

#[derive(Subcommand)]
pub enum Trials {
    /// Import vital signs from a file: delimited text or JSON, in any encoding. Exits with 0 if all rows were good, 1 if
    /// nothing was read, 2 if some rows were bad.
    Import(ImportOptions),
}

#[derive(clap::Args)]
pub struct ImportOptions {
    /// The file, or the URL of a database: sqlite:… or postgres://…
    pub file: PathBuf,
    /// The table of that database, as readings or clinic.readings.
    #[arg(long)]
    pub table: Option<String>,
    /// The code of the study.
    #[arg(long)]
    pub study: String,
    /// Tell what is wrong, and store nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The choice for a file with bad rows: to store its good rows, or nothing.
    #[arg(long, value_enum, default_value_t = OnError::Skip)]
    pub on_error: OnError,
    /// Import a file that was imported before.
    #[arg(long)]
    pub again: bool,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
    /// The offset from UTC of times without one, as +08:00. Without it such a time is a fault.
    #[arg(long, allow_hyphen_values = true)]
    pub offset: Option<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub enum OnError {
    /// Store the good rows.
    Skip,
    /// Store nothing.
    Stop,
}

#[derive(clap::Args)]
pub struct ReplayOptions {
    /// The time of the first: 2026-11-20T08:00:00Z, 2026-11-20, or so long ago: 90m, 12h, 3d.
    #[arg(long)]
    pub since: String,
    /// The time before which the last was; now if it is left out.
    #[arg(long)]
    pub until: Option<String>,
    /// Topics, as order.* or order.paid or guildhall.order.>, or one subject, as order-2026-000001.
    #[arg(long)]
    pub subject: String,
    /// The consumer: mail, fulfilment or webhook-ID. Without one, what there is for each is shown.
    #[arg(long)]
    pub consumer: Option<Consumer>,
    /// The number of events at most.
    #[arg(long, default_value_t = 1_000)]
    pub limit: u64,
    /// Only show what would be sent.
    #[arg(long)]
    pub dry_run: bool,
    /// Send mails again that were sent before.
    #[arg(long)]
    pub mail_again: bool,
}

#[derive(Subcommand)]
pub enum Verify {
    /// The books: balances, entries, holds, and the sum of it all.
    Ledger,
    /// Orders against their histories, stock against what changed it, payments against the books.
    Orders,
    /// Subjects of studies: their numbers, and their values against the audit trail.
    Trials,
    /// The audit trail of studies: every hash, and that no entry was removed or moved.
    Audit,
}

#[derive(Subcommand)]
pub enum Migrate {
    /// Apply every pending step.
    Up,
    /// Roll back every step after TARGET.
    Down {
        /// The step to stop at; 0 leaves an empty database.
        #[arg(default_value_t = 0)]
        target: i64,
    },
    /// List the steps.
    Status,
}

#[derive(Subcommand)]
pub enum User {
    /// Create an account. The password is read from the variable GUILDHALL_PASSWORD.
    Create {
        #[arg(long)]
        role: Role,
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        #[arg(long, env = "GUILDHALL_PASSWORD", hide_env_values = true)]
        password: String,
    },
}
