//! Components that display data: prices, instants, tables, badges.

mod avatar;
mod badge;
mod card;
mod empty;
mod lang;
mod money;
mod number;
mod paged_table;
mod skeleton;
mod table;
mod when;

pub use avatar::Avatar;
pub use badge::Badge;
pub use card::Card;
pub use empty::Empty;
pub use lang::lang_of;
pub use money::Price;
pub use number::Change;
pub use paged_table::PagedTable;
pub use skeleton::Skeleton;
pub use table::Table;
pub use when::{When, moment};
