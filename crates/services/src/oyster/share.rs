//! What an employer pays of a plan, between the unit of an endpoint and ours: percents in 1/10,000. The unit belongs to
//! the endpoint; the size of a number never decides (contracts, O1). What does not fit its unit is an anomaly and not
//! converted. Exact: decimal text in, decimal text out.

use crate::answer::json::{Fields, Raw, scalar};
use crate::oyster::wire;
use tieout_model::money::Money;
use tieout_model::records::oyster::Contribution;
use tieout_model::terms::ShareUnit;

/// 1 % in our unit.
const ONE_PERCENT: i64 = 10_000;
/// 100 % in our unit.
pub(super) const WHOLE: i64 = 100 * ONE_PERCENT;
/// Powers of ten between a fraction and a percent.
const PERCENT_EXPONENT: i32 = 2;
/// Digits behind the point that a fraction in our unit can need.
const FRACTION_DIGITS: usize = 6;
/// Characters of an odd value that are kept.
const SHOWN_CHARS_MAX: usize = 24;

/// Reads a contribution; `None` when it is absent or says nothing. Values that are no numbers are faults of `fields`.
pub(super) fn contribution(raw: &Raw, unit: ShareUnit, fields: &mut Fields) -> Option<Contribution> {
    let wire::Contribution { team_member, dependents, max_dependents_covered } = fields.object("share", raw);
    let mut read = Contribution::default();
    read.team_member = share(&team_member, "share", "teamMember", unit, fields, &mut read.anomalies);
    read.dependents = share(&dependents, "share_dependents", "dependents", unit, fields, &mut read.anomalies);
    let heads = fields.whole("max_dependents", &max_dependents_covered);
    read.max_dependents = heads.filter(|heads| *heads >= 0);
    if heads != read.max_dependents {
        fields.fault("max_dependents");
    }
    (read != Contribution::default()).then_some(read)
}

fn share(
    raw: &Raw,
    column: &'static str,
    name: &str,
    unit: ShareUnit,
    fields: &mut Fields,
    anomalies: &mut Vec<String>,
) -> Option<i64> {
    let written = fields.kept(column, scalar(raw))?;
    let percents = fields.kept(column, percents(&written, unit).map(Some))?;
    if fits(percents, unit) {
        return Some(percents);
    }
    let due = match unit {
        ShareUnit::Fraction => "fractions",
        ShareUnit::Percent => "percents",
    };
    let shown: String = written.chars().take(SHOWN_CHARS_MAX).collect();
    anomalies.push(format!("{name} {shown} where {due} are due"));
    None
}

/// The number in our unit, whether or not it fits the endpoint's.
fn percents(written: &str, unit: ShareUnit) -> Result<i64, ()> {
    let read = match unit {
        ShareUnit::Percent => Money::from_json(written),
        ShareUnit::Fraction => Money::from_json(&hundredfold(written)?),
    };
    read.map(|money| money.0).map_err(|_| ())
}

fn hundredfold(written: &str) -> Result<String, ()> {
    let (mantissa, exponent) = written.split_once(['e', 'E']).unwrap_or((written, "0"));
    let exponent: i32 = exponent.parse().map_err(|_| ())?;
    Ok(format!("{mantissa}e{}", exponent.saturating_add(PERCENT_EXPONENT)))
}

/// 0 and 1 are legal in both units. Between them there is nothing in percents, and above 1 nothing in fractions.
fn fits(percents: i64, unit: ShareUnit) -> bool {
    match unit {
        ShareUnit::Fraction => (0..=WHOLE).contains(&percents),
        ShareUnit::Percent => percents == 0 || (ONE_PERCENT..=WHOLE).contains(&percents),
    }
}

