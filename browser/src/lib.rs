//! The WebAssembly that visitors download: the islands, and what wakes them.
//!
//! A crate of its own, so that nothing is linked for the browser where only the server is built. The islands
//! stand in the slices whose pages they are on.

#![cfg(target_arch = "wasm32")]

use guildhall as _;

/// The entry point, called once the module is loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
