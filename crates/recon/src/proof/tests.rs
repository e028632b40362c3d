use std::fs;
use std::io::Cursor;
use std::os::unix::fs::PermissionsExt as _;

use polars_io::prelude::{ParquetReader, SerReader as _};
use tieout_model::finding::Payer;
use tieout_model::money::Currency;

use super::*;

const RUN: Run<'_> = Run { id: "0123456789abcdef", rule_version: "0.1.0" };

fn total(amount: i128) -> TotalRow<'static> {
    let currency = Currency::parse("USD");
    let (payer, amount) = (Some(Payer::Employee), Some(amount));
    TotalRow { proof: "control total", name: "_Dental", payer, currency, item: "payroll", amount, rows: None }
}

fn write(totals: &[i128]) -> (tempfile::TempDir, Vec<Written>) {
    let dir = tempfile::tempdir().expect("a folder");
    fs::create_dir(dir.path().join(FOLDER)).expect("made");
    let totals = totals.iter().map(|amount| total(*amount));
    let written = write_said(dir.path(), RUN, [].into_iter(), [].into_iter(), totals).expect("written");
    (dir, written)
}

#[test]
fn the_same_rows_give_the_same_bytes_and_a_unit_more_gives_others() {
    let hash = |totals: &[i128]| write(totals).1.pop().expect("totals").sha256;
    assert_eq!(hash(&[1, i128::from(i64::MAX) * 1_000]), hash(&[1, i128::from(i64::MAX) * 1_000]));
    assert_ne!(hash(&[1]), hash(&[2]));
}

#[test]
fn every_table_has_its_declared_columns_and_those_of_the_run_even_without_rows() {
    let (dir, written) = write(&[]);
    assert_eq!(written.iter().map(|table| table.rows).collect::<Vec<_>>(), [0, 0, 0]);
    for table in declared().iter().skip(4) {
        let path = dir.path().join(format!("{FOLDER}/{}.parquet", table.name));
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        let mut reader = ParquetReader::new(Cursor::new(fs::read(&path).expect("read")));
        let schema = reader.schema().expect("a Parquet file");
        let names: Vec<&str> = schema.iter_names().map(|name| name.as_str()).collect();
        let expected: Vec<&str> = table.columns.iter().chain(of_run()).map(|column| column.name).collect();
        assert_eq!(names, expected);
    }
}

#[test]
fn more_rows_than_a_row_group_has_are_all_written() {
    let (_dir, written) = write(&vec![7; 140_000]);
    assert_eq!(written[2].rows, 140_000);
}
