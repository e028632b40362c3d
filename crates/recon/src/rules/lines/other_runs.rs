//! Off-cycle and correction runs of the period: what they took counts with what the regular run took. The reader sets
//! their rows aside, for they are no second payroll of their employees.

use chrono::NaiveDate;
use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::lines::labels::Catalog;
use crate::rules::people::{People, date};
use crate::rules::schema::LINES;
use crate::tables::column::frame;
use tieout_model::finding::SetAside;
use tieout_model::money::{Currency, Money};

/// How the reader's reason begins for a row of another run.
const REASON: &str = "out of scope: run type ";

/// What other runs took, a row an entry. Amounts are counts of 1/10,000.
#[derive(Clone, Debug, Default)]
pub(in crate::rules) struct OtherRuns {
    pub(in crate::rules) emp: Vec<u32>,
    pub(in crate::rules) label: Vec<u32>,
    pub(in crate::rules) currency: Vec<u32>,
    pub(in crate::rules) employee: Vec<i64>,
    pub(in crate::rules) employer: Vec<i64>,
}

impl OtherRuns {
    /// Of everybody who is on payroll; of the others nobody knows what the regular run would have had.
    pub(in crate::rules) fn new(inputs: &Inputs<'_>, people: &People<'_>, catalog: &mut Catalog<'_>) -> OtherRuns {
        let mut runs = OtherRuns::default();
        for (emp, currency, aside) in counted(inputs, people) {
            let label = catalog.labels.number(&aside.benefit);
            catalog.meet(label, aside.employer_amount.is_some());
            runs.emp.push(emp);
            runs.label.push(label);
            runs.currency.push(catalog.currencies.number_of(currency));
            runs.employee.push(counts(aside.employee_amount));
            runs.employer.push(counts(aside.employer_amount));
        }
        runs
    }

    pub(in crate::rules) fn is_empty(&self) -> bool {
        self.emp.is_empty()
    }

    /// The runs as rows behind those of the regular one; `columns` are those of the regular run's table.
    pub(in crate::rules) fn behind(self, regular: DataFrame) -> PolarsResult<DataFrame> {
        let rows = self.emp.len();
        let others = frame(vec![
            LINES.emp.filled(self.emp),
            LINES.label.filled(self.label),
            LINES.employee_taken.filled(self.employee),
            LINES.employer_taken.filled(self.employer),
            LINES.pay_cur.filled(self.currency),
            LINES.dup.filled(vec![false; rows]),
            // They are no rows of the regular run's lines, nor have they a place among them.
            LINES.pay_rows.filled(vec![0; rows]),
            LINES.pay_row.filled(vec![u32::MAX; rows]),
        ])?;
        regular.vstack(&others)
    }
}

/// The set-aside amounts that count, with the employee and the currency.
pub(in crate::rules) fn counted<'i>(
    inputs: &Inputs<'i>,
    people: &'i People<'_>,
) -> impl Iterator<Item = (u32, Currency, &'i SetAside)> {
    let all = inputs.payroll.set_aside.iter();
    let unseen = Unseen::new(inputs);
    all.filter(move |aside| !unseen.has(aside, people))
        .filter_map(|aside| counts_in(aside, people).map(|(emp, currency)| (emp, currency, aside)))
}

/// Periods before tonight's and before all that nights have judged: what a correction makes of one of them says nothing
/// of tonight's, and the books hold nothing that it could settle.
struct Unseen {
    /// The first day of which the books hold anything; `None`: of none.
    first: Option<NaiveDate>,
    /// A row that was set aside is of an earlier period than the file's.
    may_have: bool,
}

impl Unseen {
    fn new(inputs: &Inputs<'_>) -> Unseen {
        let mut periods = inputs.payroll.set_aside.iter().filter_map(|aside| aside.period);
        let may_have = periods.any(|period| period.end < inputs.payroll.period.end);
        let first = may_have.then(|| inputs.books.first_period()).flatten();
        Unseen { first: first.map(|first| first.start.unwrap_or(first.end)), may_have }
    }

    fn has(&self, aside: &SetAside, people: &People<'_>) -> bool {
        let Some((period, emp)) = aside.period.zip(people.ids.find(aside.employee_id.as_str())) else { return false };
        let tonight = date(people.paydays[emp as usize].start);
        let is_earlier = self.may_have && is_of_other_run(aside) && period.end < tonight;
        is_earlier && self.first.is_none_or(|first| period.end < first)
    }
}

/// Whose amount it is, and in which currency, where it is one of another run that counts.
fn counts_in(aside: &SetAside, people: &People<'_>) -> Option<(u32, Currency)> {
    let amounts = [aside.employee_amount, aside.employer_amount];
    let counts = is_of_other_run(aside) && amounts.iter().any(Option::is_some);
    let emp = people.ids.find(aside.employee_id.as_str()).filter(|_| counts)?;
    (people.person.get(emp as usize).is_some() || people.beside.contains_key(&emp)).then_some((emp, aside.currency?))
}

/// It stands in a row of an off-cycle or correction run.
pub(in crate::rules) fn is_of_other_run(aside: &SetAside) -> bool {
    aside.source == "payroll" && aside.reason.starts_with(REASON)
}

/// What is listed of the rows of other runs: their amounts stand with the lines where they count.
pub(in crate::rules) fn listed(inputs: &Inputs<'_>, people: &People<'_>) -> Vec<SetAside> {
    let unseen = Unseen::new(inputs);
    let list = inputs.payroll.set_aside.iter().map(|aside| match counts_in(aside, people) {
        Some(_) if let Some(period) = aside.period.filter(|_| unseen.has(aside, people)) => SetAside {
            reason: format!("{}, of {period}, of which no night has read payroll: not compared", aside.reason).into(),
            ..aside.clone()
        },
        Some(_) => SetAside {
            reason: format!("{}; what it took counts with the regular run", aside.reason).into(),
            employee_amount: None,
            employer_amount: None,
            currency: None,
            ..aside.clone()
        },
        None => aside.clone(),
    });
    list.collect()
}

fn counts(amount: Option<Money>) -> i64 {
    amount.map_or(0, |amount| amount.0)
}
