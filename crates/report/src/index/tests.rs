//! Folders in, the page out.

use std::os::unix::fs::PermissionsExt as _;

use tempfile::TempDir;

use super::*;
use crate::{Report, render, sample, verify, write_pack};

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).expect("a day")
}

fn night(dir: &Path, folder: &str, report: &Report) {
    write_pack(dir, folder, &render(report, &[]).expect("rendered")).expect("written");
}

/// Two nights, the second with a dry run beside it.
fn company() -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let mut report = sample::report();
    night(dir.path(), "2026-03-30", &report);
    report.exceptions.truncate(1);
    for folder in ["2026-03-31", "2026-03-31-dry"] {
        night(dir.path(), folder, &report);
    }
    dir
}

fn index(dir: &TempDir, known: &KnownNights) -> String {
    write_index(dir.path(), "demo", known).expect("written");
    fs::read_to_string(dir.path().join("index.html")).expect("written")
}

/// What a person reads of the page, in one line.
fn words(html: &str) -> String {
    let body = html.split("<main>").nth(1).expect("a page");
    let texts = body.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    texts.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

#[test]
fn each_night_is_told_with_its_money_and_leads_to_its_page() {
    let dir = company();
    let html = index(&dir, &KnownNights::default());
    for link in ["2026-03-30/index.html", "2026-03-31/index.html", "2026-03-31-dry/index.html"] {
        assert!(html.contains(&format!("href=\"{link}\"")) && dir.path().join(link).exists(), "{link}");
    }
    let words = words(&html);
    let newest = "2026-03-31 ! It ties out, but 1 employee could not be compared beside it: dry yes 1 0.10 USD 0 0 1 1 \
                  0.40 USD nobody";
    assert!(words.contains(newest), "{words}");
    assert!(words.contains("yes 3 1,234 JPY 0.30 USD 0 0 1 1 0.40 USD nobody"), "{words}");
    assert!(html.contains("Findings: from 3 on 2026-03-30 to 1 on 2026-03-31"), "{html}");
    assert!(!dir.path().join(UNFINISHED).exists());
    let mode = fs::metadata(dir.path().join(PAGE)).expect("is there").permissions().mode();
    assert_eq!(mode & 0o777, FILE_MODE);
}

#[test]
fn a_night_that_cannot_be_read_or_wrote_no_report_is_told() {
    let dir = company();
    fs::write(dir.path().join("2026-03-30/run.json"), "{").expect("written");
    fs::create_dir(dir.path().join("2026-03-28")).expect("made");
    fs::create_dir(dir.path().join("2026-03-27-refused")).expect("made");
    fs::write(dir.path().join("anchor.json"), "{}").expect("written");
    let killed = BTreeMap::from([(day(29), "was killed".to_owned()), (day(31), "left with 4".to_owned())]);
    let words = words(&index(&dir, &KnownNights { unfinished: killed, ..KnownNights::default() }));
    for expected in [
        "2026-03-31 ! It ties out, but 1 employee could not be compared the last run of this day left with 4 beside it: dry",
        "2026-03-30 ! run.json is not as tieout writes it not known",
        "2026-03-29 ! no report the last run of this day was killed not known",
        "2026-03-28 ! run.json cannot be read",
        "2026-03-27 ! no report beside it: refused",
    ] {
        assert!(words.contains(expected), "{expected}\n{words}");
    }
}

#[test]
fn who_signed_is_told_and_whether_the_state_knows_it() {
    let dir = company();
    let folder = dir.path().join("2026-03-31");
    let verified = verify(&folder).expect("a report");
    let signed =
        crate::sign_off(&folder, &verified, ["<Maria>", "2026-04-01T00:00:00Z", "login m", ""]).expect("signed");
    let unknown = words(&index(&dir, &KnownNights::default()));
    assert!(unknown.contains("the state of the job does not know this signature"), "{unknown}");
    let signatures = BTreeMap::from([(day(31), signed.sha256)]);
    let html = index(&dir, &KnownNights { signatures, ..KnownNights::default() });
    assert!(html.contains("Signed by &#60;Maria&#62;.") && !html.contains("<Maria>"), "{html}");
    assert!(!html.contains("does not know"));
}

#[test]
fn a_report_that_was_edited_after_it_was_signed_and_a_signature_that_is_gone_are_told() {
    let dir = company();
    let folder = dir.path().join("2026-03-31");
    let verified = verify(&folder).expect("a report");
    let signed = crate::sign_off(&folder, &verified, ["Maria", "2026-04-01T00:00:00Z", "login m", ""]).expect("signed");
    let known = KnownNights { signatures: BTreeMap::from([(day(31), signed.sha256)]), ..KnownNights::default() };
    let told = |words: &str| words.contains("not as it was signed") || words.contains("is gone");
    assert!(!told(&words(&index(&dir, &known))));
    let run = fs::read(folder.join("run.json")).expect("reads");
    fs::write(folder.join("run.json"), [run.as_slice(), b" "].concat()).expect("written");
    assert!(words(&index(&dir, &known)).contains("run.json is not as it was signed"));
    fs::remove_file(folder.join("sign_off.json")).expect("removed");
    assert!(words(&index(&dir, &known)).contains("the signature is gone that the state of the job knows"));
}

#[test]
fn what_does_not_tie_out_and_a_report_of_an_earlier_version_are_told() {
    let dir = company();
    let path = dir.path().join("2026-03-30/run.json");
    let mut run: serde_json::Value = serde_json::from_slice(&fs::read(&path).expect("reads")).expect("JSON");
    run["control_totals"][0]["residual"] = "0.01".into();
    run.as_object_mut().expect("an object").remove("changes");
    run["exposure_to_date"] = serde_json::json!({ "USD": { "under_collected": "1000.00", "over_collected": "-0.50" } });
    fs::write(&path, run.to_string()).expect("written");
    let words = words(&index(&dir, &KnownNights::default()));
    let told = "2026-03-30 ! It does not tie out: do not act on this report no 3 1,000.50 USD nobody";
    assert!(words.contains(told), "{words}");
}

#[test]
fn without_any_night_there_is_a_page_that_says_so() {
    let dir = tempfile::tempdir().expect("a folder");
    assert!(words(&index(&dir, &KnownNights::default())).contains("There is no night yet."));
}
