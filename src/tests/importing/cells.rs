//! Cells: a suggestion is never a second mistake.

use guildhall::importing::{Wrong, decimal, moment, pressure, whole};
use proptest::prelude::*;

/// Checks that a suggestion, if there is one, is accepted.
fn is_sound<T>(read: impl Fn(&str) -> Result<T, Wrong>, text: &str) -> bool {
    let suggestion = read(text).err().and_then(|wrong| wrong.suggestion);
    suggestion.is_none_or(|it| it.as_str() != text && read(it.as_str()).is_ok())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_suggestion_is_always_right(
        text in prop_oneof![
            "[0-9Ol７,.' /-]{0,9}",
            "[0-9]{1,3}([,. '][0-9]{3}){1,14}([,.][0-9]{0,30})?",
            "[0-9]{2,3}[ /-]{1,3}[0-9]{2,3}( ?mmHg)?",
            "[0-9]{4}[-/.年][0-1]?[0-9][-/.月][0-3]?[0-9]日?[ T][0-2]?[0-9]:[0-5][0-9](:[0-5][0-9])?(Z| PM|\\+08:00| [a-z]{30})?",
            "[0-3]?[0-9][-/.][0-3]?[0-9][-/.](19|20)[0-9]{2} [0-2]?[0-9]:[0-5][0-9](:[0-5][0-9])?( AM|Z)?",
            "\\PC{0,12}",
            "[0-9]{0,60}",
        ],
        comma in any::<bool>(),
    ) {
        prop_assert!(is_sound(whole, &text), "{:?}", whole(&text));
        prop_assert!(is_sound(|it| decimal(it, comma), &text), "{:?}", decimal(&text, comma));
        prop_assert!(is_sound(pressure, &text), "{:?}", pressure(&text));
        prop_assert!(is_sound(|it| moment(it, 0), &text), "{:?}", moment(&text, 0));
    }
}
