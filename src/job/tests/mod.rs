//! A job file in, problems out.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;
use tieout_model::share::Share;

use proptest::prelude::*;

use tieout_corrections::settings::VariableHours;
use tieout_model::money::{Marks, Money};
use tieout_model::terms::{Authority, BenefitStatus, PayFrequency, ShareUnit};
use tieout_recon::settings::{CoverageEnd, PricePeriod};
use tieout_report::{CsvFormat, Formats, NameStyle};
use tieout_services::settings::{OysterAuth, OysterPaths, OysterUnits, OysterWrites, RateWindow, SecretRef};

use super::*;

mod payroll;
mod report;

/// The least that a job must say, for a real service.
const LEAST: &str = r#"name = "acme"
[payroll]
file = "in/payroll.csv"
currency = "USD"
wide = [{ code = "MED", employee = "med_ee" }]
columns = { employee_id = "id", period_start = "from", period_end = "to" }
[deductions]
codes = { MED = "_Medical" }
[benifex]
base_url = "https://api.example.com/"
client_id = { env = "ID" }
client_secret = { file = "secret" }
benefit_status = { ACTIVE = "live" }
"#;

fn read(toml: &str) -> Result<Job, JobError> {
    parse(toml, Path::new("jobs/x.toml"))
}

/// The least job with `from` replaced by `to`; fails when `from` is not there.
#[track_caller]
fn changed(from: &str, to: &str) -> String {
    assert!(LEAST.contains(from), "{from} is not in the least job");
    LEAST.replacen(from, to, 1)
}

/// Checks the lines of the error that a job file gives, in order; an empty list expects a valid job.
#[track_caller]
fn check_job(toml: &str, expected: &[&str]) {
    let found = read(toml).err().map(|error| error.to_string()).unwrap_or_default();
    let found: Vec<&str> = found.lines().map(|line| line.trim_start_matches("jobs/x.toml:")).collect();
    assert_eq!(found, expected, "{toml}");
}

/// Checks that the least job with a change has this one problem, by key and part of the message.
#[track_caller]
fn check_refused(from: &str, to: &str, key: &str, message: &str) {
    let problems = read(&changed(from, to)).expect_err("not a job").problems;
    let [problem] = problems.as_slice() else { panic!("expected one problem, found {problems:#?}") };
    assert_eq!(problem.key, key, "{problem:?}");
    assert!(problem.message.contains(message), "{problem:?}");
}

fn share(ten_thousandths: u32) -> Share {
    Share::of_ten_thousandths(ten_thousandths)
}

#[test]
fn a_short_job_gets_the_documented_defaults() {
    let job = read(LEAST).expect("a job");
    assert_eq!((job.zone, job.state_dir.as_path()), (Zone::UTC, Path::new("state/acme")));
    assert_eq!((job.payroll.delimiter, job.payroll.max_rejected_share), (b',', share(200)));
    assert_eq!(job.payroll.period_age_max_days, 62);
    assert_eq!(job.payroll.marks, Marks::PLAIN);
    assert_eq!(job.payroll.pay_frequency_map.get("biweekly"), Some(&PayFrequency::Biweekly));
    assert_eq!(job.benifex.base_url, "https://api.example.com");
    assert_eq!(job.benifex.token_url, "https://hub.onehub.global/oauth2/default/v1/token");
    assert_eq!((job.benifex.users_batch, job.benifex.page_size, job.benifex.first_page), (20, 20, 0));
    assert_eq!(job.benifex_terms.benefit_status.get("active"), Some(&BenefitStatus::Live));
    assert!(job.benifex.date_layouts.contains_key("DD/MM/YYYY"));
    let http = &job.benifex.http;
    assert_eq!(http.windows, [RateWindow { calls: 100, per: Duration::from_secs(60) }]);
    assert_eq!((http.concurrency, http.attempts_max, http.retry_budget), (8, 5, 500));
    assert_eq!((http.body_bytes_max, http.retry_time_max), (8 << 20, Duration::from_secs(300)));
    let guards = &job.guards;
    assert_eq!((guards.population_change_max, guards.total_change_max), (share(500), share(500)));
    assert_eq!(
        (guards.corrected_share_max, guards.salary_change_max, guards.headcount_min, guards.people_min),
        (share(1_000), share(2_000), 20, 5)
    );
    let rules = &job.rules;
    assert_eq!((rules.salary_tolerance, rules.salary_tolerance_ppm), (Money::units(1), 100));
    assert_eq!((rules.material_amount, rules.material_share), (Money::units(1), share(50)));
    assert_eq!((rules.full_time_from_fte, rules.name_similarity), (8_000, 9_000));
    assert_eq!((rules.new_hire_grace_days, rules.leave_date_tolerance_days), (30, 1));
    assert_eq!((rules.coverage_end, rules.compensation_authority), (None, Authority::Payroll));
    assert_eq!((job.report.dir.as_path(), job.report.alarm_at), (Path::new("reports"), None));
    assert_eq!((job.report.csv, job.report.names), (CsvFormat::PLAIN, NameStyle::None));
    assert!(job.benbase.is_none() && job.crosswalk.is_none() && job.sandbox.is_none());
    assert_eq!(job.fingerprint.len(), 64);
}

