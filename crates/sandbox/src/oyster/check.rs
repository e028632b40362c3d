//! What a write must look like: the snake_case bodies of the guide, checked against what is on offer. Problems name
//! fields in camelCase, as the service does.

use serde_json::{Map, Number, Value};

use crate::oyster::answers::Problem;
use crate::oyster::held::items;

/// Most dependants that a contribution may cover.
pub const DEPENDENTS_MAX: u64 = 6;
const CONTRIBUTION: [&str; 3] = ["team_member", "dependents", "max_dependents_covered"];

/// Greatest value of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Fraction,
    Percent,
}

/// A plan that is asked for.
#[derive(Debug)]
pub struct Wanted {
    /// As offered.
    pub plan: Value,
    /// As offered; `None`: supplementary.
    pub package: Option<Value>,
    /// `employerContribution` in camelCase, in the unit of the request.
    pub contribution: Option<Value>,
}

/// Collects problems while a body is read.
#[derive(Debug, Default)]
pub struct Check {
    pub problems: Vec<Problem>,
}

impl Check {
    /// Reads the body of a provisioning.
    pub fn provisioning(&mut self, body: &Map<String, Value>, offerings: &Value) -> Vec<Wanted> {
        self.only(body, &["supplementary", "package"], "");
        let mut wanted = Vec::new();
        if let Some(part) = self.object(body.get("supplementary"), "supplementary") {
            self.only(part, &["plans"], "supplementary.");
            let offered: Vec<&Value> = items(offerings, "/supplementary/plans").collect();
            for (entry, path) in self.list(part.get("plans"), "supplementary.plans") {
                wanted.extend(self.plan(entry, &offered, None, &path));
            }
        }
        if let Some(part) = self.object(body.get("package"), "package") {
            self.only(part, &["id", "plans"], "package.");
            let package = items(offerings, "/packages").find(|package| Some(&package["id"]) == part.get("id"));
            match package {
                None => self.add("package.id", "INVALID_PACKAGE", "Package id is not available"),
                Some(package) => wanted.extend(self.package(part, package)),
            }
        }
        wanted
    }

    /// Plans that the body does not name come without a contribution.
    fn package(&mut self, part: &Map<String, Value>, package: &Value) -> Vec<Wanted> {
        let offered: Vec<&Value> = items(package, "/plans").collect();
        let mut wanted = Vec::new();
        for (entry, path) in self.list(part.get("plans"), "package.plans") {
            wanted.extend(self.plan(entry, &offered, Some(package), &path));
        }
        for plan in offered {
            if !wanted.iter().any(|w: &Wanted| w.plan["id"] == plan["id"]) {
                wanted.push(Wanted { plan: plan.clone(), package: Some(package.clone()), contribution: None });
            }
        }
        wanted
    }

    fn plan(&mut self, entry: &Value, offered: &[&Value], package: Option<&Value>, path: &str) -> Option<Wanted> {
        let entry = self.object(Some(entry), path)?;
        self.only(entry, &["id", "employer_contributions"], &format!("{path}."));
        let Some(plan) = offered.iter().find(|plan| Some(&plan["id"]) == entry.get("id")) else {
            self.add(&format!("{path}.id"), "INVALID_PLAN", "Plan id is not available");
            return None;
        };
        let place = format!("{path}.employerContributions");
        let contribution = self.contribution(entry.get("employer_contributions"), Unit::Fraction, &place);
        Some(Wanted { plan: (*plan).clone(), package: package.cloned(), contribution })
    }

    /// Reads the body of a request.
    pub fn request(&mut self, body: &Map<String, Value>, offerings: &Value) -> Option<Wanted> {
        self.only(body, &["plan_id", "employer_contribution"], "");
        let contribution = self.contribution(body.get("employer_contribution"), Unit::Percent, "employerContribution");
        let plan = items(offerings, "/supplementary/plans").find(|plan| Some(&plan["id"]) == body.get("plan_id"));
        let Some(plan) = plan else {
            self.add("planId", "INVALID_PLAN", "Plan id is not available");
            return None;
        };
        Some(Wanted { plan: plan.clone(), package: None, contribution })
    }

    fn contribution(&mut self, value: Option<&Value>, unit: Unit, path: &str) -> Option<Value> {
        let fields = self.object(value, path)?;
        self.only(fields, &CONTRIBUTION, &format!("{path}."));
        let mut shown = Map::new();
        for name in CONTRIBUTION {
            let Some(value) = fields.get(name) else { continue };
            let field = camel_case(name);
            let good = match value {
                Value::Number(count) if name == "max_dependents_covered" => {
                    count.as_u64().is_some_and(|n| n <= DEPENDENTS_MAX)
                }
                Value::Number(share) => is_share(share, unit),
                _ => false,
            };
            if good {
                shown.insert(field, value.clone());
            } else {
                self.add(&format!("{path}.{field}"), "OUT_OF_RANGE", "Value is out of range");
            }
        }
        Some(Value::Object(shown))
    }

    /// A name that the service does not know is refused: it is a spelling of another endpoint.
    fn only(&mut self, body: &Map<String, Value>, known: &[&str], prefix: &str) {
        for name in body.keys().filter(|name| !known.contains(&name.as_str())) {
            self.add(&format!("{prefix}{}", camel_case(name)), "UNKNOWN_FIELD", "Field is not known");
        }
    }

    fn object<'a>(&mut self, value: Option<&'a Value>, path: &str) -> Option<&'a Map<String, Value>> {
        let value = value?;
        if !value.is_object() {
            self.add(path, "INVALID_TYPE", "Must be an object");
        }
        value.as_object()
    }

    fn list<'a>(&mut self, value: Option<&'a Value>, path: &str) -> Vec<(&'a Value, String)> {
        let Some(value) = value else { return Vec::new() };
        if !value.is_array() {
            self.add(path, "INVALID_TYPE", "Must be an array");
        }
        let entries = value.as_array().into_iter().flatten().enumerate();
        entries.map(|(at, entry)| (entry, format!("{path}.{at}"))).collect()
    }

    fn add(&mut self, field: &str, kind: &'static str, message: &str) {
        self.problems.push((field.to_owned(), kind, message.to_owned()));
    }
}

/// 0 to 1, or 0 to 100: by the digits before the point.
fn is_share(number: &Number, unit: Unit) -> bool {
    let text = number.to_string();
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let most = if unit == Unit::Fraction { 1 } else { 100 };
    let plain = decimals.bytes().all(|b| b.is_ascii_digit());
    let over = decimals.bytes().any(|b| b != b'0');
    plain && whole.parse::<u64>().is_ok_and(|n| n < most || (n == most && !over))
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut text = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (first, rest) = word.split_at(word.ceil_char_boundary(1));
        text.push_str(&first.to_uppercase());
        text.push_str(rest);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_the_range_of_their_unit() {
        let check = |text: &str, unit, wanted: bool| {
            let number: Number = serde_json::from_str(text).expect("a number");
            assert_eq!(is_share(&number, unit), wanted, "{text} {unit:?}");
        };
        for (text, fraction, percent) in [
            ("0", true, true),
            ("0.55", true, true),
            ("1.0", true, true),
            ("1.01", false, true),
            ("100", false, true),
            ("100.5", false, false),
            ("-1", false, false),
            ("1e300", false, false),
        ] {
            check(text, Unit::Fraction, fraction);
            check(text, Unit::Percent, percent);
        }
    }

    #[test]
    fn fields_are_named_as_the_service_does() {
        assert_eq!(camel_case("max_dependents_covered"), "maxDependentsCovered");
        assert_eq!(camel_case("package"), "package");
    }
}
