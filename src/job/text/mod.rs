//! Values that a job file writes as text in quotes: shares, durations, amounts, dates, references to secrets. Exact,
//! without floats. A refusal says what was expected; a reference to a secret never repeats what was there.

pub(super) mod checks;
pub(super) mod key;
pub(super) mod table;

use std::fmt;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::time::Duration;
use tieout_model::share::Share;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use tieout_model::dates::DateLayout;
use tieout_model::finding::Severity;
use tieout_model::money::{Currency, Marks, Money, UNITS_PER_ONE};
use tieout_model::placeholder::{PlaceholderDates, WrittenDate};
use tieout_recon::settings::CoverageEnd;
use tieout_services::settings::SecretRef;

/// Longest duration that a job may state, in hours.
const DURATION_HOURS_MAX: u64 = 24;
/// Longest wait between a leave date and the end of cover, in days.
const COVERAGE_DAYS_MAX: i64 = 366;
/// Characters of a wrong value that an error repeats.
const SHOWN_CHARS_MAX: usize = 40;
/// Prefixes of Benbase keys: a text with one of them is the key itself, not the name of a variable.
const KEY_PREFIXES: [&str; 2] = ["live_sk_", "sandbox_sk_"];

/// A value that is read from a text.
pub trait Written: Sized {
    /// What the text must be, for "expected …".
    const EXPECTED: &'static str;
    /// `Err`: why it is not, where that says more than `EXPECTED`.
    fn read(text: &str) -> Result<Self, Option<String>>;
}

/// A value written as text in quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted<T>(pub T);

impl<'de, T: Written> Deserialize<'de> for Quoted<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(QuotedVisitor(PhantomData))
    }
}

struct QuotedVisitor<T>(PhantomData<T>);

impl<T: Written> Visitor<'_> for QuotedVisitor<T> {
    type Value = Quoted<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in quotes", T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Quoted<T>, E> {
        T::read(text.trim()).map(Quoted).map_err(|reason| {
            let reason = reason.map(|r| format!(" ({r})")).unwrap_or_default();
            E::custom(format!("expected {}, found {}{reason}", T::EXPECTED, shown(text)))
        })
    }
}

/// A text in quotes, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneOrMore(pub Vec<String>);

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrMoreVisitor)
    }
}

struct OneOrMoreVisitor;

impl<'de> Visitor<'de> for OneOrMoreVisitor {
    type Value = OneOrMore;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text in quotes, or a list of texts")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<OneOrMore, E> {
        QuotedVisitor::<String>(PhantomData).visit_str(text).map(|text| OneOrMore(vec![text.0]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OneOrMore, A::Error> {
        let mut texts = Vec::new();
        while let Some(Quoted(text)) = list.next_element::<Quoted<String>>()? {
            texts.push(text);
        }
        if texts.is_empty() {
            Err(A::Error::custom("expected at least one text, found an empty list"))
        } else {
            Ok(OneOrMore(texts))
        }
    }
}

/// A wrong value as an error repeats it: in back quotes, without control characters, cut short.
pub fn shown(text: &str) -> String {
    let mut kept: String = text.chars().take(SHOWN_CHARS_MAX).flat_map(char::escape_debug).collect();
    if text.chars().count() > SHOWN_CHARS_MAX {
        kept.push('…');
    }
    if kept.is_empty() { "an empty text".to_owned() } else { format!("`{kept}`") }
}

impl Written for String {
    const EXPECTED: &'static str = "a text";

    fn read(text: &str) -> Result<Self, Option<String>> {
        match text {
            "" => Err(None),
            _ if text.chars().any(char::is_control) => Err(Some("control characters".to_owned())),
            _ => Ok(text.to_owned()),
        }
    }
}

/// A single character, blank and tab included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneChar(pub char);

impl<'de> Deserialize<'de> for OneChar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Not `Quoted`: that trims, and a tab is a delimiter.
        let text = String::deserialize(deserializer)?;
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) => Ok(OneChar(only)),
            _ => Err(D::Error::custom(format!(
                "expected one character, found {}{}",
                text.chars().count(),
                if text.is_empty() { String::new() } else { format!(": {}", shown(&text)) }
            ))),
        }
    }
}

impl Written for Share {
    const EXPECTED: &'static str = "a share from `0 %` to `100 %` with at most two decimals, such as `0.5 %`";

    fn read(text: &str) -> Result<Self, Option<String>> {
        let percent = text.strip_suffix('%').ok_or_else(|| Some("no % sign".to_owned()))?;
        // A percent with two decimals is 1/10,000, a hundredth of what `Money` counts.
        let counts = plain(percent.trim_end(), 2)? / (UNITS_PER_ONE / 100);
        let share = u32::try_from(counts).ok().map(Share::of_ten_thousandths);
        share.filter(|share| *share <= Share::WHOLE).ok_or(None)
    }
}

/// A decimal from 0 to 1 in 1/10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction(pub u32);

impl Written for Fraction {
    const EXPECTED: &'static str = "a number from `0` to `1` with at most four decimals, such as `0.8`";