#[test]
fn three_problems_come_together_each_with_its_line() {
    let toml =
        changed("currency = \"USD\"", "currency = \"DOLLAR\"\ndelimeter = \";\"").replace("\"live\"", "\"alive\"");
    check_job(
        &toml,
        &[
            "4: payroll.currency: expected a currency code of ISO 4217, such as `USD`, found `DOLLAR`",
            "5: payroll.delimeter: unknown key; did you mean `delimiter`?",
            "14: benifex.benefit_status.ACTIVE: expected one of live, pending, ended, found `alive`; did you mean `live`?",
        ],
    );
}

#[test]
fn several_unknown_keys_and_wrong_types_are_all_told() {
    let toml = format!("{LEAST}users-batch = 5\npage_size = \"20\"\nfirst_page = -1\nscopes = 5\n[report]\nbom = 1\n");
    check_job(
        &toml,
        &[
            "14: benifex.users-batch: unknown key; did you mean `users_batch`?",
            "15: benifex.page_size: expected a whole number of zero or more, found a text in quotes",
            "16: benifex.first_page: expected a whole number from 0 to 4294967295, found another",
            "17: benifex.scopes: unknown key; did you mean `scope`?",
            "19: report.bom: expected true or false, found a whole number",
        ],
    );
}

#[test]
fn a_typo_of_a_required_key_is_one_problem() {
    check_job(&changed("file =", "fiel ="), &["3: payroll.fiel: unknown key; did you mean `file`?"]);
    check_job(&changed("[benifex]", "[benifx]"), &["9: benifx: unknown key; did you mean `benifex`?"]);
}

#[test]
fn a_key_in_the_wrong_table_is_told_where_it_belongs() {
    let toml = format!("{LEAST}state_dir = \"s\"\nemployer_id = \"e\"\nwhatever = 1\n[guards]\nwhatever = 1\n");
    check_job(
        &toml,
        &[
            "14: benifex.state_dir: unknown key; `state_dir` belongs to the top of the file, before the first [section]",
            "15: benifex.employer_id: unknown key; `employer_id` belongs to [benbase]",
            "16: benifex.whatever: unknown key; jobs/example.toml shows every key",
            "18: guards.whatever: unknown key; known here: population_change_max, total_change_max, corrected_share_max, \
             salary_change_max, headcount_min, people_min",
        ],
    );
}

#[test]
fn a_list_is_no_table() {
    check_job(&format!("{LEAST}[[guards]]\n"), &["14: guards: expected a table, found a list"]);
    check_job(&format!("report = [\"r\", true]\n{LEAST}"), &["1: report: expected a table, found a list"]);
    let wide = "{ code = \"MED\", employee = \"med_ee\" }";
    check_job(&changed(wide, "[\"MED\", \"med_ee\"]"), &["5: payroll.wide[1]: expected a table, found a list"]);
}

#[test]
fn an_empty_file_names_every_section_that_must_be_there() {
    check_job(
        "",
        &[
            " benifex: expected a section [benifex], found nothing",
            " deductions: expected a section [deductions], found nothing",
            " name: expected a short name of the job, such as `acme`, found nothing",
            " payroll: expected a section [payroll], found nothing",
        ],
    );
}

#[test]
fn a_missing_key_is_placed_at_its_section() {
    check_job(
        &changed("client_id = { env = \"ID\" }\n", ""),
        &["9: benifex.client_id: expected a reference, { env = \"NAME\" } or { file = \"path\" }, found nothing"],
    );
}

#[test]
fn broken_toml_is_placed_and_nothing_else_is_said() {
    let error = read(&changed("name = \"acme\"", "name = acme\nzone = [")).expect_err("not TOML");
    assert_eq!(error.problems[0].line, 1, "{error}");
    assert!(error.problems.iter().all(|p| p.message.starts_with("not valid TOML: ")), "{error}");
}

#[test]
fn a_secret_in_the_job_file_is_refused_and_never_repeated() {
    const SECRET: &str = "hush4711";
    for value in [
        "\"hush4711\"",
        "{ env = \"hush4711 \" }",
        "{ env = [\"hush4711\"] }",
        "{ value = \"hush4711\" }",
        "{ env = \"A\", file = \"hush4711\" }",
        "[\"hush4711\"]",
        "hush4711",
        "'hush4711",
        "{ env = \"live_sk_hush4711\" }",
        "{}",
    ] {
        let error = read(&changed("{ env = \"ID\" }", value)).expect_err("a secret");
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(!text.contains(SECRET), "{value}: {text}");
        }
        assert_eq!(error.problems[0].line, 11, "{value}: {error}");
    }
    let error = read(&changed("https://api", "https://me:hush4711@api")).expect_err("a password");
    assert!(!error.to_string().contains(SECRET) && error.to_string().contains("password"), "{error}");
    let error = read(&changed("client_secret", "client_secre")).expect_err("a typo");
    assert!(error.to_string().contains("did you mean `client_secret`?"), "{error}");
}

