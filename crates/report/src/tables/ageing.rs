//! Open findings by code, currency and age: how many, and what they cost in each direction.

use std::collections::BTreeMap;

use tieout_model::finding::Code;
use tieout_model::money::Currency;

use super::exceptions::age_bucket;
use crate::Report;
use crate::table::{Table, adds_up, amount, count, currency, text};

struct Row {
    code: Code,
    bucket: &'static str,
    currency: Option<Currency>,
    findings: u64,
    due: i128,
    taken_too_much: i128,
}

impl Row {
    fn money(&self, counts: i128) -> Option<(i128, Currency)> {
        self.currency.map(|currency| (counts, currency))
    }
}

pub fn table(report: &Report) -> Table<'_> {
    let columns = vec![
        text("code", "Code", 7, |r: &Row| r.code.name().into()),
        text("title", "What", 32, |r| r.code.rule().title.into()),
        text("age_bucket", "Age in days", 12, |r| r.bucket.into()),
        count("findings", "Findings", |r| r.findings),
        adds_up(amount("under_collected", "Under-collected", |r| r.money(r.due))),
        adds_up(amount("over_collected", "Over-collected", |r| r.money(r.taken_too_much))),
        currency(|r| r.currency),
    ];
    Table::new("ageing", "Ageing", columns, rows(report))
}

/// By code, from the oldest; a finding without exposure counts in a row without currency.
fn rows(report: &Report) -> Vec<Row> {
    let mut rows: BTreeMap<(Code, i64, Option<Currency>), Row> = BTreeMap::new();
    for exception in &report.exceptions {
        let (code, exposure) = (exception.finding.code, exception.exposure_to_date);
        let age_days = (report.head.as_of - exception.first_seen).num_days();
        let (currency, bucket) = (exposure.map(|(_, currency)| currency), age_bucket(age_days));
        let place = (code, -(bucket.1 as i64), currency);
        let new = || Row { code, bucket: bucket.0, currency, findings: 0, due: 0, taken_too_much: 0 };
        let row = rows.entry(place).or_insert_with(new);
        row.findings += 1;
        let counts = exposure.map_or(0, |(counts, _)| counts);
        row.due += counts.max(0);
        row.taken_too_much += counts.min(0);
    }
    rows.into_values().collect()
}
