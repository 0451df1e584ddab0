//! Reading files of other systems: whatever is wrong in them, no row is lost.

mod cells;
mod damage;
mod dialects;
mod files;
mod sources;
mod spectrum;
mod threads;
