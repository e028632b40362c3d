//! Tonight's lines in the benefit ledger: what each judged line expected and took is posted to its accounts, and a
//! difference that settles an earlier balance is no finding. What could not be judged posts nothing.

mod endings;
mod findings;
mod line;
mod owed;
mod periods;
mod sums;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;
use rayon::prelude::*;

use crate::balance::{Before, Cell, Employee, History, Open, Settled, Tonight, settle};
use crate::rules::Inputs;
use crate::rules::columns::{numbers, numbers_from};
use crate::rules::everybody::Person;
use crate::rules::pair::Pairs;
use crate::rules::people::{People, date};
use crate::rules::place::Place;
use crate::rules::schemes::Schemes;
use crate::rules::words::{Label, Words};
use tieout_model::balance::{Account, BalanceTotal, EntryKind, Page, PayPeriod, Posting};
use tieout_model::finding::Side;

pub use endings::Endings;
pub(super) use endings::endings;
pub(super) use findings::{complete, judge};
use line::{Lines, OfAccount, OfLine};
use sums::Sums;

/// The accounts of the night, and what is to be posted to them.
#[derive(Debug, Default)]
pub(super) struct Balances {
    /// By `emp`, then by account: those with something open or settled tonight.
    accounts: BTreeMap<u32, BTreeMap<Account, Tally>>,
    /// To post, by employee and period.
    pub(super) pages: Vec<Page>,
    /// By benefit, payer and currency.
    pub(super) totals: Vec<BalanceTotal>,
}

/// An account after tonight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    /// What was open before tonight.
    pub(super) opening: i128,
    /// What tonight's difference settles of it.
    pub(super) settled: i128,
    /// What persons have written off.
    pub(super) written_off: i128,
    pub(super) open: Open,
    tolerance: i64,
    /// The line of the period is a finding itself, which tells the whole balance.
    pub(super) told: bool,
    /// More was taken although the balance was settled: a catch-up was not ended.
    pub(super) overrun: bool,
    /// Periods before the known ones that may owe as much as this one each.
    pub(super) unknown: Option<Unknown>,
}

/// What may be owed beside what is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    pub(super) periods: u32,
    pub(super) since: NaiveDate,
    /// At most, counts of 1/10,000.
    pub(super) amount: i128,
}

/// What one employee's lines come to.
#[derive(Default)]
struct Outcome {
    /// Rows of lines that end elsewhere, or whose difference settles.
    places: Vec<(usize, Place, bool)>,
    accounts: BTreeMap<Account, Tally>,
    pages: Vec<Page>,
    /// How much more the accounts hold afterwards that tonight changes.
    closing: Vec<(Account, i128)>,
}

/// What is looked up for each employee.
struct Books<'b> {
    history: &'b History,
    ids: &'b People<'b>,
    people: &'b [Person],
    lines: Lines<'b>,
    night: NaiveDate,
}

