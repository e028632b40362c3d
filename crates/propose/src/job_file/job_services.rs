//! The sections of further services, ready to be filled in: nothing in a payroll file says whether they are wanted.

use crate::job_file::page::JobFile;

/// Lines of a section that is off until its `#` are taken away.
const BENBASE: [&str; 5] = [
    "# [benbase]",
    "# base_url = \"https://embed-sandbox.benbase.com/api\"",
    "# api_key = { file = \"benbase_api_key\" }",
    "# employer_id = \"emp_…\"",
    "# opening_ledger = \"in/benbase_opening.ndjson\"",
];
const OYSTER: [&str; 4] = [
    "# [oyster]",
    "# client_id = { file = \"oyster_client_id\" }",
    "# client_secret = { file = \"oyster_client_secret\" }",
    "# plans = { PLAN_ID = \"_OysterHealth\" }",
];
const CROSSWALK: [&str; 2] = ["# [crosswalk]", "# file = \"in/crosswalk.csv\""];

pub fn write(page: &mut JobFile) {
    let mut section = |why: &str, lines: &[&str]| {
        page.line("");
        page.comment(why);
        lines.iter().for_each(|line| page.line(line));
    };
    section(
        "With Benbase, what it holds of pay, status and address is put right from payroll: each change is queued, approved \
         and pushed. It is an employer's id there, and what Benbase holds today, one JSON object a line.",
        &BENBASE,
    );
    section(
        "With Oyster, benefits of people whom it employs are compared too. Its plans become benefits of deductions.codes.",
        &OYSTER,
    );
    section(
        "Both know people by ids of their own: a CSV with the headers employee_id, benbase_id, oyster_engagement_id.",
        &CROSSWALK,
    );
}
