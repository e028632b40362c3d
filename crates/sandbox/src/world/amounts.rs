//! Amounts of a generated world: whole cents in integers, written as text. Kept apart from `tieout_model::money` on
//! purpose: the world is an independent witness, so a slip in the program's own arithmetic can't hide in both.

/// Hundredths of a currency unit, of an hour or of one FTE.
pub type Cents = i64;

const CENTS_PER_UNIT: i64 = 100;
const MONTHS_PER_YEAR: i64 = 12;

/// `cents / parts`, rounded half up to a whole cent. Both are zero or more.
pub fn part(cents: Cents, parts: i64) -> Cents {
    (2 * cents + parts) / (2 * parts)
}

/// What one of `per_year` deductions takes: the monthly amount itself when there are twelve, else the yearly amount
/// divided, else twelve months divided. Nothing stated = nothing due.
pub fn due(annual: Option<Cents>, monthly: Option<Cents>, per_year: i64) -> Cents {
    match (annual, monthly) {
        (_, Some(monthly)) if per_year == MONTHS_PER_YEAR => monthly,
        (Some(annual), _) => part(annual, per_year),
        (None, Some(monthly)) => part(monthly * MONTHS_PER_YEAR, per_year),
        (None, None) => 0,
    }
}

/// The twelfth of a yearly amount.
pub fn twelfth(annual: Cents) -> Cents {
    part(annual, MONTHS_PER_YEAR)
}

/// Two decimals, as payroll writes amounts: `1234.50`.
pub fn payroll_text(cents: Cents) -> String {
    let magnitude = cents.unsigned_abs();
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100)
}

/// The shortest text of a JSON double: `52000.0`, `12.5`, `0.07`.
pub fn json_text(cents: Cents) -> String {
    let text = payroll_text(cents);
    match cents % (CENTS_PER_UNIT / 10) {
        0 => text[..text.len() - 1].to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_rounded_half_up_to_the_cent() {
        // 100.00 / 12 = 8.333…, 100.10 / 4 = 25.025, 0.06 / 4 = 0.015
        assert_eq!([part(10_000, 12), part(10_010, 4), part(6, 4)], [833, 2_503, 2]);
    }

    #[test]
    fn twelve_deductions_take_the_monthly_amount_and_others_divide_the_year() {
        assert_eq!(due(Some(10_000), Some(834), 12), 834);
        assert_eq!(due(Some(10_000), None, 12), 833);
        assert_eq!(due(Some(10_000), Some(834), 24), 417);
        // 8.33 × 12 / 24 = 4.165
        assert_eq!(due(None, Some(833), 24), 417);
        assert_eq!(due(None, None, 24), 0);
    }

    #[test]
    fn texts_are_those_of_a_payroll_cell_and_of_a_json_double() {
        assert_eq!([payroll_text(5), payroll_text(123_450), payroll_text(-1)], ["0.05", "1234.50", "-0.01"]);
        assert_eq!(
            [json_text(0), json_text(5_200_000), json_text(1_250), json_text(7)],
            ["0.0", "52000.0", "12.5", "0.07"]
        );
    }
}
