//! The schema against the example, which has every key, and against what is no job.

use serde_json::Value;

use super::schema;

/// What is wrong with a value by a schema, as far as this schema goes: types, keys, names, lists and references.
fn wrong(value: &Value, schema: &Value, whole: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(pointer) = schema["$ref"].as_str() {
        let target =
            whole.pointer(pointer.trim_start_matches('#')).unwrap_or_else(|| panic!("{pointer} leads nowhere"));
        return wrong(value, target, whole, at, found);
    }
    let fits = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => {
            value.is_i64() && (schema["minimum"].is_null() || value.as_i64() >= schema["minimum"].as_i64())
        }
        _ => schema["enum"].as_array().is_none_or(|names| names.contains(value)),
    };
    if !fits {
        found.push(at.to_owned());
    }
    for (key, value) in value.as_object().into_iter().flatten() {
        let inside = format!("{at}/{key}");
        match (schema["properties"].get(key), &schema["additionalProperties"]) {
            (Some(schema), _) => wrong(value, schema, whole, &inside, found),
            (None, Value::Bool(false)) => found.push(inside),
            (None, schema) => wrong(value, schema, whole, &inside, found),
        }
    }
    for (n, value) in value.as_array().into_iter().flatten().enumerate() {
        wrong(value, &schema["items"], whole, &format!("{at}/{n}"), found);
    }
}

#[track_caller]
fn check(toml: &str, expected: &[&str]) {
    let schema = schema();
    let value: Value = toml::from_str(toml).expect("TOML");
    let mut found = Vec::new();
    wrong(&value, &schema, &schema, "", &mut found);
    assert_eq!(found, expected, "{toml}");
}

#[test]
fn every_key_of_the_example_is_in_the_schema() {
    check(include_str!("../../../jobs/example.toml"), &[]);
    check(include_str!("../../../jobs/demo.toml"), &[]);
}

#[test]
fn unknown_keys_and_values_of_another_kind_are_not() {
    check(
        "nam = \"x\"\n[payroll]\ndelimeter = \",\"\ncolumns = { salary = \"x\" }",
        &["/nam", "/payroll/columns/salary", "/payroll/delimeter"],
    );
    check(
        "name = 1\n[payroll]\nfold_id_case = \"no\"\nrate_basis = \"daily\"\nwide = [{ code = 1 }]",
        &["/name", "/payroll/fold_id_case", "/payroll/rate_basis", "/payroll/wide/0/code"],
    );
    check(
        "[benifex]\nclient_id = { env = \"A\", value = \"b\" }\nusers_batch = -1",
        &["/benifex/client_id/value", "/benifex/users_batch"],
    );
}

#[test]
fn the_comments_of_the_example_describe_the_keys() {
    let schema = schema();
    let name = schema.pointer("/properties/name/description").and_then(Value::as_str).expect("a description");
    assert!(name.starts_with("Short name"), "{name}");
    let columns = schema.pointer("/properties/payroll/properties/columns/properties/run_type/description");
    assert_eq!(
        columns.and_then(Value::as_str),
        Some("off-cycle and correction rows count with the regular run, also in a file of their own")
    );
}
