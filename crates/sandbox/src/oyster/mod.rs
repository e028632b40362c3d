//! Oyster: engagements, what they are offered, provisioned and enrolled in, from `oyster/*.ndjson`. What was recorded
//! is served as it stands; a provisioning, a request or an advance changes what is held in memory, never the files.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::benifex::Slip;
use crate::form;
use crate::recorded::lines;

mod answers;
mod check;
mod held;
mod route;
mod share;

pub use answers::failure;
pub use route::{Act, PREFIX, TOKEN_PATH};

use check::{Check, Wanted};
use held::Engagement;

/// Engagements of a page; a greater wish gets this many.
const PAGE_MAX: usize = 100;

/// What Oyster holds.
#[derive(Debug, Default)]
pub struct Oyster {
    /// In the order of the file.
    engagements: Vec<Engagement>,
    by_id: HashMap<Box<str>, usize>,
    /// Enrollments made since the start.
    made: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EngagementHead {
    engagement_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    engagement_id: String,
    #[serde(borrow)]
    data: &'a RawValue,
}

impl Oyster {
    /// Reads the world's files; those that are not there count as empty. Errors name file and line.
    pub fn open(world: &Path) -> anyhow::Result<Oyster> {
        let mut held = Oyster::default();
        let folder = world.join("oyster");
        lines(&folder.join("engagements.ndjson"), |_, line| {
            let head: EngagementHead = serde_json::from_str(line)?;
            let earlier = held.by_id.insert(head.engagement_id.into(), held.engagements.len());
            anyhow::ensure!(earlier.is_none(), "this engagement id stood on an earlier line");
            held.engagements.push(Engagement::new(line));
            Ok(())
        })?;
        held.add(&folder.join("enrollments.ndjson"), |e| &mut e.enrollments)?;
        held.add(&folder.join("offerings.ndjson"), |e| &mut e.offerings)?;
        held.add(&folder.join("provisioning.ndjson"), |e| &mut e.provisioning)?;
        held.add(&folder.join("rulesets.ndjson"), |e| &mut e.ruleset)?;
        Ok(held)
    }

    fn add(&mut self, path: &Path, place: fn(&mut Engagement) -> &mut Option<Box<str>>) -> anyhow::Result<()> {
        lines(path, |_, line| {
            let part: Part = serde_json::from_str(line)?;
            let Some(at) = self.by_id.get(part.engagement_id.as_str()) else { return Ok(()) };
            let earlier = place(&mut self.engagements[*at]).replace(part.data.get().into());
            anyhow::ensure!(earlier.is_none(), "this engagement stood on an earlier line");
            Ok(())
        })?;
        Ok(())
    }

    /// Answers a read.
    pub fn read(&self, act: &Act, slip: Slip) -> anyhow::Result<Answer> {
        if let Act::List(query) = act {
            return Ok(self.list(query, slip));
        }
        let Some(engagement) = self.engagement(act.key()) else { return Ok(answers::bare(404)) };
        Ok(match act {
            Act::Engagement(_) => answers::data(200, &engagement.line),
            Act::Offerings(_) => answers::data(200, engagement.offerings()),
            Act::Provisioning(_) => answers::data(200, engagement.provisioning()),
            Act::Enrollments(_) => answers::data(200, engagement.enrollments()),
            Act::Ruleset(_) => answers::data(200, &engagement.ruleset()?),
            Act::List(_) | Act::Provision(_) | Act::Request(_) => answers::bare(404),
        })
    }

    fn engagement(&self, id: &str) -> Option<&Engagement> {
        self.by_id.get(id).map(|at| &self.engagements[*at])
    }

    /// The provisioning of an engagement, as JSON text.
    pub fn provisioning(&self, id: &str) -> Option<&str> {
        self.engagement(id).map(Engagement::provisioning)
    }

    /// The enrollments of an engagement, as JSON text.
    pub fn enrollments(&self, id: &str) -> Option<&str> {
        self.engagement(id).map(Engagement::enrollments)
    }

