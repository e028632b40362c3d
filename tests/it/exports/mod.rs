//! Payroll exports as vendors write them, each with the people of an invented employer: `init` proposes the job,
//! `check` is green with it, and a night finds the one amount that is wrong and accuses nobody else. An export is a
//! file of `tests/it/exports`; what a clerk answers stands in it as flags and edits, what `init` must ask as keys.

mod bytes;
mod people;

use std::collections::BTreeSet;
use std::fs;

use serde::Deserialize;
use serde_json::Value;

use crate::support::{Site, repo, rows, shown};

/// Exit codes of a night that judged everything: nothing to alarm, or findings.
const JUDGED: [i32; 2] = [0, 1];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Export {
    /// A label of the WHATWG encodings, or `gzip`; UTF-8 by default.
    encode: Option<String>,
    /// What the clerk tells `init`.
    #[serde(default)]
    flags: Vec<String>,
    /// Texts of the proposed job and what the clerk writes in their place, as `init` asked for.
    #[serde(default)]
    edits: Vec<[String; 2]>,
    /// Keys that `init` asks to confirm or fill in.
    #[serde(default)]
    asks: Vec<String>,
    /// Without an answer to what `init` asks there is no job.
    #[serde(default)]
    stops: bool,
    /// `CODE EMPLOYEE BENEFIT` of each finding of the night.
    findings: Vec<String>,
    /// Rows of people, as [`people::write`] reads them.
    people: String,
    /// The export as text …
    payroll: Option<String>,
    /// … or the sheets of a workbook.
    #[serde(default)]
    sheets: Vec<bytes::Sheet>,
}

#[track_caller]
fn check(name: &str) {
    let text = fs::read_to_string(repo().join(format!("tests/it/exports/{name}.toml"))).expect("an export");
    let export: Export = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let site = Site::new();
    let file = bytes::write(&site, export.payroll.as_deref(), export.encode.as_deref(), &export.sheets);
    people::write(&site, &export.people);

    let init = ["init", &file, "--world", "world", "--name", "export", "--out", "job.toml", "--json"];
    let flags: Vec<&str> = export.flags.iter().map(String::as_str).collect();
    let said = site.run(&[init.as_slice(), &flags].concat());
    let job = fs::read_to_string(site.path("job.toml")).unwrap_or_default();
    let told: Value = serde_json::from_slice(&said.stdout).unwrap_or_else(|_| panic!("{name}\n{}", shown(&said)));
    let asked: BTreeSet<&str> = told["keys"].as_array().expect("keys").iter().filter_map(open).collect();
    let asks: BTreeSet<&str> = export.asks.iter().map(String::as_str).collect();
    assert_eq!(asked, asks, "{name}: what init asks\n{}\n{job}", shown(&said));
    assert_eq!(said.status.code(), Some(if export.stops { 2 } else { 0 }), "{name}\n{}\n{job}", shown(&said));
    if export.stops {
        return;
    }
    for [from, to] in &export.edits {
        site.edit("job.toml", from, to);
    }

    let job = fs::read_to_string(site.path("job.toml")).expect("a job");
    let checked = site.run(&["check", "job.toml"]);
    assert_eq!(checked.status.code(), Some(0), "{name}\n{}\n{job}", shown(&checked));
    assert_eq!(night(&site, name, &job), export.findings.iter().cloned().collect(), "{name}\n{job}");
}

/// `CODE EMPLOYEE BENEFIT` of each finding of a night that judged everything and rejected nothing.
#[track_caller]
fn night(site: &Site, name: &str, job: &str) -> BTreeSet<String> {
    let night = site.run(&["run", "job.toml", "--dry-run"]);
    let judged = night.status.code().is_some_and(|code| JUDGED.contains(&code));
    assert!(judged, "{name}\n{}\n{job}", shown(&night));
    let reports = fs::read_dir(site.path("reports/export")).expect("reports").map(|entry| entry.expect("one").path());
    let pack = reports.filter(|path| path.is_dir()).max().expect("a report");
    let rejected = rows(&pack.join("rejects.csv"));
    assert!(rejected.is_empty(), "{name}: {rejected:?}");
    let found = rows(&pack.join("exceptions.csv"));
    found.iter().map(|row| format!("{} {} {}", row["code"], row["employee_id"], row["benefit"])).collect()
}

/// The key of a note that is to be confirmed or filled in.
fn open(note: &Value) -> Option<&str> {
    matches!(note["certainty"].as_str(), Some("asked" | "unknown")).then(|| note["key"].as_str()).flatten()
}

