//! Oyster's part of a small world as plain rows, and its frames.

use std::collections::{BTreeMap, BTreeSet};
use tieout_model::share::Share;

use chrono::NaiveDate;
use polars::prelude::*;

use crate::rules::people::day_number;
use crate::rules::tests::frames::{checked, counts, dates, integers, numbers, texts};
use crate::rules::tests::world::{World, date};
use crate::settings::OysterPlans;
use crate::settings::PricePeriod;
use crate::snapshot;
use crate::snapshot::{Engagements, Enrollments, Outcome};
use tieout_model::enrollment::{Sighting, Sightings};
use tieout_model::hash::sha256_hex;
use tieout_model::money::Money;
use tieout_payroll::crosswalk::Linked;

/// 2026-03-31T02:00:00Z, in microseconds.
const LISTED_AT: i64 = 1_774_922_400_000_000;

/// One row of Oyster's engagements.
#[derive(Clone, Debug)]
pub struct Engagement {
    pub id: String,
    pub unverified: Option<&'static str>,
    pub kind: Option<&'static str>,
    pub state: &'static str,
    pub email: Option<String>,
    pub start: Option<&'static str>,
    pub last: Option<&'static str>,
    /// The day; at noon, UTC.
    pub modified: Option<&'static str>,
    /// Its enrollments were read, not only shown by the list.
    pub read: bool,
    pub faults: Option<&'static str>,
}

pub fn engagement(id: &str) -> Engagement {
    Engagement {
        id: id.to_owned(),
        unverified: None,
        kind: Some("EMPLOYMENT"),
        state: "ACTIVE",
        email: None,
        start: Some("2024-01-01"),
        last: None,
        modified: Some("2026-01-10"),
        read: true,
        faults: None,
    }
}

/// One row of Oyster's enrollments, with its history.
#[derive(Clone, Debug)]
pub struct Enrollment {
    pub engagement: String,
    pub id: String,
    pub plan: Option<String>,
    pub category: Option<&'static str>,
    pub state: String,
    /// In percents.
    pub share: Option<&'static str>,
    pub share_dependents: Option<&'static str>,
    pub max_dependents: Option<i64>,
    pub anomalies: Option<&'static str>,
    pub price: Option<&'static str>,
    pub currency: Option<&'static str>,
    pub faults: Option<&'static str>,
    pub seen: Vec<Sighting>,
}

/// ENROLLED since long, 100.00 USD a month, of which the employer pays 40 %: 30.00 and 20.00 of 24 deductions a year.
pub fn enrollment(engagement: &str, plan: &str) -> Enrollment {
    Enrollment {
        engagement: engagement.to_owned(),
        id: format!("{engagement}-{plan}"),
        plan: Some(plan.to_owned()),
        category: Some("HEALTH"),
        state: "ENROLLED".to_owned(),
        share: Some("40"),
        share_dependents: None,
        max_dependents: None,
        anomalies: None,
        price: Some("100.00"),
        currency: Some("USD"),
        faults: None,
        seen: vec![seen("2026-01-05", "ENROLLED", false)],
    }
}

pub fn seen(day: &str, state: &str, witnessed: bool) -> Sighting {
    Sighting { since: date(day), state: state.to_owned(), witnessed }
}

impl Enrollment {
    /// In this state tonight, and since that day.
    pub fn now(mut self, state: &str, day: &str) -> Enrollment {
        self.state = state.to_owned();
        self.seen = vec![seen(day, state, true)];
        self
    }
}

/// Plans `P1` and `P2` are `_OysterHealth`, `P3` is `_OysterPension`; `P9` is left out.
pub fn settings() -> OysterPlans {
    let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    };
    OysterPlans {
        plans: map(&[("P1", "_OysterHealth"), ("P2", "_OysterHealth"), ("P3", "_OysterPension")]),
        ignored_plans: map(&[("P9", "paid by the employer")]),
        match_email: false,
        price_period: PricePeriod::Month,
        categories: map(&[("_Medical", "HEALTH"), ("_Pension", "RETIREMENT")]),
        contractor_benefits: BTreeSet::new(),
        stuck_after_days: 30,
        requested_stuck_after_days: 14,
        estimate_tolerance_share: Share::of_ten_thousandths(1_000),
        estimate_tolerance: Money::units(5),
    }
}

