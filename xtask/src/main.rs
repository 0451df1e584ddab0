//! The one step of the release build that is Rust: `xtask INPUT.wasm FOLDER NAME` makes the script and the
//! module that a browser loads. `site.mjs` calls it and does the rest.
//!
//! A crate of the workspace, since Cargo.lock then keeps it at the very version of `wasm-bindgen` itself;
//! it takes a quarter of the time of the tool `wasm-bindgen` with its test runner and its server.

#[cfg(feature = "proto")]
mod proto;

use anyhow::{Context, Result, bail};
use std::env;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    #[cfg(feature = "proto")]
    if let [command, folder] = arguments.as_slice()
        && command == "proto"
    {
        return proto::generate(folder.as_ref());
    }
    let [input, folder, name] = arguments.as_slice() else {
        bail!("usage: xtask INPUT.wasm FOLDER NAME");
    };
    // Where lazy islands are to become files of their own, wasm_split_cli_support cuts the input up here.
    Bindgen::new()
        .input_path(input)
        .out_name(name)
        .typescript(false)
        .web(true)?
        .generate(folder)
        .with_context(|| format!("{input} could not be made ready for browsers"))
}
