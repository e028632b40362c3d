//! What stands behind the findings that the page shows first: read for them alone, of employees one by one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Context as _;
use chrono::NaiveDate;

use crate::outcome::Failure;
use tieout_model::balance::{Page, payers_of};
use tieout_model::finding::Finding;
use tieout_model::statement::{StatementEntry, statement};
use tieout_report::{AccountBehind, BEHIND_FINDINGS_MAX, BEHIND_LINES_MAX, Behind, EntryBehind, Exception};
use tieout_store::{PostedPage, SeenPeriod, Store};

/// By finding id; `tonight` is what the night posts.
pub fn read(
    store: &Store,
    night: NaiveDate,
    exceptions: &[Exception],
    tonight: &[Page],
) -> Result<BTreeMap<String, Behind>, Failure> {
    let read = || -> anyhow::Result<_> {
        let first = &exceptions[..exceptions.len().min(BEHIND_FINDINGS_MAX)];
        let mut behind: BTreeMap<String, Behind> = BTreeMap::new();
        let by_id: BTreeMap<&str, &Exception> =
            first.iter().map(|exception| (exception.id.as_str(), exception)).collect();
        store.each_seen_periods(night, by_id.keys().copied(), |id, earlier| {
            behind.entry(id.to_owned()).or_default().periods = periods(&by_id[id].finding, earlier);
        })?;
        let mut by_employee: BTreeMap<&str, Vec<&Exception>> = BTreeMap::new();
        for exception in by_id.into_values().filter(|e| !payers(&e.finding).is_empty()) {
            by_employee.entry(exception.finding.employee_id.as_str()).or_default().push(exception);
        }
        let posted = posted(tonight, by_employee.keys().copied().collect());
        store.each_pages_of(by_employee.keys().copied(), |employee, earlier| {
            let posted = posted.get(employee).map_or(&[][..], Vec::as_slice);
            let pages = pages(&earlier, posted, night);
            let entries = statement(pages);
            for exception in &by_employee[employee] {
                behind.entry(exception.id.clone()).or_default().accounts = accounts(&exception.finding, &entries);
            }
        })?;
        Ok(behind)
    };
    read().context("reading what stands behind the findings").map_err(Failure::bug)
}

fn payers(finding: &Finding) -> &'static [tieout_model::finding::Payer] {
    payers_of(finding.code, &finding.field)
}

/// Tonight's period last: what an earlier night said of it is told anew.
fn periods(
    finding: &Finding,
    earlier: Vec<SeenPeriod>,
) -> Vec<(NaiveDate, Option<(i128, tieout_model::money::Currency)>)> {
    let wide = |(counts, currency)| (i128::from(counts), currency);
    let earlier = earlier.into_iter().filter(|period| Some(period.end) != finding.period_end);
    let tonight = finding
        .period_end
        .map(|end| (end, finding.period_exposure.map(|(amount, currency)| (i128::from(amount.0), currency))));
    let all: Vec<_> = earlier.map(|period| (period.end, period.exposure.map(wide))).chain(tonight).collect();
    all[all.len().saturating_sub(BEHIND_LINES_MAX)..].to_vec()
}

/// What the night posts to these employees.
fn posted<'p>(tonight: &'p [Page], wanted: BTreeSet<&str>) -> HashMap<&'p str, Vec<&'p Page>> {
    let mut posted: HashMap<&str, Vec<&Page>> = HashMap::new();
    for page in tonight.iter().filter(|page| wanted.contains(page.employee_id.as_str())) {
        posted.entry(page.employee_id.as_str()).or_default().push(page);
    }
    posted
}

/// What was posted up to the night, and what it posts itself.
fn pages<'p>(
    earlier: &'p [PostedPage],
    tonight: &'p [&Page],
    night: NaiveDate,
) -> impl Iterator<Item = (NaiveDate, &'p Page)> {
    let earlier = earlier.iter().map(|(head, page)| (head.night, page)).filter(move |(posted, _)| *posted <= night);
    earlier.chain(tonight.iter().map(move |page| (night, *page)))
}

fn accounts(finding: &Finding, entries: &[StatementEntry<'_, NaiveDate>]) -> Vec<AccountBehind> {
    let payers = payers(finding);
    let of_account = |entries: &[StatementEntry<'_, NaiveDate>]| {
        let left_out = entries.len().saturating_sub(BEHIND_LINES_MAX);
        let line = |entry: &StatementEntry<'_, NaiveDate>| EntryBehind {
            posted: entry.head,
            period: entry.period,
            kind: entry.kind,
            amount: entry.debit - entry.credit,
            balance: entry.balance,
        };
        AccountBehind {
            account: entries[0].account.clone(),
            left_out,
            entries: entries[left_out..].iter().map(line).collect(),
        }
    };
    let by_account = entries.chunk_by(|a, b| a.account == b.account);
    let wanted = by_account.filter(|entries| {
        let account = entries[0].account;
        *account.benefit == *finding.benefit && payers.contains(&account.payer)
    });
    wanted.map(of_account).collect()
}