impl Balances {
    /// Settles the placed lines of `all` and gives those another place whose difference is none of their own; `settles`
    /// marks them. `owned`: labels whose lines are estimates and are not posted.
    pub(super) fn new(
        inputs: &Inputs<'_>,
        all: &mut DataFrame,
        (people, everybody): (&People<'_>, &[Person]),
        words: &Words<'_>,
        (labels, schemes): (&[Label], &Schemes),
        owned: &(dyn Fn(u32) -> bool + Sync),
    ) -> PolarsResult<Balances> {
        let mut places = numbers(all, "place")?.cont_slice()?.to_vec();
        let pairs = Pairs::new(all)?;
        let mut rows: Vec<usize> = (0..pairs.len()).collect();
        let owners: Vec<(u32, u32)> = pairs.owners().collect();
        rows.par_sort_unstable_by_key(|row| (owners[*row], *row));
        let benefits = (0..words.labels.len() as u32).map(|label| words.labels.text(label).into()).collect();
        let books = Books {
            history: inputs.books,
            ids: people,
            people: everybody,
            lines: Lines { pairs: &pairs, places: &places, words, benefits, labels, schemes, owned },
            night: inputs.as_of,
        };
        let of_employees: Vec<&[usize]> = rows.chunk_by(|a, b| owners[*a].0 == owners[*b].0).collect();
        let outcomes: Vec<(u32, Outcome)> = of_employees
            .par_iter()
            .map(|rows| {
                let emp = pairs.get(rows[0]).emp;
                (emp, books.employee(emp, rows))
            })
            .collect();
        let mut sums = Sums::opening(inputs.books);
        let mut balances = books.without_lines(&rows, &mut sums);
        let mut settling = vec![false; places.len()];
        for (emp, outcome) in outcomes {
            for (row, place, settles) in outcome.places {
                places[row] = place.number();
                settling[row] = settles;
            }
            if !outcome.accounts.is_empty() {
                balances.accounts.insert(emp, outcome.accounts);
            }
            balances.pages.extend(outcome.pages);
            outcome.closing.iter().for_each(|(account, by)| sums.changed(account, *by));
        }
        balances.totals = sums.posted(&balances.pages);
        balances.pages.par_sort_unstable_by(|a, b| (&a.employee_id, a.period).cmp(&(&b.employee_id, b.period)));
        all.with_column(numbers_from("place", places))?;
        all.with_column(BooleanChunked::from_slice("settles".into(), &settling).into_column())?;
        Ok(balances)
    }
}

impl Books<'_> {
    /// What the lines of one employee come to.
    fn employee(&self, emp: u32, rows: &[usize]) -> Outcome {
        let person = &self.people[emp as usize];
        if !person.on_payroll {
            return self.absent(emp);
        }
        let history = self.history.of(self.ids.ids.text(emp));
        let nobody = Employee::default();
        let employee = history.unwrap_or(&nobody);
        let mut outcome = Outcome::default();
        let mut unjudged = Vec::new();
        let mut cells = Vec::new();
        for row in rows {
            let (pair, place) = (self.lines.pairs.get(*row), self.lines.place(*row));
            if !self.lines.posts(person, pair.label, place) {
                if self.lines.concerns(person, pair.label, place) {
                    unjudged.push(self.lines.benefit(pair.label).to_owned());
                }
                continue;
            }
            match self.line(employee, person, &pair, place) {
                Some(OfLine { place: now, settles, accounts }) => {
                    if now != place || settles {
                        outcome.places.push((*row, now, settles));
                    }
                    for OfAccount { account, restated, settled, unknown, tolerance } in accounts {
                        cells.extend(restated.iter().map(|cell| (account.clone(), *cell)));
                        cells.push((account.clone(), settled.cell));
                        let tally = Tally::new(employee, &account, settled, tolerance, unknown);
                        outcome.accounts.extend(tally.map(|tally| (account, tally)));
                    }
                }
                None => {
                    outcome.places.push((*row, Place::UnverifiedRefund, false));
                    unjudged.push(self.lines.benefit(pair.label).to_owned());
                }
            }
        }
        self.gone(employee, person, &unjudged, &mut cells, &mut outcome);
        unjudged.sort();
        unjudged.dedup();
        let change = |(account, cell): &(Account, Cell)| {
            let known = employee.cell(account, cell.period.end).map_or(0, |known| known.movements.balance());
            (account.clone(), cell.movements.balance() - known)
        };
        if person.is_judged() {
            outcome.closing = cells.iter().map(change).filter(|(_, by)| *by != 0).collect();
        }
        outcome.pages = self.pages(emp, employee, unjudged, cells);
        outcome
    }

    /// The accounts that earlier nights posted to and that have no line tonight.
    fn gone(
        &self,
        employee: &Employee,
        person: &Person,
        unjudged: &[String],
        cells: &mut Vec<(Account, Cell)>,
        outcome: &mut Outcome,
    ) {
        let period = person.period();
        for (account, of_account) in employee.accounts() {
            let touched = cells.iter().any(|(a, cell)| a == account && cell.period.end == period.end);
            if touched || unjudged.iter().any(|benefit| **benefit == *account.benefit) {
                continue;
            }
            let tonight = Tonight { code: None, cover_from: None, ..self.tonight(period, account.payer, 0, 0, 0) };
            let settled = settle(of_account, &tonight);
            if employee.cell(account, period.end).is_some() {
                cells.push((account.clone(), settled.cell));
            }
            let tally = Tally::new(employee, account, settled, tonight.tolerance, None);
            outcome.accounts.extend(tally.map(|tally| (account.clone(), tally)));
        }
    }

    /// Of somebody who is not on payroll: nothing is posted, and what is open stays open.
    fn absent(&self, emp: u32) -> Outcome {
        let person = &self.people[emp as usize];
        let mut outcome = Outcome::default();
        let Some(employee) = self.history.of(self.ids.ids.text(emp)).filter(|_| person.is_answered()) else {
            return outcome;
        };
        for (account, cells) in employee.accounts() {
            let open = Open::of(cells);
            let tally = Tally {
                opening: open.amount,
                settled: 0,
                written_off: written_off(employee, account),
                open,
                tolerance: 0,
                told: false,
                overrun: false,
                unknown: None,
            };
            outcome.accounts.extend(tally.notable().map(|tally| (account.clone(), tally)));
        }
        outcome
    }