#[test]
fn credentials_travel_in_the_clear_only_inside_this_machine() {
    for url in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:9/x", "https://a.example:443/v1"] {
        assert!(read(&changed("https://api.example.com/", url)).is_ok(), "{url}");
    }
    for url in [
        "http://api.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "ftp://x",
        "https://",
        "https://a:b",
        "https://a?b",
        "api.example.com",
    ] {
        check_refused("https://api.example.com/", url, "benifex.base_url", "expected an address such as");
    }
}

#[test]
fn a_sandbox_needs_no_addresses_and_uses_no_credentials() {
    let job = read(&format!("{LEAST}[sandbox]\nworld = \"w\"\nfaults = \"\"\nclock = \"2026-03-31T02:00:00Z\"\n"));
    let job = job.expect("a job");
    assert_eq!((job.benifex.base_url.as_str(), job.benifex.token_url.as_str()), ("", ""));
    assert_eq!(job.benifex.client_secret, SecretRef::Sandbox);
    let sandbox = job.sandbox.expect("a sandbox");
    assert_eq!(sandbox.limit, RateWindow { calls: 100, per: Duration::from_secs(60) });
    assert_eq!((sandbox.latency, sandbox.faults), (Duration::ZERO, None));
    assert_eq!(sandbox.clock.map(|clock| clock.to_rfc3339()).as_deref(), Some("2026-03-31T02:00:00+00:00"));
}

#[test]
fn a_push_is_careful_unless_the_job_says_otherwise() {
    let careful = Push {
        retry_uncertain: RetryUncertain::Never,
        canary: true,
        consecutive_failures_max: 5,
        daily_items_max: 500,
        daily_yearly_difference_max: None,
        stale_after_days: 30,
    };
    assert_eq!(read(LEAST).expect("a job").push, careful);
}

#[test]
fn values_out_of_bounds_are_refused() {
    let last = "benefit_status = { ACTIVE = \"live\" }\n";
    let with = |rest: &str| format!("{last}{rest}\n");
    for (text, key, message) in [
        ("http = { windows = [] }", "benifex.http.windows", "at least one"),
        ("http = { windows = [{ calls = 0, per = \"1 s\" }] }", "benifex.http.windows[1].calls", "from 1 to"),
        ("http = { windows = [{ calls = 1 }] }", "benifex.http.windows[1].per", "found nothing"),
        ("http = { windows = [{ calls = 1, per = \"0 s\" }] }", "benifex.http.windows[1].per", "above zero"),
        ("http = { read_timeout = \"2 min\" }", "benifex.http.read_timeout", "at least read_timeout"),
        ("http = { attempts_max = 0 }", "benifex.http.attempts_max", "from 1 to 20, found 0"),
        ("users_batch = 0", "benifex.users_batch", "from 1 to"),
        ("benefits_prefix = \"v2\"", "benifex.benefits_prefix", "such as `/v2`, found `v2`"),
        ("date_layouts = { x = \"dd/MM/yy\" }", "benifex.date_layouts.x", "two-digit year"),
        ("[guards]\ncorrected_share_max = \"101 %\"", "guards.corrected_share_max", "`0 %` to `100 %`"),
        ("[guards]\ncorrected_share_max = \"0.005 %\"", "guards.corrected_share_max", "more decimals"),
        ("[guards]\ncorrected_share_max = 0.02", "guards.corrected_share_max", "found a number with decimals"),
        ("[guards]\ncorrected_share_max = \"2\"", "guards.corrected_share_max", "no % sign"),
        ("[rules]\nfull_time_from_fte = \"1.01\"", "rules.full_time_from_fte", "from `0` to `1`"),
        ("[rules]\nsalary_tolerance = \"-1.00\"", "rules.salary_tolerance", "zero or more"),
        ("[rules]\ncoverage_end = \"400 days after\"", "rules.coverage_end", "at most 366 days"),
        ("[push]\nretry_uncertain = \"always\"", "push.retry_uncertain", "never, state_setting_only"),
        ("[push]\nconsecutive_failures_max = 0", "push.consecutive_failures_max", "from 1 to 1000, found 0"),
        ("[push]\ndaily_yearly_difference_max = \"-1.00\"", "push.daily_yearly_difference_max", "zero or more"),
        (
            "[push]\ndaily_yearly_difference_max = 1.5",
            "push.daily_yearly_difference_max",
            "found a number with decimals",
        ),
        ("[push]\nstale_after_days = 367", "push.stale_after_days", "from 1 to 366"),
        ("[report]\nalarm_at = \"S9\"", "report.alarm_at", "`S1`"),
        (
            "[benbase]\nemployer_id = \"e\"\nbase_url = \"https://b.example\"\napi_key = { env = \"K\" }\ncountries = [\"USA\"]",
            "benbase.countries[1]",
            "two letters, found `USA`",
        ),
        (
            "[benbase]\nemployer_id = \"e\"\nbase_url = \"https://b.example\"\napi_key = { env = \"K\" }\nidempotency_header = \"Authorization\"",
            "benbase.idempotency_header",
            "such as `Idempotency-Key`, found `Authorization`",
        ),
    ] {
        check_refused(last, &with(text), key, message);
    }
}

