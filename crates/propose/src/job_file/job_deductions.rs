//! The deductions section of a proposed job: which code is which benefit, and how often it is taken.

use crate::certainty::Certainty;
use crate::deductions::benefits::Target;
use crate::hints::Hints;
use crate::job_file::page::{JobFile, inline, quoted};
use crate::merged::Merged;
use crate::proposal::Code;

pub fn write(page: &mut JobFile, merged: &Merged, hints: &Hints) {
    page.table("deductions");
    per_year(page, merged);
    unmapped_benefits(page, merged, hints);
    page.table("deductions.codes");
    for code in &merged.codes {
        match &code.target.value {
            Target::Benefit(key) => {
                let Code { target, .. } = code;
                page.key("deductions.codes", &code.code, &quoted(key), target.certainty, &described(code));
            }
            Target::Open => {
                let reason = format!("{}: a benefit, or deductions.ignored_codes with a reason", described(code));
                page.open("deductions.codes", &code.code, "\"…\"", &reason);
            }
            Target::Ignored(_) => {}
        }
    }
    let is_ignored = |code: &&Code| matches!(code.target.value, Target::Ignored(_));
    if merged.codes.iter().any(|code| is_ignored(&code)) {
        page.table("deductions.ignored_codes");
    }
    for code in &merged.codes {
        if let Target::Ignored(reason) = &code.target.value {
            let certainty = code.target.certainty;
            page.key("deductions.ignored_codes", &code.code, &quoted(reason), certainty, &described(code));
        }
    }
}

fn described(code: &Code) -> String {
    match &code.name {
        Some(name) if *name != code.code && !name.is_empty() => format!("{} (`{name}`)", code.target.reason),
        _ => code.target.reason.clone(),
    }
}

/// Deductions a year of each pay group. What is not said here is the number of pays that the service states.
fn per_year(page: &mut JobFile, merged: &Merged) {
    let said = |group: &crate::pay::groups::Group| {
        group.per_year.as_ref().is_some_and(|n| group.pay_periods != Some(n.value) && n.certainty >= Certainty::Likely)
    };
    let groups = &merged.groups;
    let open: Vec<&str> = groups
        .iter()
        .filter(|(_, group)| !said(group) && group.pay_periods.is_none())
        .map(|(name, _)| name.as_str())
        .collect();
    let benefits: Vec<&str> = merged
        .codes
        .iter()
        .filter_map(|code| match &code.target.value {
            Target::Benefit(key) => Some(key.as_str()),
            _ => None,
        })
        .collect();
    let mut benefits = benefits;
    benefits.sort_unstable();
    benefits.dedup();
    if groups.values().any(said) {
        page.line("per_year = [");
        for (name, group) in groups.iter().filter(|(_, group)| said(group)) {
            let Some(times) = &group.per_year else { continue };
            let whom: Vec<String> = match name.as_str() {
                "" => benefits.iter().map(|key| format!("benefit = {}", quoted(key))).collect(),
                name => vec![format!("pay_group = {}", quoted(name))],
            };
            for whom in whom {
                let value = format!("{{ {whom}, deductions = {} }}", times.value);
                let key = format!("deductions.per_year.{}", if name.is_empty() { "all" } else { name });
                page.item(&format!("    {value},"), key, &value, times.certainty, &times.reason);
            }
        }
        page.line("]");
    }
    for name in open {
        let group = &groups[name];
        let whom =
            if name.is_empty() { "benefit = \"…\"".to_owned() } else { format!("pay_group = {}", quoted(name)) };
        let (times, reason) = match &group.per_year {
            Some(times) => (times.value.to_string(), times.reason.clone()),
            None => (
                "…".to_owned(),
                "nothing says how often deductions are taken; without it counts what the service states".to_owned(),
            ),
        };
        page.open("deductions", "per_year", &format!("[{{ {whom}, deductions = {times} }}]"), &reason);
    }
}

/// Benefits of the service that no code is: deducted nowhere, or not yet mapped.
fn unmapped_benefits(page: &mut JobFile, merged: &Merged, hints: &Hints) {
    let is_mapped = |key: &str| merged.codes.iter().any(|code| code.target.value == Target::Benefit(key.to_owned()));
    let unmapped: Vec<(&str, &str)> = hints
        .known
        .benefits
        .keys()
        .chain(&hints.benefits)
        .filter(|key| !is_mapped(key))
        .map(|key| (key.as_str(), "…"))
        .collect();
    if !unmapped.is_empty() {
        let reason = "no code is one of these benefits: payroll never deducts them, or their codes are still open";
        page.open("deductions", "ignored_benefits", &inline(unmapped), reason);
    }
}
