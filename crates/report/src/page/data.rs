//! The exceptions for the page's script: JSON, column by column. A column of few different texts is told as these and
//! their numbers. What stands behind the first of them is JSON of its own, which is read when a row is opened.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use tieout_model::money::decimal_text;

use crate::figures::amount;
use crate::table::{Cell, Heading, Kind, Table};
use crate::{AccountBehind, Behind, EntryBehind};

/// Different texts of a column up to which it is told by numbers.
const WORDS_MAX: usize = 1_000;

/// The first `rows` rows. Holds no `<`: nothing in it can end the element that it stands in.
pub fn json(table: &Table<'_>, rows: usize) -> anyhow::Result<String> {
    let is_shown = |heading: &Heading| !matches!(heading.kind, Kind::Choice(_) | Kind::Entry);
    let columns = (0..).zip(table.headings()).filter(|(_, heading)| is_shown(heading)).map(|(at, heading)| {
        let texts: Vec<String> = (0..rows).map(|row| text(&table.cell(row, at))).collect();
        let kind = if heading.kind == Kind::Amount { "amount" } else { "text" };
        let mut column = json!({ "name": heading.name, "title": heading.title, "kind": kind });
        match numbered(&texts) {
            Some((words, numbers)) => {
                column["words"] = words.into();
                column["rows"] = numbers.into();
            }
            None => column["rows"] = texts.into(),
        }
        column
    });
    contained(&json!({ "rows": rows, "columns": columns.collect::<Vec<Value>>() }))
}

/// By finding id: rows of its pay periods, and of its accounts.
pub fn behind(findings: &BTreeMap<String, Behind>) -> anyhow::Result<String> {
    let told = |Behind { periods, accounts }: &Behind| {
        let period = |(end, exposure): &(chrono::NaiveDate, Option<_>)| {
            let exposure = exposure.map(|(counts, currency)| format!("{} {currency}", amount(counts, currency)));
            json!([end, exposure.unwrap_or_default()])
        };
        json!({
            "periods": periods.iter().map(period).collect::<Vec<Value>>(),
            "accounts": accounts.iter().map(account).collect::<Vec<Value>>(),
        })
    };
    contained(&findings.iter().map(|(id, behind)| (id.clone(), told(behind))).collect::<Value>())
}

fn account(AccountBehind { account, left_out, entries }: &AccountBehind) -> Value {
    let (payer, currency) = (account.payer.name(), account.currency);
    let entry = |EntryBehind { posted, period, kind, amount: moved, balance }: &EntryBehind| {
        json!([posted, period.to_string(), kind.name(), amount(*moved, currency), amount(*balance, currency)])
    };
    json!({
        "name": format!("{}, {payer}, {currency}", account.benefit),
        "leftOut": left_out,
        "entries": entries.iter().map(entry).collect::<Vec<Value>>(),
    })
}

/// As text that can't end the element that it stands in.
fn contained(value: &Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string(value)?.replace('<', "\\u003c"))
}

/// Each text as its number among the different ones; `None` where these are many.
fn numbered(texts: &[String]) -> Option<(Vec<&str>, Vec<usize>)> {
    let (mut words, mut places): (Vec<&str>, HashMap<&str, usize>) = (Vec::new(), HashMap::new());
    let mut numbers = Vec::with_capacity(texts.len());
    for text in texts {
        let number = *places.entry(text).or_insert_with(|| {
            words.push(text);
            words.len() - 1
        });
        if words.len() > WORDS_MAX {
            return None;
        }
        numbers.push(number);
    }
    Some((words, numbers))
}

/// A cell as programs read it.
pub fn text(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Blank => String::new(),
        Cell::Text(text) => text.to_string(),
        Cell::Id(id) => (*id).to_owned(),
        Cell::Amount(counts, currency) => decimal_text(*counts, currency.decimals()),
        Cell::Currency(currency) => currency.code().to_owned(),
        Cell::Count(count) => count.to_string(),
        Cell::Date(date) => date.to_string(),
    }
}
