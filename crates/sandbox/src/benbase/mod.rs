//! Benbase: four changes that are checked as documented and then held, and the employer's status. The service cannot
//! be read, so neither can this; what arrived is in the journal.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::recorded::lines;

mod check;
mod journal;

pub use journal::{Arrival, Entry, Journal};

/// The only key that is accepted: well known, worthless.
pub const API_KEY: &str = "sandbox_sk_demo";

/// One of the documented changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    NewHire,
    Termination,
    Demographic,
    CompensationChange,
}

impl Operation {
    /// By the last part of its path.
    pub fn of(name: &str) -> Option<Operation> {
        use Operation::{CompensationChange, Demographic, NewHire, Termination};
        [NewHire, Termination, Demographic, CompensationChange].into_iter().find(|o| o.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Operation::NewHire => "new-hire",
            Operation::Termination => "termination",
            Operation::Demographic => "demographic",
            Operation::CompensationChange => "compensation-change",
        }
    }

    /// The fields that it sets.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Operation::NewHire => &[],
            Operation::Termination => &["termination_date"],
            Operation::Demographic => &["address"],
            Operation::CompensationChange => &["pay_frequency", "pay_rate", "employment_status"],
        }
    }
}

/// What Benbase holds. An employee is kept as JSON text: most are never touched.
#[derive(Debug, Default)]
pub struct Benbase {
    employees: HashMap<Box<str>, Box<str>>,
    /// Employers named by the world; empty: every employer counts as known.
    employers: BTreeSet<String>,
}

#[derive(Deserialize)]
struct EmployeeHead {
    employee_id: String,
    employer_id: Option<String>,
}

impl Benbase {
    /// Reads `benbase/employees.ndjson`: one object a line with `employee_id`, else in the shape of the changes.
    pub fn open(world: &Path) -> anyhow::Result<Benbase> {
        let mut held = Benbase::default();
        lines(&world.join("benbase/employees.ndjson"), |_, line| {
            let head: EmployeeHead = serde_json::from_str(line)?;
            held.employers.extend(head.employer_id);
            let earlier = held.employees.insert(head.employee_id.into(), line.into());
            anyhow::ensure!(earlier.is_none(), "this employee id stood on an earlier line");
            Ok(())
        })?;
        Ok(held)
    }

    /// What is held of an employee, as JSON.
    pub fn employee(&self, id: &str) -> Option<&str> {
        self.employees.get(id).map(AsRef::as_ref)
    }

    /// Checks a change and carries it out; the answer, and whether anything was applied.
    pub fn change(&mut self, operation: Operation, body: &str) -> (Answer, bool) {
        let Ok(Value::Object(body)) = serde_json::from_str(body) else {
            let details = json!({ "body": "Must be a JSON object" });
            return (error(400, "Invalid payload", &details), false);
        };
        match self.accept(operation, &body) {
            Ok(()) => (Answer::json(200, "{}".to_owned()), true),
            Err(refusal) => (refusal, false),
        }
    }

    fn accept(&mut self, operation: Operation, body: &Map<String, Value>) -> Result<(), Answer> {
        check::check(operation, body).map_err(|problems| match problems.incomplete {
            true => error(400, "Invalid payload", &problems.details()),
            false => error(422, "Validation failed", &problems.details()),
        })?;
        let text = |name| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let id = text("employee_id");
        if operation == Operation::NewHire {
            return self.hire(id, text("employer_id"), body);
        }
        let held = self.employees.get_mut(id).ok_or_else(|| error(404, "Employee not found", &json!({})))?;
        let mut fields: Map<String, Value> =
            serde_json::from_str(held).map_err(|_| error(500, "Internal server error", &json!({})))?;
        for name in operation.fields() {
            if let Some(value) = body.get(*name) {
                fields.insert((*name).to_owned(), value.clone());
            }
        }
        *held = Value::Object(fields).to_string().into();
        Ok(())
    }

    /// A new hire has its rates in a list, of which the last one stays, as after a compensation change.
    fn hire(&mut self, id: &str, employer: &str, body: &Map<String, Value>) -> Result<(), Answer> {
        if !self.knows(employer) {
            return Err(error(404, "Employer not found", &json!({})));
        }
        if self.employees.contains_key(id) {
            return Err(error(422, "Validation failed", &json!({ "employee_id": "Already exists" })));
        }
        let mut fields = body.clone();
        if let Some(rate) = body.get("pay_rate").and_then(Value::as_array).and_then(|rates| rates.last()) {
            fields.insert("pay_rate".to_owned(), rate.clone());
        }
        self.employees.insert(id.into(), Value::Object(fields).to_string().into());
        Ok(())
    }

    /// Unknown employers are inactive, not errors.
    pub fn status(&self, employer: &str) -> Answer {
        let known = self.knows(employer);
        let status = if known { "ACTIVE" } else { "INACTIVE" };
        Answer::json(200, json!({ "status": status, "payroll": { "connected": known } }).to_string())
    }

    fn knows(&self, employer: &str) -> bool {
        self.employers.is_empty() || self.employers.contains(employer)
    }
}

/// A Benbase error body.
pub fn error(status: u16, text: &str, details: &Value) -> Answer {
    Answer::json(status, json!({ "error": text, "details": details }).to_string())
}
