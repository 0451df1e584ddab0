//! JSON API schemas of types with a form of their own: times, and choices among words.

use crate::{accounts, catalog, clock, events, ledger, money, orders, tasks, trials};
use std::borrow::Cow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, Object, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

impl PartialSchema for clock::Timestamp {
    fn schema() -> RefOr<Schema> {
        Object::builder()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("RFC 3339, UTC."))
            .into()
    }
}

impl ToSchema for clock::Timestamp {}

/// Implements the schema of a choice among words, under a name that says what is chosen.
macro_rules! choices {
    ($($type:ty, $name:literal, $word:ident;)+) => {
        $(impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                let words = <$type>::ALL.iter().map(|known| known.$word());
                Object::builder().schema_type(Type::String).enum_values(Some(words)).into()
            }
        }

        impl ToSchema for $type {
            fn name() -> Cow<'static, str> {
                $name.into()
            }
        })+

        /// Returns all of them: those that only a parameter names are in the description as well.
        pub fn choices() -> impl Iterator<Item = (String, RefOr<Schema>)> {
            vec![$(($name.to_owned(), <$type>::schema())),+].into_iter()
        }
    };
}

choices! {
    accounts::Role, "Role", as_str;
    catalog::Sort, "ProductSort", as_str;
    events::DeliveryState, "DeliveryState", as_str;
    events::InboxState, "InboxState", as_str;
    events::Source, "Source", as_str;
    ledger::HoldStatus, "HoldStatus", as_str;
    ledger::Kind, "TransferKind", as_str;
    ledger::Side, "Side", as_str;
    money::Currency, "Currency", code;
    orders::Delivery, "Delivery", as_str;
    orders::Payment, "Payment", as_str;
    orders::RefundTo, "RefundTo", as_str;
    orders::Status, "OrderStatus", as_str;
    orders::Step, "OrderStep", as_str;
    tasks::Due, "DueFilter", as_str;
    trials::ExportFile, "ExportFile", as_str;
    trials::FaultsFile, "FaultsFile", as_str;
    trials::ImportStatus, "ImportStatus", as_str;
    trials::Meaning, "SignatureMeaning", as_str;
    trials::VisitState, "VisitState", as_str;
    trials::Sex, "Sex", as_str;
    trials::StudyRole, "StudyRole", as_str;
    trials::StudyStatus, "StudyStatus", as_str;
    trials::SubjectStatus, "SubjectStatus", as_str;
    tasks::Priority, "Priority", as_str;
    tasks::Sort, "TaskSort", as_str;
}
