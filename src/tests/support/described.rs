//! Answers of the JSON API held against its description: each that any test gets is one it describes.

use crate::support::Answer;
use axum::http::Method;
use guildhall::server::documented;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

pub static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
    let (_, description) = documented().split_for_parts();
    serde_json::to_value(description).expect("JSON")
});

/// Follows `$ref`.
fn resolve(mut value: &Value) -> &Value {
    while let Some(reference) = value["$ref"].as_str() {
        let pointer = reference.strip_prefix('#').expect("a place in here");
        value = DESCRIPTION.pointer(pointer).expect("what is referred to");
    }
    value
}

/// The described path that an address has.
pub fn template(path: &str) -> Option<&'static str> {
    let path = path.split('?').next().unwrap_or_default();
    let fits = |template: &str| {
        let same = |(part, wanted): (&str, &str)| {
            part == wanted || (wanted.starts_with('{') && !part.is_empty())
        };
        path.split('/').count() == template.split('/').count()
            && path.split('/').zip(template.split('/')).all(same)
    };
    let paths = DESCRIPTION["paths"].as_object().expect("paths").iter();
    let mut found: Vec<_> = paths.filter(|(template, _)| fits(template)).collect();
    // The most specific template wins, as in the router.
    found.sort_by_key(|(template, _)| template.matches('{').count());
    found.first().map(|(template, _)| template.as_str())
}

/// The operation that a request is for.
fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let operation = &DESCRIPTION["paths"][template(path)?][method.as_str().to_lowercase()];
    operation.is_object().then_some(operation)
}

/// Fails where the answer is not as described. Requests without a described operation pass.
pub fn check(method: &Method, path: &str, answer: &Answer) {
    let Some(operation) = operation(method, path) else {
        return;
    };
    let what = format!("{method} {path}: {}", answer.status);
    let response = &operation["responses"][answer.status.as_str()];
    assert!(
        response.is_object(),
        "{what} is not described: {}",
        answer.body
    );
    let response = resolve(response);
    for name in response["headers"].as_object().into_iter().flatten() {
        assert!(
            !answer.header(name.0).is_empty(),
            "{what} has no {}",
            name.0
        );
    }
    let kind = answer.header("content-type").split(';').next();
    if kind
        .is_some_and(|kind| kind != "application/json" && response["content"].get(kind).is_some())
    {
        // A file.
        return;
    }
    let Some(schema) = response["content"]["application/json"].get("schema") else {
        assert_eq!(answer.body, "", "{what} has a body");
        return;
    };
    if !answer.header("content-encoding").is_empty() {
        return;
    }
    let mut faults = Vec::new();
    compare(&answer.json(), schema, "", &mut faults);
    assert!(faults.is_empty(), "{what}: {faults:#?}\n{}", answer.body);
}

/// Lists how the value differs from the schema. A keyword that is not known here is a fault as well.
pub fn compare(value: &Value, schema: &Value, at: &str, faults: &mut Vec<String>) {
    let schema = resolve(schema).as_object().expect("a schema");
    for (keyword, wanted) in schema {
        let holds = match keyword.as_str() {
            "type" => has_type(value, wanted),
            "enum" => wanted.as_array().expect("values").contains(value),
            "minimum" => value
                .as_i64()
                .is_none_or(|number| number >= wanted.as_i64().expect("a number")),
            "maximum" => value
                .as_i64()
                .is_none_or(|number| number <= wanted.as_i64().expect("a number")),
            "oneOf" => fits_one(value, wanted),
            "allOf" => {
                compare(value, &merged(wanted), at, faults);
                true
            }
            "format" => has_format(value, wanted.as_str().expect("a format")),
            "required" => wanted.as_array().expect("names").iter().all(|name| {
                !value.is_object() || value.get(name.as_str().expect("a name")).is_some()
            }),
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    compare(item, wanted, &format!("{at}[{index}]"), faults);
                }
                true
            }
            "properties" => {
                compare_fields(value, wanted, schema, at, faults);
                true
            }
            "additionalProperties" | "propertyNames" | "description" => true,
            _ => false,
        };
        if !holds {
            faults.push(format!("{at}: {keyword} {wanted}, and is {value}"));
        }
    }
}

fn compare_fields(
    value: &Value,
    wanted: &Value,
    schema: &Map<String, Value>,
    at: &str,
    faults: &mut Vec<String>,
) {
    let Some(fields) = value.as_object() else {
        return;
    };
    for (name, field) in fields {
        match wanted.get(name) {
            Some(known) => compare(field, known, &format!("{at}.{name}"), faults),
            None if schema.contains_key("additionalProperties") => {}
            None => faults.push(format!("{at}.{name} is not described")),
        }
    }
}

/// Objects whose fields one object has.
fn merged(schemas: &Value) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for part in schemas.as_array().expect("schemas").iter().map(resolve) {
        properties.extend(part["properties"].as_object().cloned().unwrap_or_default());
        required.extend(part["required"].as_array().cloned().unwrap_or_default());
    }
    json!({ "type": "object", "properties": properties, "required": required })
}

fn fits_one(value: &Value, schemas: &Value) -> bool {
    let fits = |schema: &&Value| {
        let mut faults = Vec::new();
        compare(value, schema, "", &mut faults);
        faults.is_empty()
    };
    schemas
        .as_array()
        .expect("schemas")
        .iter()
        .filter(fits)
        .count()
        == 1
}

fn has_type(value: &Value, wanted: &Value) -> bool {
    let is = |name: &Value| match name.as_str().expect("a type") {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no such type: {other}"),
    };
    wanted
        .as_array()
        .map_or_else(|| is(wanted), |names| names.iter().any(is))
}

fn has_format(value: &Value, format: &str) -> bool {
    let Some(text) = value.as_str() else {
        return true;
    };
    match format {
        "date-time" => guildhall::clock::Timestamp::parse(text).is_some(),
        _ => true,
    }
}

#[test]
fn an_undescribed_value_is_found() {
    let schema = json!({
        "type": "object", "required": ["id"],
        "properties": {
            "id": { "type": "integer", "minimum": 1 },
            "kind": { "oneOf": [{ "type": "null" }, { "type": "string", "enum": ["a", "b"] }] },
            "at": { "type": ["string", "null"], "format": "date-time" },
        },
    });
    let faults = |value: Value| {
        let mut faults = Vec::new();
        compare(&value, &schema, "", &mut faults);
        faults.len()
    };
    for good in [
        json!({ "id": 1 }),
        json!({ "id": 1, "kind": "a", "at": null }),
        json!({ "id": 1, "kind": null, "at": "2026-11-21T04:07:00Z" }),
    ] {
        assert_eq!(faults(good.clone()), 0, "{good}");
    }
    for bad in [
        json!([]),
        json!({}),
        json!({ "id": 0 }),
        json!({ "id": "1" }),
        json!({ "id": 1, "kind": "c" }),
        json!({ "id": 1, "at": "today" }),
        json!({ "id": 1, "more": 1 }),
    ] {
        assert_eq!(faults(bad.clone()), 1, "{bad}");
    }
    assert!(operation(&Method::GET, "/api/v1/orders/2026-000001/events").is_some());
    assert!(operation(&Method::GET, "/api/v1/orders/2026-000001/refund").is_none());
    assert!(operation(&Method::GET, "/api/v1/orders/").is_none());
}
