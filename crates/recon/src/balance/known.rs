//! The periods of one employee that nights looked at, and what they could make of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::account_period::cell;
use super::history::Employee;
use tieout_model::balance::{Account, GROUP, LEFT_OUT, NOT_CHARGED, PayPeriod, UNREAD};

/// Periods back in which a deduction still makes up for what was missed.
const LATELY_PERIODS: usize = 3;

/// A period that a night looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Known {
    pub(super) period: PayPeriod,
    /// Benefits that could not be judged in it; of somebody who was left out, those that were in force.
    pub(super) unjudged: BTreeSet<String>,
    /// Its file had no row of the employee, who was employed in all of it.
    pub(super) left_out: bool,
    /// The last night that looked at it.
    pub(super) looked_on: NaiveDate,
    /// Its file had a row of the employee of which nothing could be judged.
    pub(super) unread: bool,
}

impl Known {
    /// Rows of it were read.
    pub(super) fn is_read(&self) -> bool {
        !self.left_out && !self.unread
    }
}

/// The period is one that was looked at; `unjudged` are benefits that could not be judged in it. What was read of a
/// period stays known.
pub(super) fn know(periods: &mut Vec<Known>, (period, looked_on): (PayPeriod, NaiveDate), unjudged: Vec<String>) {
    let has = |mark: &str| unjudged.iter().any(|benefit| benefit == mark);
    let (left_out, unread) = (has(LEFT_OUT), has(UNREAD));
    let known = Known { period, unjudged: unjudged.into_iter().collect(), left_out, looked_on, unread };
    match periods.binary_search_by_key(&period.end, |known| known.period.end) {
        Ok(at) if unread && !periods[at].unread => {}
        Ok(at) => periods[at] = Known { period: periods[at].period, ..known },
        Err(at) => periods.insert(at, known),
    }
}

impl<'h> Employee<'h> {
    /// Every period that was looked at, oldest first, and whether it is known what payroll took for the account.
    /// `is_stated`: tonight says what was due in the period that ended on this day.
    pub fn looked_at<'b, F: Fn(NaiveDate) -> bool + 'b>(
        &self,
        account: &'b Account,
        is_stated: F,
    ) -> impl Iterator<Item = (PayPeriod, bool)> + use<'h, 'b, F> {
        let cells = self.cells(account);
        self.periods.iter().map(move |known| {
            let judged = known.is_read() && !known.unjudged.contains(&*account.benefit);
            let held = cell(cells, known.period.end);
            let is_settled = held.is_none_or(|held| !held.is_unsettled()) || is_stated(known.period.end);
            (known.period, is_settled && (judged || known.left_out || held.is_some() || is_stated(known.period.end)))
        })
    }

    /// The period was looked at, whatever could be made of it.
    pub fn is_looked_at(&self, end: NaiveDate) -> bool {
        self.periods.binary_search_by_key(&end, |known| known.period.end).is_ok()
    }

    /// Rows of the period were read.
    pub fn is_read(&self, end: NaiveDate) -> bool {
        self.periods.binary_search_by_key(&end, |known| known.period.end).is_ok_and(|at| self.periods[at].is_read())
    }

