//! One engagement as Oyster holds it: recorded JSON, served as it stands until something changes it.

use serde_json::{Map, Value, json};

use crate::oyster::share;

const NOTHING_ENROLLED: &str = "[]";
const NOTHING_OFFERED: &str = r#"{"supplementary":{"plans":[]},"packages":[]}"#;
const NOTHING_PROVISIONED: &str = r#"{"supplementary":{"enrollments":[]},"packaged":{"enrollments":[]}}"#;
/// The state before anybody is engaged.
const PROVISIONED: &str = "PROVISIONED";
const FINAL: [&str; 3] = ["CANCELED", "FINISHED", "OPTED_OUT"];
/// State → the next one, as the flow chart draws it.
const NEXT: [(&str, &str); 5] = [
    ("REQUESTED", "APPLIED"),
    ("PROVISIONED", "APPLIED"),
    ("APPLIED", "IN_PROGRESS"),
    ("IN_PROGRESS", "ENROLLED"),
    ("ENROLLED", "FINISHED"),
];

/// The texts are those of the world's files; `None`: nothing was recorded.
#[derive(Debug)]
pub struct Engagement {
    pub line: Box<str>,
    pub enrollments: Option<Box<str>>,
    pub offerings: Option<Box<str>>,
    pub provisioning: Option<Box<str>>,
    pub ruleset: Option<Box<str>>,
}

impl Engagement {
    pub fn new(line: &str) -> Engagement {
        Engagement { line: line.into(), enrollments: None, offerings: None, provisioning: None, ruleset: None }
    }

    pub fn enrollments(&self) -> &str {
        self.enrollments.as_deref().unwrap_or(NOTHING_ENROLLED)
    }

    pub fn offerings(&self) -> &str {
        self.offerings.as_deref().unwrap_or(NOTHING_OFFERED)
    }

    pub fn provisioning(&self) -> &str {
        self.provisioning.as_deref().unwrap_or(NOTHING_PROVISIONED)
    }

    /// As recorded, else what the checks of a write accept.
    pub fn ruleset(&self) -> anyhow::Result<String> {
        if let Some(text) = &self.ruleset {
            return Ok(text.to_string());
        }
        let share = json!({ "min": 0, "max": 1 });
        let rule = |plan: &Value| {
            let most = json!({ "min": 0, "max": super::check::DEPENDENTS_MAX });
            let contribution = json!({ "teamMember": share, "dependents": share, "maxDependentsCovered": most });
            json!({ "planId": plan["id"], "employerContribution": contribution })
        };
        let offerings: Value = serde_json::from_str(self.offerings())?;
        let packaged = items(&offerings, "/packages").flat_map(|package| items(package, "/plans"));
        let rules: Vec<Value> = items(&offerings, "/supplementary/plans").chain(packaged).map(rule).collect();
        Ok(json!({ "rules": rules }).to_string())
    }

    /// Whether an enrollment went beyond being provisioned.
    pub fn is_engaged(&self) -> anyhow::Result<bool> {
        let enrollments: Value = serde_json::from_str(self.enrollments())?;
        let provisioning: Value = serde_json::from_str(self.provisioning())?;
        let provisioned =
            PARTS.iter().flat_map(|part| items(&provisioning, part)).chain(items(&enrollments, "")).all(is_provisioned);
        Ok(!provisioned)
    }

    /// Whether an enrollment of the plan is under way or in force.
    pub fn has_open(&self, plan: &str) -> anyhow::Result<bool> {
        let enrollments: Value = serde_json::from_str(self.enrollments())?;
        let open = |entry: &Value| !FINAL.iter().any(|state| entry["state"] == *state);
        Ok(items(&enrollments, "").any(|entry| entry["plan"]["id"] == plan && open(entry)))
    }

