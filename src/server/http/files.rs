//! The files in `public/`, and the addresses at which pages request them.

use super::built;
use leptos::config::{Env, LeptosOptions};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;

/// The files beside `/pkg`, each with the hash of its content. Read once, at the start.
#[derive(Debug, Default)]
pub struct Files {
    /// The hashes by address, such as `/favicon.svg`.
    hashes: HashMap<String, String>,
    stylesheet: Option<String>,
}

impl Files {
    /// Reads the files; none in development, where they change while the server runs.
    pub fn read(options: &LeptosOptions) -> Self {
        let mut files = Self::default();
        let root = Path::new(&*options.site_root);
        if options.hash_files && root.is_dir() {
            let built = root.join(&*options.site_pkg_dir);
            if let Err(error) = files.add_folder(root, "", &built) {
                tracing::warn!(
                    error.cause = %error,
                    folder = %root.display(),
                    "The files in public/ could not all be read; pages ask for them without a hash"
                );
            }
        }
        if options.hash_files && options.env == Env::PROD {
            files.stylesheet = built::stylesheet(options);
        }
        files
    }

    /// Returns the stylesheet's address, if it stays the same while the server runs.
    pub fn stylesheet(&self) -> Option<&str> {
        self.stylesheet.as_deref()
    }

    /// Returns the address that pages use for the file at `path`. It changes with the content, so
    /// that browsers can keep the file for ever.
    pub fn address(&self, path: &str) -> String {
        match self.hash(path) {
            Some(hash) => format!("{path}?v={hash}"),
            None => path.to_owned(),
        }
    }

    pub fn hash(&self, path: &str) -> Option<&str> {
        self.hashes.get(path).map(String::as_str)
    }

    fn add_folder(&mut self, folder: &Path, address: &str, built: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let address = format!("{address}/{name}");
            if path == built {
                continue;
            }
            if path.is_dir() {
                self.add_folder(&path, &address, built)?;
            } else if !is_compressed_copy(&path) {
                self.hashes.insert(address, hash_of(&fs::read(&path)?));
            }
        }
        Ok(())
    }
}

/// Returns true for a compressed copy, served in place of the file to clients that accept it.
fn is_compressed_copy(path: &Path) -> bool {
    path.extension()
        .is_some_and(|end| end == "br" || end == "gz")
        && path.with_extension("").is_file()
}

/// Hashes the content: half of a SHA-256 tells apart all the files there will ever be.
fn hash_of(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    hex::encode(&digest[..16])
}
