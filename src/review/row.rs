//! An item as a row of the sheet: the exported value of each column, with what kind of value it is. Export prints it;
//! import compares with it.

use anyhow::Context as _;
use chrono::NaiveDate;

use tieout_model::correction::evidence;
use tieout_model::correction::evidence::StoredChange;
use tieout_model::correction::oyster::OysterChange;
use tieout_model::money::{Currency, Money};
use tieout_report::guarded;
use tieout_store::{Item, UNLINKED};

use super::EXPORTED;

/// Before each hash, so that no program takes it for a number.
pub(super) const HASH_MARK: &str = "sha256:";
/// Before each employee id, for the same reason: here the leading zeros survive.
const REF_MARK: &str = "id:";

/// The value of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Number(i64),
    Text(String),
    /// An id that a spreadsheet may take for a number or a date; `employee_ref` holds it safely.
    Id(String),
    Date(Option<NaiveDate>),
    Amount(Option<(Money, Currency)>),
}

impl Value {
    /// As exported. Texts that would be formulas stand behind an apostrophe.
    pub fn text(&self, decimal_mark: char) -> String {
        match self {
            Value::Number(number) => number.to_string(),
            Value::Text(text) | Value::Id(text) => guarded(text).into_owned(),
            Value::Date(date) => date.map(|date| date.to_string()).unwrap_or_default(),
            Value::Amount(None) => String::new(),
            Value::Amount(Some((amount, currency))) => {
                amount.to_text(currency.decimals()).replace('.', decimal_mark.encode_utf8(&mut [0; 4]))
            }
        }
    }
}

/// The exported values of an item, in the order of the columns. Errors: evidence that can't be read.
pub(super) fn values(item: &Item) -> anyhow::Result<[Value; EXPORTED]> {
    // The parser's text could repeat a value.
    let evidence =
        evidence::read(&item.evidence).ok().with_context(|| format!("read the evidence of item {}", item.id))?;
    let ids: Vec<_> = evidence.findings.iter().map(|finding| finding.id.as_str()).collect();
    let mut codes: Vec<_> = evidence.findings.iter().map(|finding| finding.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let currency = item.yearly_difference.map(|(_, currency)| currency.code().to_owned()).unwrap_or_default();
    Ok([
        Value::Number(item.id),
        Value::Text(format!("{HASH_MARK}{}", item.payload_hash)),
        Value::Text(item.kind.name().to_owned()),
        Value::Id(item.employee_id.clone()),
        Value::Text(reference(item)),
        Value::Text(format!("{}{}", what_changes(item, &evidence), new_address(item).unwrap_or_default())),
        Value::Date(item.effective),
        Value::Amount(item.yearly_difference),
        Value::Text(currency),
        Value::Text(format!("{}: {}", evidence.authority, ids.join(" "))),
        Value::Text(codes.join(" ")),
        Value::Text(item.state.name().to_owned()),
    ])
}

/// An engagement that is linked to no employee stands in words, which no program takes for a number.
fn reference(item: &Item) -> String {
    match item.employee_id.starts_with(UNLINKED) {
        true => item.subject(),
        false => format!("{REF_MARK}{}", item.employee_id),
    }
}

/// `; new address: …` of an address change. Its evidence is masked, but nobody can approve what nobody may see; the
/// sheet is for its owner alone.
pub fn new_address(item: &Item) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(&item.payload).ok()?;
    let address = body.get("address")?;
    let lines = ["line1", "line2", "city", "state", "zip_code"].iter().filter_map(|name| address.get(name)?.as_str());
    Some(format!("; new address: {}", lines.collect::<Vec<_>>().join(", ")))
}

/// The changes of an item; before those at Oyster, the engagement that they are of.
pub fn what_changes(item: &Item, evidence: &evidence::Stored) -> String {
    let changes = format!("{}{}", changes_text(&evidence.changes), second_look(&evidence.second_look));
    match OysterChange::engagement_of(item.kind, &item.payload) {
        Some(engagement_id) => format!("engagement {engagement_id}; {changes}"),
        None => changes,
    }
}

/// `; look twice: …`, where an item is marked.
fn second_look(reasons: &[String]) -> String {
    if reasons.is_empty() { String::new() } else { format!("; look twice: {}", reasons.join(", ")) }
}

/// `field: from -> to; …`, in characters that every code page has.
fn changes_text(changes: &[StoredChange]) -> String {
    let texts: Vec<_> = changes.iter().map(|c| format!("{}: {} -> {}", c.field, c.from, c.to)).collect();
    texts.join("; ")
}
