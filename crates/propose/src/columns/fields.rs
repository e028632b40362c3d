//! The table of what vendors call the columns that a job maps (`data/fields.toml`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::columns::names::{self, holds, words};
use crate::columns::profile::Profile;
use tieout_model::money::Currency;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    Id,
    Date,
    Amount,
    /// Hours or a share: a number that is no money.
    Number,
    Words,
    Currency,
    Text,
    Zip,
    Email,
}

#[derive(Deserialize)]
struct Written {
    holds: Holds,
    names: Vec<String>,
    maybe: Vec<String>,
    #[serde(default)]
    doubtful: Vec<String>,
}

#[derive(Debug)]
pub struct Field {
    pub key: String,
    pub holds: Holds,
    names: Vec<Vec<String>>,
    maybe: Vec<Vec<String>>,
    doubtful: Vec<Vec<String>>,
}

/// How a header came to mean a field; the better first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Means {
    /// Nothing else is called so.
    Name,
    /// It is called so as a rule.
    Maybe,
    /// A name of the field is part of it.
    Part,
    /// It is called so, and many other things are too.
    Doubtful,
}

/// Words that make a header mean something else than the name inside it: `Manager Employee ID`.
const OTHERS: [&str; 37] = [
    "taxable",
    "manager",
    "supervisor",
    "emergency",
    "contact",
    "spouse",
    "dependent",
    "bank",
    "ytd",
    "total",
    "prior",
    "previous",
    "job",
    "position",
    "department",
    "cost",
    "tax",
    "vacation",
    "pto",
    "sick",
    "overtime",
    "regular",
    "check",
    "balance",
    "reports",
    "work",
    "beneficiary",
    "leave",
    "probation",
    "review",
    "rehire",
    "monthly",
    "monatlich",
    "mensuel",
    "mensual",
    "mensile",
    "biweekly",
];
/// Letters of a single word from which on it is a field's name inside a longer header: `company` stands in many.
const LONE_WORD_LETTERS_MIN: usize = 9;
/// Words of a header beside the name in it, above which it means something else.
const WORDS_BESIDE_MAX: usize = 2;

static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let written: BTreeMap<String, Written> = toml::from_str(include_str!("../../data/fields.toml"))
        .expect("the table is part of the program and a test reads it");
    let all = |names: Vec<String>| names.iter().map(|name| words(name)).collect();
    let field = |(key, w): (String, Written)| {
        let [names, maybe, doubtful] = [all(w.names), all(w.maybe), all(w.doubtful)];
        Field { key, holds: w.holds, names, maybe, doubtful }
    };
    written.into_iter().map(field).collect()
});

pub fn all() -> &'static [Field] {
    &FIELDS
}

/// Whether some field is called so.
pub fn is_known(header: &str) -> bool {
    let header = words(header);
    !header.is_empty() && all().iter().any(|field| field.names.contains(&header) || field.maybe.contains(&header))
}

impl Field {
    /// How this header means the field, and the place of the name in the table: earlier names are preferred. A header
    /// of one word may be two that are written as one.
    pub fn means(&self, header: &[String]) -> Option<(Means, usize)> {
        self.means_apart(header).or_else(|| match header {
            [word] => self.means_apart(&names::parted(word)?).filter(|(means, _)| *means == Means::Name),
            // `Amount (EUR)`.
            [name @ .., last] if self.holds == Holds::Amount && Currency::parse(&last.to_uppercase()).is_some() => {
                self.means_apart(name).filter(|(means, _)| *means <= Means::Maybe)
            }
            _ => None,
        })
    }

    fn means_apart(&self, header: &[String]) -> Option<(Means, usize)> {
        let at = |names: &[Vec<String>]| names.iter().position(|name| name == header);
        if let Some(at) = at(&self.names) {
            return Some((Means::Name, at));
        }
        if let Some(at) = at(&self.maybe) {
            return Some((Means::Maybe, at));
        }
        if let Some(at) = at(&self.doubtful) {
            return Some((Means::Doubtful, at));
        }
        if header.iter().any(|word| OTHERS.contains(&word.as_str())) {
            return None;
        }
        let inside = |name: &Vec<String>| {
            let whole = name.len() > 1 || name.iter().all(|word| word.chars().count() >= LONE_WORD_LETTERS_MIN);
            whole && holds(header, name) && header.len() - name.len() <= WORDS_BESIDE_MAX
        };
        self.names.iter().position(inside).map(|at| (Means::Part, at))
    }

    /// Whether cells look like what the field holds. Empty columns fit all but ids and amounts.
    pub fn fits(&self, profile: &Profile) -> bool {
        if profile.is_empty() {
            return !matches!(self.holds, Holds::Id | Holds::Currency);
        }
        match self.holds {
            Holds::Id => profile.is_id(),
            Holds::Date => profile.is_date() || profile.serials * 10 >= profile.filled * 9,
            Holds::Amount => profile.is_amount(),
            Holds::Number => profile.is_amount() && profile.symbols.is_empty(),
            Holds::Words => {
                !profile.is_money() && (profile.is_words() || profile.with_letters > 0 && !profile.is_date())
            }
            Holds::Currency => {
                profile.words.keys().all(|word| word.len() == 3 && word.chars().all(char::is_alphabetic))
            }
            Holds::Text => {
                profile.with_letters > 0 && !profile.is_date() && !profile.is_email() || self.key == "nat_id"
            }
            Holds::Zip => profile.with_decimals == 0 && !profile.is_date() && !profile.is_email(),
            Holds::Email => profile.is_email(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[track_caller]
    fn check(header: &str, key: &str, means: Means) {
        let field = all().iter().find(|field| field.key == key).expect("a field");
        assert_eq!(field.means(&words(header)).map(|(means, _)| means), Some(means), "{header}");
    }

    #[test]
    fn headers_of_many_vendors_mean_one_field() {
        check("EMPLOYEE_NUMBER", "employee_id", Means::Name);
        check("File #", "employee_id", Means::Name);
        check("Pers.-Nr.", "employee_id", Means::Name);
        check("Check Date", "pay_date", Means::Name);
        check("Primary Address: Zip/Postal Code", "zip", Means::Name);
        check("Eintrittsdatum", "hire_date", Means::Name);
        check("Employee Home City", "city", Means::Part);
        check("Payroll Name", "last_name", Means::Maybe);
        check("Amount (EUR)", "employee_amount", Means::Maybe);
    }

    #[test]
    fn a_header_about_somebody_else_means_no_field() {
        for header in
            ["Manager Employee ID", "Emergency Contact First Name", "YTD Gross Pay", "Reports To Employee Number"]
        {
            assert!(all().iter().all(|field| field.means(&words(header)).is_none()), "{header}");
        }
    }

    #[test]
    fn no_name_means_two_fields_for_sure() {
        let mut seen = BTreeSet::new();
        for name in all().iter().flat_map(|field| &field.names) {
            assert!(!name.is_empty());
            seen.insert(name);
        }
        for name in seen {
            let fields: Vec<&str> =
                all().iter().filter(|field| field.names.contains(name)).map(|field| field.key.as_str()).collect();
            assert!(fields.len() == 1, "{name:?} means {fields:?}");
        }
    }
}
