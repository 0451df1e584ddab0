//! The texts as they are in the files now, in debug builds: a changed word is on the page at the next
//! request, without a build.

use super::catalogue::{Catalogue, sources};
use super::language::Language;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// The shortest time between two looks at the files.
const PAUSE: Duration = Duration::from_millis(200);

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/locales");

pub fn catalogue() -> &'static Catalogue {
    static LATEST: LazyLock<Mutex<Latest>> = LazyLock::new(|| Mutex::new(Latest::new(FOLDER)));
    let mut latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
    latest.catalogue(Instant::now())
}

struct Latest {
    folder: PathBuf,
    looked: Instant,
    /// The time of the latest change among the files that were read.
    changed: Option<SystemTime>,
    catalogue: &'static Catalogue,
}

impl Latest {
    fn new(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        Self {
            looked: Instant::now(),
            changed: last_change(&folder),
            catalogue: read(0, &folder),
            folder,
        }
    }

    fn catalogue(&mut self, now: Instant) -> &'static Catalogue {
        if now.saturating_duration_since(self.looked) >= PAUSE {
            self.looked = now;
            let changed = last_change(&self.folder);
            if changed != self.changed {
                self.changed = changed;
                self.catalogue = read(self.catalogue.edition + 1, &self.folder);
            }
        }
        self.catalogue
    }
}

/// Reads all files, or takes what was built in for those that are not there. Texts are handed out for
/// as long as the program runs, so each edition stays.
fn read(edition: u64, folder: &Path) -> &'static Catalogue {
    let texts = |language| {
        let text = |(slice, built_in): &(&str, &str)| {
            fs::read_to_string(file(folder, language, slice))
                .unwrap_or_else(|_| (*built_in).to_owned())
        };
        sources(language).iter().map(text).collect()
    };
    Box::leak(Box::new(Catalogue::new::<String>(edition, texts)))
}

fn last_change(folder: &Path) -> Option<SystemTime> {
    let files = Language::ALL.into_iter().flat_map(|language| {
        let file = move |(slice, _): &(&str, &str)| file(folder, language, slice);
        sources(language).iter().map(file)
    });
    let changed = |file: PathBuf| fs::metadata(file).ok()?.modified().ok();
    files.filter_map(changed).max()
}

fn file(folder: &Path, language: Language, slice: &str) -> PathBuf {
    folder.join(language.as_str()).join(format!("{slice}.ftl"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_is_read_again_and_an_unchanged_one_is_not() {
        let folder = std::env::temp_dir().join(format!("guildhall-texts-{}", std::process::id()));
        let file = file(&folder, Language::English, "cart");
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        let write = |text: &str, at: SystemTime| {
            fs::write(&file, text).expect("a file");
            let file = fs::File::options()
                .append(true)
                .open(&file)
                .expect("a file");
            file.set_modified(at).expect("a time");
        };
        let (began, now) = (Instant::now(), SystemTime::now());
        write("cart-title = Basket", now);
        let mut latest = Latest::new(&folder);
        let title = |catalogue: &Catalogue| {
            catalogue
                .text(Language::English, "cart-title", None)
                .into_owned()
        };
        assert_eq!(title(latest.catalogue(began)), "Basket");

        write("cart-title = Trolley", now + Duration::from_secs(5));
        let first = latest.catalogue(began);
        assert_eq!(
            (first.edition, title(first)),
            (0, "Basket".to_owned()),
            "too soon to look"
        );
        let second = latest.catalogue(began + 2 * PAUSE);
        assert_eq!((second.edition, title(second)), (1, "Trolley".to_owned()));
        let third = latest.catalogue(began + 4 * PAUSE);
        assert_eq!(third.edition, 1);
        // Files that are not there are as they were when the program was built.
        assert_ne!(
            third.text(Language::Chinese, "cart-title", None),
            "cart-title"
        );
        fs::remove_dir_all(&folder).expect("a folder");
    }
}
