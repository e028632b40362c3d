//! Periods that could not be judged for what the job did not say, or were judged by what it said wrongly: whether a
//! benefit is a percentage of actual pay, who may have it, and with which sign payroll writes its amounts. Once the job
//! says it, they are judged as any other.

use crate::balance::{AccountPeriod, OF_PAY, OF_SIGN, Record, cell as cell_of, owing};
use crate::rules::balance::Books;
use crate::rules::balance::earlier::is_apart;
use crate::rules::balance::statement::Statement;
use crate::rules::calendar::DateKind;
use crate::rules::calendar::cover::CoverShare;
use crate::rules::lines::pair::Pair;
use crate::rules::people::everybody::Person;
use crate::scheme::FirstDeduction;
use tieout_model::balance::{Account, EntryKind, Movements};
use tieout_model::code::Code;
use tieout_model::finding::Payer;
use tieout_payroll::settings::{Payroll, Sign};

/// How the job says the amounts of both payers are written; `None`: it does not, or not alike of all files.
pub(in crate::rules::balance) fn signs(payroll: &Payroll) -> [Option<Sign>; 2] {
    Payer::BOTH.map(|payer| {
        let sign = payroll.amounts.sign(payer)?;
        payroll.others.iter().all(|other| other.amounts.sign(payer) == Some(sign)).then_some(sign)
    })
}

impl Books<'_> {
    /// By what an amount is multiplied to stand as the file has it, or to be read from that.
    pub(in crate::rules::balance) fn as_written(&self, payer: Payer) -> i64 {
        if self.signs[payer as usize] == Some(Sign::Negative) { -1 } else { 1 }
    }

    /// The job says now how the amounts of such a period are to be judged, and by that something was taken.
    pub(in crate::rules::balance) fn is_stated_since(
        &self,
        person: &Person,
        account: &Account,
        cell: &AccountPeriod,
    ) -> bool {
        if cell.code == Some(OF_SIGN) {
            let is_said = self.signs[account.payer as usize].is_some();
            return is_said && cell.movements.collected() * i128::from(self.as_written(account.payer)) >= 0;
        }
        let Some(label) = self.lines.catalog.find_benefit(&account.benefit) else { return false };
        let of_label = &self.lines.labels[label as usize];
        let may_be = of_label.may_be_percentage(self.lines.scheme(person, label));
        cell.code == Some(OF_PAY) && (of_label.sacrifice || !may_be)
    }

    /// What is due of a line that the job does not say how to judge, where that is a whole deduction.
    pub(in crate::rules::balance) fn due_by_its_record(
        &self,
        person: &Person,
        pair: &Pair,
        payer: Payer,
    ) -> Option<i64> {
        let scheme = self.lines.scheme(person, pair.label);
        let is_apart = payer == Payer::Employer && person.employer_share(pair, scheme).is_some();
        let cover = person.cover(pair, scheme);
        let is_whole = cover.share(scheme) == CoverShare::Whole && !cover.is_over() && !cover.is_ahead();
        let is_usual = pair.live && pair.in_force && pair.date_kind == DateKind::Deduction && !is_apart;
        Some(self.lines.amounts(pair, payer).1).filter(|_| is_usual && is_whole)
    }

    /// States such periods anew that are not yet, now that the job says how they are to be judged: what was due of
    /// them, the night that read them has noted. Amounts that stood as the file had them get the sign that it says.
    pub(in crate::rules::balance) fn judge_as_stated(
        &self,
        statement: &Statement<'_>,
        pair: &Pair,
        record: &Record,
        restated: &mut Vec<AccountPeriod>,
    ) {
        let Statement { employee, person, account, .. } = statement;
        let employers = Account { payer: Payer::Employer, ..account.clone() };
        let as_one = self.lines.is_one_amount(pair) && account.payer == Payer::Employee;
        let stated = statement.earlier(person).filter(|cell| self.is_stated_since(person, account, cell));
        let apart = stated.filter(|cell| is_apart(restated, cell));
        let anew = apart.filter_map(|cell| {
            let of_employer = || employee.cell(&employers, cell.period.end)?.by_gross();
            let due = cell.by_gross()? + if as_one { of_employer()? } else { 0 };
            Some(owing(cell, record, due))
        });
        restated.extend(anew.collect::<Vec<_>>());
        self.with_signs(statement, record, restated);
    }

    /// Periods of what is a percentage, as the job says since. Where it does not map what people are paid, what was
    /// taken of it was due.
    pub(in crate::rules::balance) fn taken_of_pay(
        &self,
        statement: &Statement<'_>,
        pair: &Pair,
        due: i64,
    ) -> Vec<AccountPeriod> {
        let person = statement.person;
        let of_gross = person.of_gross(self.lines.scheme(person, pair.label), due, pair.per_year);
        if of_gross.is_some() || self.lines.is_one_amount(pair) {
            return Vec::new();
        }
        let is_taken = |cell: &&AccountPeriod| cell.code == Some(OF_PAY) && cell.movements.collected() > 0;
        let of_pay = statement.earlier(person).filter(is_taken);
        let as_taken = |cell: &AccountPeriod| {
            let mut now = AccountPeriod { code: None, ..cell.clone() };
            now.set_by_gross(Some(cell.movements.get(EntryKind::Expected)));
            now
        };
        of_pay.map(as_taken).collect()
    }

    /// Periods of which nothing was due by what the job said before: the person might not have the benefit, which it
    /// says of nobody any more, or cover was still to begin, for which it is deducted in advance. `due`: as of
    /// [`crate::balance::mended`].
    pub(in crate::rules::balance) fn due_as_stated(
        &self,
        statement: &Statement<'_>,
        label: u32,
        record: &Record,
        due: impl Fn(&AccountPeriod) -> Option<i64>,
    ) -> Vec<AccountPeriod> {
        let scheme = self.lines.scheme(statement.person, label);
        let is_due = |cell: &&AccountPeriod| match cell.code {
            Some(Code::EN16) => !self.lines.schemes.excludes_a_group(label),
            Some(Code::EN11) => scheme.first_deduction == Some(FirstDeduction::InAdvance),
            _ => false,
        };
        let found = statement.earlier(statement.person).filter(is_due);
        let anew = |cell: &AccountPeriod| due(cell).filter(|due| *due != cell.movements.get(EntryKind::Expected));
        found.filter_map(|cell| Some(owing(cell, record, anew(cell)?))).collect()
    }

    fn with_signs(&self, statement: &Statement<'_>, record: &Record, restated: &mut [AccountPeriod]) {
        if self.as_written(statement.account.payer) == 1 {
            return;
        }
        let is_reversed = |now: &&mut AccountPeriod| {
            cell_of(statement.cells, now.period.end).is_some_and(|known| known.code == Some(OF_SIGN))
        };
        for now in restated.iter_mut().filter(is_reversed) {
            now.movements += Movements::of(EntryKind::Taken, -2 * now.movements.get(EntryKind::Taken));
            now.code = Some(record.changed).filter(|_| now.movements.balance().abs() > i128::from(record.tolerance));
        }
    }
}
