//! The proof for a stranger, in real DuckDB: `.ci/duckdb` brings it and runs these tests, and has nights of other tests
//! proved as well; `.ci/duckdb all` those of every situation and of the hundred worlds.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{Site, made, repo, shown};

/// Runs SQL in a folder and gives the rows of the last statement.
const RUN: &str =
    "import duckdb, json, sys; print(json.dumps(duckdb.execute(sys.stdin.read()).fetchall(), default=str))";

/// `.ci/duckdb` puts it there while it runs the tests.
const ASKED: &str = "target/duckdb/asked";

const PACK: &str = "made/reports/generated/2026-04-02";

fn duckdb(dir: &Path, sql: &str) -> Vec<Vec<serde_json::Value>> {
    let python = repo().join("target/duckdb/bin/python");
    assert!(python.exists(), "{} is missing: run .ci/duckdb", python.display());
    let mut command = Command::new(python);
    command.args(["-c", RUN]).current_dir(dir).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("Python starts");
    child.stdin.take().expect("piped").write_all(sql.as_bytes()).expect("DuckDB reads");
    let output = child.wait_with_output().expect("Python ends");
    assert!(output.status.success(), "{}", shown(&output));
    serde_json::from_slice(&output.stdout).expect("rows as JSON")
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
    assert_eq!((off, checks), (Vec::new(), 16));
}

#[test]
#[ignore = "needs DuckDB: `.ci/duckdb` brings it and runs this"]
fn a_lie_of_one_unit_in_any_table_is_found() {
    let (_site, pack) = night("300");
    let lies = [
        ("people", "payroll_rows", "1", "asked"),
        ("lines", "employee_payroll", "0.0001", "ended = 'matched'"),
        ("lines", "employer_expected", "0.0001", "ended = 'finding'"),
        ("lines", "payroll_rows", "1", "ended = 'matched'"),
        ("cover", "employee_due", "0.0001", "share = 'whole'"),
        ("cover", "employer_annual", "1", "share = 'whole' AND deductions_a_year > 1"),
        ("ledger", "taken", "0.0001", "true"),
        ("ledger", "closing", "0.0001", "true"),
        ("findings", "exposure", "0.0001", "code IN ('AM01', 'EN01')"),
        ("findings", "run_rate", "0.0001", "code IN ('AM01', 'EN01')"),
        ("variances", "payroll", "0.0001", "true"),
        ("variances", "expected", "0.0001", "true"),
        ("totals", "amount", "0.0001", "proof = 'control total'"),
        ("totals", "amount", "0.0001", "proof = 'balance'"),
        ("totals", "rows", "1", "proof = 'disposition'"),
    ];
    for (table, column, unit, place) in lies {
        let file = pack.join(format!("tables/{table}.parquet"));
        let whole = fs::read(&file).expect("a table");
        let lie = format!(
            "COPY (WITH t AS (SELECT *, row_number() OVER () AS nth FROM 'tables/{table}.parquet') SELECT * EXCLUDE (nth) \
             REPLACE (if(nth = (SELECT min(nth) FROM t WHERE {place}), {column} + {unit}, {column}) AS {column}) FROM t) \
             TO 'tables/lie.parquet'; SELECT 1"
        );
        duckdb(&pack, &lie);
        fs::rename(pack.join("tables/lie.parquet"), &file).expect("replaced");
        assert_ne!(proved(&pack).0, Vec::<String>::new(), "{unit} more in {column} of {table} is not found");
        fs::write(&file, whole).expect("put back");
    }
    assert_eq!(proved(&pack).0, Vec::<String>::new());
}
