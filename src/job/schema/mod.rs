//! The JSON schema of a job file, for editors. It is made from the types that read a job (`trace`) and from the
//! comments of `jobs/example.toml` (`described`), so that it cannot say anything else than they do.

mod described;
#[cfg(test)]
mod tests;
mod trace;

use serde_json::{Map, Value, json};

use self::trace::{Holds, Step, Tables, holds};

/// The schema of all keys, draft 2020-12.
pub fn schema() -> Value {
    let mut top = of(&mut Vec::new(), &mut Vec::new());
    if let Value::Object(top) = &mut top {
        top.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        top.insert("title".to_owned(), json!("A job file of tieout"));
    }
    top
}

/// The schema at a path; `around` are the tables that it lies in, by their keys.
fn of(path: &mut Vec<Step>, around: &mut Vec<(Tables, String)>) -> Value {
    let mut schema = match holds(path) {
        Holds::Table(keys) => match around.iter().find(|(other, _)| *other == keys) {
            Some((_, pointer)) => json!({ "$ref": pointer }),
            None => table(keys, path, around),
        },
        Holds::Map => json!({ "type": "object", "additionalProperties": below(Step::Entry, path, around) }),
        Holds::List => json!({ "type": "array", "items": below(Step::Item, path, around) }),
        Holds::Text(expected) => json!({ "type": "string", "title": expected }),
        Holds::Names(names) => json!({ "enum": names }),
        Holds::Bool => json!({ "type": "boolean" }),
        Holds::Integer { signed: true } => json!({ "type": "integer" }),
        Holds::Integer { signed: false } => json!({ "type": "integer", "minimum": 0 }),
        Holds::Anything => json!({}),
    };
    if let (Value::Object(schema), Some(text)) = (&mut schema, described::of(path)) {
        schema.insert("description".to_owned(), json!(text));
    }
    schema
}

fn table(keys: Tables, path: &mut Vec<Step>, around: &mut Vec<(Tables, String)>) -> Value {
    around.push((keys, pointer(path)));
    let properties: Map<String, Value> =
        keys.iter().map(|key| ((*key).to_owned(), below(Step::Key(key), path, around))).collect();
    around.pop();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn below(step: Step, path: &mut Vec<Step>, around: &mut Vec<(Tables, String)>) -> Value {
    path.push(step);
    let schema = of(path, around);
    path.pop();
    schema
}

/// Where in the schema a path is.
fn pointer(path: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Key(key) => format!("/properties/{key}"),
        Step::Entry => "/additionalProperties".to_owned(),
        Step::Item => "/items".to_owned(),
    };
    format!("#{}", path.iter().map(step).collect::<String>())
}
