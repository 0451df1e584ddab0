//! The hash that chains each entry of the audit trail to the one before.

use super::entry::Entry;
use sha2::{Digest, Sha256};

/// Computes an entry's hash from its values and the hash of the entry before; an empty text for the first.
pub fn hash(previous: &str, entry: &Entry) -> String {
    let values = (
        previous,
        entry.chain_id,
        entry.seq,
        entry.at.micros(),
        entry.user_id,
        &entry.record,
        &entry.field,
        &entry.old,
        &entry.new,
        &entry.reason,
    );
    let json = serde_json::to_vec(&values).expect("numbers and texts are always JSON");
    hex::encode(Sha256::digest(json))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    fn entry() -> Entry {
        Entry {
            chain_id: 3,
            seq: 1,
            at: Timestamp(1_795_233_600_123_456),
            user_id: Some(2),
            record: "subject/HYP24-01-0001".to_owned(),
            field: "status".to_owned(),
            old: None,
            new: Some("screened".to_owned()),
            reason: "Says \"yes\"\n同意".to_owned(),
            hash: String::new(),
        }
    }

    #[test]
    fn the_recipe_stays_the_same() {
        // Computed by Python: hashlib.sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode())
        let expected = "b509c21b42f8ca07e482d079705477c8ee7210e2b9c9df2264f337785d401da3";
        assert_eq!(hash("", &entry()), expected);
    }

    #[test]
    fn whatever_is_changed_changes_the_hash() {
        let hashes: Vec<String> = [
            entry(),
            Entry {
                chain_id: 4,
                ..entry()
            },
            Entry { seq: 2, ..entry() },
            Entry {
                at: Timestamp(0),
                ..entry()
            },
            Entry {
                user_id: None,
                ..entry()
            },
            Entry {
                record: String::new(),
                ..entry()
            },
            Entry {
                field: "age".to_owned(),
                ..entry()
            },
            Entry {
                old: Some(String::new()),
                ..entry()
            },
            Entry {
                new: None,
                ..entry()
            },
            Entry {
                reason: String::new(),
                ..entry()
            },
        ]
        .iter()
        .flat_map(|entry| ["", "before"].map(|previous| hash(previous, entry)))
        .collect();
        for (index, one) in hashes.iter().enumerate() {
            assert!(!hashes[..index].contains(one), "{index}");
        }
    }
}