#[test]
fn the_parts_of_payroll_must_agree() {
    for (from, to, key, message) in [
        ("wide = [{ code = \"MED\", employee = \"med_ee\" }]\n", "", "payroll", "found neither"),
        ("wide = [{ code = \"MED\", employee = \"med_ee\" }]", "wide = []", "payroll.wide", "at least one"),
        ("[deductions]", "[payroll.long]\n[deductions]", "payroll.long", "found several"),
        ("employee = \"med_ee\"", "employee = \"id\"", "payroll.wide[1].employee", "a column of its own"),
        (
            "{ code = \"MED\", employee = \"med_ee\" }",
            "{ code = \"MED\", employee = \"a\" }, { code = \"MED\", employee = \"b\" }",
            "payroll.wide[2].code",
            "each code once",
        ),
        (", period_start = \"from\", period_end = \"to\"", "", "payroll", "found neither"),
        (", period_end = \"to\"", "", "payroll.columns", "only some of them"),
        (
            "[deductions]",
            "[payroll.period]\nstart = \"2026-03-01\"\nend = \"2026-03-31\"\n[deductions]",
            "payroll.period",
            "found both",
        ),
        ("currency = \"USD\"\n", "", "payroll", "found none"),
        (
            "currency = \"USD\"\n",
            "currency_by_pay_group = { A = \"USD\" }\n",
            "payroll.currency_by_pay_group",
            "no such column",
        ),
        (
            "currency = \"USD\"",
            "currency = \"USD\"\ndelimiter = \";;;\"",
            "payroll.delimiter",
            "expected one character, found 3",
        ),
        (
            "currency = \"USD\"",
            "currency = \"USD\"\nthousands_mark = \".\"",
            "payroll.thousands_mark",
            "found the same",
        ),
        ("in/payroll.csv", "in/*/payroll.csv", "payroll.file", "`*` in the file name"),
        ("name = \"acme\"", "name = \"../acme\"", "name", "found `../acme`"),
    ] {
        check_refused(from, to, key, message);
    }
}

#[test]
fn the_parts_of_deductions_must_agree() {
    let codes = "codes = { MED = \"_Medical\" }";
    for (line, key, message) in [
        ("ignored_codes = { MED = \"why\" }", "deductions.ignored_codes.MED", "in deductions.codes too"),
        (
            "ignored_benefits = { _Medical = \"why\" }",
            "deductions.ignored_benefits._Medical",
            "in deductions.codes too",
        ),
        ("split_codes = [\"MDE\"]", "deductions.split_codes[1]", "found `MDE`"),
        ("per_year = [{ deductions = 24 }]", "deductions.per_year[1]", "found neither"),
        (
            "per_year = [{ benefit = \"_Medicla\", deductions = 24 }]",
            "deductions.per_year[1].benefit",
            "found `_Medicla`",
        ),
        ("per_year = [{ pay_group = \"A\", deductions = 0 }]", "deductions.per_year[1].deductions", "from 1 to 366"),
        ("per_year = [{ pay_group = \"A\" }]", "deductions.per_year[1].deductions", "found nothing"),
        (
            "per_year = [{ pay_group = \"A\", deductions = 1 }, { pay_group = \"A\", deductions = 2 }]",
            "deductions.per_year[2]",
            "once",
        ),
    ] {
        check_refused(codes, &format!("{codes}\n{line}"), key, message);
    }
    check_refused(codes, "codes = { }", "deductions.codes", "found an empty table");
    check_refused(codes, "codes = { MED = 5 }", "deductions.codes.MED", "found a whole number");
}

#[test]
fn an_unmapped_code_is_for_the_run_to_report() {
    let wide = "{ code = \"MED\", employee = \"med_ee\" }";
    check_job(&changed(wide, &format!("{wide}, {{ code = \"GYM\", employee = \"gym_ee\" }}")), &[]);
}

#[test]
fn a_zone_with_a_typo_gets_a_near_match() {
    let error = read(&format!("zone = \"America/New_Yrok\"\n{LEAST}")).expect_err("no such zone");
    assert_eq!(error.problems[0].hint.as_deref(), Some("did you mean `America/New_York`?"));
}

#[test]
fn text_values_are_read_exactly() {
    let toml = format!(
        "{LEAST}http = {{ windows = [{{ calls = 3, per = \"500 ms\" }}], total_timeout = \"2h\", read_timeout = \"5 min\" }}\n\
         [guards]\npopulation_change_max = \"0.01 %\"\ntotal_change_max = \"100%\"\n\
         [rules]\nsalary_tolerance = \"0.0001\"\nname_similarity = \"0.8765\"\ncoverage_end = \"1 day after\"\n"
    );
    let job = read(&toml).expect("a job");
    assert_eq!(job.benifex.http.windows[0].per, Duration::from_millis(500));
    assert_eq!(job.benifex.http.total_timeout, Duration::from_secs(7_200));
    assert_eq!(job.benifex.http.read_timeout, Duration::from_secs(300));
    assert_eq!((job.guards.population_change_max, job.guards.total_change_max), (share(1), Share::WHOLE));
    assert_eq!((job.rules.salary_tolerance, job.rules.name_similarity), (Money(1), 8_765));
    assert_eq!(job.rules.coverage_end, Some(CoverageEnd::DaysAfter(1)));
}

