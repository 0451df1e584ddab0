//! The description of the JSON API against the API: what is described is there, and what is there is
//! described.

use crate::support::company::{Company, post};
use crate::support::described;
use crate::support::{Client, TestServer};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Each path with its operations by method.
fn operations() -> BTreeMap<String, BTreeMap<String, Value>> {
    let paths = described::DESCRIPTION["paths"].as_object().expect("paths");
    let of_path = |item: &Value| {
        let item = item.as_object().expect("operations").iter();
        let operations = item.filter(|(method, _)| METHODS.contains(&method.as_str()));
        operations
            .map(|(method, operation)| (method.clone(), operation.clone()))
            .collect()
    };
    paths
        .iter()
        .map(|(path, item)| (path.clone(), of_path(item)))
        .collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("tests") {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found
}

/// Every text between `begin` and `end`.
fn between<'a>(text: &'a str, begin: &'a str, end: char) -> impl Iterator<Item = &'a str> {
    text.split(begin)
        .skip(1)
        .filter_map(move |rest| rest.split(end).next())
}

#[test]
fn each_operation_has_a_tag_a_summary_and_an_answer_that_is_good() {
    let operations = operations();
    assert!(operations.len() > 40, "{} paths", operations.len());
    for (path, methods) in &operations {
        assert!(path.starts_with("/api/v1/"), "{path}");
        assert!(!methods.is_empty(), "{path}");
        for (method, operation) in methods {
            let what = format!("{method} {path}");
            let tags = operation["tags"].as_array().expect("tags");
            assert_eq!(tags.len(), 1, "{what}");
            assert!(!tags[0].as_str().expect("a tag").is_empty(), "{what}");
            let summary = operation["summary"].as_str().unwrap_or_default();
            assert!(!summary.trim().is_empty(), "{what} says what it does");
            let responses = operation["responses"].as_object().expect("responses");
            assert!(
                responses.keys().any(|status| status.starts_with('2')),
                "{what}: {:?}",
                responses.keys()
            );
            // What stands in braces is explained, and nothing else is.
            let named: BTreeSet<_> = between(path, "{", '}').collect();
            let explained: BTreeSet<_> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|parameter| parameter["in"] == "path")
                .filter_map(|parameter| parameter["name"].as_str())
                .collect();
            assert_eq!(explained, named, "{what}");
        }
    }
}

/// Each handler is annotated with its method and path: all of them are in the description, so that
/// none was annotated and never put in a router.
#[test]
fn each_annotated_handler_is_described_and_routed() {
    let mut annotated = BTreeSet::new();
    let (mut handlers, mut routed) = (Vec::new(), Vec::new());
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = fs::read_to_string(&path).expect("readable");
        let file = path.display();
        for annotation in text.split("#[utoipa::path(").skip(1) {
            let method = annotation.split(',').next().expect("a method");
            let route = between(annotation, "path = \"", '"').next();
            let route = route.expect("a path");
            let operation = (method.trim().to_owned(), format!("/api/v1{route}"));
            assert!(
                annotated.insert(operation),
                "{file}: {method} {route} twice"
            );
            let handler = annotation.split("async fn ").nth(1).expect("a handler");
            let name = handler.split('(').next().expect("a name");
            handlers.push(name.to_owned());
        }
        let lists = text.split("routes!(").skip(1);
        for list in lists.filter_map(|rest| rest.split(')').next()) {
            routed.extend(list.split(',').map(|name| name.trim().to_owned()));
        }
        // By hand a route would be there and not described.
        if text.contains("utoipa::path") {
            assert!(!text.contains(".route("), "{file}: put it in routes!(…)");
        }
        assert!(!text.contains(".route(\"/api/v1"), "{file}");
    }
    handlers.sort();
    routed.retain(|name| !name.is_empty());
    routed.sort();
    assert_eq!(handlers, routed);
    let described: BTreeSet<_> = operations()
        .into_iter()
        .flat_map(|(path, methods)| {
            let pair = move |method: String| (method, path.clone());
            methods.into_keys().map(pair)
        })
        .collect();
    assert_eq!(described, annotated);
}

