//! What an earlier period owes by the record of cover and the rules that hold tonight.

use crate::balance::AccountPeriod;
use crate::rules::balance::Books;
use crate::rules::balance::prices::other_frequency::Priced;
use crate::rules::balance::statement::Statement;
use crate::rules::calendar::cover::{Cover, CoverShare};
use crate::rules::calendar::employer_share::between;
use crate::rules::calendar::proration::{in_turn, prorated};
use crate::rules::calendar::takers::Takers;
use crate::rules::calendar::{DateKind, Payday};
use crate::rules::lines::pair::Pair;
use crate::rules::people::everybody::Person;
use crate::rules::people::{date, day_number};
use crate::scheme::{DeductionDates, FirstDeduction, Scheme};
use tieout_model::balance::{EntryKind, PayPeriod};
use tieout_model::finding::Payer;

/// One account of a person.
pub(in crate::rules::balance) struct Anew<'a> {
    pub(in crate::rules::balance) person: &'a Person,
    pub(in crate::rules::balance) scheme: &'a Scheme,
    pub(in crate::rules::balance) payer: Payer,
    takers: &'a Takers,
    label: u32,
    /// Deductions a year.
    pub(in crate::rules::balance) per_year: i64,
    /// First day of the cover in force.
    pub(in crate::rules::balance) first: Option<i32>,
    /// The service shows no record that it replaced.
    pub(in crate::rules::balance) is_only_record: bool,
    /// It was changed after its first day.
    pub(in crate::rules::balance) changed_late: bool,
    /// A whole deduction by it; `None`: tonight's line does not say.
    pub(in crate::rules::balance) whole: Option<i64>,
    pub(in crate::rules::balance) tolerance: i64,
    /// The currency's minor unit.
    pub(in crate::rules::balance) unit: i64,
    /// What its record states; `None`: no line tells.
    pub(in crate::rules::balance) priced: Option<Priced<'a>>,
}

/// A record of cover, and a whole deduction by it tonight.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules::balance) struct ByRecord {
    pub(in crate::rules::balance) first: i32,
    pub(in crate::rules::balance) whole: i64,
    /// Its row of the snapshot's benefits.
    pub(in crate::rules::balance) row: u32,
}

