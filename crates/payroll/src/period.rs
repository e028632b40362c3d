//! The period of the file as a whole.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use crate::deductions::row_amounts::SeveralPeriods;
use crate::people::{PayGroup, People, Stay};
use crate::{FilePeriod, PayrollError};
use crate::{settings, tables};
use tieout_model::balance::PayPeriod;
use tieout_model::control::PeriodsByGroup;
use tieout_model::terms::PayFrequency;

/// Pay groups that the error names.
const GROUPS_SHOWN_MAX: usize = 5;

/// The newest period by its last day, from the earliest first day among the rows that share it; the job's own dates
/// when no row was accepted.
pub(super) fn file_period(people: &People, settings: &settings::Period) -> Result<FilePeriod, PayrollError> {
    let mut newest: Option<(NaiveDate, NaiveDate, Option<NaiveDate>)> = None;
    for (start, end, pay_date) in people.periods() {
        newest = match newest {
            Some(kept) if kept.1 > end => Some(kept),
            Some(kept) if kept.1 == end => Some((kept.0.min(start), end, kept.2.max(pay_date))),
            _ => Some((start, end, pay_date)),
        };
    }
    let in_job = settings.start.zip(settings.end).map(|(start, end)| (start, end, settings.pay_date));
    let Some((start, end, pay_date)) = newest.or(in_job) else {
        return Err(PayrollError::NoPeriod { lacking: "at least one regular row that was accepted" });
    };
    Ok(FilePeriod { start, end, pay_date, cutoff: cutoff(end, settings.cutoff_days) })
}

/// First and last day.
type Days = (NaiveDate, NaiveDate);

/// Gives who joined or left inside the pay group's period, and has a row of those days alone, the period of the group;
/// and so the row of the last pay of somebody who left before the period began.
pub(super) fn take_in_parts(people: &mut People) {
    parts(people).into_iter().for_each(|(row, whole)| people.set_period(row, whole));
}

