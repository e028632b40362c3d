//! The proof for a stranger, in real DuckDB: `.ci/duckdb` brings it and runs these tests, and has nights of other tests
//! proved as well; `.ci/duckdb all` those of every situation and of the hundred worlds.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{Site, made, repo, shown};

/// Runs SQL in a folder and gives the rows of the last statement.
const RUN: &str = "import duckdb, json, sys; duckdb.execute('SET enable_progress_bar = false'); \
     print(json.dumps(duckdb.execute(sys.stdin.read()).fetchall(), default=str))";

/// `.ci/duckdb` puts it there while it runs the tests.
const ASKED: &str = "target/duckdb/asked";

const PACK: &str = "made/reports/generated/2026-04-02";

fn duckdb(dir: &Path, sql: &str) -> Vec<Vec<serde_json::Value>> {
    serde_json::from_slice(&python(dir, RUN, sql)).expect("rows as JSON")
}

/// What a program with DuckDB prints in a folder.
fn python(dir: &Path, program: &str, input: &str) -> Vec<u8> {
    let python = repo().join("target/duckdb/bin/python");
    assert!(python.exists(), "{} is missing: run .ci/duckdb", python.display());
    let mut command = Command::new(python);
    command.args(["-c", program]).current_dir(dir).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("Python starts");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("DuckDB reads");
    let output = child.wait_with_output().expect("Python ends");
    assert!(output.status.success(), "{}", shown(&output));
    output.stdout
}

/// The checks of the report that do not say `same`, and how many there are.
fn proved(dir: &Path) -> (Vec<String>, usize) {
    let sql = fs::read_to_string(dir.join("proof.sql")).expect("proof.sql");
    let rows = duckdb(dir, &sql);
    let off = rows.iter().filter(|row| row[2] != "same").map(|row| format!("{}: {}", row[0], row[2]));
    (off.collect(), rows.len())
}

/// Proves the report of another test where `.ci/duckdb` asks for it and the job does not leave the proof out.
#[track_caller]
pub fn prove_if_asked(pack: &Path) {
    if repo().join(ASKED).exists() && pack.join("proof.sql").exists() {
        let (off, _) = proved(pack);
        assert!(off.is_empty(), "proof.sql of {}:\n{}", pack.display(), off.join("\n"));
    }
}

/// A generated night, run twice: the second time everything is posted already.
fn night(employees: &str) -> (Site, PathBuf) {
    let site = made(employees, "7");
    let import = ["snapshot", "import", "made/job.toml", "--world"];
    site.expect(0, &[&import[..], &["made/world_at_cutoff", "--as-of", "2026-03-31"]].concat());
    site.expect(0, &[&import[..], &["made/world"]].concat());
    site.expect(0, &["run", "made/job.toml", "--offline"]);
    let pack = site.path(PACK);
    let ledger = pack.join("tables/ledger.parquet");
    let first = fs::read(&ledger).expect("a table");
    site.expect(0, &["run", "made/job.toml", "--offline"]);
    assert!(
        fs::read(&ledger).expect("a table") == first,
        "the ledger of a repeated night differs from its first run's"
    );
    (site, pack)
}

#[test]
fn the_tables_are_for_their_owner_alone_and_verify_notices_an_edit() {
    let site = Site::new();
    site.expect(0, &["run", "jobs/demo.toml"]);
    let pack = "reports/demo/2026-04-02";
    let table = site.path(pack).join("tables/lines.parquet");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&site.path(pack).join("tables")), mode(&table)), (0o700, 0o600));
    assert!(site.expect(0, &["verify", pack]).contains("is as it was written"));
    let mut bytes = fs::read(&table).expect("a table");
    bytes[100] ^= 1;
    fs::write(&table, bytes).expect("written");
    let output = site.run(&["verify", pack]);
    assert_ne!(output.status.code(), Some(0), "{}", shown(&output));
    assert!(shown(&output).contains("tables/lines.parquet was changed"), "{}", shown(&output));
}

#[test]
#[ignore = "needs DuckDB: `.ci/duckdb` brings it and runs this"]
fn duckdb_derives_everything_that_a_night_says() {
    let (_site, pack) = night("2000");
    let (off, checks) = proved(&pack);
    assert_eq!((off, checks), (Vec::new(), 18));
}

