//! House rules, checked. Each says what to do about what it finds.

mod circles;
mod files;
mod noted;
mod sql;

use std::fs;
use std::path::{Path, PathBuf};

/// The Rust files in the folder and those within it.
pub fn source_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(source_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The root of the checkout.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Checks each Rust file of `src`, by name and text; the faults are shown all at once.
pub fn each_source(mut check: impl FnMut(&str, &str) -> Option<String>) {
    let root = root();
    let faults: Vec<String> = source_files(&root.join("src"))
        .into_iter()
        .filter_map(|path| {
            let name = path
                .strip_prefix(&root)
                .expect("inside")
                .display()
                .to_string();
            let text = fs::read_to_string(&path).expect("readable");
            check(&name, &text)
        })
        .collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
