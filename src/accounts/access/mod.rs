//! Authentication: passwords, sessions, tokens, and the throttles before them.
//!
//! Passwords are hashed with Argon2id (19 MiB, two passes, one lane) off the threads that answer requests, a
//! bounded number at a time. A sign-in takes as long, and responds the same, whether or not the account
//! exists. Attempts are counted in the database, ten in ten minutes per account and per address (of IPv6: per
//! /64 network, and ten times as many per /48), one after the other if concurrent; guesses at the current
//! password in an open session count like them. An address that the account was created at or signed in to
//! from before is counted separately, so a stranger's guesses cannot lock the owner out there; elsewhere the
//! owner waits like everybody. Registrations are counted as well, twenty an hour per address. The wait never
//! grows by trying.
//!
//! Before any expensive work, lengths are checked, the 10,000 most used passwords
//! (`accounts/access/common_passwords.txt`) are refused, and a registration is counted; then zxcvbn estimates
//! how easily a password is guessed, in the same turn as it is hashed. A password is normalised (NFKC) first,
//! so that it is the same on every keyboard; a hash from before that still matches the password as typed, and
//! is then renewed.
//!
//! A session is its row (`accounts/access/sessions.rs`): inserted at sign-in, updated while in use, deleted
//! at the end, by statements that write what they are about and nothing else. So a concurrent request cannot
//! bring back an ended session, and only the request that ends a session clears its cookie. Its id is random
//! and stored hashed; it changes at sign-in, with the password and with the role. After a change of role the
//! previous id stays valid for ten seconds, since requests with it are under way, and each of them returns
//! the same new id: it is derived from the previous one by a keyed hash. A late response can bring nothing
//! older than what the browser has, because the cookie is set at sign-in for the maximum lifetime of a
//! session; that an unused session ends sooner is up to the server.
//!
//! Access tokens are JWTs of 15 minutes with a pinned algorithm; refresh tokens are stored hashed and
//! rotated: one used twice ends its whole family, including the access tokens. Only within ten seconds, once,
//! and while its successor is unused, the same successor is returned again: the response may have been lost.
//! It need not be stored for that, because it too is derived by a keyed hash. A sign-in of a browser or an
//! API client ends after `sign_in_max_days`, however much it is used.
//!
//! A change of password ends every other session and all tokens in the same transaction. What a request was
//! known by is kept for a second (`accounts/access/known.rs`): an end takes effect on this server at once, and
//! on every other within that second; and a sign-in that was checked against the previous password
//! (`users.password_version`) opens nothing after it.
//!
//! Pages are requested again at Back (`no-store`), and signing out makes the browser drop what it cached.
//! Only the response to a form is cached, for otherwise Back could only offer to send the form again; if it
//! has been sent since, `ui/back.js` requests the form's page instead. Security events have log lines of
//! their own: see `docs/logging.md`.

mod authenticate;
mod bearers;
mod bound_requests;
mod known;
mod passwords;
mod session_store;
mod sessions;
mod sign_in;
mod throttle;
mod throttle_store;
mod tokens;
mod weakness;

pub use authenticate::{Admin, Person, Staff, Unidentified, Viewer, authenticate, caller, viewer};
pub use bound_requests::bound_requests;
pub use known::Known;
pub use passwords::{NewPassword, PasswordHasher};
pub use session_store::{SessionRow, delete_other_sessions, delete_session};
pub use sessions::{
    COOKIE as SESSION_COOKIE, Session, delete_expired, device, list_sessions, replace_id,
    spent_cookie,
};
pub use sign_in::{
    Credentials, Proven, Registration, SignedIn, check_credentials, create_account, register,
    start_session, start_tokens, still_proven,
};
pub use tokens::{TokenKeys, Tokens, hash_of, random_token, refresh};
