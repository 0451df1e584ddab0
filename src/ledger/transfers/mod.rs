//! Transfers: money that moves from one account to another, once and for good.

mod book;
mod post;
mod posting;

pub use book::{Book, TOO_LITTLE};
pub use post::{
    NewTransfer, REVERSED, TransferBatch, post, post_batch, reverse_transfer, transfer,
};
pub use posting::{Kind, Posting, Rights, Transfer, id_under};
