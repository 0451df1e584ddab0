//! The server: configuration, the database, the router that wires the slices together, and what
//! every request passes through. A slice uses only what is re-exported here.
//!
//! # The path of a request
//!
//! ```text
//! trace ─ headers ─ compression ─ one host ─ present errors ─┐
//!                                                            ├─ panic ─ deadline ─ size ─┬─ /pkg, public/ (files)
//!                                          asks for the page │                           ├─ /livez, /readyz, /api/health
//!                                                            │                           ├─ /webhooks/payments and the like (signed)
//!                                          that shows it ────┘                           └─ session ─ who is it ─ how much ─ same origin ─ slices
//! ```
//!
//! 1. `server/trace.rs` takes the trace id from `traceparent` or makes one, puts it on every log line
//!    and into `x-request-id`. It counts and times the request under its route's template, and begins its
//!    span where traces are sent (`server/telemetry/`).
//! 2. `server/deadline.rs` gives the request its deadline. Past it the work is dropped, a
//!    transaction with it, and the response is 503. PostgreSQL cancels the statement itself;
//!    SQLite, for reads, asks a progress handler every few thousand steps whether to go on. A
//!    write is not interrupted, since that would roll back the transaction around it; so no
//!    request may write to an unbounded number of rows. Work that shares a commit with others
//!    (`server/db/group.rs`) is completed once it has begun: a few short statements.
//! 3. `accounts/access/authenticate.rs` authenticates the request: by token, by session, or as
//!    nobody. What it finds is kept for a second at most, and any change of it on this server counts at
//!    once (`accounts/access/known.rs`). `server/limits/` limits what one person, one program and one
//!    address may read and change within a minute (429). The buckets are in this process, and counted for all
//!    servers where there is Redis. Then `server/overload/` begins the request, if not too many are in progress
//!    already (503). Visitors for whom there is no place are turned away before all this.
//! 4. `server/http/security.rs` lets a request that changes something pass only if it comes from our own
//!    pages, or to the API and without a cookie from an origin with leave. `server/http/cors.rs` tells such
//!    an origin's scripts so, right behind the headers.
//! 5. A handler of a slice extracts what it needs (`Staff(user)`, `Path`, `Posted`, `Json`), calls one
//!    use case, and answers. Every refusal is an `AppError`.
//! 6. `server/http/errors.rs` renders the error: JSON for programs. `server/http/audience/form.rs`
//!    decides who is one, here and at the addresses that have a page and JSON (`/products`): by
//!    `Accept`; if that names neither, by `Sec-Fetch-Dest`; without it, a browser, a crawler or a
//!    messenger that shows previews gets the page and everybody else JSON. For a browser a refused form
//!    becomes its own page again, under the right status, with the input and what is wrong with it; an
//!    unauthenticated request is redirected to the sign-in page; anything else becomes the error page.
//!
//! # Invariants
//!
//! - **One writer on SQLite.** Writes go through a pool of one connection with `BEGIN IMMEDIATE`; readers
//!   have their own pool and cannot write. `synchronous=FULL`: what was acknowledged is on disk. If
//!   SQLite ends a transaction by itself (a full or failing disk, no memory), the connection is replaced
//!   before its next use, and nothing still sent on it is committed (`server/db/sqlite/writer.rs`). A
//!   full disk is a 503 with an explanation, and `/readyz` and `/api/health` report it, because they
//!   require proof that something can be written (`server/db/probe.rs`). If the file itself is deleted or
//!   replaced, the server stops with an error (`server/db/sqlite/file.rs`).
//! - **An abandoned request leaves nothing behind.** A transaction on PostgreSQL begins in a task of its
//!   own (`server/db/pools.rs`), so that no client that hangs up leaves a connection within one. A request
//!   waits for a connection in vain only once, including for the page that says so (`server/deadline.rs`).
//! - **Connections are bounded** (`server/serve/connections.rs`): in number, and in how long a client
//!   may leave its response unread or, under TLS, be idle.
//! - **What is asked for again and again is cached briefly** (`server/cache/mod.rs`, `docs/caching.md`): the
//!   shop's lists and products, as JSON and as a part of a page, and whole pages (`server/http/documents/`),
//!   for one second; likewise what many requests of one person ask for again: who they are, the number in
//!   their cart, their list of tasks. One request makes an entry, the others wait for it. A change is noted
//!   on its connection, and the commit begins a new epoch (`server/db/connection/epochs.rs`), so a server
//!   shows its own changes at once. Another server's count when it tells of them (`server/fleet/`), and within
//!   that second in any case; orders count at once for programs, and for pages within that second. Nothing
//!   that decides (stock at checkout, a price that is
//!   charged) is ever read from there.
//! - **Redis may be lost at any time** (`server/redis/`): it makes several servers one as to limits, copies and
//!   jobs (`server/lock/`), and without it each goes on by itself. What must hold is held by the database.
//! - **The frame is rendered once for all who see it alike** (`ui/frame/fixed.rs`): the head, the footer,
//!   the palette and the list of keys depend on the role at most. Pages take turns, 32 at a time
//!   (`server/http/pages.rs`): a thousand half-rendered ones only evict each other from the caches.
//! - **Exports are read page by page while they are sent**, by the keyset of the list they come
//!   from, so that an export takes as little memory for a million rows as for one and holds no
//!   connection while the client takes its time.

mod background;
mod cache;
pub mod config;
mod current;
pub mod db;
mod deadline;
mod fleet;
mod http;
mod jobs;
pub mod limits;
mod lock;
pub mod logs;
pub mod nats;
mod openapi;
pub mod outbound;
mod overload;
pub mod redis;
mod router;
pub mod rpc;
mod schemas;
pub mod security_log;
mod serve;
mod state;
pub mod telemetry;
mod trace;

pub use background::{Next, round};
pub use cache::{Cache, MOMENT, SharedCache, Stored};
pub use current::{set_user, trace_id};
pub use db::{
    Batch, Conn, Cursor, Db, Engine, Epochs, Group, IdempotencyKey, PageOf, QueryBuilder,
    Savepoint, Subject, Tx, Work, execute_rows, from_json, idempotency, matching, migrations,
    page_size, reindex,
};
pub(crate) use db::{
    execute, fetch_all, fetch_one, fetch_optional, fetch_optional_scalar, fetch_scalar,
    fetch_scalars, rows_affected, stored_as, stored_as_word, with_db,
};
pub use deadline::{current as must_answer_by, is_of_change, only_reads};
pub use fleet::Fleet;
pub use http::{
    ClientIp, Document, DocumentKey, Field, Files, Json, LANGUAGE_COOKIE, OptionalJson, Path,
    Posted, Query, Tagged, UserAgent, VARIES, app, asked_cursor, attachment, cookies, count_given,
    created, documents, done, forms, is_too_long, list_href, list_href_from, missing_files,
    no_content, non_empty, object, objects, ok, page, pages, read_day, some_objects, wants_page,
};
pub use router::{documented, metrics_router, router, router_with};
pub use serve::serve;
pub use state::App;
pub use telemetry::{Figures, Metrics};