impl World {
    /// Switches Oyster on, with payroll codes for its benefits and 24 deductions a year of each.
    pub fn with_oyster(mut self) -> World {
        self.job.oyster = Some(settings());
        let codes = [("OYH", "_OysterHealth"), ("OYP", "_OysterPension")];
        let codes = codes.map(|(code, benefit)| (code.to_owned(), benefit.to_owned()));
        self.job.deductions.benefit_by_code.extend(codes);
        for benefit in ["_OysterHealth", "_OysterPension"] {
            let entry = tieout_payroll::settings::DeductionsPerYear {
                pay_group: None,
                benefit: Some(benefit.to_owned()),
                per_year: 24,
            };
            self.job.deductions.per_year.push(entry);
        }
        let wide = ["OYH", "OYP"].map(|code| tieout_payroll::settings::WideDeduction {
            code: code.to_owned(),
            employee_column: Some(code.to_owned()),
            employer_column: Some(format!("{code}_ER")),
            details: Default::default(),
        });
        if let tieout_payroll::settings::DeductionLayout::Wide(columns) = &mut self.job.payroll.layout {
            columns.extend(wide);
        }
        self
    }

    /// The settings, to be changed.
    pub fn oyster(&mut self) -> &mut OysterPlans {
        self.job.oyster.as_mut().expect("Oyster is switched on")
    }

    /// Ties an employee to an engagement by the crosswalk.
    pub fn link(&mut self, employee: &str, engagement: &str) {
        let others = self.crosswalk.rows.iter().filter(|(id, _)| *id != employee);
        let benbase_id = self.crosswalk.rows.get(employee).and_then(|linked| linked.benbase_id);
        let linked = Linked { benbase_id, oyster_engagement_id: Some(engagement), ..Linked::default() };
        self.crosswalk.rows = others.chain([(employee, linked)]).collect();
    }

    /// Oyster's tables of tonight.
    pub fn oyster_tables(&self) -> (snapshot::OysterSnapshot, Sightings) {
        let mut engagements = self.engagements.clone();
        engagements.sort_by(|a, b| a.id.cmp(&b.id));
        let rows: BTreeMap<&str, u32> = engagements.iter().map(|e| e.id.as_str()).zip(0..).collect();
        let mut enrollments = self.enrollments.clone();
        enrollments.sort_by_key(|e| (rows[e.engagement.as_str()], e.id.clone()));
        let tables = snapshot::OysterSnapshot {
            engagements: frame_of_engagements(&engagements),
            enrollments: frame_of_enrollments(&enrollments, &rows),
            list_fault: self.list_fault.map(str::to_owned),
        };
        let history = enrollments.into_iter().map(|e| ((e.engagement, e.id), e.seen));
        (tables, history.chain(self.gone.clone()).collect())
    }
}

fn noon(day: NaiveDate) -> i64 {
    (i64::from(day_number(day)) * 24 + 12) * 3_600_000_000
}

fn frame_of_engagements(rows: &[Engagement]) -> DataFrame {
    let emails: Vec<Option<String>> = rows.iter().map(|e| e.email.as_ref().map(sha256_hex)).collect();
    let outcome = |e: &Engagement| if e.unverified.is_some() { Outcome::Unverified } else { Outcome::Found };
    let columns = vec![
        texts("engagement_id", rows, |e| Some(&e.id)),
        texts("outcome", rows, |e| Some(outcome(e).name())),
        texts("reason", rows, |e| e.unverified),
        texts("kind", rows, |e| e.kind),
        texts("state", rows, |e| Some(e.state)),
        texts("email_key", &emails, |key| key.as_deref()),
        dates("start_date", rows, |e| e.start),
        dates("last_day", rows, |e| e.last),
        integers("modified_at", rows, |e| e.modified.map(|day| noon(date(day)))),
        texts("fingerprint", rows, |_| None),
        integers("listed_at", rows, |_| Some(LISTED_AT)),
        integers("detail_at", rows, |e| e.read.then_some(LISTED_AT)),
        texts("faults", rows, |e| e.faults),
    ];
    checked(rows.len(), columns, Engagements::NAMES)
}

fn frame_of_enrollments(rows: &[Enrollment], engagements: &BTreeMap<&str, u32>) -> DataFrame {
    let columns = vec![
        numbers("engagement", rows.iter().map(|e| engagements[e.engagement.as_str()])),
        texts("enrollment_id", rows, |e| Some(&e.id)),
        texts("plan_id", rows, |e| e.plan.as_deref()),
        texts("package_id", rows, |_| None),
        texts("category", rows, |e| e.category),
        texts("state", rows, |e| Some(&e.state)),
        counts("share", rows, |e| e.share),
        counts("share_dependents", rows, |e| e.share_dependents),
        integers("max_dependents", rows, |e| e.max_dependents),
        texts("share_anomalies", rows, |e| e.anomalies),
        counts("price", rows, |e| e.price),
        texts("price_currency", rows, |e| e.currency),
        integers("fetched_at", rows, |_| Some(LISTED_AT)),
        texts("faults", rows, |e| e.faults),
    ];
    checked(rows.len(), columns, Enrollments::NAMES)
}
