//! Signing in, and staying so: passwords, sessions, tokens, and the throttles before them.
//!
//! Passwords are hashed with Argon2id (19 MiB, two passes, one lane) off the threads that answer
//! requests, a bounded number at a time. A sign-in takes as long, and says the same, whether or not
//! there is such an account. Tries are counted in the database, ten in ten minutes per account and per
//! address (of IPv6: per network of 64 bits, and ten times as many per network of 48), one after the other
//! where they come at once; guesses at the present password, by whoever sits
//! at an open session, count like them. An address that the account was made at or signed in to from before
//! counts by itself, so a stranger's guesses cannot keep the owner out there; elsewhere the owner waits like
//! everybody. Registrations are counted as well, twenty an hour per address. The wait never grows by trying.
//!
//! Before anything is worked on that takes time, lengths are looked at, what is among the 10,000 passwords
//! used most (`accounts/access/common_passwords.txt`) is refused, and a registration is counted; then zxcvbn says how
//! easily a password is guessed, in the same turn as it is hashed. A password is brought into one form (NFKC)
//! first, so that it is the same on every keyboard; a hash from before that still opens as it was typed, and
//! is renewed then.
//!
//! A session is its row (`accounts/access/sessions.rs`): made at sign-in, noted while it is used, deleted at the end,
//! by statements that write what they are about and nothing else. So a request under way cannot bring back
//! what has ended meanwhile, and only the request that ends a session clears its cookie. Its id is random and
//! stored hashed; it changes at sign-in, with the password and with the role. After a change of role the id
//! before leads to the session for ten seconds more, since requests with it are under way, and each of them
//! brings the same new id: it follows from the one before by a keyed hash. Nothing that a late answer could
//! bring is older than what the browser has, because a cookie is set at sign-in for the longest time a
//! session can last, and that it ends sooner without a visit is the server's to say.
//!
//! Access tokens are JWTs of 15 minutes with a pinned algorithm; refresh tokens are stored hashed and follow
//! one another: one that comes twice ends its whole family, which the access tokens belong to as well. Only
//! within ten seconds, once, and while its successor has not been used, the same successor is given again: the
//! answer may have been lost. It can be given without being kept, because it too follows by a keyed hash. A
//! sign-in of a browser or a program ends after `sign_in_max_days`, however much it is used.
//!
//! A change of password ends every other session and all tokens in the transaction that makes it. Each request
//! looks both up in the database, so it counts on every server at once; and a sign-in that was checked against
//! the password before (`users.password_version`) opens nothing after it.
//!
//! What pages show is asked for again at Back (`no-store`), and signing out has the browser drop what it kept.
//! Only the answer to a form is kept, for otherwise Back could only offer to send it once more; where it has
//! been sent since, `ui/back.js` asks for the form's page instead. Security events have log lines of their own:
//! see `docs/logging.md`.

mod authenticate;
mod bearers;
mod bound_writes;
mod passwords;
mod session_store;
mod sessions;
mod sign_in;
mod throttle;
mod throttle_store;
mod tokens;
mod weakness;

pub use authenticate::{Admin, Person, Staff, Viewer, authenticate, viewer};
pub use bearers::Bearers;
pub use bound_writes::bound_writes;
pub use passwords::{NewPassword, PasswordHasher};
pub use session_store::{SessionRow, delete_other_sessions, delete_session};
pub use sessions::{Session, delete_expired, device, list_sessions, replace_id, spent_cookie};
pub use sign_in::{
    Credentials, Proven, Registration, SignedIn, check_credentials, create_account, register,
    start_session, start_tokens, still_proven,
};
pub use tokens::{TokenKeys, Tokens, hash_of, random_token, refresh};
