//! From how many of a pay group who have a benefit payroll takes something for it: where a pay date may be of either of
//! two months or years, that says of which it is to payroll.

use polars::prelude::*;

use crate::rules::calendar::moved_dates::{ByCalendar, END_DAYS_MAX, OfTwo, Turn};
use crate::rules::calendar::{DateKind, Payday};
use crate::rules::lines::deducted::KindWords;
use crate::rules::lines::dictionary::{BLANK, Dictionary};
use crate::rules::people::People;
use crate::rules::schema::EMPLOYEES;
use crate::scheme::{DeductionDates, ExtraPayDate, Scheme};
use crate::tables::payroll::PAYROLL_LINES;
use crate::tables::payroll::PayrollTables;

/// Days after which another pay date that was moved is another holiday's.
const ONE_HOLIDAY_DAYS: i32 = 45;

/// Empty where no pay date leaves a doubt.
#[derive(Default)]
pub(in crate::rules) struct Takers(Option<OfDoubt>);

struct OfDoubt {
    /// Who is taken something, by `emp` and label.
    takers: PlHashMap<(u32, u32), i64>,
    /// As [`People::of_two`], with the benefits by label.
    before: Vec<Vec<Before>>,
}

/// An earlier pay date that was of two months too, and by label whether payroll deducted on it.
struct Before {
    /// Last day of its period.
    end: i32,
    turns: [Turn; 2],
    deducted: PlHashMap<u32, bool>,
}

impl Before {
    fn new(earlier: &OfTwo, labels: &Dictionary) -> Before {
        let label = |key: &String| labels.find(key.rsplit_once(' ')?.0);
        let deducted = earlier.deducted.iter().filter_map(|(key, deducted)| Some((label(key)?, *deducted))).collect();
        Before { end: earlier.end, turns: earlier.turns, deducted }
    }

    /// Which of its two turns payroll took it as; `kinds`: what it is to the benefit by each.
    fn reading(&self, label: u32, kinds: [DateKind; 2]) -> Option<usize> {
        let (deducted, is_free) = (*self.deducted.get(&label)?, kinds.map(DateKind::is_free));
        is_free.iter().position(|free| *free != deducted).filter(|_| is_free[0] != is_free[1])
    }
}

/// Of whom something is taken, by `emp` and label, and what of both payers. Counts of 1/10,000.
pub(super) fn taken(
    payroll: &PayrollTables,
    people: &People<'_>,
    words: &KindWords,
) -> PolarsResult<PlHashMap<(u32, u32), i64>> {
    let emp_of_person = &people.ids.of_person;
    let lines = &payroll.lines;
    let keys =
        PAYROLL_LINES.person.of(lines)?.into_no_null_iter().zip(PAYROLL_LINES.kind.of(lines)?.into_no_null_iter());
    let amounts = PAYROLL_LINES.ee_amount.of(lines)?.iter().zip(PAYROLL_LINES.er_amount.of(lines)?.iter());
    let key = |(person, kind): (u32, u32)| (emp_of_person[person as usize], words.labels[kind as usize]);
    let mut taken: PlHashMap<(u32, u32), i64> = PlHashMap::default();
    for (keys, (ee, er)) in keys.zip(amounts) {
        let amounts = [ee, er].map(Option::unwrap_or_default);
        if amounts != [0, 0] {
            *taken.entry(key(keys)).or_default() += amounts[0] + amounts[1];
        }
    }
    Ok(taken)
}

impl Takers {
    pub(in crate::rules) fn new(
        payroll: &PayrollTables,
        people: &People<'_>,
        (words, labels): (&KindWords, &Dictionary),
    ) -> PolarsResult<Takers> {
        if people.of_two.len() <= 1 && !people.paydays.iter().any(Payday::may_be_of_two) {
            return Ok(Takers::default());
        }
        let takers = taken(payroll, people, words)?;
        let before = people.of_two.iter().map(|of_two| of_two.iter().map(|pay| Before::new(pay, labels)).collect());
        Ok(Takers(Some(OfDoubt { takers, before: before.collect() })))
    }

