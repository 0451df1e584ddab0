//! People: who they are, how they prove it, and what they may do.

mod rules;

pub use rules::{LONGEST_EMAIL, PersonName, Role, check_password_length};

use crate::clock::Timestamp;
use crate::i18n::Language;
use serde::{Deserialize, Serialize};

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: i64,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// A disabled account keeps its history but cannot sign in.
    pub active: bool,
    pub version: i64,
    /// The language they chose; `None` if their browser decides.
    pub language: Option<Language>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod access;
        pub mod address_store;
        mod demo;
        mod email;
        pub mod forms;
        pub mod pages;
        mod people;
        pub mod rest;
        mod store;

        pub use access::{
            Admin, Known, PasswordHasher, Person, SESSION_COOKIE, SignedIn, Staff, TokenKeys, Unidentified, Viewer,
            authenticate, bound_requests, caller, delete_expired, hash_of, random_token, viewer,
        };
        pub use demo::{DEMO_PASSWORD, DEMO_PEOPLE, seed_demo};
        pub use email::Email;
        pub use people::{
            Acquaintance, NewUser, UserPage, UsersPage, check_current_password, create_user,
            find_ids_named, find_names, find_people_called, find_user_id, index_people_again,
            list_people, still_current,
        };
        pub use store::find_user;
    }
}
