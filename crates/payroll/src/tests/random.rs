//! Random files: whatever the quoting and the line breaks, ids and amounts come out as they went in.

use proptest::prelude::*;

use super::*;
use crate::settings::{AmountSettings, Sign};

/// One row as it is meant: id number, name, employee amounts of MED and DEN in cents, whether its salary is bad.
type Meant = (u8, String, Option<i32>, Option<i32>, bool);

fn meant() -> impl Strategy<Value = Vec<Meant>> {
    let row =
        (0_u8..20, "[a-zé \",\n'\r;]{0,6}", any::<Option<i32>>(), any::<Option<i32>>(), prop::bool::weighted(0.1));
    prop::collection::vec(row, 1..30)
}

fn cell(text: &str, quoted: bool) -> String {
    let must = text.contains([',', '"', '\n', '\r']);
    if quoted || must { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

fn amount(cents: Option<i32>) -> String {
    cents.map(|c| Money(i64::from(c) * 100).to_text(2)).unwrap_or_default()
}

proptest! {
    #[test]
    fn ids_amounts_and_counts_survive_any_quoting(
        rows in meant(), quoted in prop::collection::vec(any::<bool>(), 180), breaks in prop::sample::select(vec!["\n", "\r\n", "\n\n"]),
    ) {
        let mut quotes = quoted.into_iter().cycle();
        let mut text = HEADER.to_owned() + breaks;
        // The first row of an employee says who they are; a name on a later row that differs is a reject.
        let mut names: BTreeMap<u8, String> = BTreeMap::new();
        let mut expected: BTreeMap<(String, &str), i64> = BTreeMap::new();
        let (mut accepted, mut rejected) = (0, 0);
        for (id, name, med, den, bad) in &rows {
            let id_text = format!("{id:04}");
            let salary = if *bad { "1x" } else { "" };
            let cells = [id_text.clone(), name.clone(), salary.to_owned(), amount(*med), String::new(), amount(*den)];
            let cells: Vec<String> = cells.iter().map(|c| cell(c, quotes.next().unwrap_or(false))).collect();
            text += &(cells.join(",") + breaks);
            let agrees = !bad && names.entry(*id).or_insert_with(|| name.trim().to_owned()) == name.trim();
            if !agrees {
                rejected += 1;
                continue;
            }
            accepted += 1;
            for (code, cents) in [("MED", med), ("DEN", den)] {
                if let Some(cents) = cents {
                    *expected.entry((id_text.clone(), code)).or_default() += i64::from(*cents) * 100;
                }
            }
        }
        let mut case = Case::new();
        case.settings.amounts = AmountSettings { employee_sign: Some(Sign::Positive), zero_is_a_line: true, ..Default::default() };
        let payroll = case.read(text.as_bytes()).expect("the file can be used");
        check_balance(&payroll);
        prop_assert_eq!((payroll.rows.accepted, payroll.rows.rejected), (accepted, rejected));
        let found: BTreeMap<(String, String), i64> = (0..payroll.lines.len()).map(|at| {
            let id = payroll.people.employee_id.get(payroll.lines.person[at] as usize).expect("never blank");
            let amount = payroll.lines.ee_amount.get(at).expect("there");
            ((id.to_owned(), super::kind(&payroll, at).code.clone()), amount.0)
        }).collect();
        let expected: BTreeMap<(String, String), i64> = expected.into_iter().map(|((id, code), n)| ((id, code.to_owned()), n)).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn any_bytes_are_read_or_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut file = format!("{HEADER}\n").into_bytes();
        file.extend_from_slice(&bytes);
        if let Ok(payroll) = Case::new().read(&file) {
            check_balance(&payroll);
        }
    }
}
