//! The bridge from the exceptions to the control totals: one row an amount. Summed by benefit, currency, side and code
//! family it gives the columns there.

use tieout_model::finding::Variance;
use tieout_model::money::{Currency, Money};

use crate::table::{Table, amount, currency, employee, text};
use crate::{Exception, Report};

struct Row<'r> {
    exception: &'r Exception,
    variance: &'r Variance,
}

impl Row<'_> {
    fn money(&self, amount: Money) -> Option<(i128, Currency)> {
        Some((i128::from(amount.0), self.variance.currency))
    }
}

pub fn table(report: &Report) -> Table<'_> {
    let columns = vec![
        text("exception_id", "Finding", 19, |r: &Row<'_>| r.exception.id.as_str().into()),
        text("code", "Code", 7, |r| r.exception.finding.code.name().into()),
        employee(|r| &r.exception.finding.employee_id),
        text("benefit", "Benefit", 18, |r| r.variance.benefit.as_str().into()),
        currency(|r| Some(r.variance.currency)),
        text("side", "Side", 10, |r| r.variance.side.name().into()),
        amount("payroll", "Payroll", |r| r.money(r.variance.payroll)),
        amount("expected", "Expected", |r| r.money(r.variance.expected)),
        amount("difference", "Difference", |r| r.money(r.variance.difference())),
    ];
    let of = |exception| move |variance| Row { exception, variance };
    let rows = report.exceptions.iter().flat_map(|e| e.finding.variances.iter().map(of(e))).collect();
    Table::new("variances", "Variances", columns, rows)
}
