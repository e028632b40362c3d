//! Who is paid by another payroll's file, whatever pay group Benifex has: files come in turn by pay group or frequency,
//! and Benifex may follow a move late, or early, or have one group for people of two frequencies.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::balance::{BESIDE_SHARE_MAX, SILENT_DAYS};
use crate::rules::calendar::paydays::PAYS;
use crate::rules::calendar::pays_of_period;
use crate::rules::pay::frequency::are_apart;
use crate::rules::people::{People, date, day_number, mark};
use crate::rules::schema::EMPLOYEES;
use tieout_model::balance::PayPeriod;

/// Of fewer people whom no file ever had, another frequency in Benifex is an error there and no other payroll.
const PAYROLL_PEOPLE_MIN: usize = 2;

/// What tells files of other payrolls from tonight's.
pub(in crate::rules) struct OtherFiles<'i> {
    inputs: &'i Inputs<'i>,
    /// Pays a year of tonight's people, by the days of their periods.
    by_days: BTreeSet<i64>,
    /// By `emp`: Benifex states pay periods of another frequency than tonight's.
    stated: Vec<bool>,
    /// People whom no file ever had are of another payroll.
    has_unseen: bool,
    /// Most of tonight's people were in other files before: those were of the same payroll, under other names.
    same_payroll: bool,
}

impl<'i> OtherFiles<'i> {
    pub(in crate::rules) fn new(inputs: &'i Inputs<'_>, people: &People<'_>) -> PolarsResult<OtherFiles<'i>> {
        let on_payroll: Vec<usize> =
            people.person.iter().enumerate().filter_map(|(emp, row)| row.map(|_| emp)).collect();
        let days = on_payroll.iter().map(|emp| pays_of_period(people.paydays[*emp].start, people.paydays[*emp].end));
        let by_days = days.filter(|pays| *pays > 0).collect();
        let stated = of_other_frequency(people, &on_payroll)?;
        let never_read = |emp: usize| inputs.books.of(people.ids.text(emp as u32)).last_read().is_none();
        let unseen = (0..stated.len()).filter(|emp| stated[*emp] && never_read(*emp)).count();
        let has_unseen = unseen >= PAYROLL_PEOPLE_MIN;
        let files = OtherFiles { inputs, by_days, stated, has_unseen, same_payroll: false };
        let marks = EMPLOYEES.mark.of(&people.frame)?.into_no_null_iter().enumerate();
        let mut alone = marks.filter(|(_, who)| *who == mark::SERVICE_ONLY).map(|(emp, _)| emp);
        let moved = || on_payroll.iter().filter(|emp| files.is_last_of_other(people, **emp)).count();
        let same_payroll = alone.any(|emp| files.is_last_of_other(people, emp))
            && BESIDE_SHARE_MAX.is_exceeded(moved() as i128, on_payroll.len() as i128);
        Ok(OtherFiles { same_payroll, ..files })
    }

    /// Another payroll's file had the person last.
    pub(in crate::rules) fn is_last_of_other(&self, people: &People<'_>, emp: usize) -> bool {
        self.last_of_other(people, emp).is_some()
    }

    fn last_of_other(&self, people: &People<'_>, emp: usize) -> Option<PayPeriod> {
        let (period, night) = self.inputs.books.of(people.ids.text(emp as u32)).last_read()?;
        let pays = period.start.map_or(0, |start| pays_of_period(day_number(start), day_number(period.end)));
        let other_frequency = pays > 0 && !self.by_days.is_empty() && !self.by_days.contains(&pays);
        let other = other_frequency || self.inputs.past.other_files.contains(&(night, period.end));
        (other && !self.same_payroll).then_some(period)
    }

    /// Nobody can say by tonight's file that the person is not on payroll: another one had them lately, or none ever,
    /// and Benifex has them paid as often as nobody of tonight's is.
    pub(in crate::rules) fn holds(&self, people: &People<'_>, emp: usize) -> bool {
        let since: NaiveDate = date(people.paydays[emp].start - SILENT_DAYS);
        match self.last_of_other(people, emp) {
            Some(last) => last.end >= since || self.stated[emp],
            // Whom the job names belongs in tonight's file.
            None if !self.inputs.job.payroll.pay_groups.is_empty() => false,
            None => {
                self.has_unseen
                    && self.stated[emp]
                    && self.inputs.books.of(people.ids.text(emp as u32)).last_read().is_none()
            }
        }
    }
}

/// By `emp`: pay periods that Benifex states are of another frequency than tonight's people have, of whom it states
/// theirs.
fn of_other_frequency(people: &People<'_>, on_payroll: &[usize]) -> PolarsResult<Vec<bool>> {
    let stated = EMPLOYEES.pay_periods.of(&people.frame)?;
    let alone = EMPLOYEES.mark.of(&people.frame)?.into_no_null_iter().map(|who| who == mark::SERVICE_ONLY);
    let of = |emp: usize| stated.get(emp).filter(|pays| PAYS.contains(pays));
    let tonight: BTreeSet<i64> = on_payroll.iter().map(|emp| people.paydays[*emp].pays).collect();
    let here: Vec<i64> = on_payroll.iter().filter_map(|emp| of(*emp)).collect();
    let alike = here.iter().filter(|pays| tonight.contains(pays)).count();
    if 2 * alike <= here.len() {
        return Ok(vec![false; people.ids.len()]);
    }
    let here: BTreeSet<i64> = here.into_iter().collect();
    let is_other = |pays: i64| {
        !tonight.contains(&pays) && (!here.contains(&pays) || tonight.iter().all(|other| are_apart(pays, *other)))
    };
    Ok(alone.enumerate().map(|(emp, alone)| alone && of(emp).is_some_and(is_other)).collect())
}
