//! The days that rows of the database hold. A table repeats a few of them on hundreds of thousands of rows, so those
//! met last are not parsed again.

use anyhow::Context as _;
use chrono::NaiveDate;

/// Days remembered; the oldest gives way.
const KEPT_MAX: usize = 16;

/// Reads days as the database writes them, `2026-03-31`.
#[derive(Debug, Default)]
pub(crate) struct Days {
    kept: Vec<(String, NaiveDate)>,
    oldest: usize,
}

impl Days {
    /// Errors: a text that is no day; it is not shown, for it may be anything.
    pub fn read(&mut self, text: &str) -> anyhow::Result<NaiveDate> {
        if let Some((_, day)) = self.kept.iter().find(|(kept, _)| kept == text) {
            return Ok(*day);
        }
        let day = text.parse().context("the database holds a date that is none")?;
        let new = (text.to_owned(), day);
        match self.kept.get_mut(self.oldest) {
            Some(old) => *old = new,
            None => self.kept.push(new),
        }
        self.oldest = (self.oldest + 1) % KEPT_MAX;
        Ok(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_the_same_whether_they_are_remembered_or_not() {
        let mut days = Days::default();
        for round in 0..3 {
            for n in 0..2 * KEPT_MAX as u64 {
                let day = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day") + chrono::Days::new(n);
                assert_eq!(days.read(&day.to_string()).expect("a day"), day, "round {round}");
            }
        }
        assert_eq!(days.kept.len(), KEPT_MAX);
        assert!(days.read("2026-02-30").is_err());
    }
}
