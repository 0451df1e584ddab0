//! People: who they are, how they prove it, and what they may do.

mod rules;

pub use rules::{LONGEST_EMAIL, PersonName, Role, check_password_length};

use crate::clock::Timestamp;
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
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod admin;
        mod admin_pages;
        mod authenticate;
        mod bearers;
        mod demo;
        mod email;
        pub mod forms;
        pub mod pages;
        mod passwords;
        mod people;
        mod profile;
        pub mod rest;
        mod sessions;
        mod sign_in;
        mod store;
        mod throttle;
        mod throttle_store;
        mod tokens;

        pub use admin::{NewUser, create_user};
        pub use admin_pages::{UserPage, UsersPage};
        pub use authenticate::{Admin, Person, Staff, Viewer, authenticate};
        pub use bearers::Bearers;
        pub use demo::{DEMO_PASSWORD, DEMO_PEOPLE, seed_demo};
        pub use email::Email;
        pub use passwords::PasswordHasher;
        pub use people::{
            Acquaintance, find_ids_named, find_names, find_people_called, find_user_id,
            index_people_again, list_people,
        };
        pub use sessions::delete_expired;
        pub use sign_in::SignedIn;
        pub use store::find_user;
        pub use tokens::{TokenKeys, hash_of, random_token};
    }
}
