//! The bridge from the exceptions to the control totals: one row an amount. Summed by benefit, currency, payer and code
//! family it gives the columns there.

use tieout_model::finding::Variance;
use tieout_model::money::Currency;

use super::due;
use crate::table::{Table, Term, adds_up, amount, currency, employee, sum_of, text};
use crate::{Exception, Report};

const DIFFERENCE: [Term; 2] = [Term::Plus("expected"), Term::Minus("payroll")];

struct Row<'r> {
    exception: &'r Exception,
    variance: &'r Variance,
}

impl Row<'_> {
    fn money(&self, counts: i64) -> Option<(i128, Currency)> {
        Some((i128::from(counts), self.variance.currency))
    }

    fn difference(&self) -> Option<(i128, Currency)> {
        Some((due(i128::from(self.variance.difference().0)), self.variance.currency))
    }
}

pub fn table(report: &Report) -> Table<'_> {
    let columns = vec![
        text("code", "Code", 7, |r: &Row<'_>| r.exception.finding.code.name().into()),
        employee(|r| r.exception.finding.employee_id.as_str()),
        text("benefit", "Benefit", 18, |r| r.variance.benefit.as_str().into()),
        text("side", "Payer", 10, |r| r.variance.payer.name().into()),
        adds_up(amount("payroll", "Payroll", |r| r.money(r.variance.payroll.0))),
        adds_up(amount("expected", "Expected", |r| r.money(r.variance.expected.0))),
        adds_up(sum_of(&DIFFERENCE, amount("difference", "Difference", |r| r.difference()))),
        currency(|r| Some(r.variance.currency)),
        text("exception_id", "Finding", 19, |r| r.exception.id.as_str().into()),
    ];
    let of = |exception| move |variance| Row { exception, variance };
    let rows = report.exceptions.iter().flat_map(|e| e.finding.variances.iter().map(of(e))).collect();
    Table::new("variances", "Variances", columns, rows)
}
