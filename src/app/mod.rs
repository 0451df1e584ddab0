//! The application as the browser sees it: the document around every page, the table of pages, and who sees
//! which of them alike. The composition root of the pages: it may name every slice.

mod readers;
mod site;

pub use readers::READERS;
pub use site::{Pages, Site, shell};
