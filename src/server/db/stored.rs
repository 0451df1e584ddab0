//! Storage of our own types in the database, on both engines alike.
//!
//! A slice declares its types beside its SQL, in its store: `stored_as_word!(Role);`

use crate::clock::Timestamp;
use crate::i18n::{Multilingual, Translations};
use crate::money::Currency;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

/// Stores a type as its `$repr`, on both engines: instants as numbers, choices as words.
macro_rules! stored_as {
    ($type:ty, $repr:ty, $to:expr, $from:expr) => {
        impl<DB: sqlx::Database> sqlx::Type<DB> for $type
        where
            $repr: sqlx::Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <$repr as sqlx::Type<DB>>::type_info()
            }

            fn compatible(info: &DB::TypeInfo) -> bool {
                <$repr as sqlx::Type<DB>>::compatible(info)
            }
        }

        impl<'q, DB: sqlx::Database> sqlx::Encode<'q, DB> for $type
        where
            $repr: sqlx::Encode<'q, DB>,
        {
            fn encode_by_ref(
                &self,
                buffer: &mut <DB as sqlx::Database>::ArgumentBuffer,
            ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                let stored: $repr = ($to)(self);
                <$repr as sqlx::Encode<'q, DB>>::encode(stored, buffer)
            }
        }

        impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for $type
        where
            $repr: sqlx::Decode<'r, DB>,
        {
            fn decode(
                value: <DB as sqlx::Database>::ValueRef<'r>,
            ) -> Result<Self, sqlx::error::BoxDynError> {
                ($from)(<$repr as sqlx::Decode<'r, DB>>::decode(value)?)
            }
        }
    };
}

/// Stores a choice (an enum with `as_str` and `FromStr`) as its word.
macro_rules! stored_as_word {
    ($($type:ty),+ $(,)?) => {
        $($crate::server::stored_as!($type, String, |word: &$type| word.as_str().to_owned(), |word: String| {
            Ok(word.parse::<$type>()?)
        });)+
    };
}

pub(crate) use {stored_as, stored_as_word};

stored_as!(Timestamp, i64, |at: &Timestamp| at.micros(), |micros| Ok(
    Timestamp(micros)
));

stored_as!(
    Currency,
    String,
    |currency: &Currency| currency.code().to_owned(),
    |code: String| Ok(code.parse::<Currency>()?)
);

// Most have none.
stored_as!(
    Translations,
    String,
    |translations: &Translations| serde_json::json!(translations).to_string(),
    |json: String| match json.as_str() {
        "{}" => Ok(Translations::default()),
        json => Ok(serde_json::from_str(json)?),
    }
);

/// Reads the name of a row from its columns `name` and `name_translations`.
impl<'r, R: Row> FromRow<'r, R> for Multilingual
where
    &'static str: ColumnIndex<R>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Translations: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        let first: String = row.try_get("name")?;
        Ok(Self::new(first, row.try_get("name_translations")?))
    }
}
