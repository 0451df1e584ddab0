//! Epochs: the number of changes to each subject that caches hold copies of.
//!
//! Whoever changes something notes it on the connection (the stores do it; of the catalogue,
//! `Tx::commit_change`), and the commit begins a new epoch. A copy is kept under the epoch it was begun in,
//! so whoever changed something finds no older copy afterwards, and one that was being made meanwhile is not
//! found either. Another process's changes begin a new epoch when they are heard of (`server/fleet/`). That may
//! fail, so copies are kept for a moment only.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Notify;

/// A kind of data that caches hold copies of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Products, categories, pictures and prices.
    Catalogue,
    /// The pieces on hand and reserved, which every order changes.
    Stock,
    /// People, and what they are known by: their sessions and the families of their tokens.
    People,
    /// The quantities in carts.
    Carts,
    /// Tasks and their labels, and whose boards they are on.
    Tasks,
}

impl Subject {
    pub const ALL: [Self; 5] = [
        Self::Catalogue,
        Self::Stock,
        Self::People,
        Self::Carts,
        Self::Tasks,
    ];

    /// The letter that servers tell each other.
    const fn letter(self) -> char {
        match self {
            Self::Catalogue => 'c',
            Self::Stock => 's',
            Self::People => 'p',
            Self::Carts => 'b',
            Self::Tasks => 't',
        }
    }
}

const SUBJECTS: usize = Subject::ALL.len();

/// The subjects that a transaction changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changed([bool; SUBJECTS]);

impl Changed {
    pub const EVERYTHING: Self = Self([true; SUBJECTS]);

    pub fn note(&mut self, subject: Subject) {
        self.0[subject as usize] = true;
    }

    pub fn has(&self, subject: Subject) -> bool {
        self.0[subject as usize]
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub fn subjects(self) -> impl Iterator<Item = Subject> {
        let all = Subject::ALL.into_iter();
        all.filter(move |subject| self.0[*subject as usize])
    }

    /// Writes them for another server: a letter each.
    pub fn to_letters(self) -> String {
        self.subjects().map(Subject::letter).collect()
    }

    /// Reads what another server wrote. One of a later version may know more subjects, which are none of ours.
    pub fn from_letters(letters: &str) -> Self {
        Self(Subject::ALL.map(|subject| letters.contains(subject.letter())))
    }
}

/// The numbers of changes to each subject that this process made itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Made([u64; SUBJECTS]);

impl Made {
    /// Returns the subjects of the changes that were made since an earlier count.
    pub fn since(&self, earlier: &Self) -> Changed {
        let mut changed = Changed::default();
        for subject in Subject::ALL {
            let place = subject as usize;
            changed.0[place] = self.0[place] != earlier.0[place];
        }
        changed
    }
}

/// The epochs of one database. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Epochs(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    begun: [AtomicU64; SUBJECTS],
    made: [AtomicU64; SUBJECTS],
    news: Notify,
}

impl Epochs {
    /// Returns a number that grows with every change to one of the subjects.
    pub fn of(&self, subjects: &[Subject]) -> u64 {
        let epoch = |subject: &Subject| self.0.begun[*subject as usize].load(Ordering::Acquire);
        subjects.iter().map(epoch).sum()
    }

    /// Begins a new epoch of what was changed here, which other servers are to be told.
    pub fn advance(&self, changed: Changed) {
        for subject in changed.subjects() {
            self.0.made[subject as usize].fetch_add(1, Ordering::Release);
        }
        self.hear(changed);
        if !changed.is_empty() {
            self.0.news.notify_one();
        }
    }

    /// Begins a new epoch of what another server changed.
    pub fn hear(&self, changed: Changed) {
        for subject in changed.subjects() {
            self.0.begun[subject as usize].fetch_add(1, Ordering::Release);
        }
    }

    /// Counts the changes that were made here.
    pub fn made(&self) -> Made {
        let count = |subject: Subject| self.0.made[subject as usize].load(Ordering::Acquire);
        Made(Subject::ALL.map(count))
    }

    /// Waits until something was changed here since the last call. For one caller.
    pub async fn news(&self) {
        self.0.news.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_changed_begins_anew() {
        let epochs = Epochs::default();
        let both = [Subject::Catalogue, Subject::Stock];
        let mut changed = Changed::default();
        epochs.advance(changed);
        assert_eq!(epochs.of(&both), 0);
        changed.note(Subject::Stock);
        changed.note(Subject::Stock);
        epochs.clone().advance(changed);
        assert_eq!(epochs.of(&[Subject::Catalogue]), 0);
        assert_eq!(epochs.of(&[Subject::Stock]), 1);
        assert_eq!(epochs.of(&both), 1);
    }

    #[test]
    fn only_what_was_changed_here_is_told() {
        let epochs = Epochs::default();
        let before = epochs.made();
        epochs.hear(Changed::EVERYTHING);
        assert!(epochs.made().since(&before).is_empty());
        assert_eq!(epochs.of(&Subject::ALL), 5);
        let mut changed = Changed::default();
        changed.note(Subject::Tasks);
        epochs.advance(changed);
        let told = epochs.made().since(&before);
        assert_eq!(told.to_letters(), "t");
        assert_eq!(Changed::from_letters("tz"), changed);
        let everything = Changed::EVERYTHING;
        assert_eq!(Changed::from_letters(&everything.to_letters()), everything);
    }
}
