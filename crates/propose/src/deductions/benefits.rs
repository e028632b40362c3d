//! Which benefit a payroll code is: by what its people pay, else by its name.

use std::collections::BTreeMap;

use crate::certainty::{Certainty, Proposed};
use crate::deductions::evidence::{Evidence, Fit};
use crate::deductions::kinds::{self, What};

/// People of a code who pay the price of a benefit, from which on that is no chance.
const PRICED_MIN: usize = 3;

/// Where a code goes in `[deductions]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Benefit(String),
    /// `deductions.ignored_codes`, with the reason.
    Ignored(String),
    /// A benefit, or something else: a person must say.
    Open,
}

/// The target of one code.
pub fn target(
    code: &str,
    what: &Proposed<What>,
    evidence: &Evidence,
    keys: &BTreeMap<String, String>,
) -> Proposed<Target> {
    let by_name = by_name(what, keys);
    let Some((key, fit)) = evidence.best(code) else { return by_name };
    let priced = format!("{} of {} people pay its price", fit.priced, fit.people);
    let is_priced = fit.priced >= PRICED_MIN.min(fit.people) && fit.priced * 2 >= fit.people;
    match &by_name.value {
        _ if is_priced => Proposed::sure(Target::Benefit(key.to_owned()), priced),
        Target::Benefit(named) => held(named, evidence.fit(code, named), by_name.clone()),
        // A name that says another kind of benefit is not overruled by whom its people are.
        Target::Open
            if what.value == What::Unknown && fit.holders * 10 >= fit.people * 9 && fit.people >= PRICED_MIN =>
        {
            let reason = format!("{} of {} people have it, though at another price", fit.holders, fit.people);
            Proposed::asked(Target::Benefit(key.to_owned()), reason)
        }
        _ => by_name,
    }
}

/// A name that the holders confirm or contradict.
fn held(named: &str, fit: Option<Fit>, by_name: Proposed<Target>) -> Proposed<Target> {
    let Some(fit) = fit.filter(|fit| fit.people > 0) else { return by_name };
    let counted = format!("{}; {} of {} people have {named}", by_name.reason, fit.holders, fit.people);
    let certainty = match () {
        () if fit.holders * 10 >= fit.people * 8 => Certainty::Sure.min(by_name.certainty.max(Certainty::Likely)),
        () if fit.holders * 2 >= fit.people => by_name.certainty.min(Certainty::Likely),
        () => Certainty::Asked,
    };
    Proposed::new(by_name.value, certainty, counted)
}

fn by_name(what: &Proposed<What>, keys: &BTreeMap<String, String>) -> Proposed<Target> {
    match &what.value {
        What::Other(reason) => Proposed::new(Target::Ignored((*reason).to_owned()), what.certainty, &what.reason),
        What::Unknown => Proposed::new(Target::Open, Certainty::Unknown, &what.reason),
        What::Benefit(kind) if keys.is_empty() => {
            let reason = format!("{}; the benefit keys are not known: this one is made up", what.reason);
            Proposed::asked(Target::Benefit(usual_key(kind)), reason)
        }
        What::Benefit(kind) => match kinds::keys_of_kind(kind, keys).as_slice() {
            [] => Proposed::new(
                Target::Open,
                Certainty::Unknown,
                format!("{}: {}; no benefit is named like it", what.reason, kind.replace('_', " ")),
            ),
            [only] => {
                Proposed::new(Target::Benefit((*only).to_owned()), what.certainty.min(Certainty::Likely), &what.reason)
            }
            [first, others @ ..] => {
                let reason = format!("{}; it could be {} too", what.reason, others.join(", "));
                Proposed::asked(Target::Benefit((*first).to_owned()), reason)
            }
        },
    }
}

/// How a service names a benefit of a kind as a rule: `_Medical`, `_CriticalIllness`.
fn usual_key(kind: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
    };
    format!("_{}", kind.split('_').map(capital).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> BTreeMap<String, String> {
        [("_Medical", "Medical Cover"), ("_Pension", "Pension"), ("_Savings", "Retirement savings")]
            .map(|(key, title)| (key.to_owned(), title.to_owned()))
            .into()
    }

    #[track_caller]
    fn check(what: What, keys: &BTreeMap<String, String>, target: Target, certainty: Certainty) {
        let found = super::target("X", &Proposed::sure(what, "by its name"), &Evidence::default(), keys);
        assert_eq!((found.value, found.certainty), (target, certainty), "{}", found.reason);
    }

    #[test]
    fn a_name_alone_is_likely_at_most_and_several_keys_are_asked() {
        let benefit = |key: &str| Target::Benefit(key.to_owned());
        check(What::Benefit("medical"), &keys(), benefit("_Medical"), Certainty::Likely);
        check(What::Benefit("retirement"), &keys(), benefit("_Pension"), Certainty::Asked);
        check(What::Benefit("gym"), &keys(), Target::Open, Certainty::Unknown);
        check(What::Benefit("critical_illness"), &BTreeMap::new(), benefit("_CriticalIllness"), Certainty::Asked);
        check(What::Unknown, &keys(), Target::Open, Certainty::Unknown);
        check(What::Other("a tax"), &keys(), Target::Ignored("a tax".to_owned()), Certainty::Sure);
    }
}
