//! Derivation of demographic changes: payroll's whole address, never a part of it. What holds for every kind of
//! correction is in `plan`.

use std::collections::BTreeSet;

use crate::compensation::TERMINATED;
use crate::plan::{Derived, Person};
use tieout_model::address::full_zip;
use tieout_model::correction::validate::check;
use tieout_model::correction::{Address, Change, CorrectionKind, DemographicChange, Held, Payload, SecondLook};
use tieout_model::finding::Code;
use tieout_model::states::state_code;

/// Stands for a value of an address in what people read.
const DIFFERS: &str = "differs";
const BLANK: &str = "blank";
const UNKNOWN: &str = "not known";

/// The demographic change that the person's findings ask for.
pub(super) fn derive(person: &Person) -> Derived<DemographicChange> {
    let body = DemographicChange { employee_id: person.benbase_id.clone(), address: payroll_address(person) };
    let outcome = accept(person, &body);
    let second_look = second_look(person, &body.address);
    let mut derived = Derived { second_look, ..Derived::new(body) };
    for (id, finding) in &person.findings {
        if finding.code.rule().leads_to == Some(CorrectionKind::Demographic) {
            derived.place(id, finding.code, outcome.clone());
        }
    }
    derived
}

fn payroll_address(person: &Person) -> Address {
    let facts = person.facts;
    let text = |value: &Option<String>| value.as_deref().unwrap_or_default().trim().to_owned();
    Address {
        line1: text(&facts.line1),
        line2: Some(text(&facts.line2)).filter(|line| !line.is_empty()),
        city: text(&facts.city),
        state: state_code(facts.state.as_deref().unwrap_or_default()),
        zip_code: full_zip(&text(&facts.zip), &text(&facts.state)),
    }
}

fn accept(person: &Person, body: &DemographicChange) -> Result<(), String> {
    // Who has left still gets letters; who works on is put back first.
    let works = person.facts.term_date.is_none_or(|day| day > person.settings.as_of);
    if works && person.held.is_some_and(|held| held.terminated_on.is_some()) {
        return Err(TERMINATED.to_owned());
    }
    // The rules compare addresses without regard to case, marks and abbreviations; no such finding = no difference.
    let ledger_differs = person.has(Code::DE01, "address") || person.has(Code::DE02, "state");
    if let Some(held) = person.held.filter(knows_address)
        && (!ledger_differs || as_held(&body.address, &held))
    {
        return Err("Benbase already holds it".to_owned());
    }
    if loses_line2(person, &body.address) && person.facts.has_line2 {
        return Err(
            "Benbase holds a line 2 and payroll has none: whether leaving out line 2 clears it is not documented, so a \
             person decides"
                .to_owned(),
        );
    }
    let problems: Vec<_> =
        check(&Payload::Demographic(body.clone())).iter().map(|p| format!("payroll's {p}")).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems.join("; ")) }
}

fn loses_line2(person: &Person, address: &Address) -> bool {
    let had_line2 = person.held.and_then(|h| h.line2).is_some_and(|line| !line.trim().is_empty());
    had_line2 && address.line2.is_none()
}

/// Payroll is the authority for addresses, whatever the others say.
fn second_look(person: &Person, address: &Address) -> BTreeSet<SecondLook> {
    let only_authority = person.held.as_ref().is_some_and(knows_address) && person.has(Code::DE01, "zip");
    let marks = [(only_authority, SecondLook::OnlyAuthority), (loses_line2(person, address), SecondLook::SecondLine)];
    marks.into_iter().filter_map(|(is, mark)| is.then_some(mark)).collect()
}

/// A ledger row may know pay and no address.
fn knows_address(held: &Held) -> bool {
    held.line1.is_some() && held.city.is_some() && held.state.is_some() && held.zip_code.is_some()
}

fn as_held(address: &Address, held: &Held) -> bool {
    held.line1 == Some(&address.line1)
        && held.line2.filter(|line| !line.trim().is_empty()) == address.line2.as_deref()
        && held.city == Some(&address.city)
        && held.state == Some(&address.state)
        && held.zip_code == Some(&address.zip_code)
}

/// Which parts of the address move; their values are personal and stay masked.
pub(super) fn changes(person: &Person, address: &Address) -> Vec<Change> {
    let held = person.held.unwrap_or_default();
    let parts = [
        ("addr_line1", held.line1, Some(address.line1.as_str())),
        ("addr_line2", held.line2, address.line2.as_deref()),
        ("city", held.city, Some(address.city.as_str())),
        ("state", held.state, Some(address.state.as_str())),
        ("zip", held.zip_code, Some(address.zip_code.as_str())),
    ];
    let moved = parts.into_iter().filter(|(_, held, wanted)| held != wanted);
    let whole_unknown = !person.held.as_ref().is_some_and(knows_address);
    moved
        .map(|(field, held, _)| {
            let from = match held {
                Some(_) => DIFFERS,
                None if whole_unknown => UNKNOWN,
                None => BLANK,
            };
            Change { field: field.to_owned(), from: from.to_owned(), to: DIFFERS.to_owned() }
        })
        .collect()
}
