//! A proposal as a job file.

pub(super) mod job_deductions;
pub(super) mod job_payroll;
pub(super) mod job_services;
pub(super) mod job_table;
pub(super) mod page;

use std::collections::BTreeSet;

use crate::certainty::Certainty;
use crate::hints::Hints;
use crate::job_file::page::{JobFile, inline, list, quoted};
use crate::merged::Merged;
use crate::proposal::Proposal;

/// Where the job stands and whom it calls.
#[derive(Clone, Debug)]
pub struct Site {
    /// Name of the job.
    pub name: String,
    /// The files of the payroll as the job is to name them.
    pub files: Vec<String>,
    pub services: Services,
}

#[derive(Clone, Debug)]
pub enum Services {
    /// A folder of recorded answers.
    World {
        folder: String,
    },
    Network,
}

/// What the service says of a benefit as a rule.
const STATUSES: [(&str, &[&str]); 3] = [
    ("live", &["active", "live", "current", "enrolled", "in force", "approved"]),
    ("pending", &["pending", "requested", "submitted", "awaiting approval", "in progress", "scheduled"]),
    (
        "ended",
        &["ended", "closed", "cancelled", "canceled", "declined", "opted out", "expired", "terminated", "inactive"],
    ),
];

/// Writes the job file of the proposals, one for each file of the site.
pub fn write(proposals: &[Proposal], hints: &Hints, site: &Site) -> JobFile {
    let mut page = JobFile::default();
    page.comment("Proposed by `tieout init`. Behind each key: how sure it is, and why.");
    page.comment(
        "sure: the file or the services prove it; likely: look at it once; asked: confirm it, another value fits too;",
    );
    page.comment(
        "unknown: fill it in, or leave it out. jobs/example.toml explains every key, `tieout check` tries this one.",
    );
    page.line("");
    page.line(&format!("name = {}", quoted(&site.name)));
    for (number, (proposal, file)) in (1..).zip(proposals.iter().zip(&site.files)) {
        page.begin_file((proposals.len() > 1).then_some(number));
        job_payroll::write(&mut page, proposal, file);
    }
    page.begin_file(None);
    job_deductions::write(&mut page, &Merged::of(proposals), hints);
    benifex(&mut page, proposals, hints, site);
    if let Services::World { folder } = &site.services {
        page.table("sandbox");
        page.key("sandbox", "world", &quoted(folder), Certainty::Sure, "stated on the command line");
        clock(&mut page, proposals);
    }
    job_services::write(&mut page);
    page
}

fn benifex(page: &mut JobFile, proposals: &[Proposal], hints: &Hints, site: &Site) {
    page.table("benifex");
    if let Services::Network = site.services {
        let url = quoted("https://connect-sandbox.onehub.global");
        page.key("benifex", "base_url", &url, Certainty::Asked, "their sandbox; Benifex tells the address of yours");
        for key in ["client_id", "client_secret"] {
            let file = format!("{{ file = \"benifex_{key}\" }}");
            page.key("benifex", key, &file, Certainty::Asked, "a file that holds it, or { env = \"NAME\" }");
        }
    }
    let statuses: Vec<(&str, &str)> = match hints.known.statuses.is_empty() {
        true => vec![("ACTIVE", "live"), ("PENDING", "pending"), ("ENDED", "ended")],
        false => {
            let mut seen = BTreeSet::new();
            let first = |word: &&String| seen.insert(word.trim().to_lowercase());
            let statuses = hints.known.statuses.iter().filter(first);
            statuses.filter_map(|word| Some((word.as_str(), status(word)?))).collect()
        }
    };
    let (certainty, reason) = match hints.known.statuses.is_empty() {
        true => (Certainty::Likely, "the usual words; others become findings (CT11)"),
        false => (Certainty::Likely, "the words that benefits have"),
    };
    page.key("benifex", "benefit_status", &inline(statuses), certainty, reason);
    let odd: Vec<&str> =
        hints.known.statuses.iter().map(String::as_str).filter(|word| status(word).is_none()).collect();
    if !odd.is_empty() {
        page.open(
            "benifex",
            "benefit_status",
            &list(odd),
            "live, pending or ended? Until it is said they are findings (CT11)",
        );
    }
    salary_currency(page, proposals, hints);
}

/// The service states no currency of a salary.
fn salary_currency(page: &mut JobFile, proposals: &[Proposal], hints: &Hints) {
    let Some(proposal) = proposals.iter().find(|proposal| job_payroll::has_pay(proposal)) else { return };
    let countries: BTreeSet<&str> =
        hints.known.people.values().filter_map(|person| person.country.as_deref()).collect();
    let known: Vec<(&str, &str)> = countries
        .iter()
        .filter_map(|country| Some((*country, crate::cells::currency::of_country(&country.to_lowercase())?)))
        .collect();
    let key = "salary_currency_by_country";
    if known.is_empty() {
        let usual = proposal.currency.as_ref().and_then(|currency| match currency.value.as_str() {
            "USD" => Some("US"),
            "GBP" => Some("GB"),
            "EUR" => Some("DE"),
            _ => None,
        });
        let Some((country, currency)) = usual.zip(proposal.currency.as_ref()) else {
            page.open("benifex", key, "{ US = \"USD\" }", "without it no pay is compared");
            return;
        };
        let reason = "the service states none: by country of work, here from the payroll's currency";
        page.key("benifex", key, &inline([(country, currency.value.as_str())]), Certainty::Asked, reason);
        return;
    }
    page.key("benifex", key, &inline(known), Certainty::Likely, "the currencies of the countries where people work");
}

fn status(word: &str) -> Option<&'static str> {
    let plain = crate::columns::names::plain(word);
    STATUSES.iter().find(|(_, words)| words.contains(&plain.as_str())).map(|(status, _)| *status)
}

/// A world of recorded answers is of a day: the night after the period, so that it is the same night on any day.
fn clock(page: &mut JobFile, proposals: &[Proposal]) {
    let Some(end) = proposals.iter().filter_map(job_payroll::last_day).max() else {
        page.open("sandbox", "clock", "\"2026-03-31T02:00:00Z\"", "the night that the recorded answers are of");
        return;
    };
    let night = format!("{}T02:00:00Z", end + chrono::Days::new(1));
    page.key(
        "sandbox",
        "clock",
        &quoted(&night),
        Certainty::Likely,
        "the night after the period, for recorded answers",
    );
}