impl<'a> Anew<'a> {
    /// Of a line tonight. `due`: what it owes, or would owe on a pay date on which something is due.
    pub(in crate::rules::balance) fn of_line(
        books: &'a Books<'_>,
        statement: &Statement<'a>,
        pair: &'a Pair,
        due: Option<i64>,
        tolerance: i64,
    ) -> Anew<'a> {
        let person = statement.person;
        let scheme = books.lines.scheme(person, pair.label);
        let payer = statement.account.payer;
        let apart = person.employer_share(pair, scheme).filter(|_| payer == Payer::Employer);
        let (kind, cover, per_year) = match &apart {
            Some(share) => (share.date_kind, share.cover, share.per_year),
            None => (pair.date_kind, person.cover(pair, scheme), pair.per_year),
        };
        let known = kind != DateKind::Unknown && due.is_some();
        let whole = pair.live && known && cover.share(scheme) == CoverShare::Whole;
        Anew {
            person,
            scheme,
            payer,
            takers: &books.people.takers,
            label: pair.label,
            per_year,
            first: pair.first_day(),
            is_only_record: !books.lines.superseded.contains_key(&(pair.emp, pair.label)),
            changed_late: pair.changed > pair.first,
            whole: due.filter(|_| whole && !cover.is_over()),
            tolerance,
            unit: statement.account.currency.minor_unit(),
            priced: Some(Priced { books, pair, employee: statement.employee }),
        }
    }

    /// Of an account without a line.
    pub(in crate::rules::balance) fn without_line(
        books: &'a Books<'_>,
        statement: &Statement<'a>,
        label: u32,
    ) -> Anew<'a> {
        let person = statement.person;
        let per_year = books.lines.schemes.per_year(person.group, label, person.payday.pays);
        let scheme = books.lines.scheme(person, label);
        let payer = statement.account.payer;
        let per_year = match payer {
            Payer::Employee => per_year,
            Payer::Employer => person.payday.employer_per_year(scheme, per_year),
        };
        let unit = statement.account.currency.minor_unit();
        Anew {
            person,
            scheme,
            payer,
            takers: &books.people.takers,
            label,
            per_year,
            first: None,
            is_only_record: false,
            changed_late: false,
            whole: None,
            tolerance: 0,
            unit,
            priced: None,
        }
    }

    /// An earlier period with its pay date, which lies to it as tonight's does to tonight's.
    pub(in crate::rules::balance) fn payday(&self, period: PayPeriod) -> Option<Payday> {
        let (start, end) = (day_number(period.start?), day_number(period.end));
        let pays = self.other_pays(period).unwrap_or(self.person.payday.pays);
        Some(Payday { start, end, pays, in_file: 1, ..self.person.payday }.paid_like(self.person.payday))
    }

    /// Cover in an earlier period; `None`: nothing is deducted on its pay date, or nobody knows.
    pub(in crate::rules::balance) fn cover(&self, period: PayPeriod, first: Option<i32>) -> Option<Cover> {
        Some(self.cover_on(self.deducted(period)?, first, self.person.leave))
    }

    pub(in crate::rules::balance) fn cover_on(&self, days: Payday, first: Option<i32>, leave: Option<i32>) -> Cover {
        let cover = Cover::new(days, self.scheme, first, leave);
        let apart = self.scheme.employer_deduction_dates.is_some() && self.payer == Payer::Employer;
        if apart { cover } else { cover.deducted(self.scheme, self.per_year_of(days.pays)) }
    }

    /// Nothing is deducted on the pay date of an earlier period.
    pub(in crate::rules::balance) fn is_free(&self, period: PayPeriod) -> bool {
        self.payday(period).is_some_and(|payday| {
            let dates = self.dates();
            self.kind(payday.on_listed(dates), dates).is_free()
        })
    }

    /// The rule of the pay dates, where the scheme states one.
    fn dates(&self) -> Option<&DeductionDates> {
        self.employers_own().or(self.scheme.deduction_dates.as_ref())
    }

    /// That of the employer's share alone.
    fn employers_own(&self) -> Option<&DeductionDates> {
        self.scheme.employer_deduction_dates.as_ref().filter(|_| self.payer == Payer::Employer)
    }

    /// The days of an earlier period on whose pay date the benefit is deducted; `None`: it is not, or nobody knows.
    fn deducted(&self, period: PayPeriod) -> Option<Payday> {
        let payday = self.payday(period)?;
        let dates = self.dates();
        let deducted = self.kind(payday.on_listed(dates), dates) == DateKind::Deduction;
        deducted.then(|| self.employers_own().map_or(payday, |dates| between(payday, dates)))
    }

    fn kind(&self, payday: Payday, dates: Option<&DeductionDates>) -> DateKind {
        let (extra, per_year) = (self.scheme.extra_pay_date(), self.per_year_of(payday.pays));
        self.takers.as_taken(payday, (dates, extra, per_year), self.label).kind_by(dates, extra, per_year)
    }

    /// What an earlier period owes by a record of cover. Of a period in which it began, a part is due by the rule of
    /// the scheme, and `was` of the other days: what was
    /// due by a record before it. `None`: nothing, or nobody knows how much.
    pub(in crate::rules::balance) fn by_record(
        &self,
        period: PayPeriod,
        record: ByRecord,
        was: Option<i64>,
    ) -> Option<i64> {
        let whole = self.whole_in(period, record)?;
        let cover = self.cover_on(self.deducted(period)?, Some(record.first), None);
        match cover.share(self.scheme) {
            _ if cover.is_ahead() => None,
            CoverShare::Whole => Some(whole),
            CoverShare::Part(method, covered) => {
                let was = was.unwrap_or_default();
                // Of an employment that ended before the record's began, none of its days was.
                let more =
                    if self.is_of_new_employment(record.first, cover.window.first) { whole } else { whole - was };
                Some(was + more.signum() * prorated(more.abs(), method, cover.window, covered, self.unit))
            }
            CoverShare::Nothing | CoverShare::Open => None,
        }
    }

    /// By both sources whoever has the record was hired with it or before it, and after the day.
    fn is_of_new_employment(&self, first: i32, day: i32) -> bool {
        self.person.hired_by_both.is_some_and(|hired| day < hired && hired <= first)
    }

    /// The record belongs to an employment that began, by both sources, only after the period, whose deduction is not
    /// in advance: the first pay takes nothing for days before its own.
    pub(in crate::rules::balance) fn is_before_hire(&self, period: PayPeriod) -> bool {
        let after = |day: Option<i32>| day.is_some_and(|day| date(day) > period.end);
        let in_advance = self.scheme.first_deduction == Some(FirstDeduction::InAdvance);
        !in_advance && after(self.first) && after(self.person.hired_by_both)
    }

    /// What was due in the period of one of the account's cells.
    pub(in crate::rules::balance) fn due(&self, cell: &AccountPeriod, cells: &[AccountPeriod]) -> Option<i64> {
        let whole = self.own_whole_in(cell.period)?;
        if self.is_free(cell.period) {
            return Some(0);
        }
        let cover = self.cover(cell.period, self.first).filter(|cover| !cover.is_over())?;
        let other_record = cell.cover_from != self.first.map(date);
        // Nobody who joined in the period had a record before.
        let began = cover.begins() && !(cell.is_unsettled() && self.joined_in(cell.period));
        if other_record && (cover.is_ahead() || began) && !self.begins_later(cell, cells, whole) {
            return None;
        }
        let before = self.price_before(cell, cells).filter(|_| cover.begins());
        let taken = cell.movements.get(EntryKind::Taken);
        let was = cell.movements.get(EntryKind::Expected);
        // Of another part a later period made it up.
        let is_made_up = !other_record && cover.accepts(was, whole, self.tolerance);
        Some(match (cover.share(self.scheme), before) {
            _ if cover.is_ahead() => 0,
            (CoverShare::Whole, _) => whole,
            (CoverShare::Nothing, before) => before.unwrap_or_default(),
            (CoverShare::Part(method, covered), None) => prorated(whole, method, cover.window, covered, self.unit),
            (CoverShare::Part(method, covered), Some(before)) => {
                let prices = [(cover.window.first, before), (covered.first, whole)];
                in_turn(&prices, method, cover.window, covered.last, self.unit)
            }
            (CoverShare::Open, Some(before)) if taken < before.min(whole) => before.min(whole),
            (CoverShare::Open, _) if is_made_up && !cover.accepts(taken, whole, self.tolerance) => was,
            (CoverShare::Open, _) => cover.nearest(taken, whole, self.tolerance),
        })
    }

    fn joined_in(&self, period: PayPeriod) -> bool {
        let joined = self.person.joined.map(date);
        joined.zip(period.start).is_some_and(|(joined, start)| start <= joined && joined <= period.end)
    }

    /// What a whole deduction was by another record, which was in force on a day of the cell's period still.
    fn price_before(&self, cell: &AccountPeriod, cells: &[AccountPeriod]) -> Option<i64> {
        let regular = |other: &&AccountPeriod| other.period.end < cell.period.end && !other.period.is_one_day();
        let last = cells.iter().rfind(regular)?;
        let replaced = last.cover_from < self.first.map(date) && last.cover_from.is_some();
        let lasted = cell.period.start.is_some_and(|start| last.found_on >= start);
        let price = last.movements.get(EntryKind::Expected);
        (replaced && lasted && price > 0 && self.person.due_of(last.period, price, self.unit) == Some(price))
            .then_some(price)
    }

    /// The first day was corrected: the record has the price that it had, no other one was before it, and payroll never
    /// took anything for the days before. A record that replaced another one says nothing of them.
    fn begins_later(&self, cell: &AccountPeriod, cells: &[AccountPeriod], whole: i64) -> bool {
        let first = self.first.map(date);
        let before = cells.iter().filter(|cell| first.is_some_and(|first| cell.period.end < first));
        let same_price = (cell.movements.get(EntryKind::Expected) - whole).abs() <= self.tolerance;
        self.is_only_record && same_price && before.into_iter().all(|cell| cell.movements.collected() == 0)
    }
}
