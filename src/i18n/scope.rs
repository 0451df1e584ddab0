//! The language of the current request, and of work done outside one.

use super::language::Language;
use std::cell::Cell;

tokio::task_local! {
    static LANGUAGE: Cell<Language>;
}

/// Returns the current language: English outside a request, unless [`within`] or [`with`] set another.
pub fn current() -> Language {
    LANGUAGE.try_with(Cell::get).unwrap_or_default()
}

/// Sets the language for the rest of the request, once the person's saved choice is known.
pub fn set_language(language: Language) {
    // Outside a request there is no language to set.
    let _ = LANGUAGE.try_with(|present| present.set(language));
}

/// Does the work in this language, wherever it is done.
pub async fn within<F: Future>(language: Language, work: F) -> F::Output {
    LANGUAGE.scope(Cell::new(language), work).await
}

/// Like [`within`], for synchronous work.
pub fn with<T>(language: Language, work: impl FnOnce() -> T) -> T {
    LANGUAGE.sync_scope(Cell::new(language), work)
}
