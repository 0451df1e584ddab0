//! Signing in, and staying so: passwords, sessions, tokens, and the throttles before them.

mod authenticate;
mod bearers;
mod passwords;
mod sessions;
mod sign_in;
mod throttle;
mod throttle_store;
mod tokens;

pub use authenticate::{Admin, Person, Staff, Viewer, authenticate};
pub use bearers::Bearers;
pub use passwords::{NewPassword, PasswordHasher};
pub use sessions::{
    Session, SessionRow, delete_expired, delete_other_sessions, delete_session, device,
    list_sessions, replace_id, spent_cookie,
};
pub use sign_in::{
    Credentials, Proven, Registration, SignedIn, check_credentials, create_account, register,
    start_session, start_tokens, still_proven,
};
pub use tokens::{TokenKeys, Tokens, hash_of, random_token, refresh};