/// Whoever asks with a method that is described gets past the router, and with another does not.
#[tokio::test]
async fn the_router_takes_the_methods_that_are_described_and_no_others() {
    let server = TestServer::start().await;
    for (path, methods) in operations() {
        let mut filled = path.clone();
        for name in between(&path, "{", '}') {
            filled = filled.replace(&format!("{{{name}}}"), "999999");
        }
        for method in METHODS {
            let verb = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            let headers = [
                ("accept", "application/json"),
                ("content-type", "application/json"),
                ("sec-fetch-site", "same-origin"),
            ];
            let answer = server
                .visitor()
                .send(verb, &filled, &headers, Body::from("{}"))
                .await;
            let taken = answer.status != StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(taken, methods.contains_key(method), "{method} {path}");
            let unknown = answer.status == StatusCode::NOT_FOUND
                && answer.body.contains("There is no such page");
            assert!(!unknown, "{method} {path}");
            assert!(!answer.status.is_server_error(), "{method} {path}");
        }
    }
}

/// Says what is wrong with any schema in here, by where it stands: what is left open where it could be said.
fn vague(value: &Value, at: &str, faults: &mut Vec<String>) {
    let mut fault = |what: &str| faults.push(format!("{at}: {what}"));
    if value["type"] == "object" && value.get("properties").is_none() {
        let free = ["/data", "/body", "/errors"];
        let said = value.get("additionalProperties").is_some();
        if !said && !free.iter().any(|end| at.ends_with(end)) {
            fault("an object of what?");
        }
    }
    if value["type"] == "array" && value.get("items").is_none() {
        fault("an array of what?");
    }
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                vague(field, &format!("{at}/{name}"), faults);
            }
        }
        Value::Array(items) => {
            for item in items {
                vague(item, at, faults);
            }
        }
        _ => {}
    }
}

