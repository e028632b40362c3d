//! `tieout diff`: how the findings of one night became those of a later one, by their reports.

use std::collections::BTreeMap;

use anyhow::anyhow;
use serde_json::{Value, json};

use crate::cli::DiffArgs;
use crate::outcome::{Exit, Failure, Outcome};
use tieout_model::money::{Currency, decimal_text};
use tieout_report::{ReadFinding, ReadNight, amount, grouped};

use super::{open, reports, table};

/// Findings of each kind on the screen; JSON has all.
const SHOWN_MAX: usize = 20;
/// What a finding costs; without it, what it is about a year.
const EXPOSURE: &str = "exposure_to_date";
const PAY: &str = "pay_difference";

pub fn run(args: &DiffArgs) -> Outcome {
    let opened = open::job(&args.job)?;
    if args.from >= args.to {
        return Err(Failure::input(anyhow!("expected the earlier night first, found {} and {}", args.from, args.to)));
    }
    let (from, to) = (reports::read(&opened.job, Some(args.from))?, reports::read(&opened.job, Some(args.to))?);
    let changes = changes(&from, &to);
    let endings = reports::endings(&opened.job, Some(args.from), args.to)?;
    if args.json {
        let all = changes.iter().map(|(what, changes)| {
            (what.name().to_owned(), changes.iter().map(|change| json(change, &endings)).collect())
        });
        let all: serde_json::Map<String, Value> = all.collect();
        table::print_json(&json!({ "job": opened.job.name, "from": from.as_of, "to": to.as_of, "changes": all }))?;
        return Ok(Exit::Done);
    }
    table::print(&text(&opened.job.name, &from, &to, &changes, &endings));
    Ok(Exit::Done)
}

/// How money ended, by finding.
type Endings = BTreeMap<String, String>;

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Appeared,
    Went,
    Moved,
    Waived,
    Reopened,
    Same,
}

impl What {
    const ALL: [What; 6] = [What::Appeared, What::Went, What::Moved, What::Waived, What::Reopened, What::Same];

    fn name(self) -> &'static str {
        match self {
            What::Appeared => "appeared",
            What::Went => "went",
            What::Moved => "moved",
            What::Waived => "waived since",
            What::Reopened => "no longer waived",
            What::Same => "the same",
        }
    }
}

/// A finding in one currency, as it was and as it is.
struct Change<'n> {
    before: Option<&'n ReadFinding>,
    after: Option<&'n ReadFinding>,
}

impl<'n> Change<'n> {
    fn newest(&self) -> Option<&'n ReadFinding> {
        self.after.or(self.before)
    }

    fn what(&self) -> What {
        match (self.before, self.after) {
            (None, _) => What::Appeared,
            (_, None) => What::Went,
            (Some(before), Some(after)) => match (before.is_waived, after.is_waived) {
                (false, true) => What::Waived,
                (true, false) => What::Reopened,
                _ if cost(before) != cost(after) => What::Moved,
                _ => What::Same,
            },
        }
    }

    fn exposures(&self) -> [Option<(i128, Currency)>; 2] {
        [self.before, self.after].map(|finding| finding.and_then(|finding| finding.amount(EXPOSURE)))
    }
}

fn cost(finding: &ReadFinding) -> Option<(i128, Currency)> {
    finding.amount(EXPOSURE).or_else(|| finding.amount(PAY))
}

/// By what became of it, in the order of the later report; what went, in that of the earlier.
fn changes<'n>(from: &'n ReadNight, to: &'n ReadNight) -> BTreeMap<What, Vec<Change<'n>>> {
    let key = |finding: &'n ReadFinding| (finding.id(), finding.get("currency"));
    let mut earlier: BTreeMap<_, &ReadFinding> = from.findings.iter().map(|finding| (key(finding), finding)).collect();
    let mut changes: BTreeMap<What, Vec<Change<'n>>> = BTreeMap::new();
    for after in &to.findings {
        let change = Change { before: earlier.remove(&key(after)), after: Some(after) };
        changes.entry(change.what()).or_default().push(change);
    }
    let gone = from.findings.iter().filter(|finding| earlier.contains_key(&key(finding)));
    let gone: Vec<Change<'n>> = gone.map(|before| Change { before: Some(before), after: None }).collect();
    if !gone.is_empty() {
        changes.insert(What::Went, gone);
    }
    changes
}

