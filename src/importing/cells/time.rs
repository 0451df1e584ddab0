//! Times: RFC 3339, the same without a zone, and what people write instead.

use super::super::code::{Code, Wrong};
use super::super::short::Short;
use super::typos::mend;

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Whole microseconds since the Unix epoch.
    pub micros: i64,
    /// True if no zone was written, and the import's was assumed.
    pub local: bool,
}

/// The years that a time may be in.
const YEARS: [i64; 2] = [1900, 2100];

/// Days of a common year before each month.
const BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// Reads a time; one without a zone is so many minutes ahead of UTC.
#[inline]
pub fn moment(text: &str, ahead: i32) -> Result<Moment, Wrong> {
    read(text.as_bytes(), ahead).map_err(|code| explain(text, code))
}

/// Reads two digits, or a number above 99.
#[inline]
fn two(bytes: &[u8], at: usize) -> i64 {
    let tens = i64::from(bytes[at].wrapping_sub(b'0'));
    let ones = i64::from(bytes[at + 1].wrapping_sub(b'0'));
    if tens > 9 || ones > 9 {
        100
    } else {
        tens * 10 + ones
    }
}

#[inline]
fn read(bytes: &[u8], ahead: i32) -> Result<Moment, Code> {
    let Some((head, mut rest)) = bytes.split_first_chunk::<16>() else {
        return Err(Code::Time);
    };
    let (century, year) = (two(head, 0), two(head, 2));
    let (month, day, hour, minute) = (two(head, 5), two(head, 8), two(head, 11), two(head, 14));
    let marked = head[4] == b'-' && head[7] == b'-' && head[13] == b':';
    let parted = matches!(head[10], b'T' | b't' | b' ');
    let digits = century.max(year).max(month).max(day) < 100 && hour.max(minute) < 100;
    if !(marked && parted && digits) {
        return Err(Code::Time);
    }
    let mut second = 0;
    let mut fraction = 0;
    if let [b':', a, b, after @ ..] = rest {
        second = two(&[*a, *b], 0);
        if second > 99 {
            return Err(Code::Time);
        }
        rest = after;
        if let [b'.', after @ ..] = rest {
            (fraction, rest) = micros(after)?;
        }
    }
    let (ahead, local) = match rest {
        [] => (i64::from(ahead), true),
        [b'Z' | b'z'] => (0, false),
        [sign @ (b'+' | b'-'), zone @ ..] if zone.len() == 5 && zone[2] == b':' => {
            let (hours, minutes) = (two(zone, 0), two(zone, 3));
            if hours > 23 || minutes > 59 {
                return Err(Code::Time);
            }
            let ahead = hours * 60 + minutes;
            (if *sign == b'-' { -ahead } else { ahead }, false)
        }
        _ => return Err(Code::Time),
    };
    if hour > 23 || minute > 59 || second > 59 {
        return Err(Code::Time);
    }
    let days = days(century * 100 + year, month, day)?;
    let minutes = (days * 24 + hour) * 60 + minute - ahead;
    Ok(Moment {
        micros: (minutes * 60 + second) * 1_000_000 + fraction,
        local,
    })
}

