//! The OpenAPI description of the JSON API: what its operations share is declared here, once.
//!
//! A handler's annotation declares only its own: its input, its output, and whom it asks for. The
//! envelope, the errors and the authentication follow from these by rule.

use super::schemas::choices;
use serde_json::{Value, json};
use utoipa::openapi::path::{Operation, Parameter, ParameterIn, PathItem};
use utoipa::openapi::schema::{Components, Object, Schema, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Content, HeaderBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};

const JSON: &str = "application/json";

/// An error. `code` is stable: 1xxx for the system, 2xxx for the input, 3xxx for a business rule.
#[derive(ToSchema)]
#[allow(dead_code)]
struct Error {
    #[schema(minimum = 1000, maximum = 3999)]
    code: u16,
    /// A sentence a person can act on.
    message: String,
    /// The errors by field, if the input is at fault.
    errors: Option<std::collections::BTreeMap<String, String>>,
    /// The request's id, for finding its lines in the log.
    trace_id: String,
}

/// The errors that a request may get: the status, the name in the description, and the condition.
const REFUSALS: [(u16, &str, &str); 11] = [
    (400, "NotAnObject", "The body is JSON, but no object."),
    (
        401,
        "Unauthenticated",
        "Nobody is signed in, or the token sent is not, or no longer, good.",
    ),
    (
        403,
        "Forbidden",
        "Not for this person; or with a cookie, and from another site.",
    ),
    (
        404,
        "NotFound",
        "There is no such thing, or it is not this person's to see.",
    ),
    (
        409,
        "Conflict",
        "The world moved on in between; `code` says how.",
    ),
    (413, "TooLarge", "The body is larger than the server takes."),
    (
        415,
        "Unsupported",
        "The body does not say that it is JSON: `Content-Type: application/json`.",
    ),
    (
        422,
        "Invalid",
        "The input is at fault; `errors` says where.",
    ),
    (
        429,
        "TooMany",
        "Too many requests; `Retry-After` says how many seconds to wait, and `RateLimit` before what is left.",
    ),
    (
        500,
        "Internal",
        "Our fault. The log has more under the `trace_id`.",
    ),
    (
        503,
        "Unavailable",
        "Busy, or the deadline passed. Trying again after `Retry-After` may work.",
    ),
];

/// Adds to every operation what all of its kind share.
pub fn complete(api: &mut OpenApi) {
    let components = api.components.get_or_insert_default();
    for (path, item) in &mut api.paths.paths {
        for (safe, operation) in operations(item) {
            complete_operation(path, safe, operation, components);
        }
    }
    for (status, name, when) in REFUSALS {
        let response = headers_of(status, refusal(when)).build();
        components
            .responses
            .insert(name.to_owned(), response.into());
    }
    let error = (<Error as ToSchema>::name().into_owned(), Error::schema());
    components.schemas.extend(choices().chain([error]));
    components.add_security_scheme(BEARER, bearer());
    components.add_security_scheme(SESSION, session());
}

const BEARER: &str = "bearer";
const SESSION: &str = "session";

fn bearer() -> SecurityScheme {
    let about = "An access token, from `POST /api/v1/auth/login`.";
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
    SecurityScheme::Http(scheme.bearer_format("JWT").description(Some(about)).build())
}

fn session() -> SecurityScheme {
    let about = "A browser's session; `__Host-session` under https. What changes something has to come \
                 from the site's own pages.";
    let cookie = ApiKeyValue::with_description("session", about);
    SecurityScheme::ApiKey(ApiKey::Cookie(cookie))
}

/// Returns the operations of a path, each with true if it only reads.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let safe = [&mut item.get].into_iter().map(|slot| (true, slot));
    let changing = [
        &mut item.post,
        &mut item.put,
        &mut item.patch,
        &mut item.delete,
    ];
    let changing = changing.into_iter().map(|slot| (false, slot));
    let found = |(safe, slot): (bool, _)| Option::as_mut(slot).map(|found| (safe, found));
    safe.chain(changing).filter_map(found)
}