/// The number that an endpoint takes for a share, as a decimal. `None`: what it would mean there is something else, or
/// it is no share.
pub(super) fn written(percents: i64, unit: ShareUnit) -> Option<String> {
    if !(0..=WHOLE).contains(&percents) || !fits(percents, unit) {
        return None;
    }
    Some(match unit {
        ShareUnit::Percent => Money(percents).to_text(0),
        ShareUnit::Fraction => {
            let digits = format!("{:0width$}", percents % WHOLE, width = FRACTION_DIGITS);
            let decimals = digits.trim_end_matches('0');
            let point = if decimals.is_empty() { "" } else { "." };
            format!("{}{point}{decimals}", percents / WHOLE)
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads `json` in both units: our value, or the anomaly, or nothing where it is no number.
    #[track_caller]
    fn check(json: &str, fraction: Result<i64, &str>, percent: Result<i64, &str>) {
        for (unit, expected) in [(ShareUnit::Fraction, fraction), (ShareUnit::Percent, percent)] {
            let raw: Raw = serde_json::from_str(&format!(r#"{{"teamMember":{json}}}"#)).expect("well-formed");
            let mut fields = Fields::default();
            let read = contribution(&raw, unit, &mut fields).unwrap_or_default();
            let faults = fields.faults();
            match expected {
                Ok(percents) => {
                    assert_eq!((read.team_member, read.anomalies, faults), (Some(percents), vec![], vec![]), "{json}");
                }
                Err("") => {
                    assert_eq!((read.team_member, read.anomalies, faults), (None, vec![], vec!["share".to_owned()]));
                }
                Err(anomaly) => {
                    let anomalies = vec![anomaly.to_owned()];
                    assert_eq!((read.team_member, read.anomalies, faults), (None, anomalies, vec![]), "{json}");
                }
            }
        }
    }

    #[test]
    fn the_endpoint_decides_the_unit_and_never_the_size() {
        check("0", Ok(0), Ok(0));
        check("1", Ok(1_000_000), Ok(10_000));
        check("1.0", Ok(1_000_000), Ok(10_000));
        check("0.55", Ok(550_000), Err("teamMember 0.55 where percents are due"));
        check("\"0.35\"", Ok(350_000), Err("teamMember 0.35 where percents are due"));
        check("55.5", Err("teamMember 55.5 where fractions are due"), Ok(555_000));
        check("100", Err("teamMember 100 where fractions are due"), Ok(1_000_000));
        check(
            "100.01",
            Err("teamMember 100.01 where fractions are due"),
            Err("teamMember 100.01 where percents are due"),
        );
        check("-0.1", Err("teamMember -0.1 where fractions are due"), Err("teamMember -0.1 where percents are due"));
        check("1.0001", Err("teamMember 1.0001 where fractions are due"), Ok(10_001));
        check("5.5e-1", Ok(550_000), Err("teamMember 5.5e-1 where percents are due"));
        check("0.123456", Ok(123_456), Err(""));
        check("\"half\"", Err(""), Err(""));
        check("[]", Err(""), Err(""));
    }

    #[test]
    fn heads_are_whole_and_a_contribution_that_says_nothing_is_none() {
        let read = |json: &str| {
            let raw: Raw = serde_json::from_str(json).expect("well-formed");
            let mut fields = Fields::default();
            (contribution(&raw, ShareUnit::Fraction, &mut fields), fields.faults())
        };
        assert_eq!(read("null"), (None, vec![]));
        assert_eq!(read("{}"), (None, vec![]));
        let four = Contribution { max_dependents: Some(4), ..Contribution::default() };
        assert_eq!(read(r#"{"maxDependentsCovered":4}"#), (Some(four), vec![]));
        for odd in ["-1", "1.5", "{}"] {
            let (found, faults) = read(&format!(r#"{{"maxDependentsCovered":{odd}}}"#));
            assert_eq!((found, faults), (None, vec!["max_dependents".to_owned()]), "{odd}");
        }
        assert_eq!(read("7"), (None, vec!["share".to_owned()]));
    }

    #[test]
    fn shares_are_written_as_the_guide_writes_them() {
        let both = |percents| (written(percents, ShareUnit::Fraction), written(percents, ShareUnit::Percent));
        let texts = |fraction: &str, percent: &str| (Some(fraction.to_owned()), Some(percent.to_owned()));
        assert_eq!(both(0), texts("0", "0"));
        assert_eq!(both(500_000), texts("0.5", "50"));
        assert_eq!(both(555_000), texts("0.555", "55.5"));
        assert_eq!(both(1_000_000), texts("1", "100"));
        assert_eq!(both(10_000), texts("0.01", "1"));
        // Half a percent cannot be told from a half where percents are due.
        assert_eq!(both(5_000), (Some("0.005".to_owned()), None));
        assert_eq!(both(-1), (None, None));
        assert_eq!(both(1_000_001), (None, None));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(percents in 0..=WHOLE, is_fraction in any::<bool>()) {
            let unit = if is_fraction { ShareUnit::Fraction } else { ShareUnit::Percent };
            if let Some(text) = written(percents, unit) {
                prop_assert_eq!(super::percents(&text, unit), Ok(percents));
                prop_assert!(serde_json::from_str::<serde_json::Number>(&text).is_ok());
            }
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,20}|-?[0-9.]{0,12}(e-?[0-9]{0,11})?") {
            let _ = super::percents(&text, ShareUnit::Fraction);
        }
    }
}