#[test]
fn the_fingerprint_is_the_hash_of_the_files_bytes() {
    let [plain, commented] =
        [LEAST.to_owned(), format!("{LEAST}# a word\n")].map(|t| read(&t).expect("a job").fingerprint);
    assert_ne!(plain, commented);
    assert_eq!(plain, read(LEAST).expect("a job").fingerprint);
}

#[test]
fn a_job_file_that_cannot_be_read_is_named() {
    let error = load(Path::new("jobs/nowhere.toml")).expect_err("no such file").to_string();
    assert!(error.starts_with("jobs/nowhere.toml: the job file cannot be read"), "{error}");
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("x.toml");
    std::fs::write(&path, b"name = \"acme\"\nzone = \"\xff\"\n").expect("a file");
    let error = load(&path).expect_err("not UTF-8").to_string();
    assert!(error.contains("found something else in line 2"), "{error}");
}

#[test]
fn the_demo_jobs_load() {
    for (file, name) in [("demo", "demo"), ("demo_faults", "demo-faults"), ("demo_long", "demo-long")] {
        let job = load(&jobs_dir().join(format!("{file}.toml"))).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(job.name, name);
        assert!(job.sandbox.is_some_and(|sandbox| sandbox.clock.is_some() && sandbox.baseline.is_some()));
        assert_eq!(
            job.deductions.per_year.iter().map(|entry| entry.per_year).collect::<Vec<_>>(),
            [24, 24, 12, 12, 12]
        );
        assert!(!job.deductions.benefit_by_code.contains_key("GYM"));
    }
}

#[test]
fn the_example_loads_and_shows_every_key() {
    let path = jobs_dir().join("example.toml");
    load(&path).unwrap_or_else(|error| panic!("{error}"));
    let text = std::fs::read_to_string(&path).expect("the example");
    let shown: BTreeSet<&str> = text
        .lines()
        .flat_map(|line| line.trim_start_matches(['#', ' ']).split(['{', ',']))
        .filter_map(|part| part.split_once('=').map(|(key, _)| key.trim()))
        .chain(text.lines().filter_map(|line| {
            line.trim_start_matches("# ").strip_prefix('[')?.trim_start_matches('[').split_once(']').map(|(k, _)| k)
        }))
        .collect();
    for (section, keys) in file::sections::sections() {
        assert!(!keys.is_empty(), "[{section}] has no keys");
        for key in keys {
            let full = if section.is_empty() { (*key).to_owned() } else { format!("{section}.{key}") };
            assert!(shown.contains(key) || shown.contains(full.as_str()), "jobs/example.toml does not show {full}");
        }
    }
}

/// What is commented out must not grow stale: uncommented, the example has only the problems of its alternatives.
#[test]
fn the_commented_keys_of_the_example_are_keys() {
    let text = std::fs::read_to_string(jobs_dir().join("example.toml")).expect("the example");
    let is_key = |rest: &str| {
        rest.starts_with('[')
            || rest.split_once(" = ").is_some_and(|(key, _)| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
    };
    let uncommented: Vec<&str> =
        text.lines().map(|line| line.strip_prefix("# ").filter(|rest| is_key(rest)).unwrap_or(line)).collect();
    let problems = read(&uncommented.join("\n")).expect_err("both layouts").problems;
    let keys: Vec<&str> = problems.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "payroll.files",
            "payroll.long",
            "payroll.columns.base_salary",
            "payroll.period",
            "oyster.token",
            "report.csv.bom"
        ],
        "{problems:#?}"
    );
}

fn jobs_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs")
}

proptest! {
    #[test]
    fn any_text_is_a_job_or_a_list_of_problems(text in "\\PC{0,80}|[a-z_.=\\[\\]{}\"#\n ]{0,80}") {
        if let Err(error) = read(&text) {
            prop_assert!(!error.problems.is_empty());
        }
    }

    #[test]
    fn a_job_with_a_line_replaced_is_a_job_or_a_list_of_placed_problems(at in 0_usize..14, line in "[a-z_]{1,12} = ([0-9-]{1,4}|\"[a-z0-9 %:/*-]{0,12}\"|true|\\[\\]|\\{\\}|1.5|2026-03-31)") {
        let mut lines: Vec<&str> = LEAST.lines().collect();
        lines.insert(at, &line);
        let text = lines.join("\n");
        if let Err(error) = read(&text) {
            prop_assert!(!error.problems.is_empty());
            prop_assert!(error.problems.iter().all(|p| p.line <= lines.len()), "{}", error);
        }
    }
}

#[test]
fn approvers_are_read_with_their_limits_and_nobody_approves_by_default() {
    assert_eq!(read(LEAST).expect("a job").approval, Approval::default());
    let list = "[approval]\napprovers = [{ name = \"Ana\", yearly_max = \"5000.00\" }, { name = \"Bo\" }]\n";
    let job = read(&format!("{LEAST}{list}")).expect("a job");
    let ana =
        Approver { name: "Ana".to_owned(), yearly_max: Some(Money::units(5_000)), daily_max: None, logins: Vec::new() };
    assert_eq!(
        job.approval.approvers,
        [ana, Approver { name: "Bo".to_owned(), yearly_max: None, daily_max: None, logins: Vec::new() }]
    );
    let twice = "[approval]\napprovers = [{ name = \"Ana\" }, { name = \"ANA \" }, { yearly_max = \"-1\" }]\n";
    let problems = read(&format!("{LEAST}{twice}")).expect_err("not a job").problems;
    let keys: Vec<_> = problems.iter().map(|problem| problem.key.as_str()).collect();
    assert!(keys.contains(&"approval.approvers[2].name"), "{problems:#?}");
}

