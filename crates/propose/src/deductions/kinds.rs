//! What a deduction is: the table of kinds of benefits, and of what is none (`data/benefits.toml`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::columns::names::{holds, words};

#[derive(Deserialize)]
struct Written {
    payers: WrittenPayers,
    kinds: BTreeMap<String, WrittenKind>,
    others: Vec<WrittenOther>,
}

#[derive(Deserialize)]
struct WrittenPayers {
    employee: Vec<String>,
    employer: Vec<String>,
    fillers: Vec<String>,
    deductions: Vec<String>,
    contributions: Vec<String>,
    year_to_date: Vec<String>,
    other_times: Vec<String>,
    balances: Vec<String>,
    arrears: Vec<String>,
}

#[derive(Deserialize)]
struct WrittenKind {
    words: Vec<String>,
    keys: Vec<String>,
}

#[derive(Deserialize)]
struct WrittenOther {
    reason: String,
    words: Vec<String>,
    #[serde(default)]
    decides: Vec<String>,
}

struct Kinds {
    employee: Vec<Vec<String>>,
    employer: Vec<Vec<String>>,
    fillers: Vec<Vec<String>>,
    deductions: Vec<Vec<String>>,
    contributions: Vec<Vec<String>>,
    year_to_date: Vec<Vec<String>>,
    other_times: Vec<Vec<String>>,
    balances: Vec<Vec<String>>,
    arrears: Vec<Vec<String>>,
    kinds: BTreeMap<String, Kind>,
    others: Vec<Other>,
}

struct Other {
    reason: String,
    words: Vec<Vec<String>>,
    /// Whatever else the name holds.
    decides: Vec<Vec<String>>,
}

struct Kind {
    words: Vec<Vec<String>>,
    keys: Vec<String>,
}

static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
    let written: Written = toml::from_str(include_str!("../../data/benefits.toml"))
        .expect("the table is part of the program and a test reads it");
    let all = |names: Vec<String>| names.iter().map(|name| words(name)).collect::<Vec<_>>();
    let kind = |(name, kind): (String, WrittenKind)| (name, Kind { words: all(kind.words), keys: kind.keys });
    let other = |w: WrittenOther| Other { reason: w.reason, words: all(w.words), decides: all(w.decides) };
    Kinds {
        employee: all(written.payers.employee),
        employer: all(written.payers.employer),
        fillers: all(written.payers.fillers),
        deductions: all(written.payers.deductions),
        contributions: all(written.payers.contributions),
        year_to_date: all(written.payers.year_to_date),
        other_times: all(written.payers.other_times),
        balances: all(written.payers.balances),
        arrears: all(written.payers.arrears),
        kinds: written.kinds.into_iter().map(kind).collect(),
        others: written.others.into_iter().map(other).collect(),
    }
});

/// What a name says a deduction is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Its kind, a key of `data/benefits.toml`.
    Benefit(&'static str),
    /// Not a benefit, with the reason.
    Other(&'static str),
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Payer {
    Employee,
    Employer,
}

/// What a header of an amount says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmountName {
    /// Words that say which deduction it is; none where the header says only who pays.
    pub base: Vec<String>,
    pub payer: Option<Payer>,
    /// Whose it is beside another of the same base that says the opposite: a deduction, or a contribution.
    pub beside: Option<Payer>,
    /// A year, a quarter, a limit: no amount of the period.
    pub of_other_time: bool,
    /// What an earlier pay run should have taken.
    pub arrears: bool,
}

/// The kind whose words are the longest find in a name, in words and then in letters: `Dental PPO` is dental. A benefit
/// is preferred to something else of as many words.
pub fn what(name: &[String]) -> What {
    let is_decided = |other: &&Other| other.decides.iter().any(|words| holds(name, words));
    if let Some(other) = KINDS.others.iter().find(is_decided) {
        return What::Other(&other.reason);
    }
    let length = |words: &Vec<String>| (words.len(), words.iter().map(String::len).sum::<usize>());
    let longest =
        |all: &[Vec<String>]| all.iter().filter(|words| holds(name, words)).map(length).max().unwrap_or_default();
    let kind = KINDS.kinds.iter().map(|(kind, table)| (longest(&table.words), kind)).max_by_key(|(length, _)| *length);
    let other =
        KINDS.others.iter().map(|other| (longest(&other.words), &other.reason)).max_by_key(|(length, _)| *length);
    match (kind, other) {
        (Some(((length, _), kind)), other) if length > 0 && other.is_none_or(|((more, _), _)| length >= more) => {
            What::Benefit(kind)
        }
        (_, Some(((length, _), reason))) if length > 0 => What::Other(reason),
        _ => What::Unknown,
    }
}

/// What a whole header says is no benefit, its common words too; `None` where it says nothing, or when amounts are
/// taken.
pub fn other(header: &[String]) -> Option<What> {
    let says_when = TAX_TIMES.iter().any(|time| header.windows(2).any(|pair| pair[0] == *time && pair[1] == "tax"));
    match what(header) {
        other @ What::Other(_) if !says_when => Some(other),
        _ => None,
    }
}

/// Before or after tax: words of how a deduction is taken, and no tax.
const TAX_TIMES: [&str; 4] = ["pre", "post", "after", "before"];

/// Takes a header of an amount apart.
pub fn amount_name(header: &[String]) -> AmountName {
    let any = |table: &[Vec<String>]| table.iter().any(|words| holds(header, words));
    let (employee, employer) = (any(&KINDS.employee), any(&KINDS.employer));
    let one_of = |employee, employer| match (employee, employer) {
        (true, false) => Some(Payer::Employee),
        (false, true) => Some(Payer::Employer),
        _ => None,
    };
    let payer = one_of(employee, employer);
    let is_one = |table: &[Vec<String>], word: &String| table.iter().any(|words| words.len() == 1 && words[0] == *word);
    let says = |word: &&String| {
        !is_one(&KINDS.employee, word) && !is_one(&KINDS.employer, word) && !is_one(&KINDS.fillers, word)
    };
    AmountName {
        base: header.iter().filter(says).cloned().collect(),
        payer,
        beside: one_of(any(&KINDS.deductions), any(&KINDS.contributions)),
        of_other_time: any(&KINDS.year_to_date) || any(&KINDS.other_times),
        arrears: any(&KINDS.arrears),
    }
}

/// Bases of names that do not say who pays, where one of two is called a deduction and the other a contribution.
pub fn opposites<'n>(names: impl Iterator<Item = &'n AmountName> + Clone) -> BTreeSet<Vec<String>> {
    let with = |payer| {
        let is_so = move |name: &&AmountName| name.payer.is_none() && name.beside == Some(payer);
        names.clone().filter(is_so).map(|name| name.base.clone()).collect::<BTreeSet<_>>()
    };
    with(Payer::Employee).intersection(&with(Payer::Employer)).cloned().collect()
}

