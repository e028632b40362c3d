//! What the night was judged from as rows of the proof's tables: people, payroll's lines beside what is due, the
//! records of cover and the entries of the benefit ledger. Rows are given one by one, so that none of the tables is
//! held.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::NaiveDate;
use polars::prelude::*;

use crate::balance::{BalanceHistory, Employee};
use crate::proof::{CoverRow, EntryRow, LineRow, OfPayer, PersonRow, Price};
use crate::rules::Compared;
use crate::rules::lines::dictionary::BLANK;
use crate::rules::night::Night;
use crate::rules::people::{date, mark};
use crate::rules::place::{Fate, Place};
use crate::rules::proofs::totals::{Totals, bucket, by_benefit};
use crate::rules::schema::{EMPLOYEES, LINES};
use crate::rules::timeline::records::Portion;
use crate::snapshot::BENEFITS;
use crate::tables::column::{Column, Number, Row};
use tieout_model::balance::{Account, Movements, Page, PayPeriod, Posting};
use tieout_model::finding::Payer;
use tieout_model::money::Currency;

/// Where rows end that could not be read.
const REJECTED: &str = "rejected";

/// How much of a deduction Oyster's price makes due.
const ESTIMATE: &str = "estimate";

impl Compared<'_> {
    /// Everybody whom the night knows, and the rows of payroll that are nobody's. Before they are judged there is
    /// nobody.
    pub(crate) fn people(&self, give: impl FnMut(&PersonRow<'_>) -> anyhow::Result<()>) -> anyhow::Result<()> {
        people(&self.night, &self.fates, give)
    }

    /// Every line, and the amounts of rejected rows.
    pub(crate) fn lines(&self, give: impl FnMut(&LineRow<'_>) -> anyhow::Result<()>) -> anyhow::Result<()> {
        lines(&self.night, give)
    }

    /// Every record of cover.
    pub(crate) fn cover(&self, give: impl FnMut(&CoverRow<'_>) -> anyhow::Result<()>) -> anyhow::Result<()> {
        cover(&self.night, give)
    }

    /// The accounts that hold something or are posted to by `pages`, entry by entry.
    pub(crate) fn entries(
        &self,
        pages: &[Page],
        give: impl FnMut(&EntryRow<'_>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        entries(self.night.inputs.books, pages, give)
    }
}

fn people(
    night: &Night<'_>,
    fates: &[Fate],
    mut give: impl FnMut(&PersonRow<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let frame = &night.people.frame;
    let marks = EMPLOYEES.mark.of(frame)?;
    let (groups, starts, ends) = (EMPLOYEES.group.of(frame)?, EMPLOYEES.start.of(frame)?, EMPLOYEES.end.of(frame)?);
    let rows = &night.inputs.payroll.rows_of_person;
    for (emp, fate) in fates.iter().enumerate() {
        let group = night.people.groups.text(groups.get(emp).unwrap_or(BLANK));
        let holds = |mark: u32| marks.get(emp).is_some_and(|who| who == mark || who == mark::BOTH);
        give(&PersonRow {
            employee_id: Some(night.id(emp as u32)),
            pay_group: Some(group).filter(|group| !group.is_empty()),
            asked: emp < night.people.ids.known(),
            on_payroll: holds(mark::PAYROLL_ONLY),
            in_benifex: holds(mark::SERVICE_ONLY),
            period: starts.get(emp).zip(ends.get(emp)).map(|(start, end)| (date(start), date(end))),
            payroll_rows: night.person(emp as u32).and_then(|row| rows.get(row).copied()).unwrap_or_default(),
            ended: (*fate).into(),
        })?;
    }
    let read = &night.inputs.payroll.rows;
    for (ended, rows) in [(Fate::OutOfScope.into(), read.out_of_scope + read.structural), (REJECTED, read.rejected)] {
        give(&PersonRow {
            employee_id: None,
            pay_group: None,
            asked: false,
            on_payroll: false,
            in_benifex: false,
            period: None,
            payroll_rows: rows,
            ended,
        })?;
    }
    Ok(())
}

fn lines(night: &Night<'_>, mut give: impl FnMut(&LineRow<'_>) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let all = &night.placed;
    let number = |column: Column<Row>| column.of(all)?.cont_slice();
    let count = |column: Column<Number>| column.of(all)?.cont_slice();
    let (emps, labels, places, marks) =
        (number(LINES.emp)?, number(LINES.label)?, number(LINES.place)?, number(LINES.mark)?);
    let (pay_rows, bx_rows) = (number(LINES.pay_rows)?, number(LINES.bx_rows)?);
    let currencies = [number(LINES.pay_cur)?, number(LINES.ee_cur)?, number(LINES.er_cur)?];
    let amounts = [
        count(LINES.employee_taken)?,
        count(LINES.employee_due)?,
        count(LINES.employer_taken)?,
        count(LINES.employer_due)?,
    ];
    let (per_year, tolerances) = (count(LINES.per_year)?, count(LINES.tolerance)?);
    let (settles, employer) = (LINES.settles.of(all)?, LINES.employer.of(all)?);
    let groups = EMPLOYEES.group.of(&night.people.frame)?;
    for row in 0..all.height() {
        let (place, label, tolerance) = (Place::of(places[row]), labels[row], tolerances[row]);
        let [pay_cur, ee_cur, er_cur] = currencies.map(|column| night.currency(column[row]));
        let [a, e, s, r] = amounts.map(|column| column[row]);
        let of_payer = |side, payroll: i64, expected: i64, currency| {
            let bucket = bucket(place, side, employer.get(row) == Some(true));
            let bucket = bucket.settled(settles.get(row) == Some(true), payroll - expected, tolerance);
            OfPayer { payroll, expected, currency, counts_as: bucket.name() }
        };
        give(&LineRow {
            employee_id: Some(night.id(emps[row])),
            benefit: night.catalog.labels.text(label),
            service: night.service(label),
            rung: place.into(),
            ended: place.fate().into(),
            payroll_rows: u64::from(pay_rows[row]),
            service_rows: if marks[row] == mark::PAYROLL_ONLY { 0 } else { u64::from(bx_rows[row]) },
            payroll_currency: pay_cur,
            employee: of_payer(Payer::Employee, a, e, ee_cur),
            employer: of_payer(Payer::Employer, s, r, er_cur),
            deductions_a_year: u64::try_from(per_year[row]).unwrap_or_default(),
            employer_deductions_a_year: night.employer_per_year(groups, (emps[row], label), per_year[row]),
            tolerance,
        })?;
    }
    rejected(by_benefit(night, &night.inputs.payroll.rejected), give)
}

impl Night<'_> {
    /// Payments a year of the employer's share of a line, of which the employee's has so many; 0 = unknown.
    fn employer_per_year(&self, groups: &UInt32Chunked, (emp, label): (u32, u32), per_year: i64) -> u64 {
        let group = groups.get(emp as usize).unwrap_or(BLANK);
        let payday = &self.people.paydays[emp as usize];
        let per_year = payday.employer_per_year(self.schemes.scheme(group, label), per_year);
        u64::try_from(per_year).unwrap_or_default()
    }
}

/// The amounts of rejected rows: nobody's, as far as they could be read.
fn rejected(totals: Totals, mut give: impl FnMut(&LineRow<'_>) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let mut of_payers: BTreeMap<(String, Currency), [i64; 2]> = BTreeMap::new();
    for ((benefit, currency, side), amount) in totals {
        let amount = i64::try_from(amount).context("adding up the amounts of rejected rows")?;
        of_payers.entry((benefit, currency)).or_default()[side as usize] = amount;
    }
    for ((benefit, currency), amounts) in of_payers {
        let of = |payer: Payer| OfPayer {
            payroll: amounts[payer as usize],
            expected: 0,
            currency: None,
            counts_as: REJECTED,
        };
        give(&LineRow {
            employee_id: None,
            benefit: &benefit,
            service: "",
            rung: REJECTED,
            ended: REJECTED,
            payroll_rows: 0,
            service_rows: 0,
            payroll_currency: Some(currency),
            employee: of(Payer::Employee),
            employer: of(Payer::Employer),
            deductions_a_year: 0,
            employer_deductions_a_year: 0,
            tolerance: 0,
        })?;
    }
    Ok(())
}

fn cover(night: &Night<'_>, mut give: impl FnMut(&CoverRow<'_>) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let benefits = night.inputs.benefits;
    let stated = |column: Column<Number>| column.of(&benefits.frame);
    let (ee_annual, ee_monthly) = (stated(BENEFITS.ee_annual)?, stated(BENEFITS.ee_monthly)?);
    let (er_annual, er_monthly) = (stated(BENEFITS.er_annual)?, stated(BENEFITS.er_monthly)?);
    let effective = BENEFITS.effective_from.of(&benefits.frame)?;
    let records = &night.records.frame;
    let number = |column: Column<Row>| column.of(records);
    let (emps, labels, currencies) =
        (number(LINES.emp)?, number(LINES.label)?, [number(LINES.ee_cur)?, number(LINES.er_cur)?]);
    let (per_year, dues) =
        (LINES.per_year.of(records)?, [LINES.employee_due.of(records)?, LINES.employer_due.of(records)?]);
    let groups = EMPLOYEES.group.of(&night.people.frame)?;
    for row in 0..records.height() {
        let [employee, employer] = [(ee_annual, ee_monthly, 0), (er_annual, er_monthly, 1)].map(
            |(annual, monthly, payer): (&Int64Chunked, &Int64Chunked, usize)| Price {
                annual: annual.get(row),
                monthly: monthly.get(row),
                currency: night.currency(currencies[payer].get(row).unwrap_or(BLANK)),
                due: dues[payer].get(row).unwrap_or_default(),
            },
        );
        let (emp, label) = (emps.get(row).unwrap_or_default(), labels.get(row).unwrap_or(BLANK));
        let per_year = per_year.get(row).unwrap_or_default();
        let [share, employer_share] = night.records.portions.get(row).copied().unwrap_or([Portion::Nothing; 2]);
        give(&CoverRow {
            employee_id: night.id(emp),
            benefit: night.catalog.labels.text(label),
            service: "benifex",
            status: benefits.statuses.get(row),
            effective_from: effective.get(row).map(date),
            employee,
            employer,
            deductions_a_year: u64::try_from(per_year).unwrap_or_default(),
            employer_deductions_a_year: night.employer_per_year(groups, (emp, label), per_year),
            share: share.into(),
            employer_share: employer_share.into(),
        })?;
    }
    estimates(night, give)
}

/// What Oyster's enrollments make due.
fn estimates(night: &Night<'_>, mut give: impl FnMut(&CoverRow<'_>) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let Some(oyster) = &night.oyster else { return Ok(()) };
    let all = &night.placed;
    let number = |column: Column<Row>| column.of(all);
    let (emps, labels, marks) = (number(LINES.emp)?, number(LINES.label)?, number(LINES.mark)?);
    let currencies = [number(LINES.ee_cur)?, number(LINES.er_cur)?];
    let (per_year, dues) = (LINES.per_year.of(all)?, [LINES.employee_due.of(all)?, LINES.employer_due.of(all)?]);
    for row in 0..all.height() {
        let label = labels.get(row).unwrap_or(BLANK);
        if !oyster.owns(label) || marks.get(row) == Some(mark::PAYROLL_ONLY) {
            continue;
        }
        let price = |payer: usize| Price {
            currency: night.currency(currencies[payer].get(row).unwrap_or(BLANK)),
            due: dues[payer].get(row).unwrap_or_default(),
            ..Price::default()
        };
        let per_year = per_year.get(row).and_then(|d| u64::try_from(d).ok()).unwrap_or_default();
        give(&CoverRow {
            employee_id: night.id(emps.get(row).unwrap_or_default()),
            benefit: night.catalog.labels.text(label),
            service: night.service(label),
            status: None,
            effective_from: None,
            employee: price(0),
            employer: price(1),
            deductions_a_year: per_year,
            employer_deductions_a_year: per_year,
            share: ESTIMATE,
            employer_share: ESTIMATE,
        })?;
    }
    Ok(())
}

/// An account of one employee: what it held, and what the night posts, by the last day of the period.
#[derive(Default)]
struct OfAccount {
    opening: i128,
    entries: BTreeMap<NaiveDate, (PayPeriod, Movements)>,
}

impl OfAccount {
    fn post(&mut self, period: PayPeriod, movements: Movements) {
        let (known, sum) = self.entries.entry(period.end).or_insert((period, Movements::default()));
        known.start = known.start.or(period.start);
        *sum += movements;
    }
}

/// Accounts of employees in the order of their ids: books and pages both stand in it.
fn entries(
    books: &BalanceHistory,
    pages: &[Page],
    mut give: impl FnMut(&EntryRow<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut known = books.employees().peekable();
    let mut pages = pages.chunk_by(|a, b| a.employee_id == b.employee_id).peekable();
    loop {
        let order = match (known.peek(), pages.peek()) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((id, _)), Some(pages)) => (*id).cmp(pages[0].employee_id.as_str()),
        };
        let employee = if order.is_le() { known.next() } else { None };
        let pages = if order.is_ge() { pages.next().unwrap_or_default() } else { &[] };
        let id = employee.map(|(id, _)| id).or(pages.first().map(|page| page.employee_id.as_str()));
        let postings = pages.iter().flat_map(|page| &page.postings);
        let id = id.unwrap_or_default();
        for (account, of_account) in accounts(books, employee.map(|(_, employee)| employee), postings) {
            give_account(&mut give, id, account, of_account)?;
        }
    }
}

