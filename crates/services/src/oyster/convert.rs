//! From what Oyster sent to the records of `record`. What is there and cannot be read becomes `None` and a name in
//! `faults`; an answer that does not prove what it should (no data, another engagement) is an error, since "no
//! benefits" must never be read out of it. Of an e-mail address only its hash is kept.

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use crate::answer::error::{ApiError, Detail};
use crate::answer::json::{Fields, Raw, scalar};
use crate::oyster::share;
use crate::oyster::wire::{
    Contract, Embedded, Employment, Engagement, Enrollment, Envelope, Group, Money, OfferedPackage, Offerings, Package,
    Plan, Provisioning,
};
use tieout_model::hash::sha256_hex;
use tieout_model::money::Currency;
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::records::oyster::{
    EmbeddedEnrollment, EngagementRecord, EnrollmentRecord, OfferedPlan, OfferingsRecord, Price, ProvisioningRecord,
};
use tieout_model::terms::ShareUnit;

/// Characters of a state or another code that are kept.
const SHOWN_CHARS_MAX: usize = 60;
/// Longest id of a plan, package or enrollment, many times those that the service gives.
const ID_CHARS_MAX: usize = 200;
/// Codes of ISO 4217 that are no currency: none, and for tests.
const NO_CURRENCIES: [&str; 2] = ["XXX", "XTS"];

pub(super) fn broken(what: &'static str) -> ApiError {
    ApiError::Broken { what, detail: Detail::default() }
}

/// The answer of "one engagement" for `id`.
pub(super) fn one_engagement(
    id: &str,
    answer: Envelope<Engagement>,
    placeholders: &PlaceholderDates,
) -> Result<EngagementRecord, ApiError> {
    let data = answer.data.ok_or_else(|| broken("it holds no data"))?;
    match engagement(&data, placeholders) {
        (None, _) => Err(broken("its engagement has no id")),
        (Some(found), _) if found != id => Err(broken("it is about another engagement than the one asked for")),
        (Some(_), record) => Ok(record),
    }
}

/// An entry of the list with its id; without one it cannot be used.
pub(super) fn listed_engagement(
    entry: &RawValue,
    placeholders: &PlaceholderDates,
) -> (Option<String>, EngagementRecord) {
    let read = serde_json::from_str::<Option<Engagement>>(entry.get()).ok().flatten();
    engagement(&read.unwrap_or_default(), placeholders)
}

fn engagement(data: &Engagement, placeholders: &PlaceholderDates) -> (Option<String>, EngagementRecord) {
    let id = scalar(&data.engagement_id).ok().flatten();
    let mut fields = Fields::default();
    // An unreadable employment hides both.
    let Employment { last_day_on, .. } = fields.object("last_day", &data.employment);
    let Employment { email, .. } = fields.object("email_key", &data.employment);
    let contract: Contract = fields.object("email_key", &data.contract);
    let email = fields.text("email_key", &email).or_else(|| fields.text("email_key", &contract.email));
    let mut record = EngagementRecord {
        engagement_id: id.clone().unwrap_or_default().into(),
        kind: code("kind", &data.engagement_type, &mut fields),
        state: code("state", &data.state, &mut fields),
        email_key: email.map(|email| sha256_hex(email.to_lowercase())),
        start_date: fields.date("start_date", &data.start_date, placeholders),
        last_day: fields.date("last_day", &last_day_on, placeholders),
        modified_at: moment("modified_at", &data.modified_at, &mut fields),
        enrollments: embedded(&data.benefit_enrollments),
        faults: Vec::new(),
    };
    record.faults = fields.faults();
    (id, record)
}

fn moment(name: &'static str, raw: &Raw, fields: &mut Fields) -> Option<DateTime<Utc>> {
    let text = fields.text(name, raw)?;
    fields.kept(name, DateTime::parse_from_rfc3339(&text).map(|at| Some(at.to_utc())).map_err(|_| ()))
}

/// A blank entry stands for what the list does not tell, so that somebody asks for the enrollments themselves.
fn embedded(raw: &Raw) -> Vec<EmbeddedEnrollment> {
    let read = raw.as_ref().and_then(|raw| serde_json::from_str::<Vec<Option<Embedded>>>(raw.get()).ok());
    let Some(entries) = read else { return vec![EmbeddedEnrollment::default()] };
    let text = |raw: &Raw| scalar(raw).ok().flatten().unwrap_or_default();
    let one = |entry: Option<Embedded>| {
        let Embedded { benefit_enrollment_id, state } = entry.unwrap_or_default();
        EmbeddedEnrollment { enrollment_id: text(&benefit_enrollment_id), state: shown(&text(&state)) }
    };
    let mut enrollments: Vec<EmbeddedEnrollment> = entries.into_iter().map(one).collect();
    enrollments.sort();
    enrollments.dedup();
    enrollments
}

/// The answer of "offerings", sorted. A plan without an id cannot be found again and is left out.
pub(super) fn offerings(answer: Envelope<Offerings>) -> Result<OfferingsRecord, ApiError> {
    let Offerings { supplementary, packages } = answer.data.ok_or_else(|| broken("it holds no data"))?;
    if supplementary.is_none() && packages.is_none() {
        return Err(broken("it holds neither plans nor packages"));
    }
    let mut record = OfferingsRecord::default();
    record.plans.extend(plans(supplementary.unwrap_or_default().plans, None));
    for package in packages.into_iter().flatten() {
        let OfferedPackage { id, plans: offered } = package.unwrap_or_default();
        let Some(id) = scalar(&id).ok().flatten() else { continue };
        record.plans.extend(plans(offered, Some(&id)));
        record.packages.push(id);
    }
    record.plans.sort_by(|a, b| (&a.plan_id, &a.package_id).cmp(&(&b.plan_id, &b.package_id)));
    record.packages.sort();
    Ok(record)
}

