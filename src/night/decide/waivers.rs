//! What people accept, in the night: an expired waiver is a finding, and a finding that is waived is no exception.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use chrono::{Days, NaiveDate};

use crate::outcome::Failure;
use tieout_model::code::Owner;
use tieout_model::control::{ControlTotal, Disposition, FoundRows};
use tieout_model::finding::{self, Code, Evidence, Finding};
use tieout_model::waiver::{Accepted, Waiver, governing, held, stands};
use tieout_report::{Exception, Report, Waived};
use tieout_store::{SeenFinding, Store};

/// Where the evidence of an expired waiver is.
const SOURCE: &str = "waiver";

/// The waivers that count, and what was waived before.
#[derive(Clone, Debug, Default)]
pub struct Waivers {
    all: Vec<Waiver>,
    /// What was waived in the newest night before this one.
    pub before: Accepted,
}

impl Waivers {
    pub fn read(store: &Store, as_of: NaiveDate) -> Result<Waivers, Failure> {
        let attempt = || -> anyhow::Result<Waivers> {
            Ok(Waivers { all: store.waivers()?, before: store.waived_before(as_of)? })
        };
        attempt().context("reading what was waived").map_err(Failure::bug)
    }

    /// Adds a finding for each waiver that has expired while what it was given for is still there.
    pub fn add_expired(&self, job: &str, as_of: NaiveDate, findings: &mut Vec<Finding>) {
        if !self.all.iter().any(|waiver| waiver.is_expired(as_of)) {
            return;
        }
        let ids: Vec<String> = findings.iter().map(|finding| finding::id(job, finding)).collect();
        let governing = governing(&self.all);
        let mut expired: BTreeMap<i64, (&Waiver, Vec<&Finding>)> = BTreeMap::new();
        for (id, finding) in ids.iter().zip(findings.iter()) {
            let is_over = |waiver: &&&Waiver| waiver.is_expired(as_of) && !is_newer(finding, waiver);
            if let Some(waiver) = governing.get(id.as_str()).filter(is_over) {
                expired.entry(waiver.id).or_insert_with(|| (waiver, Vec::new())).1.push(finding);
            }
        }
        let found: Vec<Finding> = expired.values().map(|(waiver, members)| expiry(waiver, members)).collect();
        findings.extend(found);
        findings.sort();
    }

    /// Which of tonight's findings are waived, by id.
    pub fn held(&self, as_of: NaiveDate, seen: &[SeenFinding], findings: &[Finding]) -> BTreeMap<String, &Waiver> {
        if self.all.is_empty() {
            return BTreeMap::new();
        }
        let tonight = seen.iter().zip(findings).map(|(seen, f)| (seen.id.as_str(), f, seen.exposure_to_date));
        let mut held = held(&self.all, as_of, &stands(tonight), &self.before);
        for (id, day) in owed_anew(seen, findings) {
            if held.get(id).is_some_and(|waiver| is_after(day, waiver)) {
                held.remove(id);
            }
        }
        held
    }
}

/// What is open of the finding was found after the waiver was given: what that was for was made good or written off.
fn is_newer(finding: &Finding, waiver: &Waiver) -> bool {
    finding.balance.is_some_and(|balance| is_after(balance.found_on, waiver))
}

/// The night of a job far to the east is of a later day than its clock's moment.
fn is_after(day: NaiveDate, waiver: &Waiver) -> bool {
    waiver.at.date_naive() + Days::new(1) < day
}

/// Findings that were gone, for their money was made good, and came back with other money: id → the night that found
/// it. What people said of them before was of something else.
pub fn owed_anew<'n>(seen: &'n [SeenFinding], findings: &'n [Finding]) -> impl Iterator<Item = (&'n str, NaiveDate)> {
    let came_back = seen.iter().zip(findings).filter(|(seen, _)| seen.came_back);
    came_back.filter_map(|(seen, finding)| Some((seen.id.as_str(), finding.balance?.found_on)))
}

/// Remembers how the findings of the night stand, and which of them are waived.
pub fn record(store: &mut Store, report: &Report) -> anyhow::Result<()> {
    let waived = || report.waived.iter().map(|waived| &waived.exception);
    let all = || report.exceptions.iter().chain(waived());
    let groups: BTreeMap<&str, &str> = all().map(|e| (e.id.as_str(), e.group_id.as_str())).collect();
    let stands = stands(all().map(|e| (e.id.as_str(), &e.finding, e.exposure_to_date)));
    let stands = stands.into_iter().map(|(id, stand)| (id, (stand, groups[id]))).collect();
    store.record_stands(report.head.as_of, &stands, &waived().map(|e| e.id.as_str()).collect())
}

