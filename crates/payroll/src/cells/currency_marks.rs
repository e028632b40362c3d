//! Signs of currencies, and which currencies they stand for.

/// Signs and the codes of ISO 4217 that they may stand for; none listed: any of many.
const MARKS: [(&str, &[&str]); 42] = [
    ("$", &[]),
    ("US$", &["USD"]),
    ("CA$", &["CAD"]),
    ("C$", &["CAD", "NIO"]),
    ("A$", &["AUD"]),
    ("AU$", &["AUD"]),
    ("NZ$", &["NZD"]),
    ("HK$", &["HKD"]),
    ("S$", &["SGD"]),
    ("SG$", &["SGD"]),
    ("NT$", &["TWD"]),
    ("MX$", &["MXN"]),
    ("R$", &["BRL"]),
    ("£", &["GBP", "EGP", "GIP", "FKP", "SHP", "LBP", "SYP", "SDG", "SSP"]),
    ("€", &["EUR"]),
    ("¥", &["JPY", "CNY"]),
    ("₹", &["INR"]),
    ("Rs", &["INR", "PKR", "LKR", "NPR", "MUR"]),
    ("Rs.", &["INR", "PKR", "LKR", "NPR", "MUR"]),
    ("₩", &["KRW", "KPW"]),
    ("₪", &["ILS"]),
    ("₫", &["VND"]),
    ("₺", &["TRY"]),
    ("₴", &["UAH"]),
    ("₦", &["NGN"]),
    ("₱", &["PHP"]),
    ("₽", &["RUB"]),
    ("₸", &["KZT"]),
    ("₡", &["CRC"]),
    ("₲", &["PYG"]),
    ("฿", &["THB"]),
    ("zł", &["PLN"]),
    ("Kč", &["CZK"]),
    ("Ft", &["HUF"]),
    ("kr", &["SEK", "NOK", "DKK", "ISK"]),
    ("kr.", &["SEK", "NOK", "DKK", "ISK"]),
    ("Fr.", &["CHF"]),
    ("SFr.", &["CHF"]),
    ("lei", &["RON", "MDL"]),
    ("лв", &["BGN"]),
    ("RM", &["MYR"]),
    ("R", &["ZAR"]),
];

/// The codes that a sign may stand for, none for any; `None`: it is no sign.
pub(crate) fn of_mark(mark: &str) -> Option<&'static [&'static str]> {
    MARKS.iter().find(|(known, _)| *known == mark).map(|(_, codes)| *codes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieout_model::money::Currency;

    #[test]
    fn every_sign_stands_for_currencies_that_exist() {
        for code in MARKS.iter().flat_map(|(_, codes)| *codes) {
            assert!(Currency::parse(code).is_some(), "{code}");
        }
    }
}
