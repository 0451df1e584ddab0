//! The list of subjects, with its filters. Names are in it only if a coordinator asks for them.

use super::list::List;
use crate::clock::Timestamp;
use crate::i18n::t;
use crate::server::{App, Conn};
use crate::trials::subject::store::{SubjectLine, list_subjects};
use crate::trials::subject::{SubjectBody, SubjectFilter};
use crate::trials::{Arm, Site, Subject};
use serde::Serialize;

pub struct Subjects {
    /// For the key that opens names.
    pub app: App,
    pub filter: SubjectFilter,
    pub sites: Vec<Site>,
    pub arms: Vec<Arm>,
    pub with_names: bool,
}

/// A subject, with its name as it is stored.
type Row = (Subject, String);

impl Subjects {
    fn name(&self, (subject, sealed): &Row) -> Option<String> {
        self.with_names.then(|| {
            let name = self.app.name_key.open_if_possible(sealed, &subject.number);
            name.unwrap_or_else(|| t!("trials-name-unreadable").to_owned())
        })
    }
}

impl List for Subjects {
    type Row = Row;

    async fn read(&mut self, conn: &mut Conn, limit: i64) -> sqlx::Result<Vec<Row>> {
        let lines = list_subjects(conn, &self.filter, limit).await?;
        let rows: Vec<Row> = lines.into_iter().map(SubjectLine::into_parts).collect();
        if let Some((last, _)) = rows.last() {
            self.filter.before = last.id;
        }
        Ok(rows)
    }

    fn columns(&self) -> Vec<&'static str> {
        let mut names = vec![
            t!("trials-number"),
            t!("trials-site"),
            t!("trials-age"),
            t!("trials-sex"),
            t!("trials-arm"),
            t!("trials-status"),
            t!("trials-registered"),
            t!("trials-first-enrolled"),
        ];
        if self.with_names {
            names.insert(1, t!("trials-name"));
        }
        names
    }

    fn values(&self, row: &Row) -> Vec<String> {
        let (subject, _) = row;
        let site = self.sites.iter().find(|site| site.id == subject.site_id);
        let arm = self.arms.iter().find(|arm| Some(arm.id) == subject.arm_id);
        let mut values = vec![
            subject.number.clone(),
            site.map(|site| site.code.clone()).unwrap_or_default(),
            subject.age.to_string(),
            subject.sex.to_string(),
            arm.map(|arm| arm.name.clone()).unwrap_or_default(),
            subject.status.to_string(),
            subject.created_at.rfc3339(),
            subject
                .enrolled_at
                .map(Timestamp::rfc3339)
                .unwrap_or_default(),
        ];
        if let Some(name) = self.name(row) {
            values.insert(1, name);
        }
        values
    }

    fn body(&self, row: &Row) -> impl Serialize {
        SubjectBody::new(&row.0, self.name(row), &self.sites, &self.arms)
    }
}
