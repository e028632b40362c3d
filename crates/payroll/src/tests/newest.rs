//! Which of several payroll files is read.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::newest::payroll_file;
use crate::settings::{DeductionLayout, PayrollColumns};
use crate::tests::Case;

/// Writes a file whose one row has this period, changed so many seconds after a fixed moment.
fn write(dir: &Path, name: &str, period_end: &str, changed_s: u64) {
    let path = dir.join(name);
    fs::write(&path, format!("id,to\n1,{period_end}\n")).expect("written");
    let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(1_774_922_400 + changed_s);
    File::options().append(true).open(&path).expect("opened").set_modified(changed).expect("set");
}

#[track_caller]
fn check(dir: &Path, by_column: bool, expected: &str) {
    let mut settings = Case::new().settings;
    settings.file = dir.join("pay_*.csv");
    settings.columns = PayrollColumns {
        employee_id: "id".to_owned(),
        period_end: by_column.then(|| "to".to_owned()),
        ..PayrollColumns::default()
    };
    settings.layout = DeductionLayout::Wide(Vec::new());
    let picked = payroll_file(&settings).expect("a file");
    assert_eq!(picked.file_name().and_then(|name| name.to_str()), Some(expected));
}

#[test]
fn the_latest_period_counts_then_the_change_time_and_never_the_name() {
    let dir = tempfile::tempdir().expect("a folder");
    write(dir.path(), "pay_Mar.csv", "31/03/2026", 90);
    write(dir.path(), "pay_Apr.csv", "30/04/2026", 10);
    check(dir.path(), true, "pay_Apr.csv");
    check(dir.path(), false, "pay_Mar.csv");
    write(dir.path(), "pay_Apr (1).csv", "30/04/2026", 20);
    check(dir.path(), true, "pay_Apr (1).csv");
}

#[test]
fn a_file_that_cannot_be_read_is_only_taken_when_it_was_changed_last() {
    let dir = tempfile::tempdir().expect("a folder");
    write(dir.path(), "pay_Mar.csv", "31/03/2026", 10);
    write(dir.path(), "pay_odd.csv", "soon", 5);
    check(dir.path(), true, "pay_Mar.csv");
    write(dir.path(), "pay_odd.csv", "soon", 20);
    check(dir.path(), true, "pay_odd.csv");
}