    /// Everybody who has accounts and no line at all tonight; people on payroll without a line are looked at all the same.
    fn without_lines(&self, rows: &[usize], sums: &mut Sums) -> Balances {
        let mut with_lines = vec![false; self.people.len()];
        rows.iter().for_each(|row| with_lines[self.lines.pairs.get(*row).emp as usize] = true);
        let mut balances = Balances::default();
        for emp in (0..self.people.len() as u32).filter(|emp| !with_lines[*emp as usize]) {
            let person = &self.people[emp as usize];
            let outcome = match person.on_payroll {
                true if person.is_judged() => self.employee(emp, &[]),
                true => continue,
                false => self.absent(emp),
            };
            if !outcome.accounts.is_empty() {
                balances.accounts.insert(emp, outcome.accounts);
            }
            balances.pages.extend(outcome.pages);
            outcome.closing.iter().for_each(|(account, by)| sums.changed(account, *by));
        }
        balances
    }

    /// What is to be added to the books: the period's page, where anything is new, and one a restated period.
    fn pages(&self, emp: u32, employee: &Employee, unjudged: Vec<String>, cells: Vec<(Account, Cell)>) -> Vec<Page> {
        let person = &self.people[emp as usize];
        if !person.is_judged() {
            return Vec::new();
        }
        let employee_id = self.ids.ids.text(emp);
        let period = person.period();
        let page = |period: PayPeriod| Page {
            employee_id: employee_id.to_owned(),
            period,
            unjudged: None,
            postings: Vec::new(),
        };
        let mut pages = vec![page(period)];
        for (account, cell) in cells {
            let known = employee.cell(&account, cell.period.end);
            let mut movements = cell.movements;
            movements += -known.map(|known| known.movements).unwrap_or_default();
            let same_code = known.is_none_or(|known| known.code == cell.code);
            // The first look at a period notes the record of cover that it was judged by, even where nothing was due.
            let noted = known.is_some() || cell.cover_from.is_none();
            if movements.is_nothing() && same_code && noted {
                continue;
            }
            let Cell { period, code, cover_from, .. } = cell;
            let at = pages.iter().position(|page| page.period.end == period.end).unwrap_or(pages.len());
            if at == pages.len() {
                pages.push(page(period));
            }
            pages[at].postings.push(Posting { account, period, movements, code, cover_from });
        }
        if employee.look(period.end).is_none_or(|known| !known.iter().eq(&unjudged)) {
            pages[0].unjudged = Some(unjudged);
        }
        pages.retain(|page| page.unjudged.is_some() || !page.postings.is_empty());
        pages
    }

    fn tonight(&self, period: PayPeriod, payer: Side, expected: i64, taken: i64, tolerance: i64) -> Tonight {
        Tonight {
            period,
            expected,
            taken,
            tolerance,
            code: Some(line::amount_code(payer)),
            cover_from: None,
            night: self.night,
            before: Before::default(),
        }
    }
}

impl Tally {
    fn new(
        employee: &Employee,
        account: &Account,
        settled: Settled,
        tolerance: i64,
        unknown: Option<Unknown>,
    ) -> Option<Tally> {
        let end = settled.cell.period.end;
        let others = employee.cells(account).iter().filter(|cell| cell.period.end != end);
        let caught_up = others.clone().next_back().is_some_and(|cell| cell.movements.get(EntryKind::CaughtUp) > 0);
        let tally = Tally {
            opening: Open::of(others).amount,
            settled: settled.settled,
            written_off: written_off(employee, account),
            told: !settled.is_right(),
            overrun: !settled.is_right() && settled.open.amount < 0 && (caught_up || settled.settled > 0),
            open: settled.open,
            tolerance,
            unknown,
        };
        tally.notable()
    }

    fn notable(self) -> Option<Tally> {
        let notable = self.opening != 0 || self.written_off != 0 || self.is_open();
        notable.then_some(self)
    }

    /// More than rounding is open.
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_settled(self.tolerance)
    }
}

fn written_off(employee: &Employee, account: &Account) -> i128 {
    employee.cells(account).iter().map(|cell| i128::from(cell.movements.get(EntryKind::WrittenOff))).sum()
}

impl Person {
    fn period(&self) -> PayPeriod {
        PayPeriod { start: Some(date(self.payday.start)), end: date(self.payday.end) }
    }
}
