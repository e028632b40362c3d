//! `tieout explain CODE`: what a rule compares, with which tolerance, and what to do about its findings. The text comes
//! from the registry, so it can't drift from the rules.

use anyhow::bail;

use crate::finding::Code;
use crate::rules::registry::{self, Rule};

/// The text for one code, in any case. Unknown codes are an error that lists the known ones.
pub fn code(code: &str) -> anyhow::Result<String> {
    match Code::parse(code.trim()) {
        Some(code) => Ok(text(registry::of(code))),
        None => {
            let known: Vec<&str> = Code::ALL.iter().map(|c| c.name()).collect();
            bail!("there is no rule {code:?}; expected one of {}", known.join(", "))
        }
    }
}

fn text(rule: &Rule) -> String {
    let blocks = match rule.blocks {
        true => "yes: nothing is corrected for the employee (or, without one, for anybody) while it stands",
        false => "no",
    };
    let correction = match rule.corrects() {
        true => "a Benbase change is derived from it where the policy allows",
        false => "none; it stays on the worklist",
    };
    format!(
        "{} {} ({})\ncompares    {}\ntolerance   {}\nwhat to do  {}\nblocks      {blocks}\ncorrection  {correction}\n",
        rule.code.name(),
        rule.title,
        rule.severity.name(),
        rule.compares,
        rule.tolerance,
        rule.to_do
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_in_any_case() {
        for known in Code::ALL {
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
    fn an_unknown_code_is_refused_with_the_known_ones() {
        let error = code("XX99").expect_err("no such code").to_string();
        assert!(error.contains("XX99") && error.contains("EN02"), "{error}");
    }
}
