//! JSON request bodies: each is declared as JSON, and is an object.

use super::extract::cause;
use crate::error::AppError;
use crate::i18n::t;
use axum::body::Bytes;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;

/// A JSON body: an object, declared as JSON.
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let said = is_json(request.headers());
        let body = Bytes::from_request(request, state).await?;
        if said {
            read_json(&body)
        } else {
            Err(no_json())
        }
    }
}

/// A JSON body, or the default if nothing is sent at all. Whatever is sent counts.
pub struct OptionalJson<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalJson<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let said = is_json(request.headers());
        let typed = request.headers().contains_key(header::CONTENT_TYPE);
        let body = Bytes::from_request(request, state).await?;
        match said {
            true => read_json(&body).map(|Json(value)| Self(value)),
            false if body.is_empty() && !typed => Ok(Self(T::default())),
            false => Err(no_json()),
        }
    }
}

/// Returns true for `application/json`, or a type that is built on it.
fn is_json(headers: &HeaderMap) -> bool {
    let said = headers.get(header::CONTENT_TYPE);
    let said = said
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = said.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    let kind = essence.strip_prefix("application/");
    kind.is_some_and(|kind| kind == "json" || kind.ends_with("+json"))
}

fn no_json() -> AppError {
    AppError::unsupported(t!("server-send-json"))
}

fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<Json<T>, AppError> {
    let begins = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if begins != Some(&b'{') && serde_json::from_slice::<IgnoredAny>(body).is_ok() {
        return Err(AppError::not_an_object());
    }
    let axum::Json(Object(value)) = axum::Json::from_bytes(body)?;
    Ok(Json(value))
}

/// A value read from a JSON object only. By itself serde accepts an array as well, even one that
/// is too short where fields have defaults: `[]` would be an order to do the usual.
#[derive(Clone, Debug)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields))
            }
        }

        deserializer
            .deserialize_map(Fields(PhantomData))
            .map(Object)
    }
}

/// Reads a field as an `Object`: `#[serde(deserialize_with = "object")]`.
pub fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Object::deserialize(from).map(|Object(value)| value)
}

/// Reads a list of such objects.
pub fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    let all = Vec::<Object<T>>::deserialize(from)?;
    Ok(all.into_iter().map(|Object(value)| value).collect())
}

/// Reads such a list, which may be absent.
pub fn some_objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<Vec<T>>, D::Error> {
    let all = Option::<Vec<Object<T>>>::deserialize(from)?;
    Ok(all.map(|all| all.into_iter().map(|Object(value)| value).collect()))
}

impl From<JsonRejection> for AppError {
    fn from(rejection: JsonRejection) -> Self {
        match rejection {
            JsonRejection::MissingJsonContentType(_) => no_json(),
            JsonRejection::BytesRejection(rejection) => rejection.into(),
            JsonRejection::JsonSyntaxError(error) => {
                Self::unreadable(t!("server-body-no-json", cause = cause(&error)))
            }
            error => Self::unreadable(t!("server-body-misfit", cause = cause(&error))),
        }
    }
}

/// A field of a change: left alone, cleared, or set to a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    #[default]
    Absent,
    Null,
    Value(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}

impl<T> Field<T> {
    /// Converts a value that is always sent; `None` clears the field.
    pub fn sent(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}