    /// Takes a new provisioning in place of the former one: (packaged, supplementary), contributions in fractions.
    pub fn provision(&mut self, packaged: Vec<Value>, supplementary: Vec<Value>, now: &str) -> anyhow::Result<()> {
        let mut enrolled: Vec<Value> = serde_json::from_str(self.enrollments())?;
        enrolled.retain(|entry| !is_provisioned(entry));
        for entry in packaged.iter().chain(&supplementary) {
            enrolled.push(in_percent(entry)?);
        }
        let parts =
            json!({ "supplementary": { "enrollments": supplementary }, "packaged": { "enrollments": packaged } });
        self.provisioning = Some(parts.to_string().into());
        self.keep(enrolled, now)
    }

    /// Adds a requested enrollment; its contribution in fractions.
    pub fn request(&mut self, entry: &Value, now: &str) -> anyhow::Result<()> {
        let mut enrolled: Vec<Value> = serde_json::from_str(self.enrollments())?;
        enrolled.push(in_percent(entry)?);
        self.keep(enrolled, now)
    }

    /// Moves one enrollment, or all, to `state` or the next one. Gives how many moved.
    pub fn advance(&mut self, enrollment: Option<&str>, state: Option<&str>, now: &str) -> anyhow::Result<usize> {
        let mut enrolled: Vec<Value> = serde_json::from_str(self.enrollments())?;
        let mut provisioning: Value = serde_json::from_str(self.provisioning())?;
        let mut moved = 0;
        for entry in &mut enrolled {
            let wanted = enrollment.is_none_or(|id| entry["id"] == id);
            let Some(next) = state.or_else(|| next_of(entry)).filter(|_| wanted) else { continue };
            for part in PARTS {
                let others = provisioning.pointer_mut(part).and_then(Value::as_array_mut);
                for other in others.into_iter().flatten().filter(|other| other["id"] == entry["id"]) {
                    other["state"] = next.into();
                }
            }
            entry["state"] = next.into();
            moved += 1;
        }
        if moved > 0 {
            if self.provisioning.is_some() {
                self.provisioning = Some(provisioning.to_string().into());
            }
            self.keep(enrolled, now)?;
        }
        Ok(moved)
    }

    /// Writes the enrollments down, here and as the list embeds them.
    fn keep(&mut self, enrolled: Vec<Value>, now: &str) -> anyhow::Result<()> {
        let mut line: Map<String, Value> = serde_json::from_str(&self.line)?;
        line.insert("benefitEnrollments".to_owned(), enrolled.iter().map(embedded).collect());
        line.insert("modifiedAt".to_owned(), now.into());
        self.line = Value::Object(line).to_string().into();
        self.enrollments = Some(Value::Array(enrolled).to_string().into());
        Ok(())
    }
}

/// Where a provisioning holds its enrollments.
const PARTS: [&str; 2] = ["/supplementary/enrollments", "/packaged/enrollments"];

/// The entries of a list inside `value`; none when it is no list.
pub fn items<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

fn is_provisioned(entry: &Value) -> bool {
    entry["state"] == PROVISIONED
}

fn next_of(entry: &Value) -> Option<&'static str> {
    NEXT.iter().find(|(state, _)| entry["state"] == *state).map(|(_, next)| *next)
}

/// As the enrollments show it: percents, and neither price nor a limit of dependants.
fn in_percent(entry: &Value) -> anyhow::Result<Value> {
    let mut shown = entry.clone();
    if let Some(plan) = shown["plan"].as_object_mut() {
        plan.remove("estimatedPrice");
    }
    if let Some(package) = shown["package"].as_object_mut() {
        package.remove("plans");
    }
    if let Some(contribution) = shown["employerContribution"].as_object_mut() {
        contribution.remove("maxDependentsCovered");
        for value in contribution.values_mut() {
            *value = share::percent(value)?;
        }
    }
    Ok(shown)
}

/// As the list of engagements shows it.
fn embedded(entry: &Value) -> Value {
    let plan = &entry["plan"];
    json!({
        "benefitEnrollmentId": entry["id"],
        "plan": { "provider": plan["providerName"], "descriptiveName": plan["name"] },
        "name": plan["name"],
        "state": entry["state"],
    })
}
