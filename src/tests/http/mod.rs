//! HTTP: the middleware, and the manners of every answer.

pub mod api_description;
pub mod audience;
pub mod bodies;
pub mod compression;
pub mod cookies;
pub mod cors;
pub mod documents;
pub mod gates;
pub mod idempotency;
pub mod limits;
pub mod lookups;
pub mod odd_requests;
pub mod overload;
pub mod queries;
pub mod statics;