fn complete_operation(path: &str, safe: bool, operation: &mut Operation, all: &mut Components) {
    let staff_only = add_security(operation);
    let parameters = operation.parameters.iter_mut().flatten();
    parameters.for_each(|parameter| {
        if let RefOr::T(parameter) = parameter {
            bound(parameter);
        }
    });
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response {
            complete_response(status, response, all);
        }
    }
    let has = |condition: bool, status: u16| condition.then_some(status);
    let takes_body = operation.request_body.is_some();
    let takes = takes_body
        || operation
            .parameters
            .as_ref()
            .is_some_and(|all| !all.is_empty());
    // The thing made under a key may be gone when the request is repeated.
    let keyed = operation.parameters.iter().flatten().any(
        |parameter| matches!(parameter, RefOr::T(parameter) if parameter.name == "Idempotency-Key"),
    );
    let possible = [
        has(takes_body, 400),
        Some(401),
        has(staff_only || !safe, 403),
        has(keyed || path.contains('{'), 404),
        has(!safe, 413),
        has(takes_body, 415),
        has(takes, 422),
        Some(429),
        Some(500),
        Some(503),
    ];
    for status in possible.into_iter().flatten() {
        let shared = REFUSALS.iter().find(|refusal| refusal.0 == status);
        if let Some((_, name, _)) = shared {
            let shared = Ref::from_response_name(*name);
            let responses = &mut operation.responses.responses;
            responses
                .entry(status.to_string())
                .or_insert(RefOr::Ref(shared));
        }
    }
}

/// Adds the authentication, by token or session; by default anybody signed in is let in.
/// Returns true if a role is required.
fn add_security(operation: &mut Operation) -> bool {
    let said = operation.security.take();
    let said = serde_json::to_value(&said).unwrap_or_default();
    let roles: Vec<String> = said[0][BEARER]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|role| role.as_str().map(str::to_owned))
        .collect();
    let either = [BEARER, SESSION].map(|scheme| SecurityRequirement::new(scheme, roles.clone()));
    let nobody = (said == json!([{}])).then(SecurityRequirement::default);
    operation.security = Some(nobody.into_iter().chain(either).collect());
    !roles.is_empty()
}

/// Sets the schema of a parameter that is the same wherever it occurs.
fn bound(parameter: &mut Parameter) {
    let limits = match (parameter.name.as_str(), &parameter.parameter_in) {
        ("limit", ParameterIn::Query) => json!({
            "type": "integer", "format": "int64", "minimum": 1, "maximum": 100, "default": 50,
        }),
        ("cursor", ParameterIn::Query) => {
            json!({ "type": "string", "maxLength": super::db::LONGEST_CURSOR })
        }
        ("Idempotency-Key", ParameterIn::Header) => json!({
            "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$",
        }),
        _ => return,
    };
    parameter.schema = serde_json::from_value(limits).ok();
}

/// Completes a response: a description if it has none, the envelope or, for a refusal, an [`Error`].
fn complete_response(status: &str, response: &mut Response, all: &mut Components) {
    if response.description.is_empty() {
        let said = if status == "201" {
            "Made. `Location` says where it is."
        } else {
            "As asked for."
        };
        response.description = said.to_owned();
    }
    if status.starts_with('4') {
        let number = status.parse().unwrap_or_default();
        *response = headers_of(number, refusal(&response.description)).build();
        return;
    }
    if status == "201" {
        let location = HeaderBuilder::new().schema(Some(String::schema()));
        response
            .headers
            .insert("Location".into(), location.build().into());
    }
    let Some(RefOr::T(content)) = response.content.get_mut(JSON) else {
        return;
    };
    if let Some(RefOr::Ref(data)) = content.schema.take() {
        let name = data.ref_location.rsplit('/').next().unwrap_or_default();
        let name = format!("{name}Answer");
        content.schema = Some(Ref::from_schema_name(&name).into());
        all.schemas.insert(name, envelope(data));
    }
}

/// Returns the schema of `{"code":0,"message":"ok","data":…}`.
fn envelope(data: Ref) -> RefOr<Schema> {
    let word = |value: Value, kind: Type| {
        Object::builder()
            .schema_type(kind)
            .enum_values(Some([value]))
    };
    Object::builder()
        .property("code", word(json!(0), Type::Integer))
        .property("message", word(json!("ok"), Type::String))
        .property("data", data)
        .required("code")
        .required("message")
        .required("data")
        .into()
}

fn refusal(when: &str) -> ResponseBuilder {
    let schema = Ref::from_schema_name(<Error as ToSchema>::name());
    ResponseBuilder::new()
        .description(when)
        .content(JSON, Content::new(Some(schema)))
}

/// Adds the headers that go with a status.
fn headers_of(status: u16, response: ResponseBuilder) -> ResponseBuilder {
    match status {
        401 => {
            let text = HeaderBuilder::new().schema(Some(String::schema())).build();
            response.header("WWW-Authenticate", text)
        }
        429 | 503 => {
            let seconds = HeaderBuilder::new().schema(Some(u32::schema())).build();
            response.header("Retry-After", seconds)
        }
        _ => response,
    }
}
