//! Epochs: the number of changes to each subject that caches hold copies of.
//!
//! Whoever changes something notes it on the connection (the stores do it; of the catalogue,
//! `Tx::commit_change`), and the commit begins a new epoch. A copy is kept under the epoch it was begun in,
//! so whoever changed something finds no older copy afterwards, and one that was being made meanwhile is not
//! found either. Another process's changes are not counted here: for those copies are kept for a moment only.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

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
}

const SUBJECTS: usize = Subject::ALL.len();

/// The subjects that a transaction changed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Changed([bool; SUBJECTS]);

impl Changed {
    pub fn note(&mut self, subject: Subject) {
        self.0[subject as usize] = true;
    }
}

/// The epochs of one database. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Epochs(Arc<[AtomicU64; SUBJECTS]>);

impl Epochs {
    /// Returns a number that grows with every change to one of the subjects.
    pub fn of(&self, subjects: &[Subject]) -> u64 {
        let epoch = |subject: &Subject| self.0[*subject as usize].load(Ordering::Acquire);
        subjects.iter().map(epoch).sum()
    }

    /// Begins a new epoch of what was changed.
    pub fn advance(&self, changed: Changed) {
        for (epoch, _) in self.0.iter().zip(changed.0).filter(|(_, changed)| *changed) {
            epoch.fetch_add(1, Ordering::Release);
        }
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
}