fn accounts<'b>(
    books: &'b BalanceHistory,
    employee: Option<Employee<'b>>,
    postings: impl Iterator<Item = &'b Posting>,
) -> BTreeMap<&'b Account, OfAccount> {
    let mut accounts: BTreeMap<&Account, OfAccount> = BTreeMap::new();
    let of_employee = employee.as_ref().map(|employee| employee.accounts().map(move |of| (employee, of)));
    for (employee, (account, cells)) in of_employee.into_iter().flatten() {
        let opening = cells.iter().map(|cell| cell.movements.balance()).sum();
        let mut of_account = OfAccount { opening, entries: BTreeMap::new() };
        for (period, movements) in books.posted_to(employee, account) {
            of_account.opening -= movements.balance();
            of_account.post(period, movements);
        }
        if of_account.opening != 0 || !of_account.entries.is_empty() {
            accounts.insert(account, of_account);
        }
    }
    for posting in postings {
        accounts.entry(&posting.account).or_default().post(posting.period, posting.movements);
    }
    accounts
}

fn give_account(
    give: &mut impl FnMut(&EntryRow<'_>) -> anyhow::Result<()>,
    employee_id: &str,
    account: &Account,
    of_account: OfAccount,
) -> anyhow::Result<()> {
    let Account { benefit, payer, currency } = account;
    let held = |balance: i128| i64::try_from(balance).context("adding up an account of the benefit ledger");
    let mut entries: Vec<_> = of_account.entries.into_values().filter(|(_, posted)| !posted.is_nothing()).collect();
    entries.sort_unstable();
    let mut entries: Vec<_> = entries.into_iter().map(|(period, posted)| (Some(period), posted)).collect();
    if entries.is_empty() && of_account.opening != 0 {
        entries.push((None, Movements::default()));
    }
    let mut balance = of_account.opening;
    for (entry, (period, movements)) in (1..).zip(entries) {
        let opening = held(balance)?;
        balance += movements.balance();
        let closing = held(balance)?;
        let (payer, currency) = (*payer, *currency);
        give(&EntryRow { employee_id, benefit, payer, currency, entry, period, opening, movements, closing })?;
    }
    Ok(())
}
