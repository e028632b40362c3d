//! The section `[benifex]`: the connection, and how its words and salaries are read, with the defaults for what the
//! contract leaves open.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::http::{RawHttp, address, http, secret};
use super::problems::Problems;
use super::text::checks::{MapTo, Text, lower, map, text, trimmed, upper, within};
use super::text::key::Key;
use super::text::table::table;
use super::text::{Quoted, Reference, shown};
use tieout_model::dates::DateLayout;
use tieout_model::money::Currency;
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::terms::{BenefitStatus, PartTimePay, RateBasis};
use tieout_recon::settings::BenifexTerms;
use tieout_services::settings::{BenifexAccess, EmployeeIdsStyle, RateWindow};

const TOKEN_URL: &str = "https://hub.onehub.global/oauth2/default/v1/token";
/// The connector's limit.
pub const BENIFEX_WINDOW: RateWindow = RateWindow { calls: 100, per: Duration::from_secs(60) };
const BENIFEX_CONCURRENCY: usize = 8;
const BATCH_MAX: usize = 1_000;
/// Layouts of `datesFormat` that the contract names.
const DATE_LAYOUTS: [&str; 7] =
    ["dd/MM/yyyy", "d MMMM yyyy", "MM/dd/yyyy", "yyyy-MM-dd", "DD/MM/YYYY", "MM/DD/YYYY", "YYYY-MM-DD"];

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawBenifex {
    pub base_url: Option<Text>,
    pub token_url: Option<Text>,
    pub client_id: Option<Reference>,
    pub client_secret: Option<Reference>,
    pub scope: Option<Text>,
    /// `""`: none.
    pub benefits_prefix: Option<String>,
    pub employee_ids_style: Option<EmployeeIdsStyle>,
    pub users_batch: Option<usize>,
    pub page_size: Option<usize>,
    pub first_page: Option<u32>,
    #[serde(deserialize_with = "table")]
    pub http: Option<RawHttp>,
    pub benefit_status: MapTo<BenefitStatus>,
    pub date_layouts: MapTo<Quoted<DateLayout>>,
    pub salary_currency_by_pay_group: MapTo<Quoted<Currency>>,
    pub salary_currency_by_country: MapTo<Quoted<Currency>>,
    pub salary_basis_by_pay_group: MapTo<RateBasis>,
    pub salary_basis: Option<RateBasis>,
    pub part_time_pay: Option<PartTimePay>,
}

/// The Benifex connection. In a sandbox its URLs and credentials are those of the sandbox.
pub fn benifex(
    raw: RawBenifex,
    in_sandbox: bool,
    placeholder_dates: &PlaceholderDates,
    p: &mut Problems<'_>,
) -> Option<(BenifexAccess, BenifexTerms)> {
    let section = Key::of("benifex");
    let key = |name: &str| section.then(name);
    let base_url = address(raw.base_url, None, in_sandbox, &key("base_url"), p);
    let token_url = address(raw.token_url, Some(TOKEN_URL), in_sandbox, &key("token_url"), p);
    let client_id = secret(raw.client_id, in_sandbox, &key("client_id"), p);
    let client_secret = secret(raw.client_secret, in_sandbox, &key("client_secret"), p);
    let benefit_status = map(raw.benefit_status, [], lower, |class| class, &key("benefit_status"), p);
    if benefit_status.is_empty() {
        p.missing_entries(
            &key("benefit_status"),
            "the service's words for live benefits, such as { ACTIVE = \"live\" }",
        );
    }
    let currency = |code: Quoted<Currency>| code.0;
    let http = http(raw.http, &[BENIFEX_WINDOW], BENIFEX_CONCURRENCY, &key("http"), p);
    let terms = BenifexTerms {
        benefit_status,
        salary_currency_by_pay_group: map(
            raw.salary_currency_by_pay_group,
            [],
            trimmed,
            currency,
            &key("salary_currency_by_pay_group"),
            p,
        ),
        salary_currency_by_country: map(
            raw.salary_currency_by_country,
            [],
            upper,
            currency,
            &key("salary_currency_by_country"),
            p,
        ),
        salary_basis_by_pay_group: map(
            raw.salary_basis_by_pay_group,
            [],
            trimmed,
            |basis| basis,
            &key("salary_basis_by_pay_group"),
            p,
        ),
        salary_basis: raw.salary_basis,
        part_time_pay: raw.part_time_pay,
    };
    let connection = BenifexAccess {
        scope: text(raw.scope),
        benefits_prefix: prefix(raw.benefits_prefix, &key("benefits_prefix"), p),
        employee_ids_style: raw.employee_ids_style.unwrap_or(EmployeeIdsStyle::Comma),
        users_batch: within(raw.users_batch, 20, 1..=BATCH_MAX, &key("users_batch"), p),
        page_size: within(raw.page_size, 20, 1..=BATCH_MAX, &key("page_size"), p),
        first_page: within(raw.first_page, 0, 0..=1, &key("first_page"), p),
        date_layouts: map(raw.date_layouts, known_date_layouts(), trimmed, |layout| layout.0, &key("date_layouts"), p),
        placeholder_dates: placeholder_dates.clone(),
        base_url: base_url?,
        token_url: token_url?,
        client_id: client_id?,
        client_secret: client_secret?,
        http: http?,
    };
    Some((connection, terms))
}

fn known_date_layouts() -> BTreeMap<String, DateLayout> {
    DATE_LAYOUTS.iter().filter_map(|text| Some(((*text).to_owned(), DateLayout::parse(text).ok()?))).collect()
}

/// `""` or a path such as `/v2`.
fn prefix(raw: Option<String>, key: &Key, p: &mut Problems<'_>) -> String {
    let prefix = raw.unwrap_or_default();
    let lawful = prefix.starts_with('/')
        && !prefix.ends_with('/')
        && prefix.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.".contains(&b));
    if !prefix.is_empty() && !lawful {
        p.at(key, format!("expected an empty text or a path such as `/v2`, found {}", shown(&prefix)));
    }
    prefix
}
