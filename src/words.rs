//! Enums whose variants each have a word: in addresses, in JSON and in the database.

/// Defines such an enum, with each word written once: `ALL`, `as_str`, `from_word`, `Display`, and
/// serde by the word. The usual derives are included; others, attributes and comments pass through.
///
/// `unknown` returns the error for any other word; with it the enum implements `FromStr`. Leave it
/// out if words are read in another way, or never.
///
/// ```text
/// words!(
///     /// What became of a hold.
///     #[derive(Default)]
///     pub enum HoldStatus {
///         #[default]
///         Open = "open",
///         /// Its amount was transferred.
///         Captured = "captured",
///     }
///
///     fn unknown(_: &str) -> &'static str {
///         t!("ledger-hold-status-unknown")
///     }
/// );
/// ```
// In round brackets, with nothing but items between them, rustfmt sees into a call.
macro_rules! words {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$word_attribute:meta])* $variant:ident = $word:literal),+ $(,)?
        }

        fn unknown($unknown:tt: &str) -> $error:ty $body:block
    ) => {
        $crate::words::words!(
            $(#[$attribute])*
            $visibility enum $name {
                $($(#[$word_attribute])* $variant = $word),+
            }
        );

        impl $name {
            fn unknown($unknown: &str) -> $error $body
        }

        impl std::str::FromStr for $name {
            type Err = $error;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::from_word(word).ok_or_else(|| Self::unknown(word))
            }
        }
    };
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$word_attribute:meta])* $variant:ident = $word:literal),+ $(,)?
        }
    ) => {
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
        )]
        $(#[$attribute])*
        $visibility enum $name {
            $($(#[$word_attribute])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];

            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use words;
