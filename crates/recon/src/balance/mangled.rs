//! Ids that payroll wrote wrongly in one file (ID05) and rightly in a later one: what stood under the wrong id is the
//! right one's. And ids that were changed: what stood under the old one is the new one's.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::account_period::AccountPeriod;
use super::cells::OwnCells;
use super::history::{BalanceHistory, Employee};
use super::known::{Known, know};
use tieout_model::balance::{Account, LEFT_OUT, MANGLED, Movements, Page, PayPeriod, Posting};
use tieout_model::code::Code;

/// A period that payroll had under an id of which Benifex knew another form, or the person under another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mangled {
    period: PayPeriod,
    /// Benifex's id; blank where earlier versions wrote the mark.
    other: Box<str>,
}

/// Notes whether a look at a period was one at a mangled id, and takes the mark off what could not be judged.
pub(super) fn note(
    mangled: &mut BTreeMap<(usize, NaiveDate), Mangled>,
    (employee, period): (usize, PayPeriod),
    unjudged: &mut Vec<String>,
) {
    mangled.remove(&(employee, period.end));
    if let Some(other) = unjudged.iter().find_map(|benefit| benefit.strip_prefix(MANGLED)) {
        mangled.insert((employee, period.end), Mangled { period, other: other.into() });
        unjudged.retain(|benefit| !benefit.starts_with(MANGLED));
    }
}

/// A period in which payroll had a row under one id and Benifex the person under another.
#[derive(Clone, Copy, Debug)]
pub struct UnderTwo<'h> {
    /// Of payroll's id, among all of the books.
    pub position: usize,
    pub payrolls: &'h str,
    /// Blank: one that payroll's is another form of.
    pub benifexs: &'h str,
    pub period: PayPeriod,
}

impl BalanceHistory {
    /// In the order of payroll's ids, then of the periods.
    pub fn under_two_ids(&self) -> impl Iterator<Item = UnderTwo<'_>> {
        self.mangled.iter().map(|((position, _), Mangled { period, other })| UnderTwo {
            position: *position,
            payrolls: self.id_at(*position),
            benifexs: other,
            period: *period,
        })
    }
}

/// One employee's books with what tonight takes in from those of another id, or hands over, and the pages that say so.
#[derive(Debug, Default)]
pub struct Joined {
    /// Of the employee, among all of the books.
    position: usize,
    periods: Vec<Known>,
    cells: OwnCells,
    /// Without their employee: whose they are, the caller knows.
    pages: Vec<Given>,
}

/// A period, what could not be judged in it, and what is posted for it.
type Given = (PayPeriod, Vec<String>, Vec<Posting>);

impl Joined {
    pub fn of(employee: &Employee<'_>) -> Joined {
        Joined {
            position: employee.position,
            periods: employee.periods.to_vec(),
            cells: OwnCells::of(employee),
            pages: Vec::new(),
        }
    }

    /// With every amount of the accounts named of the other sign.
    pub fn mirrored(employee: &Employee<'_>, is_mirrored: impl Fn(&Account) -> bool) -> Joined {
        let as_told = |(account, cell): (&Account, &AccountPeriod)| {
            let cell = if is_mirrored(account) { cell.mirrored() } else { cell.clone() };
            (account.clone(), cell)
        };
        let cells = OwnCells::new(employee.cells_by_account().map(as_told));
        Joined { position: employee.position, periods: employee.periods.to_vec(), cells, pages: Vec::new() }
    }

