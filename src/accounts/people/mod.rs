//! People: what the other slices know of them, what they change about themselves, and what admins do.

mod admin;
mod admin_pages;
mod profile;
mod store;

pub use admin::{NewUser, UserChange, create_user, update_user};
pub use admin_pages::{UserPage, UsersPage};
pub use profile::{
    Changed, ProfileChange, check_current_password, end_session, end_sessions, still_current,
    update_profile,
};
pub use store::{
    Acquaintance, find_ids_named, find_names, find_people_called, find_user_id, index_people_again,
    list_people,
};
