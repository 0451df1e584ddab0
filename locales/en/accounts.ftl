### People: registering, signing in, one's own account, and users for admins.

## Used on several pages

accounts-name = Name
accounts-email = E-mail
accounts-password = Password
accounts-password-new = New password
accounts-password-current = Current password
accounts-password-hint = At least 10 characters.
accounts-password-hint-long = At least 10 characters. A few unrelated words are best.
accounts-role = Role
accounts-role-customer = Customer
accounts-role-staff = Staff
accounts-role-admin = Admin
accounts-create = Create account
accounts-sign-in = Sign in
accounts-sign-out = Sign out

## Registering and signing in

accounts-register = Register
accounts-register-lead = To order, and to see how your orders stand.
accounts-have-one = Have an account?
accounts-new-here = New here?
accounts-welcome = Welcome, { $name }.
accounts-signed-out = You are signed out.

## One's own account

accounts-mine = My account
accounts-wallet = Wallet
accounts-wallet-what = Your balance and your transactions
accounts-name-what = What you are called here.
accounts-name-change = Change name
accounts-name-changed = Your name is changed.
accounts-email-what = What you sign in with.
accounts-email-change = Change e-mail
accounts-email-changed = Your address is changed.
accounts-password-what = Changing it signs out every other browser and every API client.
accounts-password-change = Change password
accounts-password-changed = Your password is changed. All your other sessions are signed out.
accounts-sessions = Sessions
accounts-sessions-what = Where you are signed in. End those you do not know.
accounts-session-begun = Signed in
accounts-session-seen = Last seen
accounts-session-here = This browser
accounts-session-ended = The session is signed out.
accounts-sessions-ended = All your other sessions are signed out.
accounts-sign-out-others = Sign out all the others
accounts-device = { $program } on { $system }
accounts-device-unknown = Unknown device

## Users, for admins

accounts-users = Users
accounts-users-search = Name or e-mail
accounts-users-none = Nobody matches
accounts-users-none-advice = Try another name or address.
accounts-users-all = Show everybody
accounts-role-any = Any role
accounts-filter = Filter
accounts-created = Created
accounts-state = State
accounts-active = Active
accounts-disabled = Disabled
accounts-new = New account
accounts-new-lead = Tell the person their password in a safe way; they can change it under My account.
accounts-save = Save
accounts-disable-account = Disable account
accounts-disable-title = Disable the account of { $name }?
accounts-disable-message = They are signed out everywhere at once and cannot sign in until you enable it again. Nothing is deleted.
accounts-disable = Disable
accounts-enable-account = Enable account
accounts-user-create = Create account
accounts-user-created = { $name } has an account now.
accounts-user-changed = The account of { $name } is changed.
accounts-user-enabled = { $name } can sign in again.
accounts-user-disabled = { $name } is signed out everywhere and cannot sign in.

## What is refused

accounts-name-missing = Write your name.
accounts-role-unknown = Choose customer, staff or admin.
accounts-language-unknown = Choose en or zh-CN.
accounts-email-wrong = Write an e-mail address such as name@example.com.
accounts-email-letters = Mail reaches few addresses with other letters than a to z before the @. Use another address.
accounts-email-long = An e-mail address has at most { $most } characters.
accounts-email-taken = There is already an account with this address.
accounts-password-short = A password has at least 10 characters.
accounts-password-long = A password has at most 128 characters.
accounts-password-common = This is one of the passwords used most. Use a few unrelated words.
accounts-password-not-current = This is not your current password.
accounts-last-admin = This is the last admin. Make somebody else an admin first.
accounts-only-staff = Only staff may do this.
accounts-only-admins = Only admins may do this.
accounts-token-bad = The access token is not valid or has expired.
accounts-refresh-bad = This refresh token is not valid. Sign in again.
accounts-too-many-tries =
    { $count ->
        [one] Too many tries. Wait { $count } minute, then try again.
       *[other] Too many tries. Wait { $count } minutes, then try again.
    }
accounts-too-many-new =
    { $count ->
        [one] Too many new accounts from here. Wait { $count } minute, then try again.
       *[other] Too many new accounts from here. Wait { $count } minutes, then try again.
    }

## Why a password is easily guessed, and what to do about it

accounts-weak-because = { $reason } { $advice }
accounts-weak = This is easily guessed.
accounts-weak-rows = Straight rows of keys are easy to guess.
accounts-weak-patterns = Short patterns of keys are easy to guess.
accounts-weak-repeats = Repeats like “aaa” are easy to guess.
accounts-weak-repeated = Repeats like “abcabcabc” are only slightly harder to guess than “abc”.
accounts-weak-top-10 = This is one of the ten most common passwords.
accounts-weak-top-100 = This is one of the hundred most common passwords.
accounts-weak-common = This is a very common password.
accounts-weak-similar = This is similar to a common password.
accounts-weak-sequences = Sequences like abc or 6543 are easy to guess.
accounts-weak-years = Recent years are easy to guess.
accounts-weak-word = A word by itself is easy to guess.
accounts-weak-dates = Dates are often easy to guess.
accounts-weak-names = Names by themselves are easy to guess.
accounts-weak-common-names = Common names are easy to guess.
accounts-advice = Use a few unrelated words.
accounts-advice-few-words = Use a few words, and no common phrases.
accounts-advice-no-symbols = Symbols, digits and capital letters are not needed.
accounts-advice-another-word = Add another word or two; uncommon ones are better.
accounts-advice-capitals = Capital letters do not help much.
accounts-advice-uppercase = All capital letters are almost as easy to guess as none.
accounts-advice-reversed = Words written backwards are not much harder to guess.
accounts-advice-substitutions = Predictable substitutions, such as @ for a, do not help much.
accounts-advice-turns = Use a longer pattern of keys with more turns.
accounts-advice-no-repeats = Do not repeat words and characters.
accounts-advice-no-sequences = Avoid sequences.
accounts-advice-no-years = Avoid recent years.
accounts-advice-no-own-years = Avoid years that have to do with you.
accounts-advice-no-own-dates = Avoid dates and years that have to do with you.
