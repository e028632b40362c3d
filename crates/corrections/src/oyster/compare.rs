//! What Oyster shows today, flattened to one list, and whether that is what is wanted. Names, providers, prices and ids
//! of enrollments are never a difference (contracts, O4 to O6); what the service does not show is unclear, not
//! different.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use tieout_model::correction::Change;
use tieout_model::correction::oyster::{OysterChange, ProvisioningChange, RequestChange, Shares, WantedPlan};
use tieout_model::enrollment::EnrollmentState;
use tieout_model::hash::sha256_hex;
use tieout_model::records::oyster::{EnrollmentRecord, ProvisioningRecord};

/// Fields of an enrollment that no comparison needs.
const UNNEEDED: [&str; 4] = ["enrollment_id", "category", "price", "price_currency"];

/// One plan as Oyster shows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HeldPlan {
    pub plan_id: String,
    /// `None`: supplementary.
    pub package_id: Option<String>,
    /// As the service wrote it.
    pub state: String,
    pub shares: Shares,
    /// Values that do not fit their unit (AM14).
    pub anomalies: Vec<String>,
}

impl HeldPlan {
    pub fn state(&self) -> EnrollmentState {
        EnrollmentState::parse(&self.state)
    }
}

/// What Oyster shows of what a change is about. Sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Current {
    pub plans: Vec<HeldPlan>,
    /// Of a provisioning: what says whether it is still its time. Not compared with what is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
}

/// How far an engagement has come. Sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// As the service wrote it; `None`: the job names no state that means engaged.
    pub engagement: Option<String>,
    pub enrollments: Vec<HeldPlan>,
}

impl Current {
    /// All of a provisioning. Errors: what could not be read, so that nothing may be concluded or written.
    pub fn of_provisioning(record: &ProvisioningRecord) -> Result<Current, String> {
        let supplementary = record.supplementary.iter().map(|one| held(one, false));
        let packaged = record.packaged.iter().map(|one| held(one, true));
        Current::sorted(supplementary.chain(packaged))
    }

    /// All enrollments. Errors: as above.
    pub fn of_enrollments(records: &[EnrollmentRecord]) -> Result<Current, String> {
        Current::sorted(records.iter().map(|one| held(one, one.package_id.is_some())))
    }

    /// The same with the stage at which it is looked at. `engagement`: its state, where the job says which ones matter.
    pub fn at_stage(self, engagement: Option<String>, enrolled: Current) -> Current {
        Current { stage: Some(Stage { engagement, enrollments: enrolled.plans }), ..self }
    }

    /// What a request for one plan is about.
    pub fn of_plan(mut self, plan_id: &str) -> Current {
        self.plans.retain(|held| held.plan_id == plan_id);
        self
    }

    fn sorted(plans: impl Iterator<Item = Result<HeldPlan, String>>) -> Result<Current, String> {
        let mut plans = plans.collect::<Result<Vec<_>, _>>()?;
        plans.sort();
        Ok(Current { plans, stage: None })
    }

    /// SHA-256, hex, of all that is shown: it moves when anything of it moves, states included.
    pub fn hash(&self) -> String {
        sha256_hex(serde_json::to_string(self).expect("texts and whole numbers have no value that JSON cannot hold"))
    }

    /// What is in force or on its way, unknown states included.
    pub fn standing(&self) -> impl Iterator<Item = &HeldPlan> {
        self.plans.iter().filter(|held| !held.state().is_final())
    }
}

fn held(record: &EnrollmentRecord, packaged: bool) -> Result<HeldPlan, String> {
    if let Some(fault) = record.faults.iter().find(|fault| !UNNEEDED.contains(&fault.as_str())) {
        return Err(format!("Oyster shows a plan whose {fault} cannot be read"));
    }
    let lacks = |what: &str| format!("Oyster shows a plan without {what}");
    let contribution = record.contribution.clone().unwrap_or_default();
    Ok(HeldPlan {
        plan_id: record.plan_id.clone().ok_or_else(|| lacks("its id"))?,
        package_id: match packaged {
            true => Some(record.package_id.clone().ok_or_else(|| lacks("the id of its package"))?),
            false => None,
        },
        state: record.state.clone().ok_or_else(|| lacks("its state"))?,
        shares: Shares {
            team_member: contribution.team_member,
            dependents: contribution.dependents,
            max_dependents: contribution.max_dependents,
        },
        anomalies: contribution.anomalies,
    })
}

/// What is wanted beside what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What a write would move, or what it failed to move.
    pub differences: Vec<Change>,
    /// What cannot be compared, because one side does not say it.
    pub unclear: Vec<Change>,
}

impl Comparison {
    /// All that is wanted is there, as far as it is said at all, and it is said.
    pub fn is_same(&self) -> bool {
        self.differences.is_empty() && self.unclear.is_empty()
    }

    /// All that a write is to settle: what differs, then what is unclear.
    pub fn changes(&self) -> Vec<Change> {
        self.differences.iter().chain(&self.unclear).cloned().collect()
    }

