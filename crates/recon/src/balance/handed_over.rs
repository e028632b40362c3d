//! Ids that payroll and Benifex gave to somebody else after the person who had them: what the books hold of periods
//! before is the former holder's, and nothing of it is the present one's.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::account_period::AccountPeriod;
use super::history::{BalanceHistory, Employee};
use tieout_model::balance::{HANDED_OVER, Page, PayPeriod};

/// Somebody else had an employee's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HandedOver {
    /// The last day of the former holder's periods.
    pub(super) until: NaiveDate,
    /// The books say so.
    pub(super) noted: bool,
}

/// Whose part of an id's books is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Holder {
    /// Of whoever had it.
    #[default]
    Anybody,
    /// Of who had it up to this day.
    Former(NaiveDate),
    /// Of who has it since.
    Present(NaiveDate),
}

impl Holder {
    /// `cells` by period, oldest first.
    pub(super) fn cells(self, cells: &[AccountPeriod]) -> &[AccountPeriod] {
        self.of(cells, |cell| cell.period)
    }

    fn of<T>(self, all: &[T], period: impl Fn(&T) -> PayPeriod) -> &[T] {
        let split = |until: NaiveDate| all.split_at(all.partition_point(|one| period(one).end <= until));
        match self {
            Holder::Anybody => all,
            Holder::Former(until) => split(until).0,
            Holder::Present(until) => split(until).1,
        }
    }
}

pub(super) fn is_hand_over(page: &Page) -> bool {
    page.unjudged.as_ref().is_some_and(|unjudged| unjudged.iter().eq([HANDED_OVER]))
}

impl BalanceHistory {
    /// Takes in whose ids were somebody else's, up to which day.
    pub fn hand_over(&mut self, former: &BTreeMap<String, NaiveDate>) {
        for (position, until) in self.positions(former.keys().map(String::as_str)).into_iter().zip(former.values()) {
            let Some(position) = position else { continue };
            let is_news = self.handed_over.get(&position).is_none_or(|known| known.until < *until);
            if is_news {
                self.handed_over.insert(position, HandedOver { until: *until, noted: false });
            }
        }
    }

    /// What the books hold of the person who has the id now.
    pub fn present(&self, position: usize) -> Employee<'_> {
        let all = self.at(position);
        self.handed_over.get(&position).map_or(all, |over| all.seen_as(Holder::Present(over.until)))
    }

    /// What they hold of who had the id before, and up to which day; `None`: nobody, as far as is known.
    pub fn former(&self, position: usize) -> Option<(Employee<'_>, NaiveDate)> {
        let until = self.handed_over.get(&position)?.until;
        Some((self.at(position).seen_as(Holder::Former(until)), until))
    }

    /// What they hold of who has an id now, and of who had it before, where somebody else had.
    pub fn holders(&self, employee_id: &str) -> (Employee<'_>, Option<Employee<'_>>) {
        let position = self.positions(std::iter::once(employee_id)).pop().flatten();
        let former = position.and_then(|position| self.former(position)).map(|(former, _)| former);
        (position.map_or(Employee::default(), |position| self.present(position)), former)
    }

    /// What notes that the id was somebody else's, where the books do not say so yet.
    pub fn hand_over_to_note(&self, position: usize, employee_id: &str) -> Option<Page> {
        let HandedOver { until, .. } = self.handed_over.get(&position).filter(|over| !over.noted)?;
        let period = PayPeriod { start: Some(*until), end: *until };
        let unjudged = Some(vec![HANDED_OVER.to_owned()]);
        Some(Page { employee_id: employee_id.into(), period, unjudged, postings: Vec::new() })
    }
}

impl<'h> Employee<'h> {
    fn seen_as(mut self, holder: Holder) -> Employee<'h> {
        self.holder = holder;
        self.periods = holder.of(self.periods, |known| known.period);
        self
    }

    /// The last night that first posted to a period which began before a day; `None`: no period did, or one that began
    /// since was read as well.
    pub fn last_night_before(&self, day: NaiveDate) -> Option<NaiveDate> {
        let began = |period: PayPeriod| period.start.unwrap_or(period.end);
        if self.periods.iter().any(|known| known.is_read() && began(known.period) >= day) {
            return None;
        }
        let cells = self.accounts().flat_map(|(_, cells)| cells);
        cells.filter(|cell| began(cell.period) < day).map(|cell| cell.found_on).max()
    }

    /// The last day of the newest period to which something was posted by a night.
    pub fn last_posted_by(&self, night: NaiveDate) -> Option<NaiveDate> {
        let cells = self.accounts().flat_map(|(_, cells)| cells);
        cells.filter(|cell| cell.found_on <= night).map(|cell| cell.period.end).max()
    }
}
