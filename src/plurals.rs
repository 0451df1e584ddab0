//! English plurals: mugs are found by mug, and a mug by mugs.
//!
//! A rule for nouns only. A stemmer conflates "universal" and "university", which is right for
//! prose and wrong for the names of products.

use std::borrow::Cow;

/// Words that no rule gets right: a plural, or what only looks like one, and its root.
const IRREGULAR: [(&str, &str); 29] = [
    ("buses", "bus"),
    ("calves", "calf"),
    ("canvases", "canvas"),
    ("canvas", "canvas"),
    ("children", "child"),
    ("feet", "foot"),
    ("gas", "gas"),
    ("gases", "gas"),
    ("geese", "goose"),
    ("halves", "half"),
    ("knives", "knife"),
    ("leaves", "leaf"),
    ("lens", "lens"),
    ("lenses", "lens"),
    ("loaves", "loaf"),
    ("men", "man"),
    ("mice", "mouse"),
    ("news", "news"),
    ("potatoes", "potato"),
    ("scarves", "scarf"),
    ("series", "series"),
    ("shelves", "shelf"),
    ("species", "species"),
    ("teeth", "tooth"),
    ("thieves", "thief"),
    ("tomatoes", "tomato"),
    ("wives", "wife"),
    ("wolves", "wolf"),
    ("women", "woman"),
];

/// Returns the root that a word and its plural share. Only for comparing: it need not be a word itself.
pub fn root(word: &str) -> Cow<'_, str> {
    if let Some((_, root)) = IRREGULAR.iter().find(|(plural, _)| *plural == word) {
        return Cow::Borrowed(root);
    }
    if word.len() < 4 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Cow::Borrowed(word);
    }
    let kept = ["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    let single = match word.strip_suffix('s') {
        Some(single) if !kept => single,
        _ => word,
    };
    // `batteries` gets back the y of `battery`, so that both end alike. So do `watch` and
    // `watches`, whether or not the e is the word's own.
    match single.strip_suffix("ie").filter(|stem| stem.len() > 1) {
        Some(stem) => Cow::Owned(format!("{stem}y")),
        None => {
            let hissing = ["che", "she", "sse", "xe", "zze"];
            let hisses = hissing.iter().any(|end| single.ends_with(end));
            Cow::Borrowed(if hisses {
                &single[..single.len() - 1]
            } else {
                single
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::root;
    use proptest::prelude::*;

    #[test]
    fn a_plural_and_its_singular_have_one_root() {
        for (singular, plural) in [
            ("mug", "mugs"),
            ("lamp", "lamps"),
            ("keyboard", "keyboards"),
            ("earphone", "earphones"),
            ("battery", "batteries"),
            ("cookie", "cookies"),
            ("watch", "watches"),
            ("headache", "headaches"),
            ("box", "boxes"),
            ("glass", "glasses"),
            ("brush", "brushes"),
            ("case", "cases"),
            ("knife", "knives"),
            ("shelf", "shelves"),
            ("olive", "olives"),
            ("glove", "gloves"),
            ("lens", "lenses"),
            ("bus", "buses"),
            ("canvas", "canvases"),
            ("mouse", "mice"),
            ("shoe", "shoes"),
            ("tomato", "tomatoes"),
            ("accessory", "accessories"),
            ("key", "keys"),
            ("tie", "ties"),
            ("gas", "gases"),
            ("woman", "women"),
            ("piece", "pieces"),
            ("house", "houses"),
        ] {
            assert_eq!(root(singular), root(plural), "{singular}");
        }
    }

    #[test]
    fn what_only_looks_like_a_plural_is_left() {
        for word in [
            "glass", "tennis", "bonus", "bus", "usb", "pen", "note", "tape", "care", "is", "a4s",
            "straße",
        ] {
            assert_eq!(root(word), word);
        }
        for (one, other) in [
            ("tap", "tape"),
            ("car", "care"),
            ("not", "notes"),
            ("new", "news"),
            ("glass", "glas"),
        ] {
            assert_ne!(root(one), root(other), "{one}");
        }
    }

    proptest! {
        #[test]
        fn a_root_of_any_word_begins_like_it(word in "[a-z]{1,12}s?") {
            let root = root(&word);
            prop_assert!(!root.is_empty() && root.starts_with(&word[..1]));
        }
    }
}
