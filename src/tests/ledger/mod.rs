//! The books: transfers, holds, pages, amounts, currencies, proofs.

pub mod amounts;
pub mod api;
pub mod currencies;
pub mod pages;
pub mod verify;