    pub fn employee(&self) -> Employee<'_> {
        Employee::alone(self.position, &self.periods, self.cells.lend())
    }

    /// Hands over what the period took.
    pub fn give(&mut self, period: PayPeriod) -> Vec<Posting> {
        let waits = |(account, cells): (&Account, &[super::AccountPeriod])| {
            let cell = super::cell(cells, period.end).filter(|cell| cell.code == Some(Code::ID05))?;
            Some((account.clone(), cell.clone()))
        };
        let all: Vec<_> = self.employee().accounts().filter_map(waits).collect();
        let mut given = Vec::new();
        for (account, mut cell) in all {
            let movements = std::mem::take(&mut cell.movements);
            let (period, code, cover_from) = (cell.period, cell.code, cell.cover_from);
            self.cells.put(&account, cell);
            given.push(Posting { account, period, movements, code, cover_from, by_gross: None });
        }
        let back = |posting: &Posting| Posting { movements: -posting.movements, ..posting.clone() };
        let given_back = given.iter().map(back).collect();
        self.keep(period, given_back);
        given
    }

    /// Hands over all that stands, by period, with what could not be judged in it: the id is another one now.
    pub fn give_all(&mut self) -> Vec<Given> {
        let own = self.employee();
        let mut given: BTreeMap<NaiveDate, Given> = BTreeMap::new();
        for known in own.periods.iter().filter(|known| !known.unread) {
            let unjudged = known.unjudged.iter().cloned().collect();
            given.insert(known.period.end, (known.period, unjudged, Vec::new()));
        }
        let all = own.accounts().flat_map(|(account, cells)| cells.iter().map(move |cell| (account.clone(), cell)));
        for (account, cell) in all {
            let AccountPeriod { period, movements, code, cover_from, .. } = *cell;
            let posting = Posting { account, period, movements, code, cover_from, by_gross: cell.by_gross() };
            given.entry(period.end).or_insert((period, Vec::new(), Vec::new())).2.push(posting);
        }
        self.cells = OwnCells::default();
        let given: Vec<Given> = given.into_values().collect();
        for (period, unjudged, postings) in &given {
            let back = |posting: &Posting| Posting { movements: -posting.movements, code: None, ..posting.clone() };
            self.pages.push((*period, unjudged.clone(), postings.iter().map(back).collect()));
        }
        given
    }

    /// What the period took is the employee's own: it was no id that was written wrongly.
    pub fn keep(&mut self, period: PayPeriod, postings: Vec<Posting>) {
        let unjudged = self.employee().look(period.end).into_iter().flatten().cloned().collect();
        self.pages.push((period, unjudged, postings));
    }

    /// The period's file had no row of the employee.
    pub fn leave_out(&mut self, period: PayPeriod, looked_on: NaiveDate) {
        let unjudged = vec![LEFT_OUT.to_owned()];
        know(&mut self.periods, (period, looked_on), unjudged.clone());
        self.pages.push((period, unjudged, Vec::new()));
    }

    /// Takes in what a period took under another id: a night looked at it, and what was due is not known yet.
    pub fn take(&mut self, period: PayPeriod, postings: Vec<Posting>, looked_on: NaiveDate) {
        self.take_over((period, Vec::new(), postings), looked_on);
    }

    /// Takes in a period as it stood under another id.
    pub fn take_over(&mut self, (period, unjudged, postings): Given, looked_on: NaiveDate) {
        know(&mut self.periods, (period, looked_on), unjudged.clone());
        for posting in &postings {
            let known = self.employee().cell(&posting.account, period.end).cloned();
            let mut cell = known.unwrap_or(super::AccountPeriod::new(period, looked_on));
            cell.post(looked_on, posting.movements, posting.cover_from);
            (cell.code, cell.cover_from) = (posting.code, posting.cover_from);
            cell.set_by_gross(posting.by_gross);
            self.cells.put(&posting.account, cell);
        }
        self.pages.push((period, unjudged, postings));
    }

    /// How much more each account holds by what was moved.
    pub fn changes(&self) -> impl Iterator<Item = (Account, i128)> {
        let postings = self.pages.iter().flat_map(|(.., postings)| postings);
        let of_postings = postings.map(|posting| (posting.account.clone(), posting.movements.balance()));
        of_postings.filter(|(_, by)| *by != 0)
    }

    /// Adds what was moved to what the night posts for the employee.
    pub fn add_to(&self, pages: &mut Vec<Page>, employee_id: &str) {
        for (period, unjudged, postings) in &self.pages {
            let at = pages.iter().position(|page| page.period.end == period.end).unwrap_or(pages.len());
            if at == pages.len() {
                let (employee_id, period) = (employee_id.into(), *period);
                pages.push(Page { employee_id, period, unjudged: None, postings: Vec::new() });
            }
            let page = &mut pages[at];
            page.unjudged.get_or_insert_with(|| unjudged.clone());
            for moved in postings.iter().filter(|moved| moved.movements != Movements::default()) {
                match page.postings.iter_mut().find(|own| own.account == moved.account) {
                    Some(own) => own.movements += moved.movements,
                    None => page.postings.push(moved.clone()),
                }
            }
        }
    }
}