fn expiry(waiver: &Waiver, members: &[&Finding]) -> Finding {
    let first = members[0];
    let common = |read: fn(&Finding) -> &str| {
        let text = read(first);
        if members.iter().all(|member| read(member) == text) { text.to_owned() } else { String::new() }
    };
    let what = match members.len() {
        1 => format!("{} ({})", first.code.name(), first.code.rule().title),
        more => format!("{more} findings, {} ({}) among them,", first.code.name(), first.code.rule().title),
    };
    Finding {
        employee_id: common(|finding| finding.employee_id.as_str()).into(),
        benefit: common(|finding| &finding.benefit),
        field: format!("waiver {}", waiver.id),
        system_value: waiver.grant.until.to_string(),
        pay_group: common(|finding| &finding.pay_group),
        legal_entity: common(|finding| &finding.legal_entity),
        evidence: vec![Evidence { source: SOURCE.to_owned(), field: "until".to_owned(), at: String::new() }],
        sentence: format!(
            "{} waived {what} until {}, and it is still there: {}.",
            waiver.grant.by,
            waiver.grant.until,
            Code::CT12.rule().to_do
        ),
        ..Finding::blank(Code::CT12)
    }
    .moved_by(Owner::Approver)
}

/// Each with the waiver that holds it.
pub fn with_waivers(waived: Vec<Exception>, held: &BTreeMap<String, &Waiver>) -> Vec<Waived> {
    let with = |exception: Exception| {
        let waiver = Waiver::clone(held.get(&exception.id)?);
        Some(Waived { exception, waiver })
    };
    waived.into_iter().filter_map(with).collect()
}

/// The control totals with the money of what is waived taken from the codes to the waived.
pub fn moved<'f>(totals: &[ControlTotal], waived: impl Iterator<Item = &'f Finding>) -> Vec<ControlTotal> {
    let mut totals = totals.to_vec();
    for finding in waived {
        let family = finding.code.rule().family;
        for variance in &finding.variances {
            let of_variance = |total: &&mut ControlTotal| {
                total.benefit == variance.benefit
                    && total.currency == variance.currency
                    && total.payer == variance.payer
            };
            if let Some(total) = totals.iter_mut().find(of_variance) {
                let counts = i128::from(variance.difference().0);
                *total.by_family.entry(family).or_default() -= counts;
                total.waived += counts;
            }
        }
    }
    totals
}

/// The dispositions with the rows taken from the findings to the waived of which everything that was found is waived.
pub fn placed<'f>(
    dispositions: &[Disposition],
    rows: &[FoundRows],
    open: impl Iterator<Item = &'f Finding>,
    waived: impl Iterator<Item = &'f Finding>,
) -> Vec<Disposition> {
    let mut dispositions = dispositions.to_vec();
    let waived = Told::of(waived);
    if waived.lines.is_empty() {
        return dispositions;
    }
    let open = Told::of(open);
    let is_waived = |row: &&FoundRows| match row.benefit.as_str() {
        "" => waived.people.contains(row.employee_id.as_str()) && !open.people.contains(row.employee_id.as_str()),
        benefit => {
            waived.speaks_of(row.employee_id.as_str(), benefit) && !open.speaks_of(row.employee_id.as_str(), benefit)
        }
    };
    for row in rows.iter().filter(is_waived) {
        if let Some(of_source) = dispositions.iter_mut().find(|d| d.source == row.source) {
            let rows = row.rows.min(of_source.finding);
            of_source.finding -= rows;
            of_source.waived += rows;
        }
    }
    dispositions
}

/// Of whom, and of which benefits of theirs, findings tell.
struct Told<'f> {
    people: BTreeSet<&'f str>,
    lines: BTreeSet<(&'f str, &'f str)>,
}

impl<'f> Told<'f> {
    fn of(findings: impl Iterator<Item = &'f Finding>) -> Told<'f> {
        let lines: BTreeSet<_> = findings.map(|f| (f.employee_id.as_str(), f.benefit.as_str())).collect();
        Told { people: lines.iter().map(|(employee_id, _)| *employee_id).collect(), lines }
    }

    /// In a finding on the employee's benefit, or on the benefit as a whole.
    fn speaks_of(&self, employee_id: &str, benefit: &str) -> bool {
        self.lines.contains(&(employee_id, benefit)) || self.lines.contains(&("", benefit))
    }
}