/// Reads a fraction of a second, of which what is below microseconds is cut off.
fn micros(bytes: &[u8]) -> Result<(i64, &[u8]), Code> {
    let length = bytes.iter().take_while(|it| it.is_ascii_digit()).count();
    if !matches!(length, 1..=9) {
        return Err(Code::Time);
    }
    let (digits, rest) = bytes.split_at(length);
    let digit = |at: usize| digits.get(at).map_or(0, |it| i64::from(it - b'0'));
    Ok(((0..6).fold(0, |micros, at| micros * 10 + digit(at)), rest))
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Returns the number of a calendar's day since the epoch.
#[inline]
fn days(year: i64, month: i64, day: i64) -> Result<i64, Code> {
    let Some(before) = BEFORE_MONTH.get((month - 1) as usize) else {
        return Err(Code::Date);
    };
    let length = match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if day < 1 || day > length {
        return Err(Code::Date);
    }
    if year < YEARS[0] || year > YEARS[1] {
        return Err(Code::Range);
    }
    // Leap years between the epoch and this year, which those of its days behind February belong to.
    let last = year - 1;
    let leaps = last / 4 - last / 100 + last / 400 - 477;
    let leap_day = i64::from(month > 2 && is_leap(year));
    Ok((year - 1970) * 365 + leaps + before + leap_day + day - 1)
}

#[cold]
fn explain(text: &str, code: Code) -> Wrong {
    match code {
        Code::Range => Wrong {
            numbers: YEARS,
            ..Wrong::new(code)
        },
        Code::Date => Wrong::new(code),
        _ if text.is_empty() => Wrong::new(Code::Empty),
        _ => {
            if let Some(wrong) = year_last(text.as_bytes()) {
                return wrong;
            }
            let mended = mend(text);
            match mended.filter(|it| read(it.as_bytes(), 0).is_ok()) {
                Some(mended) => Wrong::suggesting(Code::Typo, mended),
                None => reorder(mended.as_ref().map_or(text, Short::as_str).trim()),
            }
        }
    }
}

/// Explains `01.03.2026 08:15` and the like, which may stand in every row of a file.
fn year_last(bytes: &[u8]) -> Option<Wrong> {
    let (head, rest) = bytes.split_first_chunk::<16>()?;
    let mark = head[2];
    let marked = matches!(mark, b'.' | b'/' | b'-') && head[5] == mark && head[13] == b':';
    let (first, second) = (two(head, 0), two(head, 3));
    if !(marked && matches!(first, 1..=31) && matches!(second, 1..=31)) {
        return None;
    }
    let (day, month) = match (first <= 12, second <= 12) {
        (true, true) if first != second => return Some(Wrong::new(Code::AmbiguousDate)),
        (true, false) => (&head[3..5], &head[..2]),
        _ => (&head[..2], &head[3..5]),
    };
    let mut text = Short::new();
    let pieces: [&[u8]; 7] = [&head[6..10], b"-", month, b"-", day, &head[10..], rest];
    let whole = pieces.iter().all(|it| text.push_bytes(it));
    let sound = whole && read(text.as_bytes(), 0).is_ok();
    sound.then(|| Wrong::suggesting(Code::AmbiguousDate, text))
}

/// Numbers with what stands between them.
struct Parts<'a> {
    numbers: [(i64, usize); 6],
    count: usize,
    /// The character behind the first number.
    mark: char,
    /// The text behind the last number.
    rest: &'a str,
}

/// Takes a text apart at whatever is no digit, up to the zone.
fn parts(text: &str) -> Option<Parts<'_>> {
    let mut parts = Parts {
        numbers: [(0, 0); 6],
        count: 0,
        mark: ' ',
        rest: text,
    };
    while parts.count < 6 && parts.rest.starts_with(|it: char| it.is_ascii_digit()) {
        let length = parts.rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = parts.rest[..length].parse().ok()?;
        parts.numbers[parts.count] = (number, length);
        parts.count += 1;
        parts.rest = &parts.rest[length..];
        let between = |it: char| matches!(it, '-' | '/' | '.' | '年' | '月' | '日' | ' ' | ',');
        let timed = |it: char| matches!(it, ':' | 'T' | '时' | '分');
        let next = parts.rest.chars().next().unwrap_or_default();
        parts.mark = if parts.count == 1 { next } else { parts.mark };
        match parts.count {
            // Behind minutes and seconds only what belongs to a time; the rest may be a zone.
            1..=3 => parts.rest = parts.rest.trim_start_matches(|it| between(it) || it == 'T'),
            _ if parts.rest.starts_with(timed) => parts.rest = &parts.rest[next.len_utf8()..],
            _ => break,
        }
    }
    Some(parts)
}

