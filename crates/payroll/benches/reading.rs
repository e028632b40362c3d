//! How long large payroll files take to read, and the memory that it takes: a CSV of a million rows, a workbook of
//! 200,000, and ten million cells of noise. Each is written, then read; one alone by its name:
//!
//!     cargo bench -p tieout-payroll -- csv

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use rust_xlsxwriter::{Workbook, XlsxError};
use tieout_model::dates::DateLayout;
use tieout_model::money::{Currency, Marks};
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::terms::RateBasis;
use tieout_payroll::settings::{DeductionLayout, Deductions, Encoding, Payroll, PayrollColumns, Period, WideDeduction};

const CSV_ROWS: u32 = 1_000_000;
const WORKBOOK_ROWS: u32 = 200_000;
const NOISE_ROWS: u32 = 1_000_000;
/// Characters of noise: what cells are made of, and what breaks them.
const NOISE: &[u8] = b"0123456789.,-()$ \"'\n;ab\xc3\xa9\xff%";
const HEADER: [&str; 10] =
    ["Employee ID", "Last Name", "First Name", "Hire Date", "Salary", "Status", "MED EE", "MED ER", "DEN EE", "DEN ER"];

/// Its name, and what writes its file.
type Bench = (&'static str, fn(&Path));

const BENCHES: [Bench; 3] = [("csv", csv), ("workbook", workbook), ("noise", noise)];

fn main() -> io::Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let dir = tempfile::tempdir().expect("a folder");
    for (name, write) in BENCHES {
        if !wanted.is_empty() && !wanted.iter().any(|wanted| wanted == name) {
            continue;
        }
        let path = dir.path().join(if name == "workbook" { "payroll.xlsx" } else { "payroll.csv" });
        write(&path);
        let bytes = fs::metadata(&path).expect("written").len();
        // What writing took does not count.
        let _ = fs::write("/proc/self/clear_refs", "5");
        let begun = Instant::now();
        let read = tieout_payroll::read(&settings(&path), &deductions(), Duration::ZERO);
        let seconds = begun.elapsed().as_secs_f64();
        let outcome = match read {
            Ok(payroll) => format!("{} rows read, {} rejected", payroll.rows.read, payroll.rows.rejected),
            Err(error) => error.to_string(),
        };
        let peak = peak_mib();
        writeln!(io::stdout(), "{name}: {bytes} bytes in {seconds:.2} s, {peak} MiB at the peak; {outcome}")?;
    }
    Ok(())
}

fn row(n: u32) -> [String; 10] {
    let text = |text: &str| text.to_owned();
    [
        format!("{n:07}"),
        format!("Surname{}", n % 5_000),
        format!("Name{}", n % 3_000),
        format!("20{:02}-{:02}-{:02}", n % 20, n % 12 + 1, n % 28 + 1),
        format!("{}.00", 30_000 + n % 90_000),
        text("full_time"),
        format!("{}.{:02}", 50 + n % 100, n % 100),
        format!("{}.{:02}", 200 + n % 300, n % 100),
        format!("{}.25", 3 + n % 10),
        format!("{}.75", 5 + n % 20),
    ]
}

fn csv(path: &Path) {
    let mut file = BufWriter::new(File::create(path).expect("created"));
    writeln!(file, "{}", HEADER.join(",")).expect("written");
    for n in 0..CSV_ROWS {
        writeln!(file, "{}", row(n).join(",")).expect("written");
    }
    file.flush().expect("written");
}

fn workbook(path: &Path) {
    let written = || -> Result<(), XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (column, name) in (0..).zip(HEADER) {
            sheet.write_string(0, column, name)?;
        }
        for n in 0..WORKBOOK_ROWS {
            for (column, cell) in (0..).zip(row(n)) {
                match cell.parse::<f64>() {
                    Ok(number) if column > 3 => sheet.write_number(n + 1, column, number)?,
                    _ => sheet.write_string(n + 1, column, cell)?,
                };
            }
        }
        workbook.save(path)
    };
    written().expect("a workbook");
}

/// Ten cells a row of a few random characters each.
fn noise(path: &Path) {
    let mut file = BufWriter::new(File::create(path).expect("created"));
    writeln!(file, "{}", HEADER.join(",")).expect("written");
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for n in 0..NOISE_ROWS {
        write!(file, "{n}").expect("written");
        for _ in 1..HEADER.len() {
            let cell: Vec<u8> = (0..next(6)).map(|_| NOISE[next(NOISE.len())]).collect();
            file.write_all(b",").and_then(|()| file.write_all(&cell)).expect("written");
        }
        file.write_all(b"\n").expect("written");
    }
    file.flush().expect("written");
}

fn settings(path: &Path) -> Payroll {
    let named = |name: &str| Some(name.to_owned());
    let pair = |code: &str| WideDeduction {
        code: code.to_owned(),
        employee_column: named(&format!("{code} EE")),
        employer_column: named(&format!("{code} ER")),
        details: Default::default(),
    };
    let day = |text: &str| text.parse().ok();
    Payroll {
        file: path.to_owned(),
        encoding: Encoding::Utf8,
        delimiter: b',',
        table: Default::default(),
        marks: Marks { decimal: '.', thousands: Some(',') },
        cells: Default::default(),
        dates: DateLayout::parse("yyyy-MM-dd").expect("a layout"),
        placeholder_dates: PlaceholderDates::default(),
        columns: PayrollColumns {
            employee_id: HEADER[0].to_owned(),
            last_name: named(HEADER[1]),
            first_name: named(HEADER[2]),
            hire_date: named(HEADER[3]),
            base_salary: named(HEADER[4]),
            employment_status: named(HEADER[5]),
            ..PayrollColumns::default()
        },
        layout: DeductionLayout::Wide(vec![pair("MED"), pair("DEN")]),
        amounts: Default::default(),
        period: Period { start: day("2026-03-01"), end: day("2026-03-31"), pay_date: None, cutoff_days: 0 },
        currency_by_pay_group: BTreeMap::new(),
        currency: Currency::parse("USD"),
        fold_id_case: false,
        totals_row: None,
        control_file: None,
        max_rejected_share: tieout_model::share::Share::WHOLE,
        period_age_max_days: 62,
        pay_frequency_map: BTreeMap::new(),
        employment_status_map: BTreeMap::new(),
        tax_treatment_map: BTreeMap::new(),
        rate_basis_map: BTreeMap::new(),
        run_type_map: BTreeMap::new(),
        rate_basis: RateBasis::Annually,
        part_time_pay: None,
        pay_groups: Default::default(),
        legal_entities: Default::default(),
        others: Vec::new(),
    }
}

fn deductions() -> Deductions {
    let benefit = |code: &str| (code.to_owned(), format!("_{code}"));
    Deductions { benefit_by_code: ["MED", "DEN"].map(benefit).into(), ..Deductions::default() }
}

/// Of this process since it was last cleared.
fn peak_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() >> 10
}