#[test]
fn the_policy_moves_with_rules_approvers_and_addressee_and_with_nothing_else() {
    let hash = |toml: &str| read(toml).expect("a job").policy_hash();
    let approver = |limit: &str| format!("{LEAST}[approval]\napprovers = [{{ name = \"Ana\"{limit} }}]\n");
    let benbase = |employer: &str| {
        let keys = "base_url = \"https://b.example\"\napi_key = { env = \"K\" }";
        format!("{LEAST}[benbase]\nemployer_id = \"{employer}\"\n{keys}\n")
    };
    let moved = [
        LEAST.to_owned(),
        format!("{LEAST}[rules]\ncompensation_authority = \"benifex\"\n"),
        format!("{LEAST}[rules]\nsalary_tolerance = \"2.00\"\n"),
        approver(""),
        approver(", yearly_max = \"1.00\""),
        approver(", yearly_max = \"2.00\""),
        benbase("e_1"),
        benbase("e_2"),
    ];
    let hashes: BTreeSet<_> = moved.iter().map(|toml| hash(toml)).collect();
    assert_eq!(hashes.len(), moved.len());
    let same = format!("# a comment\n{LEAST}[report]\ndir = \"elsewhere\"\n");
    assert_eq!(hash(&same), hash(LEAST));
}

/// The least job with a Benbase that new hires and terminations can use, and `more` behind it.
fn with_benbase(more: &str) -> String {
    let columns = "columns = { nat_id = \"SSN\", ";
    let least = changed("columns = { ", columns);
    format!(
        "{least}[benbase]\nbase_url = \"https://b.example\"\napi_key = {{ env = \"K\" }}\nemployer_id = \"e_1\"\n\
         employer_name = \"Acme\"\nopening_ledger = \"opening.ndjson\"\n{more}"
    )
}

#[test]
fn new_hires_and_terminations_are_off_unless_the_job_switches_them_on() {
    let job = read(&with_benbase("")).expect("a job");
    assert_eq!((job.new_hires, job.terminations), (NewHires::default(), Terminations::default()));
    assert_eq!((job.new_hires.enabled, job.new_hires.send_ssn, job.new_hires.per_push()), (false, false, 0));
    assert_eq!(job.new_hires.variable_hours, VariableHours::Reject);
    // A cap without the switch lets nothing out.
    let job = read(&with_benbase("[new_hires]\nper_run_max = 9\n[terminations]\nper_run_max = 9\n")).expect("a job");
    assert_eq!((job.new_hires.per_push(), job.terminations.per_push()), (0, 0));
    let on = "[new_hires]\nenabled = true\nper_run_max = 3\nvariable_hours_new_hire = \"part_time\"\nsend_ssn = true\n\
              [terminations]\nenabled = true\nper_run_max = 2\n";
    let job = read(&with_benbase(on)).expect("a job");
    let variable_hours = VariableHours::PartTime;
    assert_eq!(job.new_hires, NewHires { enabled: true, per_run_max: 3, variable_hours, send_ssn: true });
    assert_eq!((job.new_hires.per_push(), job.terminations.per_push()), (3, 2));
    assert_eq!(job.benbase.and_then(|benbase| benbase.employer_name).as_deref(), Some("Acme"));
}

#[test]
fn a_switch_needs_a_cap_an_employer_and_an_opening_ledger() {
    let messages = |toml: &str| -> Vec<String> {
        let problems = read(toml).err().map(|error| error.problems).unwrap_or_default();
        problems.iter().map(|problem| format!("{}: {}", problem.key, problem.message)).collect()
    };
    let both = "[new_hires]\nenabled = true\nsend_ssn = true\n[terminations]\nenabled = true\nper_run_max = 0\n";
    assert_eq!(
        messages(&format!("{LEAST}{both}")),
        [
            "new_hires: expected benbase.employer_name beside it, found none",
            "new_hires: expected benbase.opening_ledger beside it, found none",
            "new_hires.per_run_max: expected how many one run may propose at most, found nothing",
            "new_hires.send_ssn: expected payroll.columns.nat_id beside it, found none",
            "terminations: expected benbase.opening_ledger beside it, found none",
            "terminations.per_run_max: expected a number from 1 to 10000, found 0",
        ]
    );
    assert_eq!(messages(&with_benbase("[terminations]\nenabled = true\nper_run_max = 1\n")), Vec::<String>::new());
}

