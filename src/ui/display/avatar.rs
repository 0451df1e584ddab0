//! Avatars.

use leptos::prelude::*;

/// Initials on a colour that is always the same for a name.
#[component]
pub fn Avatar(
    #[prop(into)] name: String,
    /// True if the name stands beside it, so that it need not be read out.
    #[prop(optional)]
    decorative: bool,
) -> impl IntoView {
    let class = format!("avatar avatar-{}", colour(&name));
    let initials = initials(&name);
    if decorative {
        view! {
            <span class=class aria-hidden="true">
                {initials}
            </span>
        }
        .into_any()
    } else {
        view! {
            <span class=class role="img" aria-label=name.clone() title=name>
                {initials}
            </span>
        }
        .into_any()
    }
}

/// Returns the first letters of the first and last word; one character of a single word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

/// Returns one of eight colours, by a hash (FNV-1a) that is the same on every machine.
fn colour(name: &str) -> u32 {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    hash % 8 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_first_and_last_word() {
        assert_eq!(initials("Ada King Lovelace"), "AL");
        assert_eq!(initials("王小明"), "王");
        assert_eq!(initials("  "), "");
    }

    #[test]
    fn a_name_keeps_its_colour() {
        assert_eq!(colour("Ada"), colour("Ada"));
        assert!((1..=8).contains(&colour("")));
    }
}
