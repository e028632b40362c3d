//! `tieout ledger`: one employee's accounts as a bank prints them, an entry a line with the balance behind it.

use anyhow::{Context as _, anyhow};
use serde::Serialize;

use crate::cli::LedgerArgs;
use crate::outcome::{Exit, Failure, Outcome};
use tieout_model::money::decimal_text;
use tieout_model::statement::{StatementEntry, statement};
use tieout_store::{PostedPage, PostingHead};

use super::{open, table};

/// One entry. Amounts are decimal text in the account's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct StatementLine {
    pub(super) employee_id: String,
    benefit: String,
    /// `employee`, `employer`.
    pub(super) payer: &'static str,
    currency: String,
    /// The night that posted it, or the day of a write-off.
    posted: String,
    /// Blank where it is not known.
    period_start: String,
    period_end: String,
    /// `expected`, `taken`, `caught up`, `refunded`, `written off`.
    entry: &'static str,
    /// The account on the other side.
    against: &'static str,
    debit: String,
    credit: String,
    /// Positive: owed by the payer.
    balance: String,
    by: String,
    reason: String,
}

const HEADERS: [&str; 14] = [
    "employee_id",
    "benefit",
    "payer",
    "currency",
    "posted",
    "period_start",
    "period_end",
    "entry",
    "against",
    "debit",
    "credit",
    "balance",
    "by",
    "reason",
];

impl StatementLine {
    pub(super) fn is_of_account(&self, other: &StatementLine) -> bool {
        (&self.benefit, self.payer, &self.currency) == (&other.benefit, other.payer, &other.currency)
    }
}

/// Prints the statement.
pub fn run(args: &LedgerArgs) -> Outcome {
    let opened = open::job(&args.job)?;
    let store = open::store(&opened.job)?;
    let employee = args.employee.trim();
    let pages = store.pages_of(employee).context("reading the benefit ledger").map_err(Failure::bug)?;
    let lines = lines(employee, &pages, args.benefit.as_deref());
    if pages.is_empty() {
        return Err(Failure::input(anyhow!(
            "the benefit ledger of job {} holds nothing of employee {employee}: expected an id as payroll writes it, of \
             somebody whose payroll a night has judged",
            opened.job.name
        )));
    }
    if args.json {
        table::print_json(&lines)?;
    } else if args.csv {
        table::print(csv_text(&lines).map_err(Failure::bug)?.trim_end());
    } else {
        table::print(&text(employee, &lines));
    }
    Ok(Exit::Done)
}

/// Entries by account, in the order of posting, each with the balance after it.
pub(super) fn lines(employee_id: &str, pages: &[PostedPage], benefit: Option<&str>) -> Vec<StatementLine> {
    let entries = statement(pages.iter().map(|(head, page)| (head, page)));
    let wanted = entries.iter().filter(|entry| benefit.is_none_or(|benefit| *entry.account.benefit == *benefit));
    wanted.map(|entry| line(employee_id, entry)).collect()
}

fn line(employee_id: &str, entry: &StatementEntry<'_, &PostingHead>) -> StatementLine {
    let StatementEntry { head, account, period, kind, debit, credit, balance } = entry;
    let decimals = account.currency.decimals();
    let shown = |counts: i128| if counts == 0 { String::new() } else { decimal_text(counts, decimals) };
    StatementLine {
        employee_id: employee_id.to_owned(),
        benefit: account.benefit.to_string(),
        payer: account.payer.name(),
        currency: account.currency.code().to_owned(),
        posted: head.night.to_string(),
        period_start: period.start.map_or_else(String::new, |start| start.to_string()),
        period_end: period.end.to_string(),
        entry: kind.name(),
        against: kind.against(),
        debit: shown(*debit),
        credit: shown(*credit),
        balance: decimal_text(*balance, decimals),
        by: head.by.clone(),
        reason: head.reason.clone(),
    }
}

/// One block an account.
pub(super) fn text(employee: &str, lines: &[StatementLine]) -> String {
    if lines.is_empty() {
        return format!("employee {employee}: nothing was expected or taken");
    }
    let blocks = lines.chunk_by(|a, b| a.is_of_account(b)).map(|account| {
        let of = &account[0];
        let rows = account.iter().map(|line| {
            vec![
                line.posted.clone(),
                format!("{} to {}", or_dash(&line.period_start), line.period_end),
                line.entry.to_owned(),
                line.against.to_owned(),
                line.debit.clone(),
                line.credit.clone(),
                line.balance.clone(),
                line.reason.clone(),
            ]
        });
        let headers = ["Posted", "Period", "Entry", "Against", "Debit", "Credit", "Balance", "Reason"];
        let rows = table::render(&headers, rows.collect(), &[4, 5, 6]);
        format!("employee {employee}, {}, {}, {}\n{rows}", of.benefit, of.payer, of.currency)
    });
    blocks.collect::<Vec<_>>().join("\n\n")
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

fn csv_text(lines: &[StatementLine]) -> anyhow::Result<String> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(HEADERS).context("write the headers")?;
    lines.iter().try_for_each(|line| writer.serialize(guarded(line.clone()))).context("write the statement as CSV")?;
    String::from_utf8(writer.into_inner().context("write the statement as CSV")?).context("write the statement as CSV")
}

/// No text begins a formula.
fn guarded(line: StatementLine) -> StatementLine {
    let guard = |text: &str| tieout_report::guarded(text).into_owned();
    StatementLine {
        employee_id: guard(&line.employee_id),
        benefit: guard(&line.benefit),
        by: guard(&line.by),
        reason: guard(&line.reason),
        ..line
    }
}
