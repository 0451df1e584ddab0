//! The files in `public/` and the addresses that pages ask for them at.

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
    /// By address: `/favicon.svg`.
    hashes: HashMap<String, String>,
    stylesheet: Option<String>,
}

impl Files {
    /// In development it knows none: there the files change while the server runs.
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

    /// The stylesheet's address, where it stays the same while the server runs.
    pub fn stylesheet(&self) -> Option<&str> {
        self.stylesheet.as_deref()
    }

    /// The address that pages use for the file at `path`: another one whenever its content changes,
    /// so that browsers can keep what they got for ever.
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

/// What stands for another file where the client takes it compressed.
fn is_compressed_copy(path: &Path) -> bool {
    path.extension()
        .is_some_and(|end| end == "br" || end == "gz")
        && path.with_extension("").is_file()
}

/// Half of a SHA-256 tells apart all the files there will ever be.
fn hash_of(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    hex::encode(&digest[..16])
}
