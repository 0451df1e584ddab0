//! The list of a study's imports, the latest first.

use super::list::{List, text_of};
use crate::clock::Timestamp;
use crate::i18n::t;
use crate::server::Conn;
use crate::trials::imports::store::list_imports;
use crate::trials::imports::{Import, ImportBody};
use serde::Serialize;

pub struct Imports {
    pub study: i64,
    /// The id below which the list continues.
    pub before: i64,
}

impl List for Imports {
    type Row = Import;

    async fn read(&mut self, conn: &mut Conn, limit: i64) -> sqlx::Result<Vec<Import>> {
        let imports = list_imports(conn, self.study, self.before, limit).await?;
        if let Some(last) = imports.last() {
            self.before = last.id;
        }
        Ok(imports)
    }

    fn columns(&self) -> Vec<&'static str> {
        vec![
            t!("trials-import-no"),
            t!("trials-file"),
            t!("trials-audit-when"),
            t!("trials-audit-who"),
            t!("trials-records"),
            t!("trials-good"),
            t!("trials-bad"),
            t!("trials-unusual-values"),
            t!("trials-status"),
            t!("trials-import-reverted"),
            t!("trials-format"),
            t!("trials-columns"),
            "SHA-256",
        ]
    }

    fn values(&self, import: &Import) -> Vec<String> {
        vec![
            import.id.to_string(),
            import.file_name.clone(),
            import.created_at.rfc3339(),
            text_of(import.created_by),
            import.records.to_string(),
            import.good.to_string(),
            import.bad.to_string(),
            import.unusual.to_string(),
            import.status.to_string(),
            text_of(import.reverted_at.map(Timestamp::rfc3339)),
            import.format.clone(),
            import.columns.clone(),
            import.hash.clone(),
        ]
    }

    fn body(&self, import: &Import) -> impl Serialize {
        ImportBody::new(import)
    }
}
