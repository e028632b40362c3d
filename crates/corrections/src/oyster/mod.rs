//! Changes of Oyster benefits: `wanted` reads what a person wants of one engagement, `check` holds it against what is
//! on offer, `compare` against what Oyster shows today. No night derives any of it, and nothing here calls a service.

mod check;
mod compare;
mod evidence;
mod moved;
mod ruleset;
mod wanted;

pub use check::{Checked, check};
pub use compare::{Comparison, Current, HeldPlan, Stage, compare, text as changes_text};
pub use evidence::{evidence_json, seen, seen_state};
pub use moved::moved;
pub use ruleset::ruleset_notes;
pub use wanted::{parse, parse_share};

#[cfg(test)]
mod tests;