#[test]
fn answers_have_the_envelope_and_lists_are_pages() {
    let resolve = |value: &Value| {
        let reference = value["$ref"].as_str().expect("a reference");
        described::DESCRIPTION
            .pointer(&reference[1..])
            .expect("there")
    };
    let mut names = BTreeSet::new();
    for (path, methods) in operations() {
        for (method, operation) in methods {
            let what = format!("{method} {path}");
            let name = operation["operationId"]
                .as_str()
                .expect("a name")
                .to_owned();
            assert!(names.insert(name), "{what} is called as another");
            for (status, response) in operation["responses"].as_object().expect("responses") {
                let shared = response.get("$ref").map(|_| resolve(response));
                let response = shared.unwrap_or(response);
                let said = response["description"].as_str().unwrap_or_default();
                assert!(!said.is_empty(), "{what} {status} says what it is");
                let schema = &response["content"]["application/json"]["schema"];
                let content = response["content"].as_object().into_iter().flatten();
                let kinds: Vec<&str> = content.map(|(kind, _)| kind.as_str()).collect();
                let is_file = !kinds.is_empty() && !kinds.contains(&"application/json");
                if is_file && status == "200" {
                    assert!(
                        path.ends_with("/odm") || path.contains("/exports/"),
                        "{what}"
                    );
                } else if ["204", "304"].contains(&status.as_str()) {
                    assert!(schema.is_null(), "{what} {status}");
                } else if !status.starts_with('2') {
                    assert_eq!(
                        schema["$ref"], "#/components/schemas/Error",
                        "{what} {status}"
                    );
                } else {
                    let envelope = &resolve(schema)["properties"];
                    assert_eq!(envelope["code"]["enum"], json!([0]), "{what}");
                    let list = operation["parameters"].as_array().into_iter().flatten();
                    let list = list
                        .filter(|parameter| parameter["name"] == "cursor")
                        .count()
                        == 1;
                    let data = resolve(&envelope["data"]);
                    let page = data["required"] == json!(["items", "next_cursor"]);
                    assert!(page || !list, "{what} is a list and no page");
                }
            }
        }
    }
    let mut faults = Vec::new();
    vague(&described::DESCRIPTION["components"], "", &mut faults);
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Each operation requires the role that it describes: visitors are told to sign in, and whoever lacks the
/// role is refused.
#[tokio::test]
async fn each_operation_requires_the_role_it_describes() {
    let server = TestServer::start().await;
    let visitor = server.visitor();
    let mut customer = server.program(Role::Customer).await;
    let mut staff = server.program(Role::Staff).await;
    for (path, methods) in operations() {
        let mut filled = path.clone();
        for name in between(&path, "{", '}') {
            filled = filled.replace(&format!("{{{name}}}"), "999999");
        }
        for (method, operation) in methods {
            let what = format!("{method} {path}");
            let verb = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            let security = operation["security"].as_array().expect("security");
            let open = security[0] == json!({});
            let role = security[0]["bearer"][0].as_str().unwrap_or_default();
            let ask = async |client: &mut Client| {
                client
                    .send_json(verb.clone(), &filled, json!({}))
                    .await
                    .status
            };
            let asked = ask(&mut visitor.clone()).await == StatusCode::UNAUTHORIZED;
            assert_eq!(asked, !open, "{what}");
            let refused = ask(&mut customer).await == StatusCode::FORBIDDEN;
            assert_eq!(refused, !role.is_empty(), "{what}");
            let refused = ask(&mut staff).await == StatusCode::FORBIDDEN;
            assert_eq!(refused, role == "admin", "{what}");
        }
    }
}

/// Every answer that a test gets is held against the description; here each reading operation gives one.
#[tokio::test]
async fn each_operation_that_reads_answers_as_described() {
    let mut company = Company::open().await;
    let order = company.place(1, "wallet").await;
    let mut admin = company.server.program(Role::Admin).await;
    let mut make = async |path: &str, body: Value| {
        let answer = post(&mut admin, path, body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.data()["id"].clone()
    };
    let board = make("/api/v1/boards", json!({ "name": "House" })).await;
    let task = json!({ "title": "Count the shelves", "board_id": board, "due_at": "2026-12-01" });
    let task = make("/api/v1/tasks", task).await;
    let webhook = json!({ "url": "https://hooks.example/orders", "events": ["order.*"] });
    let webhook = make("/api/v1/webhooks", webhook).await;
    let wallet = company.wallet(&company.mei).await;
    let till = make(
        "/api/v1/accounts",
        json!({ "code": "till", "name": "Till" }),
    )
    .await;
    let hold = json!({ "from_account_id": wallet, "to_account_id": till, "amount": 500 });
    let hold = make("/api/v1/holds", hold).await;
    let study = json!({ "code": "HYP24", "title": "Dosing" });
    let study = make("/api/v1/studies", study).await;
    let subject = json!({ "name": "Mei", "age": 54, "project_id": study });
    let subject = make("/api/v1/subjects", subject).await;
    let visit = json!({ "name": "Baseline", "day": 0, "reason": "Protocol" });
    let visit = make(&format!("/api/v1/studies/{study}/visits"), visit).await;
    let reading = json!({ "record_time": "2020-03-01T08:15:00Z", "heart_rate": 72, "blood_pressure": "120/80" });
    let reading = make(&format!("/api/v1/subjects/{subject}/vital-signs"), reading).await;
    let headers = [
        ("content-type", "text/csv"),
        ("sec-fetch-site", "same-origin"),
    ];
    let file =
        "patient_id,record_time,heart_rate,blood_pressure\nnobody,2020-03-01T08:15:00Z,72,120/80\n";
    let import = format!("/api/v1/imports?project_id={study}");
    let import = admin
        .send(Method::POST, &import, &headers, Body::from(file))
        .await;
    let import = import.data()["id"].clone();
    let enrolled = json!({ "status": "enrolled", "version": 1, "reason": "Eligible" });
    let enrolled = admin
        .send_json(
            Method::PATCH,
            &format!("/api/v1/subjects/{subject}"),
            enrolled,
        )
        .await;
    assert_eq!(enrolled.status, StatusCode::OK, "{}", enrolled.body);
    let captured = post(
        &mut admin,
        &format!("/api/v1/holds/{}/capture", hold.as_str().expect("an id")),
        json!({}),
    )
    .await;
    let transfer = captured.data()["transfer"]["id"].clone();
    let category = admin.api("/api/v1/categories").await.data()["items"][0]["id"].clone();
    let (user, product) = (company.mei.id(), company.product);
    company
        .mei
        .send_json(
            Method::PUT,
            &format!("/api/v1/cart/items/{product}"),
            json!({ "quantity": 2 }),
        )
        .await;
    let (hold, transfer) = (
        hold.as_str().expect("an id"),
        transfer.as_str().expect("an id"),
    );
    let paths = [
        format!("/api/v1/accounts/{wallet}"),
        format!("/api/v1/accounts/{wallet}/entries"),
        "/api/v1/accounts".to_owned(),
        format!("/api/v1/boards/{board}"),
        "/api/v1/boards".to_owned(),
        format!("/api/v1/categories/{category}"),
        "/api/v1/categories".to_owned(),
        "/api/v1/events/dead".to_owned(),
        format!("/api/v1/holds/{hold}"),
        format!("/api/v1/imports/{import}"),
        format!("/api/v1/imports/{import}/exports/faults.csv"),
        format!("/api/v1/imports/{import}/faults"),
        format!("/api/v1/imports?project_id={study}"),
        "/api/v1/me".to_owned(),
        "/api/v1/ops/conservation".to_owned(),
        "/api/v1/ops/log-filter".to_owned(),
        format!("/api/v1/orders/{order}"),
        format!("/api/v1/orders/{order}/events"),
        "/api/v1/orders?limit=1".to_owned(),
        format!("/api/v1/products/{product}"),
        format!("/api/v1/products/{product}/stock"),
        "/api/v1/products".to_owned(),
        format!("/api/v1/studies/{study}"),
        format!("/api/v1/studies/{study}/audit"),
        format!("/api/v1/studies/{study}/exports/subjects.jsonl"),
        format!("/api/v1/studies/{study}/members"),
        format!("/api/v1/studies/{study}/odm"),
        format!("/api/v1/studies/{study}/missed-visits"),
        format!("/api/v1/studies/{study}/visits"),
        format!("/api/v1/studies/{study}/vital-signs"),
        "/api/v1/studies".to_owned(),
        format!("/api/v1/subjects/{subject}"),
        format!("/api/v1/subjects/{subject}/signatures"),
        format!("/api/v1/subjects/{subject}/visits"),
        format!("/api/v1/subjects/{subject}/visits/{visit}/signatures"),
        format!("/api/v1/subjects/{subject}/vital-signs"),
        format!("/api/v1/subjects/{subject}/vital-signs/{reading}"),
        "/api/v1/subjects".to_owned(),
        format!("/api/v1/tasks/{task}"),
        "/api/v1/tasks".to_owned(),
        format!("/api/v1/transfers/{transfer}"),
        format!("/api/v1/users/{user}"),
        "/api/v1/users?limit=1".to_owned(),
        format!("/api/v1/webhooks/{webhook}"),
        format!("/api/v1/webhooks/{webhook}/deliveries"),
        "/api/v1/webhooks/inbox".to_owned(),
        "/api/v1/webhooks".to_owned(),
    ];
    let mut read = BTreeSet::new();
    for path in &paths {
        assert_eq!(admin.api(path).await.status, StatusCode::OK, "{path}");
        read.insert(described::template(path).expect("described"));
    }
    for path in ["/api/v1/cart", "/api/v1/wallet"] {
        assert_eq!(company.mei.api(path).await.status, StatusCode::OK, "{path}");
        read.insert(path);
    }
    let operations = operations();
    let all = operations
        .iter()
        .filter(|(_, methods)| methods.contains_key("get"));
    let all: BTreeSet<_> = all.map(|(path, _)| path.as_str()).collect();
    assert_eq!(read, all);
}
