//! The detailed form of a user's benefits, with the texts, sections and links that readers must skip.

use serde::Serialize;

use crate::world::calendar::{AS_OF, Group, moved};
use crate::world::records;
use crate::world::records::{Amount, Contribution, Kind};

/// Elections may be edited until then, from the as-of day.
const EDITABLE_DAYS: i64 = 30;

/// One line of `benifex/benefits.ndjson`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Benefits<'a> {
    user_id: &'a str,
    data: Lists,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Lists {
    current_benefits: Vec<Current>,
    eligible_to_add_benefits: Vec<Eligible>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Current {
    status: &'static str,
    effective_from: String,
    editable_until: String,
    change_date: Option<String>,
    benefit_cost: Cost,
    employee_contribution: Cost,
    employer_contribution: Cost,
    benefit_key: &'static str,
    title: &'static str,
    #[serde(flatten)]
    texts: Option<Texts>,
    dates_format: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Eligible {
    benefit_key: &'static str,
    title: &'static str,
    #[serde(flatten)]
    texts: Option<Texts>,
    dates_format: &'static str,
}

#[derive(Serialize)]
struct Cost {
    annual: Amount,
    monthly: Amount,
    currency: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Texts {
    benefit_link: String,
    description: &'static str,
    sections: Vec<Section>,
    faqs: Vec<Faq>,
    need_to_know: &'static str,
    useful_links: Vec<UsefulLink>,
}

#[derive(Serialize)]
struct Section {
    title: &'static str,
    r#type: &'static str,
    content: &'static str,
    sections: Vec<Section>,
}

#[derive(Serialize)]
struct Faq {
    question: &'static str,
    answer: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UsefulLink {
    uri: &'static str,
    link_text: &'static str,
}

impl<'a> Benefits<'a> {
    /// `fluff`: with everything that the service sends and no reader needs.
    pub fn new(user: &'a records::User, group: Group, fluff: bool) -> Benefits<'a> {
        let held = |kind: Kind| user.benefits.iter().any(|b| b.kind == kind);
        let open = Kind::ORDINARY.into_iter().filter(|kind| fluff && !held(*kind));
        Benefits {
            user_id: &user.user_id,
            data: Lists {
                current_benefits: user.benefits.iter().map(|b| current(b, group, fluff)).collect(),
                eligible_to_add_benefits: open.map(|kind| eligible(kind, group)).collect(),
            },
        }
    }
}

fn current(benefit: &records::Benefit, group: Group, fluff: bool) -> Current {
    Current {
        status: benefit.status,
        effective_from: benefit.effective_text.map_or_else(|| group.date_text(benefit.effective_from), str::to_owned),
        // An unreadable date is the only one of its benefit.
        editable_until: benefit
            .effective_text
            .map_or_else(|| group.date_text(moved(AS_OF, EDITABLE_DAYS)), |_| String::new()),
        change_date: benefit.change_date.map(|date| group.date_text(date)),
        benefit_cost: Cost {
            annual: sum(benefit.ee.annual, benefit.er.annual),
            monthly: sum(benefit.ee.monthly, benefit.er.monthly),
            currency: benefit.cost_currency,
        },
        employee_contribution: cost(&benefit.ee),
        employer_contribution: cost(&benefit.er),
        benefit_key: benefit.kind.key(),
        title: benefit.kind.title(),
        texts: fluff.then(|| texts(benefit.kind)),
        dates_format: benefit.dates_format,
    }
}

fn eligible(kind: Kind, group: Group) -> Eligible {
    Eligible {
        benefit_key: kind.key(),
        title: kind.title(),
        texts: Some(texts(kind)),
        dates_format: group.dates_format(),
    }
}

fn cost(side: &Contribution) -> Cost {
    Cost { annual: side.annual, monthly: side.monthly, currency: side.currency }
}

fn sum(ee: Amount, er: Amount) -> Amount {
    match (ee.cents(), er.cents()) {
        (Some(ee), Some(er)) => Amount::Cents(ee + er),
        _ => Amount::Absent,
    }
}

fn texts(kind: Kind) -> Texts {
    Texts {
        benefit_link: format!("https://app.example.com/benefits/{}", kind.key()),
        description: "What it is & whom it is for.",
        sections: vec![Section {
            title: "Overview",
            r#type: "ACCORDION",
            content: "",
            sections: vec![Section {
                title: "Step one",
                r#type: "TEXT",
                content: "<p>Choose, then \"confirm\".</p>",
                sections: Vec::new(),
            }],
        }],
        faqs: vec![Faq { question: "When does it start?", answer: "On the date shown." }],
        need_to_know: "",
        useful_links: vec![UsefulLink { uri: "https://example.com/provider", link_text: "Provider site" }],
    }
}
