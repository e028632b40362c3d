//! Whether tonight's file and answers are those of tonight (CT07), and follow on what was read before (CT08): a month
//! that was never read, or read twice, leaves balances that no line explains.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use polars::prelude::PolarsResult;

use crate::rules::Inputs;
use crate::rules::balance::TWO_PAYROLLS;
use crate::rules::night::Night;
use crate::rules::write::{Found, evidence};
use tieout_model::balance::PayPeriod;
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding};
use tieout_payroll::SECOND_PERIOD;

/// Days after the end of the next period in which a newer file may still be on its way.
const FILE_GRACE_DAYS: i64 = 7;

/// Days that answers of Benifex may be older than the night that they are judged in.
const ANSWERS_AGE_MAX_DAYS: i64 = 1;

/// CT07, CT08.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let past = night.inputs.past;
    let accepted = |group: &String, period: &PayPeriod| {
        let last = past.earlier.get(group).and_then(|earlier| earlier.first());
        past.accepted || last.is_some_and(|last| last.end == period.end)
    };
    if night.inputs.payroll.other_runs_only {
        for (group, last) in past.earlier.iter().filter_map(|(group, earlier)| Some((group, earlier.first()?))) {
            found.findings.extend(late_file(night, group, last, "payroll file")?);
        }
    }
    // Rows of a later period that could not be taken are no file that is missing.
    let holds_more = night.inputs.payroll.rejects.iter().any(|reject| reject.reason.starts_with(SECOND_PERIOD));
    let of_file = night.inputs.payroll.periods.iter().filter(|(group, period)| !accepted(group, period));
    for (group, period) in of_file {
        let swapped = past.same_file.get(group).filter(|before| before.end != period.end);
        match (swapped, past.earlier.get(group).map_or(&[][..], Vec::as_slice)) {
            (Some(before), _) => found.findings.push(same_file(night, group, period, before)?),
            (None, earlier) => {
                let told = broken(night.inputs, group, earlier, period);
                found.findings.extend(told.map(|(last, o)| out_of_order(night, group, period, last, o)).transpose()?);
            }
        }
        if !holds_more {
            let newest = newest_read(night.inputs, group, period);
            let which = if newest == period { "payroll file" } else { "newest payroll file that was read" };
            found.findings.extend(late_file(night, group, newest, which)?);
        }
    }
    found.findings.extend(old_answers(night)?);
    Ok(())
}

impl Night<'_> {
    /// A file of a later period had rows of the person before tonight's.
    pub(in crate::rules) fn is_outdated(&self, emp: u32) -> PolarsResult<bool> {
        let (_, end) = self.period(emp)?;
        let last = self.inputs.books.of(self.id(emp)).last_before(NaiveDate::MAX);
        Ok(last.is_some_and(|last| last > end))
    }

    /// Why payroll does not say what the person's pay is now; `outdated`: where a newer file has said it.
    pub(in crate::rules) fn why_pay_is_unclear(
        &self,
        emp: u32,
        outdated: &'static str,
    ) -> PolarsResult<Option<&'static str>> {
        if self.is_outdated(emp)? {
            return Ok(Some(outdated));
        }
        let (start, end) = self.period(emp)?;
        let employee = self.inputs.books.of(self.id(emp));
        let is_paid_by_two =
            employee.is_paid_by_two(&PayPeriod { start: Some(start), end }, end - TimeDelta::days(TWO_JOBS_DAYS));
        Ok((is_paid_by_two || self.balances.beside.contains(&emp)).then_some(TWO_PAYROLLS))
    }
}

/// Days after which periods of two frequencies, which had days in common, are those of a move and of no second job: the
/// next month's file of the first one has come by then, without the employee.
const TWO_JOBS_DAYS: i64 = 45;

/// What a file that is outdated says of pay: newer files have said more since.
pub(in crate::rules) const OUTDATED: &str = "the payroll file is of an earlier period than one that was read before; what pay is now, it does \
                                   not say";

/// How two different periods of one pay group lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// They have these days in common.
    Overlap(NaiveDate, NaiveDate),
    /// A period lies between them, on these days.
    Gap(NaiveDate, NaiveDate),
}

impl Order {
    fn is_overlap(self) -> bool {
        matches!(self, Order::Overlap(..))
    }
}

/// The last days of tonight's periods before which a period is missing that was never read, as CT08 tells them.
pub(in crate::rules) fn after_gaps(inputs: &Inputs<'_>) -> BTreeSet<NaiveDate> {
    let past = inputs.past;
    let of_groups = inputs.payroll.periods.iter().filter(|_| !past.accepted);
    let is_after_gap = |(group, period): &(&String, &PayPeriod)| {
        let earlier = past.earlier.get(*group).map_or(&[][..], Vec::as_slice);
        let read_again = earlier.first().is_some_and(|last| last.end == period.end);
        !read_again && broken(inputs, group, earlier, period).is_some_and(|(_, order)| !order.is_overlap())
    };
    of_groups.filter(is_after_gap).map(|(_, period)| period.end).collect()
}