/// Explains a time whose numbers stand in another order, or with other marks between them.
fn reorder(text: &str) -> Wrong {
    let unknown = Wrong::new(Code::Time);
    let Some(parts) = parts(text).filter(|it| it.count >= 5) else {
        return unknown;
    };
    let [first, second, third, hour, minute, seconds] = parts.numbers;
    let rest = parts.rest.trim();
    let hour = match (rest.to_ascii_uppercase().as_str(), hour.0) {
        ("AM", 12) => 0,
        ("PM", 1..=11) => hour.0 + 12,
        (_, hour) => hour,
    };
    let zone = if rest.eq_ignore_ascii_case("am") || rest.eq_ignore_ascii_case("pm") {
        ""
    } else {
        rest
    };
    let seconds = (parts.count == 6).then_some(seconds.0);
    let suggest = |year: i64, month: i64, day: i64| {
        let mut text = Short::new();
        for (number, least, mark) in [
            (year, 4, '-'),
            (month, 2, '-'),
            (day, 2, ' '),
            (hour, 2, ':'),
        ] {
            text.push_digits(number.unsigned_abs(), least);
            text.push(mark);
        }
        text.push_digits(minute.0.unsigned_abs(), 2);
        if let Some(seconds) = seconds {
            text.push(':');
            text.push_digits(seconds.unsigned_abs(), 2);
        }
        let whole = text.push_str(zone);
        (whole && read(text.as_bytes(), 0).is_ok()).then_some(text)
    };
    if first.1 == 4 {
        return Wrong {
            suggestion: suggest(first.0, second.0, third.0),
            ..unknown
        };
    }
    if third.1 != 4 || !matches!(parts.mark, '.' | '/' | '-') {
        return unknown;
    }
    let day_first = suggest(third.0, second.0, first.0);
    let month_first = suggest(third.0, first.0, second.0);
    Wrong {
        suggestion: match (day_first, month_first) {
            (Some(one), Some(other)) if one != other => None,
            (one, other) => one.or(other),
        },
        ..Wrong::new(Code::AmbiguousDate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        for (text, seconds, local) in [
            ("1970-01-01T00:00:00Z", 0, false),
            ("2026-03-01T08:15:00Z", 1_772_352_900, false),
            ("2026-03-01T08:15:00+08:00", 1_772_324_100, false),
            ("2026-03-01t08:15:00-00:30", 1_772_354_700, false),
            ("2026-03-01 08:15", 1_772_349_300, true),
            ("2024-02-29T23:59:59Z", 1_709_251_199, false),
            ("1900-01-01T00:00:00Z", -2_208_988_800, false),
            ("2100-12-31T23:59:59Z", 4_133_980_799, false),
        ] {
            let micros = seconds * 1_000_000;
            assert_eq!(moment(text, 60), Ok(Moment { micros, local }), "{text}");
        }
        let fraction = moment("1970-01-01T00:00:00.1234567Z", 0).map(|it| it.micros);
        assert_eq!(fraction, Ok(123_456));
    }

    #[test]
    fn days_follow_each_other() {
        let mut before = days(1900, 1, 1).expect("a day") - 1;
        for year in 1900..=2100 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Ok(number) = days(year, month, day) {
                        assert_eq!(number, before + 1, "{year}-{month}-{day}");
                        before = number;
                    }
                }
            }
        }
        assert_eq!(before, 47_846);
    }

    #[test]
    fn wrong_times_are_explained() {
        for (text, code, suggestion) in [
            ("", Code::Empty, ""),
            ("2026-02-29T08:15:00Z", Code::Date, ""),
            ("2026-13-01T08:15:00Z", Code::Date, ""),
            ("2026-04-31 08:15", Code::Date, ""),
            ("1899-12-31T00:00:00Z", Code::Range, ""),
            ("2101-01-01T00:00:00Z", Code::Range, ""),
            ("2026-03-01T25:00:00Z", Code::Time, ""),
            ("2026-03-01", Code::Time, ""),
            ("yesterday", Code::Time, ""),
            ("2026-3-1 8:05", Code::Time, "2026-03-01 08:05"),
            ("2026/03/01 08:15:30", Code::Time, "2026-03-01 08:15:30"),
            ("2026年3月1日 8:15", Code::Time, "2026-03-01 08:15"),
            (
                "2026/03/01 08:15:30+08:00",
                Code::Time,
                "2026-03-01 08:15:30+08:00",
            ),
            ("31.03.2026 08:15", Code::AmbiguousDate, "2026-03-31 08:15"),
            ("03/31/2026 08:15", Code::AmbiguousDate, "2026-03-31 08:15"),
            (
                "03/31/2026 8:15 PM",
                Code::AmbiguousDate,
                "2026-03-31 20:15",
            ),
            ("01.03.2026 08:15", Code::AmbiguousDate, ""),
            ("03/01/2026 08:15", Code::AmbiguousDate, ""),
            ("03.03.2026 08:15", Code::AmbiguousDate, "2026-03-03 08:15"),
            ("31.02.2026 08:15", Code::AmbiguousDate, ""),
            ("2O26-03-0lT08:15:00Z", Code::Typo, "2026-03-01T08:15:00Z"),
            ("２０２６-03-01 08:15", Code::Typo, "2026-03-01 08:15"),
        ] {
            let wrong = moment(text, 0).expect_err(text);
            let found = wrong.suggestion.unwrap_or_default();
            assert_eq!((wrong.code, found.as_str()), (code, suggestion), "{text:?}");
        }
    }
}