    /// By pay group and label, whether something is taken of most who have a record of it. `emp`, `labels`: of the
    /// records.
    pub(in crate::rules) fn most(
        &self,
        people: &People<'_>,
        emp: &[u32],
        labels: &[u32],
    ) -> PolarsResult<Practice<'_>> {
        let Some(OfDoubt { takers, before }) = &self.0 else { return Ok(Practice::default()) };
        let groups = EMPLOYEES.group.of(&people.frame)?;
        let mut counted: PlHashMap<(u32, u32), (u64, u64)> = PlHashMap::default();
        for key in emp.iter().copied().zip(labels.iter().copied()) {
            if people.person.get(key.0 as usize).is_some() {
                let group = groups.get(key.0 as usize).unwrap_or(BLANK);
                let (taken, all) = counted.entry((group, key.1)).or_default();
                *taken += u64::from(takers.contains_key(&key));
                *all += 1;
            }
        }
        let takes = counted.into_iter().map(|(key, (taken, all))| (key, 2 * taken > all)).collect();
        Ok(Practice { takes, before })
    }
}

/// How payroll takes what a pay date of two months leaves open.
#[derive(Default)]
pub(in crate::rules) struct Practice<'t> {
    /// By pay group and label, whether something is taken of most.
    takes: PlHashMap<(u32, u32), bool>,
    before: &'t [Vec<Before>],
}

impl Practice<'_> {
    /// What the pay date is to a benefit, as payroll takes it where it may be of either of two months or years. Where a
    /// pay date shortly before was moved as well, by the same of both as that one.
    pub(in crate::rules) fn kind(&self, payday: &Payday, scheme: &Scheme, per_year: i64, of: (u32, u32)) -> DateKind {
        match (payday.kind(scheme, per_year), self.takes.get(&of)) {
            (DateKind::Unknown, Some(takes)) => self
                .kind_as_before(payday, scheme, per_year, of.1)
                .unwrap_or_else(|| payday.kind_as_taken(scheme, per_year, *takes)),
            (kind, _) => kind,
        }
    }

    fn kind_as_before(&self, payday: &Payday, scheme: &Scheme, per_year: i64, label: u32) -> Option<DateKind> {
        let rules = (scheme.deduction_dates.as_ref(), scheme.extra_pay_date(), per_year);
        let reading = reading_near(self.before, payday, payday.end, rules, label)?;
        let kinds = payday.both_kinds(rules.0, rules.1, rules.2);
        Some(kinds[reading]).filter(|kind| *kind != DateKind::Unknown)
    }
}

/// Dates of deduction and the extra one of a scheme, and deductions a year.
type Rules<'s> = (Option<&'s DeductionDates>, Option<ExtraPayDate>, i64);

/// As which of its two turns payroll took the pay date of two months that is nearest to this day.
fn reading_near(before: &[Vec<Before>], payday: &Payday, end: i32, rules: Rules<'_>, label: u32) -> Option<usize> {
    let ByCalendar::Known { before: at, .. } = payday.by_calendar else { return None };
    let readings = before.get(at)?.iter().filter_map(|earlier| {
        let kinds = payday.of_turns(earlier.turns).both_kinds(rules.0, rules.1, rules.2);
        Some(((earlier.end - end).abs(), earlier.reading(label, kinds)?))
    });
    readings.filter(|(days, _)| *days <= ONE_HOLIDAY_DAYS).min_by_key(|(days, _)| *days).map(|(_, reading)| reading)
}

impl Takers {
    /// An earlier pay date, of which payroll's own practice says what it is to a benefit where it is of two months.
    pub(in crate::rules) fn as_taken(&self, payday: Payday, rules: Rules<'_>, label: u32) -> Payday {
        let (Some(OfDoubt { before, .. }), ByCalendar::Known { before: at, .. }) = (&self.0, payday.by_calendar) else {
            return payday;
        };
        let of_two = before.get(at).into_iter().flatten().find(|pay| (pay.end - payday.end).abs() <= END_DAYS_MAX);
        let Some(Before { turns, .. }) = of_two else { return payday };
        match reading_near(before, &payday, payday.end, rules, label) {
            Some(reading) => payday.of_turns([turns[reading]; 2]),
            None => payday.of_turns(*turns),
        }
    }
}