/// The period that tonight's does not follow on, and how. `earlier`: newest night first.
fn broken<'p>(
    inputs: &Inputs<'_>,
    group: &str,
    earlier: &'p [PayPeriod],
    tonight: &PayPeriod,
) -> Option<(&'p PayPeriod, Order)> {
    // Files may be read out of their order.
    let before = earlier.iter().filter(|known| known.end < tonight.end).max_by_key(|known| known.end);
    let last = before.or(earlier.first())?;
    // Rows of further periods that were not read before belong to tonight's.
    let of_group = inputs.payroll.periods_of.values().filter(|several| several.pay_group == group);
    let further = of_group.flat_map(|several| &several.periods).filter(|period| period.end > last.end);
    let start = further.filter_map(|period| period.start).chain(tonight.start).min();
    let tonight = &PayPeriod { start, ..*tonight };
    // One period alone is no series: the job may have been tried out long ago, unless a guard stopped what followed.
    let follows = |order: &Order| match order {
        Order::Overlap(..) => true,
        Order::Gap(from, to) => earlier.len() > 1 || stopped(inputs, group, *from, *to).is_some(),
    };
    Some((last, order(last, tonight).filter(follows)?))
}

/// Tonight's period after another one; `None`: in order, or nobody knows their first days. A file of an earlier period
/// is a correction of it, and leaves no gap.
fn order(last: &PayPeriod, tonight: &PayPeriod) -> Option<Order> {
    let (last_start, start) = (last.start?, tonight.start?);
    if last.end == tonight.end {
        return None;
    }
    let (first_common, last_common) = (start.max(last_start), tonight.end.min(last.end));
    if first_common <= last_common {
        return Some(Order::Overlap(first_common, last_common));
    }
    let between = start.signed_duration_since(last.end).num_days() - 1;
    let shorter = length_days(last_start, last.end).min(length_days(start, tonight.end));
    let day = TimeDelta::days(1);
    // Months differ in length, and weeks may leave out their ends.
    (2 * between > shorter).then(|| Order::Gap(last.end + day, start - day))
}

fn length_days(start: NaiveDate, end: NaiveDate) -> i64 {
    end.signed_duration_since(start).num_days() + 1
}

/// The night that read a period on these days, and that a guard stopped.
fn stopped(inputs: &Inputs<'_>, group: &str, from: NaiveDate, to: NaiveDate) -> Option<NaiveDate> {
    let of_group = inputs.past.stopped.get(group)?;
    of_group.iter().find(|(period, _)| (from..=to).contains(&period.end)).map(|(_, night)| *night)
}

fn out_of_order(
    night: &Night<'_>,
    group: &str,
    period: &PayPeriod,
    last: &PayPeriod,
    order: Order,
) -> PolarsResult<Finding> {
    let whose = whose(group);
    let sentence = match order {
        Order::Gap(from, to) => match stopped(night.inputs, group, from, to) {
            Some(stopped) => format!(
                "The payroll file{whose} is of {period}, and the last one that counts of {last}: a guard stopped the night of \
                 {stopped}, which read {from} to {to}. Run with that file first, and with --accept-swing where it is right."
            ),
            None => format!(
                "The payroll file{whose} is of {period}, and the last one that was read of {last}: nothing was read of {from} to \
                 {to}. Run with the missing file first."
            ),
        },
        Order::Overlap(from, to) => format!(
            "The payroll file{whose} is of {period}, and the last one that was read of {last}: both have {from} to {to}. Correct the \
             dates of the file."
        ),
    };
    let blank = of_periods(night, Code::CT08, group, period, &last.to_string())?;
    Ok(Finding { sentence, ..blank }.moved_by(Owner::Payroll))
}

/// CT07: the same bytes were another period's.
fn same_file(night: &Night<'_>, group: &str, period: &PayPeriod, before: &PayPeriod) -> PolarsResult<Finding> {
    let sentence = format!(
        "The payroll file{} is the very file that was read for {before}, and is now said to be of {period}: get the file of the \
         period.",
        whose(group)
    );
    let blank = of_periods(night, Code::CT07, group, period, &before.to_string())?;
    Ok(Finding { sentence, ..blank }.moved_by(Owner::Operator))
}

