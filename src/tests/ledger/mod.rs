//! The books: transfers, holds, pages, amounts, currencies, proofs.

pub mod amounts;
mod bank;
mod books;
pub mod currencies;
mod exports;
mod holds;
mod journal_pages;
mod transfers;
pub mod verify;
mod wallet_pages;
