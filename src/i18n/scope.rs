//! The language of the present request, and of work that is done outside one.

use super::language::Language;
use std::cell::Cell;

tokio::task_local! {
    static LANGUAGE: Cell<Language>;
}

/// English outside a request, unless [`within`] or [`with`] say otherwise.
pub fn current() -> Language {
    LANGUAGE.try_with(Cell::get).unwrap_or_default()
}

/// It is known now which language the person has chosen for good: the rest of the request speaks it.
pub fn set_language(language: Language) {
    // Outside a request there is nobody to speak to.
    let _ = LANGUAGE.try_with(|present| present.set(language));
}

/// Does the work in this language, wherever it is done.
pub async fn within<F: Future>(language: Language, work: F) -> F::Output {
    LANGUAGE.scope(Cell::new(language), work).await
}

/// The same of what waits for nothing.
pub fn with<T>(language: Language, work: impl FnOnce() -> T) -> T {
    LANGUAGE.sync_scope(Cell::new(language), work)
}