    fn list(&self, query: &str, slip: Slip) -> Answer {
        let pairs = form::pairs(query);
        let number = |name: &str| form::all(&pairs, name).next().map(|text| text.parse::<usize>().ok());
        let (size, page) = (number("per_page").unwrap_or(Some(PAGE_MAX)), number("page").unwrap_or(Some(1)));
        let (Some(size @ 1..), Some(page @ 1..)) = (size, page) else {
            let problem = |field: &str| (field.to_owned(), "INVALID_VALUE", "Must be 1 or more".to_owned());
            return answers::refused(&[problem("perPage"), problem("page")]);
        };
        let size = size.min(PAGE_MAX);
        let all = &self.engagements;
        let from = size.saturating_mul(page - 1).min(all.len());
        let to = from.saturating_add(size).min(all.len());
        let mut rows: Vec<&str> = all[from..to].iter().map(|engagement| &*engagement.line).collect();
        if slip.repeat_row && !rows.is_empty() {
            // Rows move between two reads: the last of the page before, or of this one, is seen again.
            let again = if from > 0 { from - 1 } else { to - 1 };
            rows.insert(0, &all[again].line);
        }
        let meta = meta(all.len() + slip.more_items, size, page);
        Answer::json(200, format!(r#"{{"data":[{}],"meta":{meta}}}"#, rows.join(",")))
    }

    /// Carries a write out; the answer, and whether anything was applied.
    pub fn write(&mut self, act: &Act, body: &str, now: &str) -> anyhow::Result<(Answer, bool)> {
        let Some(at) = self.by_id.get(act.key()).copied() else { return Ok((answers::bare(404), false)) };
        let Ok(Value::Object(body)) = serde_json::from_str(body) else {
            let problem = ("body".to_owned(), "INVALID_BODY", "Must be a JSON object".to_owned());
            return Ok((answers::refused(&[problem]), false));
        };
        let offerings: Value = serde_json::from_str(self.engagements[at].offerings())?;
        let mut check = Check::default();
        let wanted = match act {
            Act::Request(_) => check.request(&body, &offerings).into_iter().collect(),
            _ => check.provisioning(&body, &offerings),
        };
        if !check.problems.is_empty() {
            return Ok((answers::refused(&check.problems), false));
        }
        let answer = match act {
            Act::Request(_) => self.request(at, wanted, now)?,
            _ => self.provision(at, wanted, now)?,
        };
        let applied = answer.status < 300;
        Ok((answer, applied))
    }

    fn provision(&mut self, at: usize, wanted: Vec<Wanted>, now: &str) -> anyhow::Result<Answer> {
        if self.engagements[at].is_engaged()? {
            return Ok(answers::impossible("Engagement is already engaged"));
        }
        let (mut packaged, mut supplementary) = (Vec::new(), Vec::new());
        for wanted in wanted {
            let part = if wanted.package.is_some() { &mut packaged } else { &mut supplementary };
            part.push(self.enrollment(wanted, "PROVISIONED"));
        }
        let engagement = &mut self.engagements[at];
        engagement.provision(packaged, supplementary, now)?;
        Ok(answers::data(200, engagement.provisioning()))
    }

    fn request(&mut self, at: usize, wanted: Vec<Wanted>, now: &str) -> anyhow::Result<Answer> {
        let mut wanted = wanted.into_iter().next().context("a request without a plan was let through")?;
        let plan = wanted.plan["id"].as_str().unwrap_or_default();
        if self.engagements[at].has_open(plan)? {
            return Ok(answers::impossible("An enrollment of this plan exists already"));
        }
        for name in ["teamMember", "dependents"] {
            if let Some(value) = wanted.contribution.as_mut().and_then(|shares| shares.get_mut(name)) {
                *value = share::fraction(value)?;
            }
        }
        let entry = self.enrollment(wanted, "REQUESTED");
        self.engagements[at].request(&entry, now)?;
        Ok(answers::data(201, &entry.to_string()))
    }

    fn enrollment(&mut self, wanted: Wanted, state: &str) -> Value {
        self.made += 1;
        let mut entry = json!({ "id": format!("Bs{:06}", self.made), "plan": wanted.plan, "state": state });
        if let Some(package) = wanted.package {
            entry["package"] = package;
        }
        if let Some(contribution) = wanted.contribution {
            entry["employerContribution"] = contribution;
        }
        entry
    }

    /// Moves enrollments on: `engagement=ID`, perhaps `enrollment=ID` (else all), perhaps `state=…` (else the next
    /// one).
    pub fn advance(&mut self, query: &str, now: &str) -> anyhow::Result<Answer> {
        let pairs = form::pairs(query);
        let value = |name: &'static str| form::all(&pairs, name).next();
        let at = value("engagement").and_then(|id| self.by_id.get(id)).copied();
        let Some(at) = at else { return Ok(answers::bare(404)) };
        let moved = self.engagements[at].advance(value("enrollment"), value("state"), now)?;
        Ok(Answer::json(if moved > 0 { 200 } else { 404 }, json!({ "moved": moved }).to_string()))
    }
}

/// With the oddities of the service: the URLs spell the size `perPage`, and where no page follows, its number is blank.
fn meta(count: usize, size: usize, page: usize) -> Value {
    let pages = count.div_ceil(size).max(1);
    let url = |page: Option<usize>| {
        let page = page.map(|page| page.to_string()).unwrap_or_default();
        format!("/v1/engagements?perPage={size}&page={page}")
    };
    json!({
        "items": size, "count": count, "page": page, "pages": pages,
        "firstUrl": url(Some(1)), "lastUrl": url(Some(pages)), "pageUrl": url(Some(page)),
        "nextUrl": url((page < pages).then_some(page + 1)), "prevUrl": url((page > 1).then(|| page - 1)),
    })
}
