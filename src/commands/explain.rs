//! `tieout explain CODE`: what a rule compares, with which tolerance, and what to do about its findings. The text comes
//! from the code table, so it can't drift from the rules.

use std::path::Path;

use anyhow::bail;

use crate::outcome::{Exit, Failure, Outcome};
use tieout_model::code::{Blocks, Code, Rule};
use tieout_model::money::{Currency, decimal_text};
use tieout_store::PastFinding;

use super::{open, table};

/// Explains a rule, or with a job one of its findings.
pub fn run(what: &str, job: Option<&Path>) -> Outcome {
    let text = match job {
        None => code(what).map_err(Failure::input)?,
        Some(job) => finding(what, job)?,
    };
    table::print(&text);
    Ok(Exit::Done)
}

/// One finding: its life from night to night, and the rule behind it. What was compared tonight stands in the report.
fn finding(id: &str, job: &Path) -> Result<String, Failure> {
    let opened = open::job(job)?;
    let store = open::store(&opened.job)?;
    let past = store.past_finding(id.trim()).map_err(Failure::bug)?.ok_or_else(|| {
        Failure::input(anyhow::anyhow!(
            "no night of job {} recorded a finding {id}; take an exception_id from its exceptions.csv or cleared.csv",
            opened.job.name
        ))
    })?;
    let rule = code(&past.code).map_err(Failure::bug)?;
    Ok(format!("{}\n{rule}", life(id, &past)))
}

fn life(id: &str, past: &PastFinding) -> String {
    let or_all = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
    let cleared = past.cleared_on.as_ref().map(|day| format!(" on {day}")).unwrap_or_default();
    let mut text = format!(
        "finding     {id}\nemployee    {}\nbenefit     {}\nfield       {}\nstatus      {}{cleared}\nfirst seen  {}\nlast seen   \
         {}\nnights open {}\nre-opened   {} times\n",
        or_all(past.employee_id.as_str()),
        or_all(&past.benefit),
        past.field,
        past.status,
        past.first_seen,
        past.last_seen,
        past.nights_open,
        past.reopened
    );
    for (period_end, counts, currency) in &past.periods {
        let exposure = match Currency::parse(currency) {
            Some(known) => format!("{currency} {}", decimal_text(i128::from(*counts), known.decimals())),
            None => "not computed".to_owned(),
        };
        text.push_str(&format!("period to {period_end}: exposure {exposure}\n"));
    }
    text
}

/// The text for one code, in any case. Unknown codes are an error that lists the known ones.
pub fn code(code: &str) -> anyhow::Result<String> {
    match code.trim().parse::<Code>() {
        Ok(code) => Ok(text(code.rule())),
        Err(_) => {
            let known: Vec<&str> = Code::all().map(Code::name).collect();
            bail!(
                "there is no rule {code:?}; expected one of {}; for a finding, name its job: tieout explain ID --job JOB",
                known.join(", ")
            )
        }
    }
}

fn text(rule: &Rule) -> String {
    let blocks = match rule.blocks {
        Blocks::Everybody => {
            "yes: nothing is corrected for the employee (or, without one, for anybody) while it stands"
        }
        Blocks::Concerned => {
            "yes: nothing is corrected for the employees whom it concerns while it stands; the others are not held back"
        }
        Blocks::Nobody => "no",
    };
    let correction = match rule.corrects() {
        true => "a Benbase change is derived from it where the policy allows",
        false => "none; it stays on the worklist",
    };
    format!(
        "{} {} ({})\ncompares    {}\ntolerance   {}\nwhat to do  {}\nblocks      {blocks}\ncorrection  {correction}\n",
        rule.code.name(),
        rule.title,
        rule.severities(),
        rule.compares,
        rule.tolerance,
        rule.move_text()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_in_any_case() {
        for known in Code::all() {
            let text = code(&known.name().to_lowercase()).expect("a known code");
            assert!(text.starts_with(known.name()), "{text}");
        }
    }

    #[test]
    fn the_text_says_what_is_compared_and_whether_it_blocks_or_corrects() {
        let duplicate = code("ID04").expect("a known code");
        assert!(duplicate.contains("blocks      yes") && duplicate.contains("correction  none"), "{duplicate}");
        let salary = code("CO01").expect("a known code");
        assert!(salary.contains("blocks      no") && salary.contains("a Benbase change"), "{salary}");
    }

    #[test]
    fn only_what_stops_everybody_is_said_to() {
        let blocks = |known: Code| {
            let text = code(known.name()).expect("a known code");
            text.lines().find(|line| line.starts_with("blocks")).expect("a line").to_owned()
        };
        for known in Code::all() {
            let everybody = [Code::CT01, Code::CT04, Code::CT07, Code::CT08, Code::CT10].contains(&known);
            assert_eq!(blocks(known).contains("for anybody"), everybody, "{}", known.name());
        }
        for known in [Code::ID03, Code::CU01, Code::CT02] {
            assert!(blocks(known).contains("yes: ") && blocks(known).contains("others are not"), "{}", known.name());
        }
    }

    #[test]
    fn an_unknown_code_is_refused_with_the_known_ones() {
        let error = code("XX99").expect_err("no such code").to_string();
        for part in ["XX99", "EN02", "--job JOB"] {
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}
