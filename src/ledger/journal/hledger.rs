//! The journal as plain text for hledger (<https://hledger.org/hledger.html#journal>).

use super::query::JournalRow;
use crate::i18n::{Language, with};
use crate::money::Money;

/// Declares how amounts are written, so that nothing has to be guessed from them.
pub const HEAD: &str = "decimal-mark .\n\n";

/// Appends a transfer as a transaction of two postings that cancel each other out: debits are positive.
/// Account codes are letters, digits and hyphens, which hledger takes as they are.
pub fn write(row: &JournalRow, into: &mut String) {
    let (day, id) = (row.posted_at.date_time().date(), plain(&row.id));
    let note = [&row.reference, &row.memo].map(|text| plain(text));
    let note = note.join(" ");
    let note = note.trim();
    let bar = if note.is_empty() { "" } else { " | " };
    let what = with(Language::English, || row.kind.label());
    let currency = row.currency;
    let [debit, credit] = [row.amount, -row.amount].map(|minor| {
        let amount = Money::new(minor, currency).decimal();
        format!("{} {amount}", currency.code())
    });
    into.push_str(&format!(
        "{day} ({}) {what}{bar}{note}\n    {}  {debit}\n    {}  {credit}\n\n",
        id, row.debit_code, row.credit_code
    ));
}

/// Puts the text on one line and replaces characters with a meaning in a description by their full-width
/// forms, which read the same.
fn plain(text: &str) -> String {
    let sign = |sign: char| match sign {
        ';' => '；',
        '|' => '｜',
        '(' => '（',
        ')' => '）',
        sign if sign.is_control() || sign.is_whitespace() => ' ',
        sign => sign,
    };
    text.chars().map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::ledger::transfers::Kind;
    use crate::money::Currency;

    fn written(reference: &str, memo: &str, currency: Currency) -> String {
        let row = JournalRow {
            seq: 7,
            id: "a)b;c".into(),
            kind: Kind::TopUp,
            posted_at: Timestamp(0),
            debit_account_id: 1,
            debit_code: "bank".into(),
            credit_account_id: 2,
            credit_code: "wallet-2".into(),
            amount: 1_250,
            currency,
            reference: reference.into(),
            memo: memo.into(),
            reverses: None,
            reversed_by: None,
        };
        let mut text = String::new();
        write(&row, &mut text);
        text
    }

    #[test]
    fn a_transfer_is_a_transaction_of_two_postings() {
        assert_eq!(
            written("order-7", "lunch; date:1 | (午饭)", Currency::Cny),
            "1970-01-01 (a）b；c) Top-up | order-7 lunch； date:1 ｜ （午饭）\n    \
             bank  CNY 12.50\n    wallet-2  CNY -12.50\n\n"
        );
    }

    #[test]
    fn a_text_stays_on_its_line() {
        let text = written(
            "",
            "a\n2026-01-01 * b\u{85}c\td\u{2028}e\u{b}f",
            Currency::Jpy,
        );
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(text.contains("a 2026-01-01 * b c d e f\n"), "{text}");
        assert!(text.contains("JPY 1250\n") && text.contains("JPY -1250\n"));
        assert!(written("", "", Currency::Cny).starts_with("1970-01-01 (a）b；c) Top-up\n"));
    }
}
