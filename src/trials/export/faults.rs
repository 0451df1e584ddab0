//! The faults of an import's file, in its order.

use super::list::{Format, List, file};
use crate::i18n::t;
use crate::server::{App, Conn};
use crate::trials::imports::fault_store::{FaultFilter, FaultLine, list_faults};
use crate::words::words;
use axum::response::Response;
use serde::Serialize;

words!(
    /// A file of an import's export.
    pub enum FaultsFile {
        Csv = "faults.csv",
        JsonLines = "faults.jsonl",
    }
);

/// Responds with the faults of an import into this study; with those of one code, unless it is empty.
pub fn faults_file(
    app: App,
    study: &str,
    import: i64,
    code: String,
    wanted: FaultsFile,
) -> Response {
    let filter = FaultFilter {
        import,
        code,
        after: 0,
    };
    let name = format!("{study}-import-{import}-{wanted}");
    let format = Format::of(wanted.as_str());
    file(app, Faults { filter }, format, &name)
}

struct Faults {
    filter: FaultFilter,
}

impl List for Faults {
    type Row = FaultLine;

    async fn read(&mut self, conn: &mut Conn, limit: i64) -> sqlx::Result<Vec<FaultLine>> {
        let lines = list_faults(conn, &self.filter, limit).await?;
        if let Some(last) = lines.last() {
            self.filter.after = last.seq;
        }
        Ok(lines)
    }

    fn columns(&self) -> Vec<&'static str> {
        vec![
            t!("trials-row"),
            t!("trials-line"),
            t!("trials-column"),
            t!("trials-found"),
            t!("trials-code"),
            t!("trials-fault"),
            t!("trials-suggestion"),
        ]
    }

    fn values(&self, line: &FaultLine) -> Vec<String> {
        let fault = &line.fault;
        vec![
            fault.row_no.to_string(),
            fault.line_no.to_string(),
            fault.column_name.clone(),
            fault.found.clone(),
            fault.code.clone(),
            fault.message(),
            fault.suggestion.clone().unwrap_or_default(),
        ]
    }

    fn body(&self, line: &FaultLine) -> impl Serialize {
        line.fault.body()
    }
}
