//! A whole deduction by tonight's record, also on a pay date on which none is due: payroll may take on it what is owed
//! of others.

use polars::prelude::*;

use crate::rules::balance::Books;
use crate::rules::balance::statement::Statement;
use crate::rules::lines::benefits::Benefits;
use crate::rules::lines::expected::Price;
use crate::rules::lines::pair::Pair;
use crate::snapshot::BENEFITS;
use crate::tables::column::{Column, Number};
use tieout_model::finding::Payer;

/// What tonight's records state, by their rows: annual and monthly amounts of each payer.
pub(in crate::rules::balance) struct Stated<'b> {
    amounts: [[&'b Int64Chunked; 2]; 2],
}

impl<'b> Stated<'b> {
    pub(in crate::rules::balance) fn new(benefits: &'b Benefits) -> PolarsResult<Stated<'b>> {
        let of = |column: Column<Number>| column.of(&benefits.frame);
        let employee = [of(BENEFITS.ee_annual)?, of(BENEFITS.ee_monthly)?];
        Ok(Stated { amounts: [employee, [of(BENEFITS.er_annual)?, of(BENEFITS.er_monthly)?]] })
    }

    /// One of so many deductions a year by the record of this row, rounded to the currency's minor unit.
    pub(in crate::rules::balance) fn deduction(&self, payer: Payer, row: u32, (per_year, unit): (i64, i64)) -> i64 {
        let [annual, monthly] = self.amounts[payer as usize].map(|amounts| amounts.get(row as usize));
        Price { annual, monthly, currency: 0, unit }.deduction(per_year)
    }

    pub(in crate::rules::balance) fn annual(&self, payer: Payer, row: u32) -> Option<i64> {
        self.amounts[payer as usize][0].get(row as usize)
    }
}

impl Books<'_> {
    /// What one payer owes on a pay date on which something is due. `None`: tonight's is none, and nothing is taken on
    /// it, or what would be due is not known.
    pub(in crate::rules::balance) fn whole(&self, statement: &Statement<'_>, pair: &Pair) -> Option<i64> {
        let person = statement.person;
        let payer = statement.account.payer;
        let (taken, due, _) = self.lines.amounts(pair, payer);
        let apart = person.employer_share(pair, self.lines.scheme(person, pair.label));
        let apart = apart.filter(|_| payer == Payer::Employer);
        let (kind, per_year) = apart.map_or((pair.date_kind, pair.per_year), |share| (share.date_kind, share.per_year));
        if !kind.is_free() {
            return Some(due);
        }
        self.by_one_record(pair, per_year, statement).filter(|_| taken != 0)
    }

    /// A whole deduction as tonight's record states it, whatever the pay date and the days of cover are.
    pub(in crate::rules::balance) fn stated_whole(&self, statement: &Statement<'_>, pair: &Pair) -> Option<i64> {
        self.by_one_record(pair, pair.per_year, statement)
    }

    /// A whole deduction, one of so many a year.
    pub(in crate::rules::balance) fn by_one_record(
        &self,
        pair: &Pair,
        per_year: i64,
        statement: &Statement<'_>,
    ) -> Option<i64> {
        if pair.live { self.by_record_over(pair, per_year, statement) } else { None }
    }

    /// The same of a record that may be in force no more.
    pub(in crate::rules::balance) fn by_record_over(
        &self,
        pair: &Pair,
        per_year: i64,
        statement: &Statement<'_>,
    ) -> Option<i64> {
        // Of several records of one benefit the line has the one in force.
        let is_one = pair.bx_rows == 1 || !(pair.several || self.lines.labels[pair.label as usize].several);
        let is_one_record = pair.expected() && is_one && !self.lines.is_estimated(pair.label);
        if statement.person.payday.in_file != 1 || per_year <= 0 || !is_one_record {
            return None;
        }
        let how = (per_year, statement.account.currency.minor_unit());
        let sign = |payer| self.lines.sign(pair.emp, pair.label, payer);
        let of = |payer| sign(payer) * self.stated.deduction(payer, pair.bx_row, how);
        let is_one_amount = self.lines.is_one_amount(pair);
        Some(if is_one_amount { of(Payer::Employee) + of(Payer::Employer) } else { of(statement.account.payer) })
    }
}
