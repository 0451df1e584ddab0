//! E-mail addresses: read by one parser, whoever types them and whoever writes to them.

use super::LONGEST_EMAIL;
use crate::i18n::t;
use crate::server::matching;
use crate::text::Line;
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization;
use url::Host;

/// An address that every mailer can write to, in the canonical form in which it is stored and compared.
///
/// Lower case; a domain with non-ASCII letters as its A-labels (RFC 5891), so that `bücher.example` is one
/// domain however it is typed, and mail to it needs no SMTPUTF8. The local part is a dot-atom of RFC 5322,
/// 3.2.3: nobody has what else the standards allow there (quotes, spaces), and non-ASCII letters would reach
/// few. Lengths are those of RFC 5321, 4.5.3.1. Whether somebody reads it shows when it is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn wrong() -> &'static str {
    t!("accounts-email-wrong")
}

impl FromStr for Email {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let line = Line::read(text, 320, wrong())?;
        // As a Japanese or Chinese keyboard writes it: ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ.
        let typed: String = line.as_str().nfkc().collect();
        let (local, domain) = typed.rsplit_once('@').ok_or_else(wrong)?;
        let local = local.to_lowercase();
        if !local.is_ascii() {
            return Err(t!("accounts-email-letters").to_owned());
        }
        let domain = read_domain(domain).ok_or_else(wrong)?;
        let email = format!("{local}@{domain}");
        // The mailer has the last word: it will write there.
        let sound = is_dot_atom(&local)
            && email.len() <= LONGEST_EMAIL
            && email.parse::<lettre::Address>().is_ok();
        if sound {
            Ok(Self(email))
        } else {
            Err(wrong().to_owned())
        }
    }
}

fn is_dot_atom(local: &str) -> bool {
    const SIGNS: &str = "!#$%&'*+-/=?^_`{|}~";
    let fits = |c: char| c.is_ascii_alphanumeric() || SIGNS.contains(c);
    let atoms = local
        .split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(fits));
    atoms && local.len() <= 64
}

/// Returns the domain in ASCII and lower case: at least two labels of letters, digits and hyphens.
fn read_domain(domain: &str) -> Option<String> {
    // The URL parser would take escapes for letters, and accept hyphens at the ends of labels, which an
    // A-label hides.
    let mut labels = domain.split(['.', '。']);
    if domain.contains('%') || labels.any(|it| it.starts_with('-') || it.ends_with('-')) {
        return None;
    }
    let Ok(Host::Domain(domain)) = Host::parse(domain) else {
        return None;
    };
    let label = |label: &str| {
        let inside = label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=63).contains(&label.len())
            && inside
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (domain.contains('.') && domain.split('.').all(label)).then_some(domain)
}

/// The spellings an address is looked up by: as stored before there was a canonical form, and canonical.
pub struct Spellings {
    /// The input, trimmed and in lower case.
    pub old: String,
    /// The canonical form; the same as `old` if no mailer could write to it.
    pub one: String,
}

impl Spellings {
    pub fn of(text: &str) -> Self {
        let old = text.trim().to_lowercase();
        let one = text.parse().map_or_else(|_| old.clone(), |Email(one)| one);
        Self { old, one }
    }
}

/// Parses the address that somebody changes theirs to. `None` if it is their current one, which may predate
/// the refusal of such addresses.
pub fn read_change(text: &str, present: &str) -> Result<Option<Email>, String> {
    if Spellings::of(text).old == present {
        return Ok(None);
    }
    text.parse().map(Some)
}

/// Returns a person's search key: the name, and the address as stored and as people read it.
pub fn search_key(name: &str, email: &str) -> String {
    let (read, _) = idna::domain_to_unicode(email.rsplit('@').next().unwrap_or_default());
    let local = email.split('@').next().unwrap_or_default();
    matching::key([name, email, &format!("{local}@{read}")])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<String, String> {
        text.parse().map(|Email(email)| email)
    }

    #[test]
    fn an_address_is_one_however_it_is_typed() {
        for (text, stored) in [
            ("  Mei.Lin@Example.COM ", "mei.lin@example.com"),
            ("info@bücher.example", "info@xn--bcher-kva.example"),
            ("info@BU\u{308}CHER.example", "info@xn--bcher-kva.example"),
            ("INFO@xn--bcher-kva.example", "info@xn--bcher-kva.example"),
            ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "taro@example.com"),
            ("taro@例え.example", "taro@xn--r8jz45g.example"),
            (
                "o'neil+shop_1@mail.example.co.uk",
                "o'neil+shop_1@mail.example.co.uk",
            ),
            ("taro@\u{200B}example.com", "taro@example.com"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(stored), "{text}");
        }
    }

    #[test]
    fn what_no_mailer_can_write_to_is_refused() {
        for text in [
            "",
            "mei",
            "mei@",
            "@example.com",
            "mei@example",
            "mei@exa mple.com",
            "a b@example.com",
            "mei@example..com",
            "taro..y@example.com",
            ".taro@example.com",
            "taro.@example.com",
            "a,b@example.com",
            "\"a b\"@example.com",
            "a<b@example.com",
            "a(b)@example.com",
            "a@b@example.com",
            "a@-example.com",
            "a@-ß.com",
            "a@example-.com",
            "a@exa_mple.com",
            "a@127.0.0.1",
            "a@[::1]",
            "a@example.com.",
            "a@%65xample.com",
            "a@xn--a.example",
            "a\r\nbcc:b@example.com",
            "a@exam\u{202E}ple.com",
            "a:b@example.com",
            "a;b@example.com",
            "a@example.com,b@example.com",
            &format!("{}@example.com", "x".repeat(65)),
            &format!("a@{}.com", "x".repeat(64)),
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        let fault = read("jürgen@example.com").expect_err("is refused");
        assert!(fault.contains("before the @"), "{fault}");
    }

    #[test]
    fn an_address_of_before_may_stay() {
        assert_eq!(read_change(" A,B@example.com", "a,b@example.com"), Ok(None));
        assert!(read_change("a,c@example.com", "a,b@example.com").is_err());
        let old = Spellings::of("Info@Bücher.example");
        assert_eq!(old.old, "info@bücher.example");
        assert_eq!(old.one, "info@xn--bcher-kva.example");
        assert_eq!(Spellings::of("A,b@x.y").one, "a,b@x.y");
    }

    proptest! {
        #[test]
        fn an_address_read_again_is_the_same(
            text in ".{0,12}@?.{0,12}|[a-zA-Zéß.+'-]{1,8}[@＠][a-zA-Züß例.。-]{1,8}\\.(com|例え|рф)"
        ) {
            if let Ok(email) = text.parse::<Email>() {
                prop_assert_eq!(email.as_str().parse::<Email>(), Ok(email.clone()));
                prop_assert!(email.as_str().is_ascii() && email.as_str().len() <= 254);
                prop_assert!(email.as_str().parse::<lettre::message::Mailbox>().is_ok());
                if text.is_ascii() {
                    prop_assert_eq!(text.to_uppercase().parse::<Email>(), Ok(email));
                }
            }
        }
    }
}
