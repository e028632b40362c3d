//! What a word of the pay frequency column says: one of the frequencies that the services know, another one that is
//! known all the same, or nothing.

use std::collections::BTreeMap;

use tieout_model::terms::PayFrequency;

/// Frequencies that no service has a word for, in plain words.
const OTHERS: [&str; 34] = [
    "4 weekly",
    "4weekly",
    "annual",
    "annually",
    "annum",
    "bi annual",
    "bi annually",
    "biannual",
    "biannually",
    "daily",
    "day",
    "every 3 months",
    "every 4 weeks",
    "every day",
    "every four weeks",
    "every quarter",
    "every three months",
    "every year",
    "four weekly",
    "four weeks",
    "fourweekly",
    "half yearly",
    "lunar",
    "lunar month",
    "lunar monthly",
    "once a year",
    "quarter",
    "quarterly",
    "semi annual",
    "semi annually",
    "semiannual",
    "semiannually",
    "year",
    "yearly",
];

/// How often somebody is paid, as a word says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frequency {
    Known(PayFrequency),
    /// Such as every four weeks or once a quarter.
    Other,
    Unmapped,
}

/// `map`: the job's, by words in small letters.
pub(crate) fn frequency(map: &BTreeMap<String, PayFrequency>, word: &str) -> Frequency {
    let lower = word.to_lowercase();
    let parts: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let plain = parts.join(" ");
    match map.get(&lower).or_else(|| map.get(&plain)) {
        Some(frequency) => Frequency::Known(*frequency),
        None if OTHERS.binary_search(&plain.as_str()).is_ok() => Frequency::Other,
        None => Frequency::Unmapped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_however_their_parts_are_joined() {
        assert!(OTHERS.is_sorted());
        let map = BTreeMap::from([("bi weekly".to_owned(), PayFrequency::Biweekly)]);
        for word in ["Bi-Weekly", "bi_weekly", " BI WEEKLY"] {
            assert_eq!(frequency(&map, word), Frequency::Known(PayFrequency::Biweekly), "{word}");
        }
        for word in ["Four-Weekly", "4_weekly", "Lunar", "QUARTERLY", "Semi-Annual", "every 4 weeks"] {
            assert_eq!(frequency(&map, word), Frequency::Other, "{word}");
        }
        for word in ["", "whenever", "BW", "weekly or so"] {
            assert_eq!(frequency(&map, word), Frequency::Unmapped, "{word}");
        }
    }
}