/// A header without the words that make it a sum of the year; `None` where it has none.
pub fn without_year_to_date(header: &[String]) -> Option<Vec<String>> {
    without(header, &KINDS.year_to_date)
}

/// The same of what is owed from earlier pays.
pub fn without_arrears_balance(header: &[String]) -> Option<Vec<String>> {
    without(&without(header, &KINDS.arrears)?, &KINDS.balances)
}

fn without(header: &[String], table: &[Vec<String>]) -> Option<Vec<String>> {
    let longest = table.iter().filter(|words| holds(header, words)).max_by_key(|words| words.len())?;
    let at = header.windows(longest.len()).position(|window| window == longest)?;
    Some([&header[..at], &header[at + longest.len()..]].concat())
}

/// The benefit keys that are of a kind.
pub fn keys_of_kind<'k>(kind: &str, keys: &'k BTreeMap<String, String>) -> Vec<&'k str> {
    let is_kind = |(key, title): &(&String, &String)| kind_of_key(key, title) == Some(kind);
    keys.iter().filter(is_kind).map(|(key, _)| key.as_str()).collect()
}

/// The one kind of a benefit: by the words of its key, by the key as one word, by its title.
fn kind_of_key(key: &str, title: &str) -> Option<&'static str> {
    let by_words = |text: &str| match what(&words(text)) {
        What::Benefit(kind) => Some(kind),
        What::Other(_) | What::Unknown => None,
    };
    let joined = words(key).concat();
    let by_key = || KINDS.kinds.iter().find(|(_, kind)| kind.keys.contains(&joined)).map(|(name, _)| name.as_str());
    by_words(key).or_else(by_key).or_else(|| by_words(title))
}

/// The table's own name of a kind; `None` when it has none such.
pub fn named(kind: &str) -> Option<&'static str> {
    KINDS.kinds.get_key_value(kind).map(|(name, _)| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: What) {
        assert_eq!(what(&words(name)), expected, "{name}");
    }

    #[test]
    fn a_name_says_which_benefit_it_is_by_its_longest_known_part() {
        check("Medical PPO EE", What::Benefit("medical"));
        check("Dental PPO", What::Benefit("dental"));
        check("401(k)", What::Benefit("retirement"));
        check("Health Care FSA", What::Benefit("fsa"));
        check("Dependent Care FSA", What::Benefit("dependent_care"));
        check("DENTAL-ER", What::Benefit("dental"));
        check("Employer NI", What::Other("tax or social security, not a benefit"));
        check("401k Loan", What::Other("loan or advance, not a benefit"));
        check("Life Insurance Imputed", What::Other("pay, not a benefit"));
        check("Gym Reimbursement", What::Other("pay, not a benefit"));
        check("Pension Loan", What::Other("loan or advance, not a benefit"));
        check("Child Support", What::Other("garnishment, not a benefit"));
        check("Net Pay", What::Other("pay, not a benefit"));
        check("Zebra", What::Unknown);
    }

    #[test]
    fn a_header_says_who_pays_and_for_what() {
        for (header, base, payer) in [
            ("Medical EE", "medical", Some(Payer::Employee)),
            ("Medical (Company Contribution)", "medical", Some(Payer::Employer)),
            ("Employer Pension", "pension", Some(Payer::Employer)),
            ("401k Match", "401k", Some(Payer::Employer)),
            ("Dental", "dental", None),
            ("Lohnart KV AG", "kv", Some(Payer::Employer)),
            ("Member contribution amount", "", Some(Payer::Employee)),
        ] {
            let name = amount_name(&words(header));
            assert_eq!((name.base.join(" ").as_str(), name.payer), (base, payer), "{header}");
        }
        assert!(amount_name(&words("Medical EE YTD")).of_other_time);
        assert!(amount_name(&words("Medical EE Arrears")).arrears);
    }

    #[test]
    fn a_benefit_key_is_found_by_its_key_or_title() {
        let keys = BTreeMap::from([
            ("_Medical".to_owned(), "Medical Cover".to_owned()),
            ("_LifeInsurance".to_owned(), "Life".to_owned()),
            ("_Plan7".to_owned(), "Dental Plan".to_owned()),
            ("_HealthSavings".to_owned(), String::new()),
        ]);
        assert_eq!(keys_of_kind("medical", &keys), ["_Medical"]);
        assert_eq!(keys_of_kind("life", &keys), ["_LifeInsurance"]);
        assert_eq!(keys_of_kind("dental", &keys), ["_Plan7"]);
        assert_eq!(keys_of_kind("hsa", &keys), ["_HealthSavings"]);
        assert!(keys_of_kind("gym", &keys).is_empty());
    }
}
