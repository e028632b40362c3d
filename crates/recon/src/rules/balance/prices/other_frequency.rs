//! Earlier periods of another pay frequency than tonight's: each owes what the record makes due of a deduction of its
//! own frequency.

use crate::balance::Employee;
use crate::rules::balance::Books;
use crate::rules::balance::prices::anew::{Anew, ByRecord};
use crate::rules::calendar::{MONTHS, pays_of_period};
use crate::rules::lines::pair::Pair;
use crate::rules::people::day_number;
use tieout_model::balance::PayPeriod;
use tieout_model::finding::Payer;

/// The line whose record states a price.
#[derive(Clone, Copy)]
pub(in crate::rules::balance) struct Priced<'a> {
    pub(in crate::rules::balance) books: &'a Books<'a>,
    pub(in crate::rules::balance) pair: &'a Pair,
    pub(in crate::rules::balance) employee: Employee<'a>,
}

impl Priced<'_> {
    /// A period of so many pays a year begins or ends with this one: else it is what a change of frequency left over.
    fn has_beside(&self, period: PayPeriod, pays: i64) -> bool {
        let follows = |one: PayPeriod, other: PayPeriod| other.start.is_some() && one.end.succ_opt() == other.start;
        let mut others = self.employee.pay_groups().map(|(other, _)| other);
        others.any(|other| (follows(other, period) || follows(period, other)) && pays_of(other) == Some(pays))
    }
}

fn pays_of(period: PayPeriod) -> Option<i64> {
    Some(pays_of_period(day_number(period.start?), day_number(period.end))).filter(|pays| *pays > 0)
}

impl Anew<'_> {
    /// Pays a year of an earlier period, where the person was paid at another frequency in it; `None`: at tonight's, or
    /// nobody knows.
    pub(in crate::rules::balance) fn other_pays(&self, period: PayPeriod) -> Option<i64> {
        let (tonight, pays) = (self.person.payday, pays_of(period)?);
        let is_regular = tonight.in_file == 1 && pays_of(self.person.period()) == Some(tonight.pays);
        let is_one_of_many = || pays == MONTHS || self.priced.is_some_and(|priced| priced.has_beside(period, pays));
        (is_regular && pays != tonight.pays && is_one_of_many()).then_some(pays)
    }

    /// Deductions a year for somebody who is paid so often; 0 = unknown. What the job states of tonight's pays may be
    /// less than those of another frequency, and then it is none of theirs.
    pub(in crate::rules::balance) fn per_year_of(&self, pays: i64) -> i64 {
        let every_pay = self.per_year >= self.person.payday.pays;
        match pays {
            _ if pays == self.person.payday.pays => self.per_year,
            _ if every_pay || self.per_year >= pays => pays,
            _ => 0,
        }
    }

    /// A whole deduction of an earlier period by a record. `None`: nobody knows how much.
    pub(in crate::rules::balance) fn whole_in(&self, period: PayPeriod, record: ByRecord) -> Option<i64> {
        let Some(pays) = self.other_pays(period) else {
            return self.person.due_of(period, record.whole, self.unit);
        };
        let per_year = Some(self.per_year_of(pays)).filter(|per_year| *per_year > 0)?;
        let is_of_record = self.stated(record.row, self.per_year).is_some_and(|stated| stated == record.whole);
        self.stated(record.row, per_year).filter(|_| is_of_record)
    }

    /// The same by tonight's line.
    pub(in crate::rules::balance) fn own_whole_in(&self, period: PayPeriod) -> Option<i64> {
        self.whole_in(period, self.own_record(self.first.unwrap_or_default(), self.whole?))
    }

    /// Tonight's record.
    pub(in crate::rules::balance) fn own_record(&self, first: i32, whole: i64) -> ByRecord {
        ByRecord { first, whole, row: self.priced.map_or(0, |priced| priced.pair.bx_row) }
    }

    /// A whole deduction of so many a year as a record states it.
    fn stated(&self, row: u32, per_year: i64) -> Option<i64> {
        let Priced { books, pair, .. } = self.priced?;
        let is_alone = pair.live && pair.bx_rows == 1 && !books.lines.is_estimated(pair.label);
        let of = |payer: Payer| {
            let amount = books.stated.deduction(payer, row, (per_year, self.unit));
            books.lines.sign(pair.emp, pair.label, payer) * amount
        };
        let amount = match self.payer {
            Payer::Employee if books.lines.is_one_amount(pair) => of(Payer::Employee) + of(Payer::Employer),
            payer => of(payer),
        };
        is_alone.then_some(amount)
    }
}
