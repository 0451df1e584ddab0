//! Exports of a study: its lists, and all of it as CDISC ODM.

mod lists;
mod odm;
