//! `tieout show`: one finding with all that is known of it, or the findings of the newest night.

use anyhow::{Context, anyhow};
use chrono::Days;
use serde_json::{Value, json};

use crate::cli::ShowArgs;
use crate::job::Job;
use crate::outcome::{Exit, Failure, Outcome};
use tieout_model::balance::payers_of;
use tieout_model::code::Code;
use tieout_model::correction::evidence;
use tieout_model::note::Note;
use tieout_model::waiver::{Grant, Waiver, governing};
use tieout_report::{ReadFinding, ReadNight, amount};
use tieout_store::{Item, ItemFilter, PastFinding, Store};

use super::ledger::StatementLine;
use super::{ledger, open, reports, table};

/// Findings on the screen; JSON has all.
const FINDINGS_SHOWN_MAX: usize = 40;
/// Newest nights whose reports are looked into for the history of a finding.
const NIGHTS_READ_MAX: usize = 30;
/// Newest entries of each account on the screen; JSON has all.
const ENTRIES_SHOWN_MAX: usize = 24;
/// What a person wants to know first of a finding, by columns of the report.
const FIRST: [(&str, &str); 8] = [
    ("severity", "severity"),
    ("employee", "employee_id"),
    ("name", "employee_name"),
    ("benefit", "benefit"),
    ("pay group", "pay_group"),
    ("whose move", "owner"),
    ("status", "status"),
    ("correction", "correction"),
];
const COMPARED: [(&str, &str); 4] = [
    ("field", "field"),
    ("payroll has", "payroll_value"),
    ("other side has", "system_value"),
    ("evidence", "evidence"),
];
const MONEY: [(&str, &str); 6] = [
    ("payroll", "payroll_amount"),
    ("expected", "system_amount"),
    ("difference", "difference"),
    ("pay a year", "pay_difference"),
    ("exposure", "exposure_to_date"),
    ("a year", "exposure_run_rate"),
];

pub fn run(args: &ShowArgs) -> Outcome {
    let opened = open::job(&args.job)?;
    match &args.finding {
        None => all(&reports::read(&opened.job, None)?, args.json)?,
        Some(id) => {
            let known = Known::of(&opened.job, id.trim())?;
            if args.json { table::print_json(&known.json())? } else { table::print(&known.text()) }
        }
    }
    Ok(Exit::Done)
}

fn all(night: &ReadNight, as_json: bool) -> Result<(), Failure> {
    if as_json {
        let findings: Vec<Value> = night.findings.iter().map(cells).collect();
        return table::print_json(&json!({ "as_of": night.as_of, "findings": findings }));
    }
    let rows = night.findings.iter().take(FINDINGS_SHOWN_MAX).map(|finding| {
        let mut row: Vec<String> =
            ["severity", "code", "title", "employee_id", "benefit"].map(|column| finding.get(column).to_owned()).into();
        let exposure = finding.amount("exposure_to_date");
        row.push(exposure.map(|(counts, currency)| amount(counts, currency)).unwrap_or_default());
        row.push(finding.get("currency").to_owned());
        row.push(if finding.is_waived { "waived" } else { finding.get("status") }.to_owned());
        row.push(finding.id().to_owned());
        row
    });
    let headers = ["", "Code", "What", "Employee", "Benefit", "Exposure", "", "Status", "Finding"];
    let mut text = format!("as of {}\n{}", night.as_of, table::render(&headers, rows.collect(), &[5]));
    if night.findings.len() > FINDINGS_SHOWN_MAX {
        text.push_str(&format!("\n… and {} more: --json has all", night.findings.len() - FINDINGS_SHOWN_MAX));
    }
    table::print(&text);
    Ok(())
}

fn cells(finding: &ReadFinding) -> Value {
    let cells: serde_json::Map<String, Value> =
        finding.cells().map(|(column, cell)| (column.to_owned(), cell.into())).collect();
    let mut value = Value::from(cells);
    value["waived"] = finding.is_waived.into();
    value
}

/// All that is known of one finding.
struct Known {
    id: String,
    /// Nights whose reports have it, oldest first; a night with several rows has it in several currencies.
    nights: Vec<(ReadNight, Vec<ReadFinding>)>,
    past: Option<PastFinding>,
    /// How its money ended; blank where it is open, or no account is kept of it.
    ending: String,
    waiver: Option<Waiver>,
    /// Oldest first.
    notes: Vec<Note>,
    items: Vec<Item>,
    /// Of the employee, the benefit and who pays; none where the finding is not about money.
    entries: Vec<StatementLine>,
}

