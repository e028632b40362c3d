//! How old the answers of the services were on the day of the night.

use std::collections::BTreeMap;

use chrono::NaiveDate;

/// Ages of answers, from the youngest.
pub const EVIDENCE_AGES: [&str; 4] = ["of the day or later", "1 day old", "2 to 7 days old", "older"];
/// Greatest age in days of each but the last.
const AGE_DAYS_MAX: [i64; 3] = [0, 1, 7];

/// The answers of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceAge {
    /// `Benifex people`.
    pub source: &'static str,
    /// How many are of each of [`EVIDENCE_AGES`].
    pub answers: [u64; EVIDENCE_AGES.len()],
    /// The day of the oldest.
    pub oldest: NaiveDate,
}

impl EvidenceAge {
    /// Of answers by the day on which they were fetched; `None` where there is none.
    pub fn of(source: &'static str, fetched: &BTreeMap<NaiveDate, u64>, as_of: NaiveDate) -> Option<EvidenceAge> {
        let mut answers = [0; EVIDENCE_AGES.len()];
        for (day, count) in fetched {
            let age_days = (as_of - *day).num_days();
            answers[AGE_DAYS_MAX.iter().filter(|days_max| age_days > **days_max).count()] += count;
        }
        let oldest = *fetched.first_key_value()?.0;
        Some(EvidenceAge { source, answers, oldest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::day;

    #[test]
    fn answers_are_counted_by_their_age_in_days() {
        let fetched =
            BTreeMap::from([(day(1), 5), (day(23), 4), (day(24), 3), (day(29), 2), (day(30), 1), (day(31), 7)]);
        let age = EvidenceAge::of("Benifex people", &fetched, day(31)).expect("some");
        assert_eq!((age.answers, age.oldest), ([7, 1, 5, 9], day(1)));
        assert!(EvidenceAge::of("Benifex people", &BTreeMap::new(), day(31)).is_none());
    }
}
