//! Sort keys, which put texts in the order that speakers of a language expect.
//!
//! Chinese is sorted by pinyin, English alphabetically regardless of case and accents (CLDR's collations).
//! The keys are stored beside the texts, so that an index can be scanned in their order. They change with
//! CLDR: the test below then fails, and `FORM` in `server::reindex` has to be raised with it.

use super::language::Language;
use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;
use std::sync::LazyLock;

/// The maximum length of a key, in bytes, so that it fits into an index: texts differ before that.
const LONGEST: usize = 240;

static ENGLISH: LazyLock<CollatorBorrowed<'static>> = LazyLock::new(|| collator(Language::English));
static CHINESE: LazyLock<CollatorBorrowed<'static>> = LazyLock::new(|| collator(Language::Chinese));

fn collator(language: Language) -> CollatorBorrowed<'static> {
    let locale = match language {
        Language::English => locale!("en"),
        Language::Chinese => locale!("zh-CN"),
    };
    Collator::try_new(locale.into(), CollatorOptions::default()).expect("its order is built in")
}

/// Returns the key in hexadecimal: compared as strings, two keys are in the order of their texts.
pub fn sort_key(text: &str, language: Language) -> String {
    let collator = match language {
        Language::English => &ENGLISH,
        Language::Chinese => &CHINESE,
    };
    let mut key = Vec::new();
    let Ok(()) = collator.write_sort_key_to(text, &mut key);
    key.truncate(LONGEST);
    hex::encode(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted<const N: usize>(language: Language, mut texts: [&str; N]) -> [&str; N] {
        texts.sort_by_key(|text| sort_key(text, language));
        texts
    }

    #[test]
    fn chinese_names_are_in_the_order_of_pinyin() {
        // bao, dian, er, jian, mo, zhang
        let texts = [
            "长臂台灯",
            "摩卡壶",
            "机械键盘",
            "保温杯",
            "耳机",
            "电容麦克风",
        ];
        assert_eq!(
            sorted(Language::Chinese, texts),
            [
                "保温杯",
                "电容麦克风",
                "耳机",
                "机械键盘",
                "摩卡壶",
                "长臂台灯"
            ]
        );
    }

    #[test]
    fn english_names_are_in_the_order_of_the_alphabet() {
        let texts = ["Zebra", "étui", "apple", "Etude", "Apple", "eta"];
        assert_eq!(
            sorted(Language::English, texts),
            ["apple", "Apple", "eta", "Etude", "étui", "Zebra"]
        );
    }

    #[test]
    fn keys_are_those_that_are_stored() {
        assert_eq!(sort_key("Cup", Language::English), "2f5349010701dc06");
        assert_eq!(sort_key("杯", Language::Chinese), "4d9b01050105");
    }
}