    /// `field: from -> to; …`, blank when nothing differs.
    pub fn text(&self) -> String {
        text(&self.differences)
    }

    /// The same of what is unclear.
    pub fn unclear_text(&self) -> String {
        text(&self.unclear)
    }

    fn differs(&mut self, field: impl Into<String>, from: impl Into<String>, to: impl Into<String>) {
        self.differences.push(Change { field: field.into(), from: from.into(), to: to.into() });
    }

    fn shares(&mut self, place: &str, held: &HeldPlan, wanted: &Shares) {
        if !held.anomalies.is_empty() {
            return self.differs(place, format!("unit in doubt: {}", held.anomalies.join("; ")), wanted.text());
        }
        if wanted.is_silent() {
            return;
        }
        for ((name, held, text), (_, wanted, _)) in held.shares.parts().into_iter().zip(wanted.parts()) {
            match (held, wanted) {
                (Some(held), Some(wanted)) if held != wanted => {
                    self.differs(format!("{place}, {name}"), text(held), text(wanted));
                }
                (None, Some(wanted)) => self.is_unclear(format!("{place}, {name}"), "not shown", text(wanted)),
                (Some(held), None) if held != 0 => {
                    self.is_unclear(format!("{place}, {name}"), text(held), "not said");
                }
                _ => {}
            }
        }
    }

    fn is_unclear(&mut self, field: String, from: impl Into<String>, to: impl Into<String>) {
        self.unclear.push(Change { field, from: from.into(), to: to.into() });
    }
}

/// `field: from -> to; …`.
pub fn text(changes: &[Change]) -> String {
    let texts = changes.iter().map(|c| format!("{}: {} -> {}", c.field, c.from, c.to));
    texts.collect::<Vec<_>>().join("; ")
}

/// Holds a change against what Oyster shows.
pub fn compare(current: &Current, change: &OysterChange) -> Comparison {
    match change {
        OysterChange::Provisioning(change) => compare_provisioning(current, change),
        OysterChange::Request(change) => compare_request(current, change),
    }
}

fn compare_provisioning(current: &Current, change: &ProvisioningChange) -> Comparison {
    let mut comparison = Comparison::default();
    let packages: BTreeSet<&str> = current.standing().filter_map(|held| held.package_id.as_deref()).collect();
    let wanted = change.package.as_ref();
    let wanted_id = wanted.map(|package| package.package_id.as_str());
    if packages != wanted_id.into_iter().collect() {
        let from: Vec<&str> = packages.into_iter().collect();
        let from = if from.is_empty() { "none".to_owned() } else { from.join(" ") };
        comparison.differs("package", from, wanted_id.unwrap_or("none"));
    }
    let held = current.standing().filter(|held| held.package_id.is_some() && held.package_id.as_deref() == wanted_id);
    let plans = wanted.map_or(&[][..], |package| &package.plans);
    // A package brings plans that nobody named.
    compare_plans(&mut comparison, "package plan", held, plans, false);
    let held = current.standing().filter(|held| held.package_id.is_none());
    compare_plans(&mut comparison, "supplementary plan", held, &change.supplementary, true);
    comparison
}

fn compare_plans<'a>(
    comparison: &mut Comparison,
    what: &str,
    held: impl Iterator<Item = &'a HeldPlan>,
    wanted: &'a [WantedPlan],
    all_named: bool,
) {
    let mut plans: BTreeMap<&str, (Vec<&HeldPlan>, Option<&Shares>)> = BTreeMap::new();
    for held in held {
        plans.entry(&held.plan_id).or_default().0.push(held);
    }
    for plan in wanted {
        plans.entry(&plan.plan_id).or_default().1 = Some(&plan.shares);
    }
    for (plan_id, (held, wanted)) in plans {
        let place = format!("{what} {plan_id}");
        match (held.as_slice(), wanted) {
            ([], Some(wanted)) => comparison.differs(place, "absent", wanted.text()),
            ([held], Some(wanted)) => comparison.shares(&place, held, wanted),
            ([held, ..], None) if all_named => comparison.differs(place, held.shares.text(), "withdrawn"),
            ([_, _, ..], Some(wanted)) => comparison.differs(place, "there more than once", wanted.text()),
            (_, None) => {}
        }
    }
}

fn compare_request(current: &Current, change: &RequestChange) -> Comparison {
    let mut comparison = Comparison::default();
    let place = format!("plan {}", change.plan_id);
    let standing: Vec<&HeldPlan> = current.standing().filter(|held| held.plan_id == change.plan_id).collect();
    match standing.as_slice() {
        [] => comparison.differs(place, "no enrollment", change.shares.text()),
        [held] => match held.state() {
            EnrollmentState::Unknown(_) => {
                comparison.differs(place, "in a state that is not documented", change.shares.text())
            }
            _ => comparison.shares(&place, held, &change.shares),
        },
        _ => comparison.differs(place, "enrolled more than once", change.shares.text()),
    }
    comparison
}