/// Rows of the table with such periods, and the period of their pay group.
fn parts(people: &People) -> Vec<(usize, Days)> {
    let mut periods = people.stays().map(|stay| stay.period);
    let first = periods.next();
    if periods.all(|period| Some(period) == first) {
        return Vec::new();
    }
    let mut by_group: BTreeMap<PayGroup<'_>, BTreeMap<Days, u64>> = BTreeMap::new();
    for (group, stay) in people.pay_groups().zip(people.stays()) {
        if let Some(days) = stay.period {
            *by_group.entry(group).or_default().entry(days).or_default() += 1;
        }
    }
    let whole: BTreeMap<PayGroup<'_>, Days> =
        by_group.iter().filter_map(|(group, periods)| Some((*group, whole(periods, group.2)?))).collect();
    let rows = people.pay_groups().zip(people.stays()).enumerate();
    let part = |(row, (group, stay)): (usize, (PayGroup<'_>, Stay))| {
        let of_group = || whole.get(&group).copied().filter(|whole| is_part(&stay, *whole, group.2));
        // The last row of a leaver may lack the word for the frequency.
        let named = PayFrequency::ALL.map(|frequency| (group.0, group.1, Some(frequency)));
        let of_named = || {
            let mut all =
                named.iter().filter(|_| group.2.is_none()).filter_map(|named| Some((named.2, *whole.get(named)?)));
            all.next().filter(|_| all.next().is_none()).filter(|(frequency, whole)| is_part(&stay, *whole, *frequency))
        };
        let whole = of_group().or_else(|| of_named().map(|(_, whole)| whole)).or_else(|| month_of(&stay, group.2))?;
        Some((row, whole))
    };
    rows.filter_map(part).collect()
}

/// The month of who is paid by the month and was hired or left in it, where nobody else's row says so.
fn month_of(stay: &Stay, frequency: Option<PayFrequency>) -> Option<Days> {
    let (start, end) = stay.period.filter(|period| !fits(*period, frequency))?;
    let first = start.with_day(1).filter(|_| frequency == Some(PayFrequency::Monthly))?;
    let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
    let inside = |day: &NaiveDate| (first..=last).contains(day);
    ([stay.hired, stay.left].iter().flatten().any(inside) && end <= last).then_some((first, last))
}

/// The period of a pay group: the one that most have, among those as long as the group's pay frequency makes them.
fn whole(periods: &BTreeMap<Days, u64>, frequency: Option<PayFrequency>) -> Option<Days> {
    let days = |(start, end): &Days| end.signed_duration_since(*start);
    let most = periods.iter().max_by_key(|(period, people)| (fits(**period, frequency), **people, days(period)));
    most.map(|(period, _)| *period)
}

fn is_part(stay: &Stay, whole: Days, frequency: Option<PayFrequency>) -> bool {
    let Some((start, end)) = stay.period.filter(|period| *period != whole) else { return false };
    let inside = |day: Option<NaiveDate>| day.is_some_and(|day| whole.0 <= day && day <= whole.1);
    if whole.0 <= start && end <= whole.1 {
        return fits(whole, frequency) || inside(stay.hired) || inside(stay.left);
    }
    end < whole.0 && stay.left.is_some_and(|left| left < whole.0)
}

/// A period is as long as one of this frequency.
fn fits((start, end): Days, frequency: Option<PayFrequency>) -> bool {
    let days = end.signed_duration_since(start).num_days() + 1;
    frequency.is_some_and(|frequency| match frequency {
        PayFrequency::Weekly => days == 7,
        PayFrequency::Biweekly => days == 14,
        PayFrequency::Semimonthly => (13..=16).contains(&days),
        PayFrequency::Monthly => (28..=31).contains(&days),
    })
}

/// Refuses a file in which the people of one pay group have periods with several last days: last month's amounts would
/// be compared with this month's elections.
pub(super) fn one_for_each_pay_group(people: &People, path: &Path) -> Result<(), PayrollError> {
    let mut ends = people.periods().map(|(_, end, _)| end);
    let first = ends.next();
    if ends.all(|end| Some(end) == first) {
        return Ok(());
    }
    let mut by_group: BTreeMap<_, BTreeMap<NaiveDate, u64>> = BTreeMap::new();
    for (group, (_, end, _)) in people.pay_groups().zip(people.periods()) {
        *by_group.entry(group).or_default().entry(end).or_default() += 1;
    }
    by_group.retain(|_, ends| ends.len() > 1);
    match by_group.is_empty() {
        true => Ok(()),
        false => Err(PayrollError::MixedPeriods { path: path.to_owned(), groups: shown(&by_group) }),
    }
}

/// The period of each pay group, of those that name one. Of employees with several the newest counts.
pub(super) fn by_group(people: &tables::People, several: &BTreeMap<String, SeveralPeriods>) -> PeriodsByGroup {
    let tables::People { employee_id, legal_entity, pay_group, pay_frequency, period_start, period_end, .. } = people;
    let newest_start = |id: Option<&str>| {
        let periods = &several.get(id?.trim())?.periods;
        periods.iter().max_by_key(|period| period.end)?.start
    };
    let mut periods: BTreeMap<PayGroup<'_>, PayPeriod> = BTreeMap::new();
    let groups = legal_entity.iter().zip(pay_group.iter()).zip(pay_frequency);
    let rows = groups.zip(period_start.iter().zip(period_end)).zip(employee_id.iter());
    for ((((company, group), frequency), (start, end)), id) in rows {
        let Some(end) = *end else { continue };
        let start = &newest_start(id).or(*start);
        let group = (company.unwrap_or_default(), group.unwrap_or_default(), *frequency);
        let period = periods.entry(group).or_insert(PayPeriod { end, start: *start });
        // Of several files of one group the newest is tonight's.
        if end > period.end {
            *period = PayPeriod { end, start: *start };
        } else if end == period.end {
            period.start = [period.start, *start].into_iter().flatten().min();
        }
    }
    periods.iter().map(|(group, period)| (name(group), *period)).collect()
}

/// A group in words; blank where the file names none.
pub(super) fn name((company, group, frequency): &PayGroup<'_>) -> String {
    let names = [*group, *company, frequency.map_or("", PayFrequency::name)].map(str::trim);
    names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Each group with the last days of its periods and their employees.
fn shown(by_group: &BTreeMap<PayGroup<'_>, BTreeMap<NaiveDate, u64>>) -> Vec<String> {
    let group = |(group, ends): (&PayGroup<'_>, &BTreeMap<NaiveDate, u64>)| {
        let ends = ends.iter().map(|(end, count)| format!("{end} (employees: {count})"));
        let name = Some(name(group)).filter(|name| !name.is_empty()).unwrap_or_else(|| "all".to_owned());
        format!("{name}: ending {}", ends.collect::<Vec<_>>().join(" and "))
    };
    by_group.iter().take(GROUPS_SHOWN_MAX).map(group).collect()
}

fn cutoff(end: NaiveDate, days: i64) -> NaiveDate {
    let moved = TimeDelta::try_days(days).and_then(|by| end.checked_add_signed(by));
    moved.unwrap_or(if days < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
}
