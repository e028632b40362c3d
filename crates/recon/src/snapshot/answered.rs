//! On which days the answers were fetched that a night is judged by.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use polars::prelude::{Int64Chunked, PolarsResult};

use super::{ENGAGEMENTS, Snapshot, USERS};
use tieout_model::zone::Zone;

/// Microseconds within which every zone stays in one day, if it begins with a whole one of these: clocks differ by
/// quarters of an hour.
const SAME_DAY_US: i64 = 15 * 60 * 1_000_000;

/// Answers by the day on which they were fetched.
pub type Answered = BTreeMap<NaiveDate, u64>;

impl Snapshot {
    /// The people of Benifex, and the engagements of Oyster, by the day in `zone`; `None`: Oyster was not asked.
    pub fn answered_on(&self, zone: &Zone) -> PolarsResult<(Answered, Option<Answered>)> {
        let engagements = self.oyster.as_ref().map(|oyster| ENGAGEMENTS.detail_at.of(&oyster.engagements));
        let engagements = engagements.transpose()?.map(|moments| days(moments, zone));
        Ok((days(USERS.fetched_at.of(&self.users)?, zone), engagements))
    }
}

/// Counts moments, microseconds since 1970, by their day; what is absent is not counted.
pub(crate) fn days(moments: &Int64Chunked, zone: &Zone) -> Answered {
    let mut quarters: BTreeMap<i64, u64> = BTreeMap::new();
    for moment in moments.iter().flatten() {
        *quarters.entry(moment.div_euclid(SAME_DAY_US)).or_default() += 1;
    }
    let mut days = Answered::new();
    for (quarter, answers) in quarters {
        if let Some(moment) = DateTime::from_timestamp_micros(quarter * SAME_DAY_US) {
            *days.entry(zone.date(moment)).or_default() += answers;
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_belong_to_the_day_of_the_zone_and_what_is_absent_to_none() {
        let at = |text: &str| Some(text.parse::<DateTime<chrono::Utc>>().expect("a moment").timestamp_micros());
        let moments = [at("2026-03-31T18:14:59Z"), at("2026-03-31T18:15:00Z"), None, at("2026-03-31T23:00:00Z")];
        let moments = moments.into_iter().collect::<Int64Chunked>().with_name("fetched_at".into());
        // Midnight in Kathmandu is 18:15 UTC.
        let told = days(&moments, &Zone::find("Asia/Kathmandu").expect("a zone"));
        let day = |day| NaiveDate::from_ymd_opt(2026, if day == 31 { 3 } else { 4 }, day).expect("a day");
        assert_eq!(told, Answered::from([(day(31), 1), (day(1), 2)]));
    }
}