impl Known {
    fn of(job: &Job, id: &str) -> Result<Known, Failure> {
        let folders = reports::nights(job).map_err(Failure::input)?;
        let newest = folders.len().saturating_sub(NIGHTS_READ_MAX);
        let mut nights = Vec::new();
        for (_, folder) in &folders[newest..] {
            let mut night = ReadNight::of(folder).map_err(reports::refused)?;
            let rows: Vec<ReadFinding> = night.findings.drain(..).filter(|finding| finding.id() == id).collect();
            if !rows.is_empty() {
                nights.push((night, rows));
            }
        }
        let store = open::store(job)?;
        let remembered = || -> anyhow::Result<_> {
            let waivers = store.waivers()?;
            let waiver = governing(&waivers).get(id).map(|waiver| (*waiver).clone());
            Ok((store.past_finding(id)?, waiver, store.notes_of(id)?))
        };
        let (past, waiver, notes) =
            remembered().context("reading what is remembered of the finding").map_err(Failure::bug)?;
        if past.is_none() && nights.is_empty() {
            return Err(Failure::input(anyhow!(
                "no night of job {} recorded a finding {id}; take an exception_id from its exceptions.csv, waived.csv or \
                 cleared.csv",
                job.name
            )));
        }
        let of = past.as_ref().map(|past| [&*past.code, past.employee_id.as_str(), &past.benefit, &past.field]);
        let read = nights.last().and_then(|(_, rows): &(_, Vec<ReadFinding>)| rows.first());
        let of = of.or(read.map(|read| ["code", "employee_id", "benefit", "field"].map(|column| read.get(column))));
        let entries = of.map(|of| entries(&store, of)).transpose()?.unwrap_or_default();
        let employee = past.as_ref().map(|past| past.employee_id.clone()).filter(|id| !id.is_empty());
        let items = employee.map(|employee| items(&store, id, employee.into_string())).transpose()?.unwrap_or_default();
        let cleared_on = past.as_ref().and_then(|past| past.cleared_on.as_ref()?.parse().ok());
        let ending = match cleared_on {
            Some(day) => reports::endings(job, Some(day - Days::new(1)), day)?.remove(id).unwrap_or_default(),
            None => String::new(),
        };
        Ok(Known { id: id.to_owned(), nights, past, ending, waiver, notes, items, entries })
    }

    fn newest(&self) -> Option<&ReadFinding> {
        self.nights.last().and_then(|(_, rows)| rows.first())
    }

    fn text(&self) -> String {
        let mut blocks = Vec::new();
        if let Some(newest) = self.newest() {
            blocks.push(format!("{} {}\n\n{}", newest.get("code"), newest.get("title"), newest.get("sentence")));
            let values = FIRST.iter().chain(&COMPARED).map(|(name, column)| (*name, newest.get(column)));
            blocks.push(lines([("finding", self.id.as_str())].into_iter().chain(values)));
            blocks.extend(self.nights.last().map(|(_, rows)| money(rows)).filter(|text| !text.is_empty()));
        }
        blocks.extend(self.past.as_ref().map(|past| life(past, &self.ending)));
        blocks.extend(self.waiver.as_ref().map(waived));
        blocks.push(self.notes.iter().map(noted).collect::<Vec<_>>().join("\n"));
        blocks.extend((!self.items.is_empty()).then(|| self.items.iter().map(item).collect::<Vec<_>>().join("\n")));
        blocks.push(self.history());
        blocks.push(self.ledger());
        blocks.retain(|block| !block.is_empty());
        blocks.join("\n\n")
    }

    /// A line a night and currency.
    fn history(&self) -> String {
        let rows = self.nights.iter().flat_map(|(night, rows)| {
            rows.iter().map(|row| {
                let status = if row.is_waived { "waived" } else { row.get("status") };
                let cells = ["payroll_amount", "system_amount", "exposure_to_date", "currency"];
                let mut line = vec![night.as_of.to_string(), status.to_owned()];
                line.extend(cells.map(|column| row.get(column).to_owned()));
                line
            })
        });
        let rows: Vec<Vec<String>> = rows.collect();
        match rows.is_empty() {
            true => String::new(),
            false => table::render(&["Night", "Status", "Payroll", "Expected", "Exposure", ""], rows, &[2, 3, 4]),
        }
    }

    /// The newest entries of each account, and where the others are.
    fn ledger(&self) -> String {
        let Some(first) = self.entries.first() else { return String::new() };
        let accounts = self.entries.chunk_by(|a, b| a.is_of_account(b));
        let newest = |entries: &[StatementLine]| entries[entries.len().saturating_sub(ENTRIES_SHOWN_MAX)..].to_vec();
        let shown: Vec<StatementLine> = accounts.flat_map(newest).collect();
        let mut text = ledger::text(&first.employee_id, &shown);
        if shown.len() < self.entries.len() {
            text.push_str(&format!("\n… after {} earlier entries: --json has all", self.entries.len() - shown.len()));
        }
        text
    }