fn plans(offered: Option<Vec<Option<Plan>>>, package: Option<&str>) -> Vec<OfferedPlan> {
    let one = |plan: Option<Plan>| {
        let plan = plan.unwrap_or_default();
        let (mut unread, mut fields) = (Fields::default(), Fields::default());
        Some(OfferedPlan {
            plan_id: scalar(&plan.id).ok().flatten()?,
            package_id: package.map(str::to_owned),
            category: code("category", &plan.category, &mut unread),
            price: price(&plan.estimated_price, &mut fields),
            faults: fields.faults(),
        })
    };
    offered.into_iter().flatten().filter_map(one).collect()
}

/// An amount without a currency that ISO 4217 lists stays, so that nobody takes the price for absent. One with more
/// decimals than its currency has is no amount of it.
fn price(raw: &Raw, fields: &mut Fields) -> Option<Price> {
    let Money { decimal, currency_code } = fields.object("price", raw);
    let code = fields.code("price_currency", &currency_code);
    let amount = fields.amount("price", &decimal)?;
    let currency = code.as_deref().filter(|code| !NO_CURRENCIES.contains(code)).and_then(Currency::parse);
    if currency.is_none() {
        fields.fault("price_currency");
    }
    if amount < 0 || currency.is_some_and(|currency| amount % currency.minor_unit() != 0) {
        fields.fault("price");
        return None;
    }
    Some(Price { amount, currency: currency.map(|currency| currency.to_string()) })
}

/// A code as we keep and show it: in upper case, see [`shown`].
fn code(name: &'static str, raw: &Raw, fields: &mut Fields) -> Option<String> {
    fields.code(name, raw).map(|text| shown(&text))
}

/// What the service wrote, fit for a sentence: control characters are blanks, and the end of a long text is left out.
fn shown(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut kept: String = plain.clone().take(SHOWN_CHARS_MAX).collect();
    if plain.count() > SHOWN_CHARS_MAX {
        kept.push('…');
    }
    kept
}

/// An id, whole or not at all: one that no service gives would name another thing if it was shortened.
fn id(name: &'static str, raw: &Raw, fields: &mut Fields) -> Option<String> {
    let odd = |text: &String| text.chars().count() > ID_CHARS_MAX || text.chars().any(char::is_control);
    fields.kept(name, scalar(raw).and_then(|text| if text.as_ref().is_some_and(odd) { Err(()) } else { Ok(text) }))
}

/// The answer of "provisioning". Without either part nothing is proved.
pub(super) fn provisioning(answer: Envelope<Provisioning>, unit: ShareUnit) -> Result<ProvisioningRecord, ApiError> {
    let Provisioning { supplementary, packaged } = answer.data.ok_or_else(|| broken("it holds no data"))?;
    if supplementary.is_none() && packaged.is_none() {
        return Err(broken("it holds no provisioning"));
    }
    let group = |group: Option<Group>| {
        let entries = group.unwrap_or_default().enrollments.into_iter().flatten();
        entries.map(|entry| enrollment(&entry.unwrap_or_default(), unit)).collect()
    };
    Ok(ProvisioningRecord { supplementary: group(supplementary), packaged: group(packaged) })
}

/// An entry of the enrollments with its id.
pub(super) fn listed_enrollment(entry: &RawValue, unit: ShareUnit) -> (Option<String>, EnrollmentRecord) {
    let read = serde_json::from_str::<Option<Enrollment>>(entry.get()).ok().flatten();
    let record = enrollment(&read.unwrap_or_default(), unit);
    (record.enrollment_id.clone(), record)
}

/// The answer to a request.
pub(super) fn requested(answer: Envelope<Enrollment>, unit: ShareUnit) -> Option<EnrollmentRecord> {
    answer.data.map(|data| enrollment(&data, unit))
}

fn enrollment(entry: &Enrollment, unit: ShareUnit) -> EnrollmentRecord {
    let mut fields = Fields::default();
    let plan: Plan = fields.object("plan_id", &entry.plan);
    let package: Package = fields.object("package_id", &entry.package);
    let mut record = EnrollmentRecord {
        enrollment_id: id("enrollment_id", &entry.id, &mut fields),
        plan_id: id("plan_id", &plan.id, &mut fields),
        package_id: id("package_id", &package.id, &mut fields),
        category: code("category", &plan.category, &mut fields),
        state: fields.text("state", &entry.state).map(|text| shown(&text)),
        contribution: share::contribution(&entry.employer_contribution, unit, &mut fields),
        price: price(&plan.estimated_price, &mut fields),
        faults: Vec::new(),
    };
    // Cover that cannot be named, or of which nobody knows whether it is in force, is unreadable, not absent.
    for (name, is_there) in [
        ("enrollment_id", record.enrollment_id.is_some()),
        ("plan_id", record.plan_id.is_some()),
        ("state", record.state.is_some()),
    ] {
        if !is_there {
            fields.fault(name);
        }
    }
    record.faults = fields.faults();
    record
}
