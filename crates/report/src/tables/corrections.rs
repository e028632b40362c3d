//! Planned changes, one row a changed field, and what becomes of the correction in the queue. The yearly difference
//! stands in the first row of a correction only, so that the column adds up.

use std::collections::BTreeSet;

use tieout_model::correction::Change;
use tieout_model::money::{Currency, Money};

use crate::table::{Table, adds_up, amount, currency, date, employee, text};
use crate::{PlannedCorrection, Report};

struct Row<'r> {
    planned: &'r PlannedCorrection,
    change: &'r Change,
    is_first: bool,
}

pub fn table(report: &Report) -> Table<'_> {
    of(&report.corrections)
}

fn of(planned: &[PlannedCorrection]) -> Table<'_> {
    let columns = vec![
        text("kind", "Kind", 14, |r: &Row<'_>| r.planned.correction.kind().name().into()),
        employee(|r| r.planned.correction.employee_id.as_str()),
        text("field", "Field", 16, |r| r.change.field.as_str().into()),
        text("from", "From", 20, |r| r.change.from.as_str().into()),
        text("to", "To", 20, |r| r.change.to.as_str().into()),
        date("effective", "Effective", |r| r.planned.correction.effective),
        adds_up(amount("yearly_difference", "Yearly difference", |r| super::wide(r.yearly_difference()))),
        currency(|r| r.yearly_difference().map(|(_, currency)| currency)),
        text("queue", "Queue", 20, |r| r.planned.disposition.as_str().into()),
        text("authority", "Authority", 10, |r| r.planned.correction.authority.as_str().into()),
        text("codes", "Codes", 12, |r| r.codes().into()),
        text("exception_ids", "Findings", 40, |r| r.exception_ids().into()),
        text("payload_hash", "Hash", 20, |r| r.planned.payload_hash.as_str().into()),
        text("second_look", "Second look", 30, |r| r.second_look().into()),
    ];
    Table::new("corrections", "Corrections", columns, planned.iter().flat_map(rows).collect())
}

fn rows(planned: &PlannedCorrection) -> impl Iterator<Item = Row<'_>> {
    let changes = planned.correction.changes.iter().enumerate();
    changes.map(move |(at, change)| Row { planned, change, is_first: at == 0 })
}

impl Row<'_> {
    fn yearly_difference(&self) -> Option<(Money, Currency)> {
        self.planned.correction.yearly_difference.filter(|_| self.is_first)
    }

    fn codes(&self) -> String {
        let codes: BTreeSet<&str> = self.planned.correction.findings.iter().map(|(_, code)| code.name()).collect();
        codes.into_iter().collect::<Vec<_>>().join(" ")
    }

    fn second_look(&self) -> String {
        let reasons: Vec<&str> = self.planned.correction.second_look.iter().map(|mark| mark.reason()).collect();
        reasons.join("; ")
    }

    fn exception_ids(&self) -> String {
        let ids: Vec<&str> = self.planned.correction.findings.iter().map(|(id, _)| id.as_str()).collect();
        ids.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Cell;
    use tieout_model::correction::{CompensationChange, Correction, Payload};
    use tieout_model::finding::Code;

    #[test]
    fn the_yearly_difference_stands_once_a_correction_and_each_code_once() {
        let change = |field: &str| Change { field: field.to_owned(), from: "a".to_owned(), to: "b".to_owned() };
        let correction = Correction {
            employee_id: "00123".into(),
            payload: Payload::Compensation(CompensationChange {
                employee_id: "emp_1".into(),
                pay_frequency: None,
                pay_rate: None,
                employment_status: None,
            }),
            effective: None,
            authority: "payroll".to_owned(),
            second_look: Default::default(),
            changes: vec![change("base_salary"), change("pay_frequency")],
            yearly_difference: Currency::parse("USD").map(|usd| (Money::units(100), usd)),
            findings: vec![("f2".to_owned(), Code::CO07), ("f1".to_owned(), Code::CO07), ("f3".to_owned(), Code::CO01)],
        };
        let planned =
            PlannedCorrection { correction, disposition: "propose".to_owned(), payload_hash: "ab".to_owned() };
        let planned = [planned];
        let table = of(&planned);
        let shown = |name: &str| {
            let column = table.headings().iter().position(|heading| heading.name == name).expect("a column");
            [table.cell(0, column), table.cell(1, column)]
        };
        let usd = Currency::parse("USD").expect("listed");
        assert_eq!(shown("yearly_difference"), [Cell::Amount(1_000_000, usd), Cell::Blank]);
        assert_eq!(shown("currency"), [Cell::Currency(usd), Cell::Blank]);
        let text = |text: &'static str| Cell::Text(text.into());
        assert_eq!(shown("codes"), [text("CO01 CO07"), text("CO01 CO07")]);
        assert_eq!(shown("exception_ids"), [text("f2 f1 f3"), text("f2 f1 f3")]);
    }
}