    fn json(&self) -> Value {
        let night = |(night, rows): &(ReadNight, Vec<ReadFinding>)| json!({ "as_of": night.as_of, "run_id": night.run_id, "rows": rows.iter().map(cells).collect::<Vec<_>>() });
        json!({
            "exception_id": self.id,
            "nights": self.nights.iter().map(night).collect::<Vec<_>>(),
            "status": self.past.as_ref().map(|past| &past.status),
            "first_seen": self.past.as_ref().map(|past| &past.first_seen),
            "last_seen": self.past.as_ref().map(|past| &past.last_seen),
            "money_ended_as": (!self.ending.is_empty()).then_some(&self.ending),
            "nights_open": self.past.as_ref().map(|past| past.nights_open),
            "waiver": self.waiver.as_ref().map(|waiver| json!({
                "waiver": waiver.id, "until": waiver.grant.until, "by": waiver.grant.by,
                "reason": waiver.grant.reason,
            })),
            "notes": self.notes.iter().map(|note| json!({
                "text": note.text, "by": note.by, "at": note.at, "assignee": note.assignee, "due": note.due,
            })).collect::<Vec<_>>(),
            "queue_items": self.items.iter().map(|item| json!({
                "item": item.id, "kind": item.kind.name(), "state": item.state.name(),
            })).collect::<Vec<_>>(),
            "ledger": self.entries,
        })
    }
}

/// The ledger behind a finding of this code, employee, benefit and field.
fn entries(store: &Store, [code, employee, benefit, field]: [&str; 4]) -> Result<Vec<StatementLine>, Failure> {
    let payers = code.parse().map_or(&[][..], |code: Code| payers_of(code, field));
    let pages = store.pages_of(employee).context("reading the benefit ledger").map_err(Failure::bug)?;
    let mut lines = ledger::lines(employee, &pages, Some(benefit));
    lines.retain(|line| payers.iter().any(|payer| payer.name() == line.payer));
    Ok(lines)
}

/// Items of the queue that the finding led to.
fn items(store: &Store, id: &str, employee: String) -> Result<Vec<Item>, Failure> {
    let filter = ItemFilter { employee_id: Some(employee), ..ItemFilter::default() };
    let items = store.list_items(&filter).context("reading the queue").map_err(Failure::bug)?;
    let led_to = |item: &Item| {
        evidence::read(&item.evidence).is_ok_and(|read| read.findings.iter().any(|finding| finding.id == id))
    };
    Ok(items.into_iter().filter(led_to).collect())
}

fn lines<'t>(values: impl Iterator<Item = (&'t str, &'t str)>) -> String {
    let said = values.filter(|(_, value)| !value.is_empty());
    said.map(|(name, value)| format!("{name:<15} {value}")).collect::<Vec<_>>().join("\n")
}

/// A line an amount and currency.
fn money(rows: &[ReadFinding]) -> String {
    let of_row = |row: &ReadFinding| {
        let amount = |(name, column): &(&str, &str)| {
            let (counts, currency) = row.amount(column)?;
            Some(format!("{name:<15} {} {currency}", amount(counts, currency)))
        };
        MONEY.iter().filter_map(amount).collect::<Vec<_>>()
    };
    rows.iter().flat_map(of_row).collect::<Vec<_>>().join("\n")
}

fn life(past: &PastFinding, ending: &str) -> String {
    let cleared = past.cleared_on.as_ref().map(|day| format!(", cleared on {day}")).unwrap_or_default();
    let ending = if ending.is_empty() { String::new() } else { format!(": {ending}") };
    format!("{:<15} {} to {}, in {} nights{cleared}{ending}", "seen", past.first_seen, past.last_seen, past.nights_open)
}

fn waived(waiver: &Waiver) -> String {
    let Grant { until, by, cap, reason, .. } = &waiver.grant;
    let cap = cap.map(|(cap, currency)| format!(", up to {} {currency}", cap.to_text(currency.decimals())));
    format!("{:<15} {}, until {until}{}, by {by}: {reason}", "waiver", waiver.id, cap.unwrap_or_default())
}

fn noted(note: &Note) -> String {
    let assignee = note.assignee.as_ref().map(|name| format!(", for {name}")).unwrap_or_default();
    let due = note.due.map(|day| format!(", until {day}")).unwrap_or_default();
    format!("{:<15} {} by {}{assignee}{due}: {}", "note", note.at.format("%Y-%m-%d"), note.by, note.text)
}

fn item(item: &Item) -> String {
    format!("{:<15} {}, {}, {}", "queue item", item.id, item.kind.name(), item.state.words())
}
