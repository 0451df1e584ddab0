//! Transfers: money that moves from one account to another, once and for good.

mod body;
mod book;
mod post;
mod posting;

pub use body::{TransferBody, show, shown};
pub use book::{Book, TOO_LITTLE};
pub use post::{
    NewTransfer, REVERSED, TransferBatch, post, reverse_transfer, transfer, transfer_many,
};
pub use posting::{Kind, Posting, Rights, Transfer, id_under_key, new_id};