    fn read(text: &str) -> Result<Self, Option<String>> {
        let counts = plain(text, 4)?;
        u32::try_from(counts).ok().filter(|_| counts <= UNITS_PER_ONE).map(Fraction).ok_or(None)
    }
}

impl Written for Money {
    const EXPECTED: &'static str = "an amount of zero or more, such as `1.00`";

    fn read(text: &str) -> Result<Self, Option<String>> {
        plain(text, 4).map(Money)
    }
}

/// Digits with a decimal point and nothing else, in 1/10,000.
fn plain(text: &str, decimals_max: u32) -> Result<i64, Option<String>> {
    if !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Err(None);
    }
    Money::parse(text, Marks::PLAIN, decimals_max).map(|m| m.0).map_err(|fault| Some(fault.to_string()))
}

impl Written for Duration {
    const EXPECTED: &'static str = "a duration in whole `ms`, `s`, `min` or `h`, such as `60 s`";

    fn read(text: &str) -> Result<Self, Option<String>> {
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, unit) = text.split_at(digits);
        let number: u64 = number.parse().map_err(|_| None)?;
        let ms_per_unit = match unit.trim_start() {
            "ms" => 1,
            "s" => 1_000,
            "min" => 60_000,
            "h" => 3_600_000,
            "" => return Err(Some("no unit".to_owned())),
            _ => return Err(None),
        };
        number
            .checked_mul(ms_per_unit)
            .filter(|ms| *ms <= DURATION_HOURS_MAX * 3_600_000)
            .map(Duration::from_millis)
            .ok_or_else(|| Some(format!("more than {DURATION_HOURS_MAX} h")))
    }
}

impl Written for NaiveDate {
    const EXPECTED: &'static str = "a date like `2026-03-31`";

    fn read(text: &str) -> Result<Self, Option<String>> {
        DateLayout::iso().read(text, &PlaceholderDates::none()).ok().flatten().ok_or(None)
    }
}

impl Written for WrittenDate {
    const EXPECTED: &'static str = "numbers like `1900-01-00`, year, month and day";

    fn read(text: &str) -> Result<Self, Option<String>> {
        WrittenDate::parse(text).ok_or(None)
    }
}

impl Written for DateTime<Utc> {
    const EXPECTED: &'static str = "a time like `2026-03-31T02:00:00Z`";

    fn read(text: &str) -> Result<Self, Option<String>> {
        DateTime::parse_from_rfc3339(text).map(|time| time.to_utc()).map_err(|_| None)
    }
}

impl Written for Currency {
    const EXPECTED: &'static str = "a currency code of ISO 4217, such as `USD`";

    fn read(text: &str) -> Result<Self, Option<String>> {
        Currency::parse(text).ok_or(None)
    }
}

impl Written for Severity {
    const EXPECTED: &'static str = "a severity from `S1` (stop) to `S5` (information)";

    fn read(text: &str) -> Result<Self, Option<String>> {
        text.parse().map_err(|_| None)
    }
}

impl Written for DateLayout {
    const EXPECTED: &'static str = "a date layout, such as `yyyy-MM-dd`, `MM/dd/yyyy` or `d MMMM yyyy`";

    fn read(text: &str) -> Result<Self, Option<String>> {
        DateLayout::parse(text).map_err(Some)
    }
}

impl Written for CoverageEnd {
    const EXPECTED: &'static str = "`leave_date`, `end_of_month` or a number of days, such as `30 days after`";

    fn read(text: &str) -> Result<Self, Option<String>> {
        match text {
            "leave_date" => return Ok(CoverageEnd::LeaveDate),
            "end_of_month" => return Ok(CoverageEnd::EndOfMonth),
            _ => {}
        }
        let days = text.strip_suffix("days after").or_else(|| text.strip_suffix("day after")).ok_or(None)?;
        let days: i64 = days.trim().parse().map_err(|_| None)?;
        match (0..=COVERAGE_DAYS_MAX).contains(&days) {
            true => Ok(CoverageEnd::DaysAfter(days)),
            false => Err(Some(format!("at most {COVERAGE_DAYS_MAX} days"))),
        }
    }
}

/// `{ env = "NAME" }` or `{ file = "path" }`.
#[derive(Clone, PartialEq, Eq)]
pub struct Reference(pub SecretRef);

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reference")
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields {
            env: Option<String>,
            file: Option<PathBuf>,
        }
        const EXPECTED: &str = "expected a reference, { env = \"NAME\" } or { file = \"path\" }; the secret itself must \
                                not stand in a job file (what was there is not shown)";
        // Whatever serde has to say could repeat the secret, so none of it is passed on.
        let fields = Fields::deserialize(deserializer).map_err(|_| D::Error::custom(EXPECTED))?;
        match (fields.env, fields.file) {
            (Some(name), None) if is_variable_name(&name) => Ok(Reference(SecretRef::Env(name))),
            (None, Some(path)) if !path.as_os_str().is_empty() => Ok(Reference(SecretRef::File(path))),
            _ => Err(D::Error::custom(EXPECTED)),
        }
    }
}

/// Letters, digits and `_`, as a shell can set it, and not a key pasted where its name belongs.
fn is_variable_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !KEY_PREFIXES.iter().any(|prefix| text.starts_with(prefix))
}
