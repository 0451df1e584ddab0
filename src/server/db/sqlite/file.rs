//! The file of a SQLite database, which must stay the one that was opened.
//!
//! If deleted or replaced under a running server it would still be written to, for nobody: all of
//! it is lost with the process.

use std::fs::metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

/// A file by its path, and the identity it had when opened. Cheap to clone.
#[derive(Clone, Debug)]
pub struct DatabaseFile {
    path: Arc<PathBuf>,
    opened: Arc<OnceLock<Identity>>,
    gone: Arc<AtomicBool>,
}

/// Device, inode and creation time: an inode number is reused once its file is gone.
type Identity = (u64, u64, Option<SystemTime>);

impl DatabaseFile {
    pub fn new(path: &Path) -> Self {
        let file = Self {
            path: Arc::new(path.to_owned()),
            opened: Arc::default(),
            gone: Arc::default(),
        };
        file.note_opened();
        file
    }

    /// Records the file, which must stay from here on. It may not exist before the first connection.
    pub fn note_opened(&self) {
        if let Some(identity) = self.identity() {
            self.opened.get_or_init(|| identity);
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns true if the file was deleted or replaced since it was opened. Once true it stays
    /// so, whatever a new connection may have put in its place.
    pub fn is_gone(&self) -> bool {
        let opened = self.opened.get();
        if opened.is_some_and(|opened| self.identity() != Some(*opened)) {
            self.gone.store(true, Ordering::Relaxed);
        }
        self.gone.load(Ordering::Relaxed)
    }

    fn identity(&self) -> Option<Identity> {
        let found = metadata(&*self.path).ok()?;
        Some((found.dev(), found.ino(), found.created().ok()))
    }
}
