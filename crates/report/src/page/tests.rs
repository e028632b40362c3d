//! The page as text; what it does in a browser is tested in one (`tests/browser`).

use super::*;
use crate::sample;

fn page(report: &Report) -> String {
    String::from_utf8(file(report).expect("rendered").bytes).expect("UTF-8")
}

/// What stands between two marks, the first time.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start}"));
    rest.split_once(end).expect("an end").0
}

#[test]
fn the_policy_names_exactly_the_style_and_the_script_of_the_page() {
    let page = page(&sample::report());
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\"").replace("&#39;", "'");
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(policy.contains(&format!("style-src {};", hash(between(&page, "<style>", "</style>")))), "{policy}");
    assert!(policy.contains(&format!("script-src {};", hash(between(&page, "<script>", "</script>")))), "{policy}");
    let stopped = [" style=", " onclick=", " onload=", " onerror=", "javascript:"];
    assert!(!stopped.iter().any(|part| page.contains(part)), "nothing that the policy would stop");
}

#[test]
fn what_a_source_holds_is_text_and_never_part_of_the_page() {
    let mut report = sample::report();
    let hostile = "</script><img src=x onerror=alert(1)>";
    report.exceptions[0].finding.sentence = hostile.to_owned();
    report.exceptions[0].finding.benefit = hostile.to_owned();
    report.unverified[0].reason = hostile.into();
    let page = page(&report);
    assert!(!page.contains("<img"), "it is escaped wherever it stands");
    let data: serde_json::Value = serde_json::from_str(between(&page, "id=\"data\">", "</script>")).expect("JSON");
    let columns = data["columns"].as_array().expect("columns");
    let sentences = columns.iter().find(|column| column["name"] == "sentence").expect("a column");
    assert!(sentences["words"].as_array().expect("texts").contains(&hostile.into()));
}

#[test]
fn the_headline_says_what_does_not_hold() {
    let said = |report: &Report| between(&page(report), "</span> ", "</h2>").to_owned();
    let mut report = sample::report();
    assert_eq!(said(&report), "It ties out, but 1 employee could not be compared");
    report.unverified.clear();
    assert_eq!(said(&report), "It ties out, and everything was read");
    report.head.complete = false;
    assert_eq!(said(&report), "It ties out, but not everything could be read");
    report.guards.push("the population swung".to_owned());
    assert_eq!(said(&report), "It ties out, but not everything could be read, and a guard stopped the queue");
    report.control_totals[0].tolerated += 1;
    assert_eq!(said(&report), "It does not tie out: do not act on this report");
}

#[test]
fn the_same_night_has_the_same_page() {
    assert_eq!(page(&sample::report()), page(&sample::report()));
}

#[test]
fn what_stands_behind_a_finding_is_told_as_people_read_it() {
    let mut report = sample::report();
    report.behind.insert(report.exceptions[0].id.clone(), sample::behind("</script>"));
    let page = page(&report);
    let told: serde_json::Value = serde_json::from_str(between(&page, "id=\"behind\">", "</script>")).expect("JSON");
    let told = &told[&report.exceptions[0].id];
    assert_eq!(told["periods"], serde_json::json!([["2026-03-15", ""], ["2026-03-31", "10.00 USD"]]));
    assert_eq!(
        told["accounts"],
        serde_json::json!([{
            "name": "</script>, employee, USD",
            "leftOut": 3,
            "entries": [
                ["2026-03-31", "2026-03-16 to 2026-03-31", "expected", "1,010.00", "1,010.00"],
                ["2026-03-31", "2026-03-16 to 2026-03-31", "taken", "\u{2212}1,000.00", "10.00"],
            ],
        }])
    );
}

#[test]
fn what_each_rule_compared_and_how_old_the_evidence_was_is_drawn_and_said() {
    let page = page(&sample::report());
    let drawn = between(&page, "<svg class=\"strip\"", "</svg>");
    assert!(drawn.contains("role=\"img\" aria-labelledby=\"strip-title strip-said\""), "{drawn}");
    assert!(drawn.contains("1 of 2 rules that had something to compare compared all of it"), "{drawn}");
    for (height, said) in [("1000", "EN01 missing deduction: compared 3 of 3"), ("333", ": compared 1 of 3")] {
        let bar = drawn.split("<g>").find(|bar| bar.contains(said)).expect("it is drawn");
        assert!(bar.contains(&format!("width=\"8\" height=\"{height}\"/></g>")), "{bar}");
    }
    let listed = between(&page, "id=\"coverage\"", "</details>");
    assert!(listed.contains("<td>2: payroll has no value</td>"), "{listed}");
    let aged = between(&page, "<desc id=\"aged-said0\">", "</desc>");
    assert_eq!(aged, "of the day or later: 3, 2 to 7 days old: 1; the oldest of 2026-03-29");
}
