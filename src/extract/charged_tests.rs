//! Who counts as charged, and by which link.

use std::fs;
use std::time::Duration;

use crate::job;
use tieout_model::hash::sha256_hex;
use tieout_model::records::oyster::EngagementRecord;
use tieout_payroll as payroll;
use tieout_recon::deducted::DeductedEngagements;

/// Codes of Oyster's health and pension, of one that the job leaves out, and of one of Benifex.
const PAYROLL: &str = "id,mail,oyh,oyh_er,oyp,oyx,med
A,,10.00,,,,
B,,0.00,,0.00,,
C,,0.00,5.00,,,
D,,,,,7.00,
E,,,,,,9.00
F, Six@Example.COM ,,,3.00,,
G,seven@example.com,10.00,,,,
H,eight@example.com,,,,,4.00
";
const CROSSWALK: &str = "employee_id,benbase_id,oyster_engagement_id
A,,eA
B,,eB
C,,eC
D,,eD
E,,eE
G,,eG1
G,,eG2
";

fn charged(match_email: bool) -> DeductedEngagements {
    let dir = tempfile::tempdir().expect("a folder");
    let [payroll, crosswalk] = ["payroll.csv", "crosswalk.csv"].map(|name| dir.path().join(name));
    let text = format!(
        r#"name = "eor"
[payroll]
file = {payroll:?}
currency = "EUR"
wide = [
    {{ code = "OYH", employee = "oyh", employer = "oyh_er" }}, {{ code = "OYP", employee = "oyp" }},
    {{ code = "OYX", employee = "oyx" }}, {{ code = "MED", employee = "med" }},
]
columns = {{ employee_id = "id", email = "mail" }}
period = {{ start = "2026-03-01", end = "2026-03-31" }}
[deductions]
codes = {{ OYH = "_OysterHealth", OYP = "_OysterPension", MED = "_Medical" }}
ignored_codes = {{ OYX = "paid by the employer" }}
[benifex]
base_url = "https://b.example"
token_url = "https://b.example/token"
client_id = {{ file = "id" }}
client_secret = {{ file = "secret" }}
benefit_status = {{ ACTIVE = "live" }}
[crosswalk]
file = {crosswalk:?}
[oyster]
base_url = "https://o.example"
token_url = "https://o.example/token"
client_id = {{ file = "id" }}
client_secret = {{ file = "secret" }}
plans = {{ P1 = "_OysterHealth", P2 = "_OysterPension" }}
match_email = {match_email}
"#
    );
    for (name, text) in [("job.toml", text.as_str()), ("payroll.csv", PAYROLL), ("crosswalk.csv", CROSSWALK)] {
        fs::write(dir.path().join(name), text).expect("writes");
    }
    let job = job::load(&dir.path().join("job.toml")).expect("a valid job");
    let payroll = payroll::read(&job.payroll, &job.deductions, Duration::ZERO).expect("a readable payroll file");
    let path = &job.crosswalk.as_ref().expect("a crosswalk").file;
    let crosswalk = tieout_payroll::crosswalk::read(path, &job.payroll).expect("a readable crosswalk");
    DeductedEngagements::new(job.oyster.as_ref().map(|oyster| &oyster.plans), &payroll, &crosswalk)
}

fn engagement(id: &str, email: &str) -> EngagementRecord {
    let email_key = (!email.is_empty()).then(|| sha256_hex(email));
    EngagementRecord { engagement_id: id.into(), email_key, ..EngagementRecord::default() }
}

#[test]
fn who_is_charged_for_a_benefit_of_oysters_counts_by_the_crosswalk() {
    let charged = charged(false);
    // B is charged nothing, D for what the job leaves out, E for a benefit of Benifex, and the rows of G contradict
    // each other.
    let expected =
        [("eA", true), ("eB", false), ("eC", true), ("eD", false), ("eE", false), ("eG1", false), ("eG2", false)];
    for (id, counts) in expected {
        assert_eq!(charged.includes(&engagement(id, "")), counts, "{id}");
    }
    assert!(!charged.includes(&engagement("e6", "six@example.com")), "the job links nobody by e-mail");
}

#[test]
fn who_is_in_no_row_of_the_crosswalk_counts_by_e_mail_where_the_job_says_so() {
    let charged = charged(true);
    assert!(charged.includes(&engagement("e6", "six@example.com")));
    assert!(!charged.includes(&engagement("e8", "eight@example.com")), "charged for a benefit of Benifex");
    assert!(!charged.includes(&engagement("e9", "nine@example.com")) && charged.includes(&engagement("eA", "")));
}