#[test]
fn a_switch_a_cap_and_the_number_that_is_sent_move_the_policy_and_a_cap_of_what_is_off_does_not() {
    let hash = |more: &str| read(&with_benbase(more)).expect("a job").policy_hash();
    let on = "enabled = true\nper_run_max";
    let moved = [
        String::new(),
        format!("[new_hires]\n{on} = 1\n"),
        format!("[new_hires]\n{on} = 2\n"),
        format!("[new_hires]\n{on} = 1\nsend_ssn = true\n"),
        format!("[new_hires]\n{on} = 1\nvariable_hours_new_hire = \"part_time\"\n"),
        format!("[terminations]\n{on} = 1\n"),
        format!("[terminations]\n{on} = 2\n"),
    ];
    let hashes: BTreeSet<_> = moved.iter().map(|more| hash(more)).collect();
    assert_eq!(hashes.len(), moved.len());
    assert_eq!(hash("[new_hires]\nper_run_max = 1\n[terminations]\nper_run_max = 1\n"), hash(""));
}

/// The least that a job with Oyster must say more.
const OYSTER: &str = "[oyster]\nclient_id = { env = \"OID\" }\nclient_secret = { env = \"OSECRET\" }\n";

fn with_oyster(more: &str) -> String {
    format!("{LEAST}{OYSTER}{more}\n")
}

fn oyster(more: &str) -> OysterSection {
    read(&with_oyster(more)).unwrap_or_else(|error| panic!("{error}")).oyster.expect("a section")
}

#[test]
fn oyster_gets_the_defaults_of_its_contract() {
    assert!(read(LEAST).expect("a job").oyster.is_none());
    let found = oyster("");
    assert_eq!(found.connection.base_url, "https://api.oysterhr.com");
    let auth = OysterAuth::ClientCredentials {
        token_url: "https://api.oysterhr.com/oauth2/token".to_owned(),
        client_id: SecretRef::Env("OID".to_owned()),
        client_secret: SecretRef::Env("OSECRET".to_owned()),
        scope: None,
    };
    assert_eq!(found.connection.auth, auth);
    let benefits = |last: &str| format!("/v0.1/benefits/engagements/{{engagement_id}}/{last}");
    let paths = OysterPaths {
        engagements: "/v1/engagements".to_owned(),
        engagement: "/v1/engagements/{engagement_id}".to_owned(),
        offerings: benefits("offerings"),
        provisioning: benefits("provisioning"),
        enrollments: benefits("enrollments"),
        requests: None,
        ruleset: None,
    };
    assert_eq!(found.connection.paths, paths);
    let seconds = |calls, per| RateWindow { calls, per: Duration::from_secs(per) };
    assert_eq!(found.connection.http.windows, [seconds(300, 300), seconds(40, 1)]);
    let (fraction, percent) = (ShareUnit::Fraction, ShareUnit::Percent);
    let units =
        OysterUnits { provisioning: fraction, enrollments: percent, request: percent, request_answer: fraction };
    assert_eq!(
        (found.connection.units, found.connection.per_page, found.plans.price_period),
        (units, 100, PricePeriod::Month)
    );
    assert_eq!(
        (found.plans.stuck_after_days, found.plans.requested_stuck_after_days, found.connection.detail_days_max),
        (30, 14, 0)
    );
    assert_eq!((found.plans.estimate_tolerance_share, found.plans.estimate_tolerance), (share(1_000), Money::units(5)));
    assert_eq!((found.connection.writes, found.plans.match_email), (OysterWrites::default(), false));
    assert!(
        found.connection.engaged_states.is_empty()
            && found.connection.customer_id.is_none()
            && found.opening_states.is_none()
    );
}

#[test]
fn oyster_takes_a_token_in_place_of_client_credentials() {
    let job = read(&format!("{LEAST}[oyster]\nbase_url = \"https://o.example/\"\ntoken = {{ env = \"T\" }}\n"));
    let found = job.expect("a job").oyster.expect("a section");
    assert_eq!(
        (found.connection.base_url.as_str(), found.connection.auth),
        ("https://o.example", OysterAuth::Bearer(SecretRef::Env("T".into())))
    );
    assert!(read(&with_oyster("token = { env = \"T\" }")).is_err());
    let sandboxed = format!("{LEAST}[oyster]\ntoken = {{ env = \"T\" }}\n[sandbox]\nworld = \"w\"\n");
    let found = read(&sandboxed).expect("a job").oyster.expect("a section");
    let auth = OysterAuth::ClientCredentials {
        token_url: String::new(),
        client_id: SecretRef::Sandbox,
        client_secret: SecretRef::Sandbox,
        scope: None,
    };
    assert_eq!((found.connection.base_url.as_str(), found.connection.auth), ("", auth));
}

