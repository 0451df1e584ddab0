//! Rules for names, passwords and roles.

use crate::i18n::t;
use crate::text::line_type;
use crate::words::words;

words!(
    /// A person's role. Each role may do all that the ones before it may.
    #[derive(Default, PartialOrd, Ord)]
    pub enum Role {
        /// Shops, and works on tasks of their own.
        #[default]
        Customer = "customer",
        /// Runs the shop and sees every task.
        Staff = "staff",
        /// Also decides who may do what.
        Admin = "admin",
    }

    fn unknown(_: &str) -> String {
        t!("accounts-role-unknown").to_owned()
    }
);

impl Role {
    /// Returns the label for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Customer => t!("accounts-role-customer"),
            Self::Staff => t!("accounts-role-staff"),
            Self::Admin => t!("accounts-role-admin"),
        }
    }

    pub fn is_staff(self) -> bool {
        self >= Self::Staff
    }

    pub fn is_admin(self) -> bool {
        self == Self::Admin
    }
}

line_type!(
    /// A person's name: 1 to 80 characters.
    PersonName, 80, t!("accounts-name-missing")
);

/// The maximum length of an e-mail address, in bytes (RFC 5321, section 4.5.3.1).
pub const LONGEST_EMAIL: usize = 254;

/// Checks a new password's length: 10 to 128 characters (NIST SP 800-63B asks for at least 8 and for no
/// composition rules).
pub fn check_password_length(password: &str) -> Result<(), &'static str> {
    match password.chars().count() {
        0..10 => Err(t!("accounts-password-short")),
        10..=128 => Ok(()),
        _ => Err(t!("accounts-password-long")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_role_may_do_what_the_one_before_may() {
        assert!(Role::Admin.is_staff() && Role::Staff.is_staff() && !Role::Customer.is_staff());
        assert!(Role::Admin.is_admin() && !Role::Staff.is_admin());
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
    }

    #[test]
    fn passwords_are_counted_in_characters() {
        let least = Err("A password has at least 10 characters.");
        let most = Err("A password has at most 128 characters.");
        assert_eq!(check_password_length("九个字的密码不够长"), least);
        assert_eq!(check_password_length("十个字的密码刚刚好的"), Ok(()));
        assert_eq!(check_password_length(&"x".repeat(128)), Ok(()));
        assert_eq!(check_password_length(&"x".repeat(129)), most);
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_is_stable(text in ".*") {
            if let Ok(name) = text.parse::<PersonName>() {
                prop_assert_eq!(name.as_str().parse::<PersonName>(), Ok(name.clone()));
            }
        }
    }
}
