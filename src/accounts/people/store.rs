//! People as the other slices know them: by name.

use crate::accounts::Role;
use crate::accounts::email::{Spellings, search_key};
use crate::i18n::{current, sort_key};
use crate::server::matching::Whereabouts;
use crate::server::{Conn, execute, fetch_all, fetch_optional_scalar, fetch_scalars, matching};
use sqlx::{AssertSqlSafe, FromRow};
use std::collections::HashMap;

/// A person who can sign in, for a list to choose from.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Acquaintance {
    pub id: i64,
    pub name: String,
    pub email: String,
}

/// Returns the people who can sign in, at most `limit`: staff first, by name as the page's reader expects it.
pub async fn list_people(conn: &mut Conn, limit: i64) -> sqlx::Result<Vec<Acquaintance>> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(flatten)]
        person: Acquaintance,
        role: Role,
    }
    let mut rows: Vec<Row> = fetch_all!(
        conn,
        "SELECT id, name, email, role FROM users WHERE active
         ORDER BY role = 'customer', name, id LIMIT $1",
        limit
    )?;
    let language = current();
    rows.sort_by_cached_key(|row| (!row.role.is_staff(), sort_key(&row.person.name, language)));
    Ok(rows.into_iter().map(|row| row.person).collect())
}

/// Returns the names of these people by id, whether or not they can still sign in.
pub async fn find_names(conn: &mut Conn, ids: &[i64]) -> sqlx::Result<HashMap<i64, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = conn.pick(
        "SELECT id, name FROM users WHERE id IN (SELECT value FROM json_each($1))",
        "SELECT id, name FROM users WHERE id IN
             (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS JSON)))",
    );
    let ids = serde_json::json!(ids).to_string();
    let names: Vec<(i64, String)> = fetch_all!(conn, query, ids)?;
    Ok(names.into_iter().collect())
}

/// Returns the id of the person who can sign in with this address; `None` if there is none.
pub async fn find_user_id(conn: &mut Conn, email: &str) -> sqlx::Result<Option<i64>> {
    let Spellings { old, one } = Spellings::of(email);
    fetch_optional_scalar!(
        conn,
        "SELECT id FROM users WHERE (email = $1 OR email_key = $2) AND active
         ORDER BY email = $1 DESC, id LIMIT 1",
        old,
        one
    )
}

/// Returns the people who can sign in and match a short name: the first word of their name, or the local part
/// of their address. At most two, which is enough to know it is ambiguous.
pub async fn find_people_called(conn: &mut Conn, word: &str) -> sqlx::Result<Vec<Acquaintance>> {
    let fits = ["$1", "$2", "$3"].map(|place| matching::fits("search_key", place));
    let query = AssertSqlSafe(format!(
        "SELECT id, name, email FROM users WHERE active AND ({})
         ORDER BY role = 'customer', id LIMIT 2",
        fits.join(" OR ")
    ));
    let email = matching::pattern(Whereabouts::Beginning, &format!("{word}@"));
    let whole = matching::pattern(Whereabouts::Whole, word);
    let first = matching::pattern(Whereabouts::Beginning, &format!("{word} "));
    fetch_all!(conn, query, email, whole, first)
}

/// Returns the ids of people with this in their name or address, at most `limit`.
pub async fn find_ids_named(conn: &mut Conn, text: &str, limit: i64) -> sqlx::Result<Vec<i64>> {
    let fits = matching::fits("search_key", "$1");
    let query = AssertSqlSafe(format!(
        "SELECT id FROM users WHERE {fits} ORDER BY id LIMIT $2"
    ));
    let pattern = matching::pattern(Whereabouts::Anywhere, text);
    fetch_scalars!(conn, query, pattern, limit)
}

/// Rebuilds the search keys of the next people after this id and returns the last id.
pub async fn index_people_again(
    conn: &mut Conn,
    after: i64,
    limit: i64,
) -> sqlx::Result<Option<i64>> {
    let people: Vec<Acquaintance> = fetch_all!(
        conn,
        "SELECT id, name, email FROM users WHERE id > $1 ORDER BY id LIMIT $2",
        after,
        limit
    )?;
    for person in &people {
        execute!(
            conn,
            "UPDATE users SET search_key = $1, email_key = $2 WHERE id = $3",
            search_key(&person.name, &person.email),
            Spellings::of(&person.email).one,
            person.id
        )?;
    }
    Ok(people.last().map(|person| person.id))
}
