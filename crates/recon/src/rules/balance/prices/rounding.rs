//! What one deduction of a year, the first or the last as a rule, may carry of the rounding of a yearly amount.

use crate::balance::{AccountPeriod, Rounding};
use crate::rules::balance::Books;
use crate::rules::balance::line::from;
use crate::rules::balance::statement::Statement;
use crate::rules::lines::pair::Pair;
use tieout_model::balance::EntryKind;
use tieout_model::finding::Payer;

impl Books<'_> {
    /// `None`: tonight's is no whole deduction, or Benifex states no yearly amount.
    pub(in crate::rules::balance) fn rounding(&self, statement: &Statement<'_>, pair: &Pair) -> Option<Rounding> {
        let person = statement.person;
        let payer = statement.account.payer;
        let (_, due, tolerance) = self.lines.amounts(pair, payer);
        let apart = person.employer_share(pair, self.lines.scheme(person, pair.label));
        let deductions = apart.filter(|_| payer == Payer::Employer).map_or(pair.per_year, |share| share.per_year);
        let whole = self.by_one_record(pair, deductions, statement)?;
        let stated =
            |payer| Some(self.lines.sign(pair.emp, pair.label, payer) * self.stated.annual(payer, pair.bx_row)?);
        let annual = match self.lines.is_one_amount(pair) {
            true => Payer::BOTH.into_iter().map(stated).sum::<Option<i64>>()?,
            false => stated(payer)?,
        };
        if due <= 0 || due != whole {
            return None;
        }
        let own = |cell: &AccountPeriod| {
            let [expected, taken, ..] = cell.movements.amounts();
            if (expected - taken).abs() <= tolerance { taken } else { expected }
        };
        let owing = |cell: &&AccountPeriod| cell.movements.get(EntryKind::Expected) > 0 && !cell.period.is_one_day();
        let by_record = || statement.earlier(person).filter(owing).filter(|cell| cell.cover_from == from(pair));
        let usual = by_record().rev().map(own).find(|amount| (amount - due).abs() <= tolerance);
        let so_far = by_record().map(|cell| i128::from(own(cell)));
        let rounding = Rounding {
            annual,
            deductions,
            due,
            usual: usual.map_or((due - tolerance, due + tolerance), |usual| (usual, usual)),
            unit: statement.account.currency.minor_unit(),
            so_far: so_far.fold((0, 0), |(number, all), amount| (number + 1, all + amount)),
            since_last: None,
        };
        let carries = |cell: &AccountPeriod| {
            let more = i128::from(cell.movements.get(EntryKind::Expected)) - i128::from(due);
            cell.code.is_none() && rounding.years(more).is_some()
        };
        let since_last = statement.earlier(person).rev().filter(owing).position(carries);
        Some(Rounding { since_last: since_last.and_then(|since| i64::try_from(since).ok()), ..rounding })
    }
}
