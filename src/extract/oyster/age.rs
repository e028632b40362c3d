//! When details that nothing moved are read again all the same.

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};

use crate::extract::plan::hash;

/// Digits of the hash that spreads the engagements over the nights.
const SPREAD_DIGITS: usize = 8;

/// Whether details read at `at` are to be read again: when they are `days_max` old, and once in so many days before
/// that, each engagement on a day of its own, so that what was first read in one night does not all fall due in one.
/// `days_max` 0: never.
pub(super) fn is_due(engagement_id: &str, at: DateTime<Utc>, now: DateTime<Utc>, days_max: i64) -> bool {
    if days_max == 0 {
        return false;
    }
    let age = now - at;
    let own_day = i64::from_str_radix(&hash([engagement_id])[..SPREAD_DIGITS], 16).expect("hex digits") % days_max;
    let today = i64::from(now.num_days_from_ce()) % days_max;
    age >= TimeDelta::days(days_max) || (own_day == today && now.date_naive() > at.date_naive())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn night(days: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000 + days) + TimeDelta::hours(2)
    }

    #[test]
    fn without_a_number_of_days_nothing_falls_due() {
        assert!(!is_due("e1", night(0), night(4_000), 0));
    }

    #[test]
    fn an_engagement_falls_due_on_one_night_in_so_many_and_at_the_latest_after_them() {
        for id in ["e1", "e2", "QcUy2F59"] {
            let due = (1..=7).filter(|n| is_due(id, night(0), night(*n), 7)).count();
            // Its own day, and the seventh night, which may be the same.
            assert!((1..=2).contains(&due), "{id}: {due}");
            assert!(is_due(id, night(0), night(7), 7));
            assert!(!is_due(id, night(0), night(0) + TimeDelta::hours(3), 7), "{id}: the same night again");
        }
    }

    #[test]
    fn engagements_that_were_first_read_together_fall_due_apart() {
        let ids: Vec<String> = (0..1_000).map(|n| format!("eng_{n}")).collect();
        let on = |n| ids.iter().filter(|id| is_due(id, night(0), night(n), 10)).count();
        // A hundred each, were the hash perfectly even.
        assert!((1..10).map(on).all(|count| (60..=140).contains(&count)));
    }
}