#[test]
fn the_parts_of_oyster_must_agree() {
    for (more, key, message) in [
        ("plans = { P1 = \"_Medcial\" }", "oyster.plans.P1", "found `_Medcial`"),
        (
            "plans = { P1 = \"_Medical\" }\nignored_plans = { \" P1 \" = \"why\" }",
            "oyster.ignored_plans.P1",
            "in oyster.plans too",
        ),
        ("categories = { _Dental = \"DENTAL\" }", "oyster.categories._Dental", "a benefit of deductions.codes"),
        ("contractor_benefits = [\"_Dental\"]", "oyster.contractor_benefits", "a benefit of deductions.codes"),
        ("actor_email = \"a b\"", "oyster.actor_email", "without blanks, found others"),
        ("per_page = 0", "oyster.per_page", "from 1 to"),
        ("estimate_tolerance_share = \"200 %\"", "oyster.estimate_tolerance_share", "`0 %` to `100 %`"),
        ("stuck_after_days = 0", "oyster.stuck_after_days", "from 1 to 366"),
        ("paths = { engagements = \"v1\" }", "oyster.paths.engagements", "found `v1`"),
        ("paths = { engagements = \"/v1?x=1\" }", "oyster.paths.engagements", "a path such as"),
        ("paths = { offerings = \"/v1/offerings\" }", "oyster.paths.offerings", "`{engagement_id}` in it once"),
        ("paths = { engagement = \"/v1/{engagement_id}/../x\" }", "oyster.paths.engagement", "in it once"),
        ("paths = { requests = \"/v1/requests\" }", "oyster.paths.requests", "in it once"),
        ("units = { request = \"per cent\" }", "oyster.units.request", "fraction, percent"),
        ("writes = { provision = true }", "oyster.writes.provision_max", "at most, found nothing"),
        ("writes = { provision = true, provision_max = 0 }", "oyster.writes.provision_max", "from 1 to"),
        ("writes = { request = true, request_max = 1 }", "oyster.writes.request", "oyster.paths.requests beside it"),
    ] {
        let problems = read(&with_oyster(more)).expect_err(more).problems;
        let [problem] = problems.as_slice() else { panic!("{more}: expected one problem, found {problems:#?}") };
        assert_eq!(problem.key, key, "{problem:?}");
        assert!(problem.message.contains(message), "{problem:?}");
    }
    let writes = "writes = { request = true, request_max = 2, provision_max = 3 }\n\
                  paths = { requests = \"/v0.1/x/{engagement_id}/requests\", ruleset = \"/v0.1/ruleset\" }";
    let found = oyster(writes);
    assert_eq!(
        found.connection.writes,
        OysterWrites { provision: false, request: true, provision_max: 3, request_max: 2 }
    );
    assert_eq!(found.connection.paths.ruleset.as_deref(), Some("/v0.1/ruleset"));
}

#[test]
fn what_an_oyster_write_means_and_where_it_goes_moves_the_policy_once_it_is_on() {
    let hash = |more: &str| read(&with_oyster(more)).expect("a job").policy_hash();
    let on = "writes = { provision = true, provision_max = 1 }\n";
    let moved = [
        String::new(),
        on.to_owned(),
        format!("{on}base_url = \"https://o.example\""),
        format!("{on}customer_id = \"c\""),
        format!("{on}units = {{ provisioning = \"percent\" }}"),
        format!("{on}paths = {{ provisioning = \"/v1/{{engagement_id}}/provisioning\" }}"),
        "writes = { provision = true, provision_max = 2 }".to_owned(),
    ];
    let hashes: BTreeSet<_> = moved.iter().map(|more| hash(more)).collect();
    assert_eq!(hashes.len(), moved.len());
    assert_eq!(hash("customer_id = \"c\"\nstuck_after_days = 9"), hash(""));
    assert_eq!(hash(""), read(LEAST).expect("a job").policy_hash());
}

#[test]
fn reports_and_state_lie_apart() {
    let folders = |state: &str, reports: &str| {
        let state = format!("name = \"acme\"\nstate_dir = \"{state}\"\n");
        format!("{}[report]\ndir = \"{reports}\"\n", changed("name = \"acme\"\n", &state))
    };
    for (state, reports) in [
        ("data", "data"),
        ("data", "./data/reports"),
        ("data/x", "data/x/../x/y"),
        ("out/acme", "out"),
        ("out/acme/state", "out"),
        ("/srv/out/../data", "/srv/data/"),
    ] {
        let problems = read(&folders(state, reports)).expect_err("in each other").problems;
        let [problem] = problems.as_slice() else { panic!("{state}, {reports}: {problems:#?}") };
        assert_eq!(problem.key, "report.dir");
        assert!(problem.message.contains("neither may be in the other"), "{problem:?}");
    }
    for (state, reports) in [("out/state", "out"), ("data", "data2"), ("state/acme", "reports"), ("a/../b", "a")] {
        read(&folders(state, reports)).expect("apart");
    }
}

#[cfg(feature = "sandbox")]
#[test]
fn the_job_and_the_crosswalk_of_a_generated_world_are_valid() {
    use tieout_sandbox::world::{Wanted, generate};

    let dir = tempfile::tempdir().expect("a folder");
    let wanted = Wanted { employees: 120, engagements: 0, seed: 14 };
    let summary = generate(wanted, dir.path()).expect("a world");
    let job = load(&dir.path().join("job.toml")).expect("a valid job");
    assert_eq!(job.name, "generated");
    let sandbox = job.sandbox.expect("served in process");
    assert!(sandbox.world.is_dir() && sandbox.baseline.expect("the world before").is_dir());
    assert!(job.payroll.file.is_file() && !summary.faults.is_empty());
    let employer = job.benbase.expect("Benbase").connection.employer_id;
    let crosswalk = std::fs::read_to_string(job.crosswalk.expect("a crosswalk").file).expect("reads");
    assert_eq!(crosswalk.lines().filter(|row| row.split(',').nth(1) == Some(employer.as_str())).count(), 1);
}