    /// Periods of which payroll is known and in which the account's benefit could be judged, or of which the books hold
    /// something, oldest first.
    pub fn known<'b>(&self, account: &'b Account) -> impl Iterator<Item = PayPeriod> + use<'h, 'b> {
        let cells = self.cells(account);
        let is_known = move |known: &&Known| {
            (known.is_read() && !known.unjudged.contains(&*account.benefit)) || cell(cells, known.period.end).is_some()
        };
        self.periods.iter().filter(is_known).map(|known| known.period)
    }

    /// Benefits of which nothing was charged in periods that ended before this day, where something was due of which
    /// nobody knows how much, each with the first period.
    pub fn not_charged(&self, day: NaiveDate) -> BTreeMap<&'h str, PayPeriod> {
        let mut first = BTreeMap::new();
        for known in self.periods.iter().filter(|known| known.period.end < day) {
            let benefits = known.unjudged.iter().filter_map(|mark| mark.strip_prefix(NOT_CHARGED));
            benefits.for_each(|benefit| _ = first.entry(benefit).or_insert(known.period));
        }
        first
    }

    /// Periods of which rows were read, oldest first, with the pay group that the employee was in, as far as it is
    /// noted.
    pub fn pay_groups(&self) -> impl Iterator<Item = (PayPeriod, Option<&'h str>)> + use<'h> {
        let mut group = None;
        let with_group = self.periods.iter().map(move |known| {
            group = known.unjudged.iter().find_map(|mark| mark.strip_prefix(GROUP)).or(group);
            (known, group)
        });
        with_group.filter(|(known, _)| known.is_read()).map(|(known, group)| (known.period, group))
    }

    /// Periods whose files had no row of the employee, oldest first, and whether the benefit was in force.
    pub fn left_out<'b>(&self, benefit: &'b str) -> impl Iterator<Item = (PayPeriod, bool)> + use<'h, 'b> {
        let left_out = self.periods.iter().filter(|known| known.left_out);
        left_out.map(move |known| (known.period, known.unjudged.contains(benefit)))
    }

    /// Periods whose files had a row of the employee of which nothing could be judged, and no other file since.
    pub fn unread(&self) -> impl DoubleEndedIterator<Item = PayPeriod> + use<'h> {
        self.periods.iter().filter(|known| known.unread).map(|known| known.period)
    }

    /// The benefits that could not be judged in the period that ends on this day; `None`: its payroll is not known.
    pub fn look(&self, end: NaiveDate) -> Option<&'h BTreeSet<String>> {
        let at = self.periods.binary_search_by_key(&end, |known| known.period.end).ok()?;
        Some(&self.periods[at]).filter(|known| !known.unread).map(|known| &known.unjudged)
    }

    /// The last night that read rows of the period that ends on this day.
    pub(super) fn read_on(&self, end: NaiveDate) -> Option<NaiveDate> {
        let at = self.periods.binary_search_by_key(&end, |known| known.period.end).ok()?;
        Some(&self.periods[at]).filter(|known| known.is_read()).map(|known| known.looked_on)
    }

    /// The last period of which rows were read, and the last night that read them.
    pub fn last_read(&self) -> Option<(PayPeriod, NaiveDate)> {
        self.periods.iter().rfind(|known| known.is_read()).map(|known| (known.period, known.looked_on))
    }

    /// Periods of which rows were read, oldest first.
    fn read(&self) -> impl DoubleEndedIterator<Item = PayPeriod> + use<'h> {
        self.periods.iter().filter(|known| known.is_read()).map(|known| known.period)
    }

    /// Whether rows of a period, or of one that it is a part of, were read; of those that ended before this day.
    pub fn knows(&self, period: &PayPeriod, day: NaiveDate) -> bool {
        self.read().filter(|known| known.end < day).any(|known| known.holds(period))
    }

    /// Whether a period that was read, of another frequency, has days in common with this one.
    pub fn overlaps(&self, period: &PayPeriod) -> bool {
        self.read().any(|known| known.overlaps(period))
    }

    /// Rows of a period that has days in common with this one were read.
    pub fn has_days_of(&self, period: &PayPeriod) -> bool {
        self.read().any(|known| known.has_days_of(period))
    }

    /// Whether periods of two frequencies have days in common: this one, and those read that ended since that day.
    pub fn is_paid_by_two(&self, period: &PayPeriod, since: NaiveDate) -> bool {
        let read: Vec<PayPeriod> = self.read().filter(|known| known.end >= since).chain([*period]).collect();
        read.iter().any(|one| read.iter().any(|other| one.overlaps(other)))
    }

    /// Rows of periods were read, and all of them ended after this one.
    pub fn begins_after(&self, period: &PayPeriod) -> bool {
        self.read().next().is_some_and(|first| period.end < first.end)
    }

    /// The last day of the newest period that was read and ended before this day.
    pub fn last_before(&self, day: NaiveDate) -> Option<NaiveDate> {
        self.last_period_before(day).map(|period| period.end)
    }

    /// The newest period that was read and ended before this day.
    pub fn last_period_before(&self, day: NaiveDate) -> Option<PayPeriod> {
        self.read().rfind(|period| period.end < day)
    }

    /// How many of the last periods before this day were read while the job had no code for the account's benefit, and
    /// left nothing in the books.
    pub fn without_code_lately(
        &self,
        account: &Account,
        day: NaiveDate,
        had_no_code: impl Fn(NaiveDate) -> bool,
    ) -> usize {
        let cells = self.cells(account);
        let read = self.periods.iter().rev().filter(|known| known.is_read() && known.period.end < day);
        let unjudged =
            |known: &&Known| known.unjudged.contains(&*account.benefit) && cell(cells, known.period.end).is_none();
        read.take(LATELY_PERIODS).filter(unjudged).filter(|known| had_no_code(known.looked_on)).count()
    }

    /// The first night that posted to the period that ends on this day.
    pub fn first_night_of(&self, end: NaiveDate) -> Option<NaiveDate> {
        self.accounts().filter_map(|(_, cells)| cell(cells, end)).map(|cell| cell.found_on).min()
    }

    /// Whether rows of a period that ended before this day were read.
    pub fn knows_before(&self, day: NaiveDate) -> bool {
        self.read().next().is_some_and(|known| known.end < day)
    }

    /// Rows of periods were read, and all of them ended before this day.
    pub fn is_silent_since(&self, day: NaiveDate) -> bool {
        self.read().next_back().is_some_and(|known| known.end < day)
    }
}