/// What the findings cost before and after, by currency: amounts of both directions together.
fn money(changes: &[Change<'_>]) -> BTreeMap<Currency, [i128; 2]> {
    let mut sums: BTreeMap<Currency, [i128; 2]> = BTreeMap::new();
    for change in changes {
        for (at, exposure) in change.exposures().into_iter().enumerate() {
            if let Some((counts, currency)) = exposure {
                sums.entry(currency).or_default()[at] += counts.abs();
            }
        }
    }
    sums
}

fn text(
    job: &str,
    from: &ReadNight,
    to: &ReadNight,
    changes: &BTreeMap<What, Vec<Change<'_>>>,
    endings: &Endings,
) -> String {
    let mut blocks = vec![format!("{job}, {} to {}", from.as_of, to.as_of)];
    let mut rows = Vec::new();
    for what in What::ALL {
        let of_what = changes.get(&what).map_or(&[][..], Vec::as_slice);
        let count = grouped(&of_what.len().to_string());
        let sums = money(of_what);
        let first = sums.first_key_value().map(|(currency, sums)| (*currency, *sums));
        rows.push(line(what.name(), &count, first));
        rows.extend(sums.into_iter().skip(1).map(|sums| line("", "", Some(sums))));
    }
    blocks.push(table::render(&["", "Findings", "", "Before", "After"], rows, &[1, 3, 4]));
    for what in What::ALL.into_iter().filter(|what| *what != What::Same) {
        if let Some(of_what) = changes.get(&what) {
            blocks.push(list(what, of_what, endings));
        }
    }
    blocks.join("\n\n")
}

fn line(name: &str, count: &str, sums: Option<(Currency, [i128; 2])>) -> Vec<String> {
    let mut cells = vec![name.to_owned(), count.to_owned()];
    match sums {
        None => cells.extend([String::new(), String::new(), String::new()]),
        Some((currency, sums)) => {
            cells.push(currency.code().to_owned());
            cells.extend(sums.map(|counts| amount(counts, currency)));
        }
    }
    cells
}

fn list(what: What, changes: &[Change<'_>], endings: &Endings) -> String {
    let rows = changes.iter().take(SHOWN_MAX).filter_map(|change| {
        let finding = change.newest()?;
        let mut row: Vec<String> =
            ["severity", "code", "title", "employee_id", "benefit"].map(|column| finding.get(column).to_owned()).into();
        let shown = |exposure: Option<(i128, Currency)>| exposure.map(|(c, of)| amount(c, of)).unwrap_or_default();
        row.extend([change.before, change.after].map(|finding| shown(finding.and_then(cost))));
        row.extend([finding.get("currency").to_owned(), finding.id().to_owned()]);
        row.extend((what == What::Went).then(|| endings.get(finding.id()).cloned().unwrap_or_default()));
        Some(row)
    });
    let ended = (what == What::Went).then_some("Money ended as");
    let headers = ["", "Code", "What", "Employee", "Benefit", "Before", "After", "", "Finding"];
    let headers: Vec<&str> = headers.into_iter().chain(ended).collect();
    let mut text = format!("{}\n{}", what.name(), table::render(&headers, rows.collect(), &[5, 6]));
    if changes.len() > SHOWN_MAX {
        text.push_str(&format!("\n… and {} more: --json has all", changes.len() - SHOWN_MAX));
    }
    text
}

fn json(change: &Change<'_>, endings: &Endings) -> Value {
    let finding = |column: &str| change.newest().map(|finding| finding.get(column).to_owned());
    let [before, after] =
        change.exposures().map(|exposure| exposure.map(|(counts, of)| decimal_text(counts, of.decimals())));
    json!({
        "exception_id": finding("exception_id"),
        "severity": finding("severity"),
        "code": finding("code"),
        "employee_id": finding("employee_id"),
        "benefit": finding("benefit"),
        "field": finding("field"),
        "currency": finding("currency"),
        "exposure_before": before,
        "exposure_after": after,
        "money_ended_as": change.newest().filter(|_| change.what() == What::Went).and_then(|f| endings.get(f.id())),
        "sentence": finding("sentence"),
    })
}