/// Figures that the proof derives: table, column, one unit of it, what tells kinds of its rows apart, and where it
/// counts.
const FIGURES: [(&str, &str, &str, &str, &str); 18] = [
    ("people", "payroll_rows", "1", "ended", "true"),
    ("lines", "payroll_rows", "1", "ended", "true"),
    ("lines", "employee_payroll", "0.0001", "concat(ended, employee_counts_as)", "payroll_currency IS NOT NULL"),
    ("lines", "employee_expected", "0.0001", "concat(ended, employee_counts_as)", "employee_currency IS NOT NULL"),
    ("lines", "employer_payroll", "0.0001", "concat(ended, employer_counts_as)", "payroll_currency IS NOT NULL"),
    ("lines", "employer_expected", "0.0001", "concat(ended, employer_counts_as)", "employer_currency IS NOT NULL"),
    ("cover", "employee_due", "0.0001", "share", "employee_currency IS NOT NULL"),
    ("cover", "employer_due", "0.0001", "share", "employer_currency IS NOT NULL"),
    ("ledger", "opening", "0.0001", "payer", "true"),
    ("ledger", "taken", "0.0001", "payer", "true"),
    ("ledger", "closing", "0.0001", "payer", "true"),
    ("findings", "exposure", "0.0001", "code", "exposure IS NOT NULL AND left(code, 2) IN ('AM', 'EN')"),
    (
        "findings",
        "run_rate",
        "0.0001",
        "code",
        "run_rate IS NOT NULL AND benefit <> '' AND left(code, 2) IN ('AM', 'EN')",
    ),
    ("findings", "exposure_to_date", "0.0001", "code", "exposure_to_date IS NOT NULL"),
    ("variances", "payroll", "0.0001", "concat(code, payer)", "true"),
    ("variances", "expected", "0.0001", "concat(code, payer)", "true"),
    ("totals", "amount", "0.0001", "concat(proof, item)", "proof <> 'disposition'"),
    ("totals", "rows", "1", "concat(name, item)", "proof = 'disposition'"),
];

/// Plants a lie in the middle row of each kind of each figure, in a copy of the tables that DuckDB holds, and gives the
/// lies that no check finds, and how many there were.
const LIES: &str = r#"
import duckdb, json, sys
told = json.load(sys.stdin)
setup, checks = told["sql"].split("-- An amount as a whole number", 1)
checks = "-- An amount" + checks
tables = ["people", "lines", "cover", "ledger", "findings", "variances", "totals"]
db = duckdb.connect(config={"threads": 1})
db.execute("SET enable_progress_bar = false")
for table in tables:
    db.execute(f"CREATE TABLE {table} AS SELECT row_number() OVER () AS nth, * FROM 'tables/{table}.parquet'")
asked = db.execute(checks).fetchall()
assert all(row[2] == "same" for row in asked), asked
last = checks.rsplit("SELECT \"check\"", 1)[1]
missed, planted = [], 0
for table, column, unit, kind, where in told["figures"]:
    rows = db.execute(f"SELECT {kind} AS kind, list(nth ORDER BY nth) FROM {table} WHERE {where} GROUP BY ALL ORDER BY ALL")
    for name, nths in rows.fetchall():
        nth = nths[len(nths) // 2]
        db.execute(f"UPDATE {table} SET {column} = {column} + {unit} WHERE nth = {nth}")
        planted += 1
        found = db.execute("SELECT \"check\"" + last).fetchall()
        if all(row[2] == "same" for row in found):
            missed.append(f"{unit} more in {column} of {table}, {name}, row {nth}")
        db.execute(f"UPDATE {table} SET {column} = {column} - {unit} WHERE nth = {nth}")
print(json.dumps([missed, planted]))
"#;

#[test]
#[ignore = "needs DuckDB: `.ci/duckdb` brings it and runs this"]
fn a_lie_of_one_unit_is_found_in_any_table_and_in_rows_of_each_kind() {
    let (_site, pack) = night("300");
    let sql = fs::read_to_string(pack.join("proof.sql")).expect("proof.sql");
    let told = serde_json::json!({ "sql": sql, "figures": FIGURES });
    let answer = python(&pack, LIES, &told.to_string());
    let (missed, planted): (Vec<String>, usize) = serde_json::from_slice(&answer).expect("JSON");
    assert!(missed.is_empty(), "{} of {planted} lies are not found:\n{}", missed.len(), missed.join("\n"));
    assert!(planted > 100, "{planted}");
}
