//! The built files that every page names: the script, the module, the stylesheet, and the icon.

use leptos::config::LeptosOptions;
use std::fs;
use std::path::{Path, PathBuf};

const KINDS: [&str; 3] = ["css", "js", "wasm"];

/// Returns the stylesheet's address. Leptos' own component looks it up for every page, which took
/// a twelfth of a page's time.
pub fn stylesheet(options: &LeptosOptions) -> Option<String> {
    let name = name(options, &read_hashes(options)?, "css")?;
    Some(format!("/{}/{name}", options.site_pkg_dir))
}

/// Returns the files missing from where they are served. A page without them is bare and dead, silently.
pub fn missing_files(options: &LeptosOptions) -> Vec<PathBuf> {
    let hashes = match (options.hash_files, read_hashes(options)) {
        (false, _) => String::new(),
        (true, Some(hashes)) => hashes,
        (true, None) => return hash_file(options).into_iter().collect(),
    };
    let root = Path::new(&*options.site_root);
    let pkg = root.join(&*options.site_pkg_dir);
    // A kind without a hash is requested by its plain name, which nobody builds.
    let named = KINDS.map(|kind| {
        let plain = || format!("{}.{kind}", options.output_name);
        pkg.join(name(options, &hashes, kind).unwrap_or_else(plain))
    });
    let mut all = named.to_vec();
    all.push(root.join("favicon.svg"));
    all.retain(|path| !path.is_file());
    all
}

/// Returns the file name with the hash that the build left: `css: …`, a line for each kind.
fn name(options: &LeptosOptions, hashes: &str, kind: &str) -> Option<String> {
    let mut pairs = hashes.lines().filter_map(|line| line.split_once(':'));
    let (_, hash) = pairs.find(|(of, _)| *of == kind)?;
    Some(format!("{}.{}.{kind}", options.output_name, hash.trim()))
}

fn read_hashes(options: &LeptosOptions) -> Option<String> {
    fs::read_to_string(hash_file(options)?).ok()
}

/// Returns the path of the hash file beside the program, where Leptos reads it as well.
fn hash_file(options: &LeptosOptions) -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    Some(program.with_file_name(&*options.hash_file))
}