/// The newest period of the group that a file was here of, tonight's or that of an earlier night: tonight's may be a
/// correction of an earlier one.
fn newest_read<'p>(inputs: &Inputs<'p>, group: &str, tonight: &'p PayPeriod) -> &'p PayPeriod {
    let read = inputs.past.earlier.get(group).into_iter().flatten();
    let stopped = inputs.past.stopped.get(group).into_iter().flatten().map(|(period, _)| period);
    read.chain(stopped).filter(|period| period.end > tonight.end).max_by_key(|period| period.end).unwrap_or(tonight)
}

/// CT07: a newer file is due. `which`: the file of this period.
fn late_file(night: &Night<'_>, group: &str, period: &PayPeriod, which: &str) -> PolarsResult<Option<Finding>> {
    let Some(start) = period.start else { return Ok(None) };
    let age = night.inputs.as_of.signed_duration_since(period.end).num_days();
    let length = length_days(start, period.end);
    if age <= length + FILE_GRACE_DAYS {
        return Ok(None);
    }
    let sentence = format!(
        "The {which}{} is of {period}, which ended {age} days ago: a whole period of {length} days has gone by since, and its \
         file is not here. Get the newest file.",
        whose(group)
    );
    let as_of = night.inputs.as_of.to_string();
    let blank = of_periods(night, Code::CT07, group, period, &as_of)?;
    Ok(Some(Finding { sentence, field: field("pay_date", group), ..blank }.moved_by(Owner::Operator)))
}

/// CT07: Benifex said it days before.
fn old_answers(night: &Night<'_>) -> PolarsResult<Option<Finding>> {
    let (as_of, known_on) = (night.inputs.as_of, night.inputs.answers_of);
    let age = as_of.signed_duration_since(known_on).num_days();
    if age <= ANSWERS_AGE_MAX_DAYS {
        return Ok(None);
    }
    let blank = night.finding(Code::CT07, None)?;
    Ok(Some(
        Finding {
            field: "snapshot".to_owned(),
            payroll_value: as_of.to_string(),
            system_value: known_on.to_string(),
            evidence: vec![evidence("benifex", "snapshot", night.inputs.snapshot_id)],
            sentence: format!(
                "Benifex's answers are of {known_on}, {age} days before the night of {as_of}: run without --offline."
            ),
            ..blank
        }
        .moved_by(Owner::Operator),
    ))
}

fn of_periods(night: &Night<'_>, code: Code, group: &str, period: &PayPeriod, other: &str) -> PolarsResult<Finding> {
    Ok(Finding {
        field: field("period", group),
        payroll_value: period.to_string(),
        system_value: other.to_owned(),
        period_start: period.start,
        period_end: Some(period.end),
        pay_group: group.to_owned(),
        evidence: vec![evidence("payroll", "period_end", "earlier nights")],
        ..night.finding(code, None)?
    })
}

/// A finding is told apart by its field, and each group has its own.
fn field(name: &str, group: &str) -> String {
    format!("{name} {group}").trim_end().to_owned()
}

fn whose(group: &str) -> String {
    if group.is_empty() { String::new() } else { format!(" of {group}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period((start, end): (&str, &str)) -> PayPeriod {
        let day = |text: &str| text.parse().expect("a day");
        PayPeriod { start: Some(day(start)), end: day(end) }
    }

    #[track_caller]
    fn check(last: (&str, &str), tonight: (&str, &str), expected: Option<(&str, &str, bool)>) {
        let found = order(&period(last), &period(tonight)).map(|order| match order {
            Order::Gap(from, to) => (from.to_string(), to.to_string(), true),
            Order::Overlap(from, to) => (from.to_string(), to.to_string(), false),
        });
        assert_eq!(found, expected.map(|(from, to, gap)| (from.to_owned(), to.to_owned(), gap)));
    }

    #[test]
    fn the_next_month_or_week_is_in_order_also_with_a_weekend_between() {
        check(("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-03-31"), None);
        check(("2026-03-02", "2026-03-06"), ("2026-03-09", "2026-03-13"), None);
        check(("2026-03-01", "2026-03-31"), ("2026-03-01", "2026-03-31"), None);
    }

    #[test]
    fn a_month_that_was_left_out_is_a_gap() {
        check(("2026-01-01", "2026-01-31"), ("2026-03-01", "2026-03-31"), Some(("2026-02-01", "2026-02-28", true)));
    }

    #[test]
    fn days_of_two_periods_overlap() {
        check(("2026-02-16", "2026-03-15"), ("2026-03-01", "2026-03-31"), Some(("2026-03-01", "2026-03-15", false)));
    }

    #[test]
    fn the_file_of_an_earlier_month_corrects_it() {
        check(("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28"), None);
        check(("2026-03-01", "2026-03-31"), ("2026-01-01", "2026-01-31"), None);
    }
}