const TWO_COMPANIES: &str = "
id,first,last,born,start,salary,group,pays,currency,country,_Medical,_Dental
10001,Ada,Okafor,1980-02-03,2015-01-05,48000,US-SM,24,USD,US,1500.00/6000.00,
10008,Bram,Visser,1975-11-23,2012-06-18,52000,US-SM,24,USD,US,2286.00/9120.00,
10015,Cleo,Marsh,1990-07-14,2018-03-26,61500,US-SM,24,USD,US,1500.00/6000.00,
20022,Dara,Quill,1986-12-30,2019-09-02,70250,UK-M,12,GBP,GB,,3512.52/2809.92
20029,Emil,Sorge,1969-04-09,2001-10-15,84000,UK-M,12,GBP,GB,,4200.00/3360.00
20036,Fay,Tanaka,1994-01-28,2021-02-22,45500,UK-M,12,GBP,GB,,2275.08/1819.92
";
const OF_THE_UNITED_STATES: &str = "\
Employee ID,Last Name,First Name,Pay Group,Period Start,Period End,Check Date,Medical (Employee),Medical (Company)
10001,Okafor,Ada,US-SM,03/16/2026,03/31/2026,03/31/2026,$62.50,$250.00
10008,Visser,Bram,US-SM,03/16/2026,03/31/2026,03/31/2026,$95.25,$380.00
10015,Marsh,Cleo,US-SM,03/16/2026,03/31/2026,03/31/2026,$64.00,$250.00
";
const OF_THE_UNITED_KINGDOM: &str = "\
Works Number;Surname;Forename;Payroll Group;Period From;Period To;Dental EE;Dental ER
20022;Quill;Dara;UK-M;01/03/2026;31/03/2026;£292.71;£234.16
20029;Sorge;Emil;UK-M;01/03/2026;31/03/2026;£352.00;£280.00
20036;Tanaka;Fay;UK-M;01/03/2026;31/03/2026;£189.59;£151.66
";

#[test]
fn files_of_one_payroll_with_layouts_of_their_own_become_one_job() {
    let site = Site::new();
    people::write(&site, TWO_COMPANIES);
    fs::write(site.path("us.csv"), OF_THE_UNITED_STATES).expect("written");
    fs::write(site.path("uk.csv"), OF_THE_UNITED_KINGDOM).expect("written");
    let init = ["init", "us.csv", "uk.csv", "--world", "world", "--name", "export", "--out", "job.toml", "--json"];
    let said = site.expect(0, &init);
    let job = fs::read_to_string(site.path("job.toml")).expect("a job");
    let told: Value = serde_json::from_str(&said).expect("JSON");
    let asked: Vec<&str> = told["keys"].as_array().expect("keys").iter().filter_map(open).collect();
    assert!(asked.is_empty(), "{asked:?}\n{job}");
    assert_eq!(told["rows_read"].as_u64(), Some(6), "{said}\n{job}");
    site.expect(0, &["check", "job.toml"]);
    assert_eq!(
        night(&site, "two companies", &job),
        ["AM01 10015 _Medical", "AM01 20029 _Dental"].map(str::to_owned).into()
    );
}

/// A test for each export, named as its file.
macro_rules! exports {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                check(&stringify!($name).replace('_', "-"));
            }
        )*
    };
}

exports! {
    a_row_a_week
    a_row_an_earning
    apostrophe_ids
    arrears
    banded_header
    benefit_rows
    biweekly_with_24_deductions
    cedolini
    codes_side_by_side
    codes_side_by_side_with_year
    codes_with_year
    compact_codes
    component_types
    currency_codes_in_cells
    current_and_year_groups
    cycles
    dates_with_zones
    days_that_prove_nothing
    debit_and_credit
    ded_and_ers_cost
    deduction_beside_contribution
    deduction_classes
    deduction_report
    deductions_by_name
    devengos
    dutch_register
    ees_and_ers
    elements_by_type
    em_dashes
    employee_above_lines
    employee_rows
    employee_rows_above_headers
    employee_rows_in_cells
    employee_rows_without_label
    employer_lines_by_code
    employer_only_columns
    eventos
    excel_unicode_text
    fecha_inicio
    french_lines
    german_trailing_minus
    gross_to_net
    honnin_to_kaisha
    hourly_and_salaried
    hours_and_rates
    id_inside_the_name
    id_once_an_employee
    item_and_type
    kiwisaver
    lakhs
    lines_with_both_sides_and_year
    lista_plac
    lohnjournal
    lonearter
    lonnsarter
    loonstaat
    medarbejder_og_firma
    memo_columns
    merged_headers
    minus_in_front
    mois_de_paie
    month_names
    names_of_plans
    names_written_as_one
    other_side_unnamed
    packed
    pages_of_lines
    parentheses
    pay_advice
    pay_categories
    pay_items
    payer_first_uk
    payer_in_front
    percepciones
    pesos
    pipes_with_trailer
    potracenia
    pre_and_post_tax
    prefixed_ids
    premium_and_share
    preparatory_payroll
    prsa_and_vhi
    quota_dipendente
    quoted_with_mark
    register_with_year_to_date
    regular_and_bonus_runs
    rippling_register
    rrsp
    run_results
    sage_50
    serial_dates
    short_months
    short_years
    soll_und_haben
    spanish_lines
    stated_delimiter
    subtotals
    swiss_register
    tax_treatment
    totals_beside_sides
    trabalhador_e_empresa
    two_pay_groups
    verbas
    wage_types
    wage_types_by_price
    werknemer_en_werkgever
    wn_en_wg
    words_for_nothing
    workbook_of_sheets
    workbook_with_banner
    works_number
    year_in_lines
    years_beside_amounts
}
