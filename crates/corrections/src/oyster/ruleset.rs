//! What the ruleset says of a wish. No document describes its shape: the one that the contract supposes is read, any
//! other is only mentioned. Advice for the preparer, never a refusal.

use serde_json::Value;

use tieout_model::correction::oyster::{OysterChange, Shares};
use tieout_model::money::{Money, UNITS_PER_ONE};
use tieout_model::terms::ShareUnit;

/// Percents to one.
const PERCENTS: i64 = 100;
/// The parts of a contribution as the service spells them.
const PARTS: [&str; 3] = ["teamMember", "dependents", "maxDependentsCovered"];

/// One note a wanted value outside its bounds; one note alone when the shape is another. `unit`: that of provisioning,
/// for whose values the ruleset is.
pub fn ruleset_notes(change: &OysterChange, ruleset: &Value, unit: ShareUnit) -> Vec<String> {
    let Some(rules) = ruleset.get("data").unwrap_or(ruleset).get("rules").and_then(Value::as_array) else {
        return vec![
            "nothing was checked against the ruleset: it has another shape than the supposed one; `tieout api oyster \
             ruleset` shows it"
                .to_owned(),
        ];
    };
    let mut notes = Vec::new();
    for (plan_id, shares) in wanted(change) {
        let of_plan = rules.iter().filter(|rule| rule.get("planId").and_then(Value::as_str) == Some(plan_id));
        for bounds in of_plan.filter_map(|rule| rule.get("employerContribution")) {
            notes.extend(outside(plan_id, shares, bounds, unit));
        }
    }
    notes
}

fn wanted(change: &OysterChange) -> Vec<(&str, &Shares)> {
    match change {
        OysterChange::Request(request) => vec![(&request.plan_id, &request.shares)],
        OysterChange::Provisioning(change) => {
            let packaged = change.package.iter().flat_map(|package| &package.plans);
            packaged.chain(&change.supplementary).map(|plan| (plan.plan_id.as_str(), &plan.shares)).collect()
        }
    }
}

fn outside<'a>(
    plan_id: &'a str,
    shares: &'a Shares,
    bounds: &'a Value,
    unit: ShareUnit,
) -> impl Iterator<Item = String> + 'a {
    shares.parts().into_iter().zip(PARTS).filter_map(move |((name, value, text), spelled)| {
        let (value, bounds) = (value?, bounds.get(spelled)?);
        let heads = name == "max_dependents";
        let bound = |key: &str| read(bounds.get(key)?, heads, unit);
        let (min, max) = (bound("min"), bound("max"));
        let fits = min.is_none_or(|min| value >= min) && max.is_none_or(|max| value <= max);
        let shown = |bound: Option<i64>| bound.map_or_else(|| "any".to_owned(), text);
        (!fits).then(|| {
            format!(
                "the ruleset has {} to {} for {name} of plan {plan_id}, wanted are {}: Oyster may refuse it",
                shown(min),
                shown(max),
                text(value)
            )
        })
    })
}

/// A bound in the terms of [`Shares`]: heads, or percents in 1/10,000. From the number's text, never through a float.
fn read(bound: &Value, heads: bool, unit: ShareUnit) -> Option<i64> {
    let counts = Money::from_json(&bound.as_number()?.to_string()).ok()?.0;
    match (heads, unit) {
        (true, _) => Some(counts / UNITS_PER_ONE),
        (false, ShareUnit::Percent) => Some(counts),
        (false, ShareUnit::Fraction) => counts.checked_mul(PERCENTS),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use tieout_model::correction::oyster::RequestChange;

    /// What is said of 25 % of the team member and 7 dependants for plan D4c07300.
    fn notes(ruleset: &Value, unit: ShareUnit) -> Vec<String> {
        let shares = Shares { team_member: Some(250_000), dependents: None, max_dependents: Some(7) };
        let request = RequestChange { engagement_id: "e1".into(), plan_id: "D4c07300".into(), shares };
        ruleset_notes(&OysterChange::Request(request), ruleset, unit)
    }

    fn rules(plan: &str, min: &str, max: &str, heads: u8) -> Value {
        let bounds =
            format!(r#"{{"teamMember":{{"min":{min},"max":{max}}},"maxDependentsCovered":{{"min":0,"max":{heads}}}}}"#);
        let text = format!(r#"{{"data":{{"rules":[{{"planId":"{plan}","employerContribution":{bounds}}}]}}}}"#);
        serde_json::from_str(&text).expect("JSON")
    }

    #[test]
    fn a_value_outside_its_bounds_is_named_with_them() {
        let expected = [
            "the ruleset has 50 % to 100 % for team_member of plan D4c07300, wanted are 25 %: Oyster may refuse it",
            "the ruleset has 0 to 6 for max_dependents of plan D4c07300, wanted are 7: Oyster may refuse it",
        ];
        assert_eq!(notes(&rules("D4c07300", "0.5", "1.0", 6), ShareUnit::Fraction), expected);
        assert_eq!(notes(&rules("D4c07300", "50.0", "100", 6), ShareUnit::Percent), expected);
    }

    #[test]
    fn values_on_the_bounds_and_rules_of_other_plans_say_nothing() {
        assert!(notes(&rules("D4c07300", "0.25", "0.25", 7), ShareUnit::Fraction).is_empty());
        assert!(notes(&rules("Other", "0.5", "1.0", 6), ShareUnit::Fraction).is_empty());
    }

    #[test]
    fn another_shape_is_mentioned_and_nothing_is_taken_from_it() {
        for shape in [json!({"data": {"limits": []}}), json!([]), json!({"rules": "none"})] {
            let [note] = &notes(&shape, ShareUnit::Fraction)[..] else { panic!("one note expected") };
            assert!(note.starts_with("nothing was checked against the ruleset"), "{note}");
        }
    }
}
