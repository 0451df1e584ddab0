//! Reading signatures, and finding out which of them still hold.

use super::content::{Content, Signed};
use super::store::{Signature, list_signatures};
use crate::clock::Timestamp;
use crate::server::Conn;
use crate::trials::Subject;
use crate::trials::visits::{SubjectVisit, VisitState, midnight, read_visits};
use crate::trials::vitals::Reading;
use crate::trials::vitals::store::{ReadingFilter, list_readings};
use std::collections::HashMap;

/// The readings that are read at once.
const AT_ONCE: i64 = 1_000;

/// The readings of a visit that are shown where it is signed.
pub const SHOWN: usize = 20;

/// The signatures on a subject's page.
pub const MOST: i64 = 100;

/// The present content of a visit.
#[derive(Clone, Debug)]
pub struct Present {
    pub hash: String,
    /// The number of readings in the window.
    pub readings: usize,
    /// The first [`SHOWN`] of them, the latest first.
    pub shown: Vec<Reading>,
}

/// A signature, and whether it holds.
#[derive(Clone, Debug)]
pub struct Judged {
    pub signature: Signature,
    /// False if what was signed has changed since.
    pub holds: bool,
}

/// Reads what a visit of a subject consists of; `None` if it is not done. `study` is the study's code.
pub async fn read_present(
    conn: &mut Conn,
    study: &str,
    subject: &Subject,
    visit: &SubjectVisit,
) -> sqlx::Result<Option<Present>> {
    if visit.state != VisitState::Done {
        return Ok(None);
    }
    let mut content = Content::of(Signed {
        study,
        subject: &subject.number,
        visit: &visit.visit.name,
        window: visit.window,
    });
    let (mut readings, mut shown) = (0, Vec::new());
    // No id is below the lowest, so the first page begins before the midnight that ends the window.
    let mut before = (midnight(visit.window.last + 1), i64::MIN);
    loop {
        let filter = ReadingFilter {
            since: Some(midnight(visit.window.first)),
            before: Some(before),
            ..ReadingFilter::of(subject.id)
        };
        let page = list_readings(conn, filter, AT_ONCE).await?;
        let more = page.len() as i64 == AT_ONCE;
        let last = page.last().map(|it| (it.recorded_at, it.id));
        for reading in page {
            content.add(&reading);
            readings += 1;
            if shown.len() < SHOWN {
                shown.push(reading);
            }
        }
        match last.filter(|_| more) {
            Some(last) => before = last,
            None => break,
        }
    }
    Ok(Some(Present {
        hash: content.hash(),
        readings,
        shown,
    }))
}

/// Finds out which of a subject's signatures hold.
pub async fn judge(
    conn: &mut Conn,
    study: &str,
    subject: &Subject,
    signatures: Vec<Signature>,
    now: Timestamp,
) -> sqlx::Result<Vec<Judged>> {
    let mut hashes: HashMap<String, String> = HashMap::new();
    for visit in read_visits(conn, subject, now).await? {
        let name = &visit.visit.name;
        if signatures.iter().any(|it| &it.visit == name)
            && let Some(present) = read_present(conn, study, subject, &visit).await?
        {
            hashes.insert(visit.visit.name, present.hash);
        }
    }
    let judged = signatures.into_iter().map(|signature| Judged {
        holds: hashes.get(&signature.visit) == Some(&signature.content_hash),
        signature,
    });
    Ok(judged.collect())
}

/// A visit on a subject's page: its signatures, and what would be signed now.
#[derive(Clone, Debug)]
pub struct VisitSignatures {
    /// The visit's name.
    pub visit: String,
    /// The id of the visit and what it consists of, if it can be signed.
    pub present: Option<(i64, Present)>,
    /// The latest first.
    pub signatures: Vec<Judged>,
    /// True if older ones of the subject are left out.
    pub cut: bool,
}

/// Reads the visits of a subject that were signed, and, for those who may sign, those that can be; by day, and those that
/// are planned no more at the end.
pub async fn read_visit_signatures(
    conn: &mut Conn,
    study: &str,
    subject: &Subject,
    visits: &[SubjectVisit],
    signs: bool,
) -> sqlx::Result<Vec<VisitSignatures>> {
    let mut signatures = list_signatures(conn, subject.id, None, None, MOST + 1).await?;
    let cut = signatures.len() as i64 > MOST;
    signatures.truncate(MOST as usize);
    let mut found = Vec::new();
    for visit in visits {
        let own: Vec<_>;
        (own, signatures) = signatures
            .into_iter()
            .partition(|it| it.visit == visit.visit.name);
        if !signs && own.is_empty() {
            continue;
        }
        let present = read_present(conn, study, subject, visit).await?;
        if present.is_none() && own.is_empty() {
            continue;
        }
        let hash = present.as_ref().map(|it| it.hash.clone());
        let judged = own.into_iter().map(|signature| Judged {
            holds: Some(&signature.content_hash) == hash.as_ref(),
            signature,
        });
        found.push(VisitSignatures {
            visit: visit.visit.name.clone(),
            signatures: judged.collect(),
            present: present
                .filter(|_| signs)
                .map(|present| (visit.visit.id, present)),
            cut,
        });
    }
    while let Some(visit) = signatures.first().map(|it| it.visit.clone()) {
        let own: Vec<_>;
        (own, signatures) = signatures.into_iter().partition(|it| it.visit == visit);
        let void = |signature| Judged {
            signature,
            holds: false,
        };
        found.push(VisitSignatures {
            visit,
            present: None,
            signatures: own.into_iter().map(void).collect(),
            cut,
        });
    }
    Ok(found)
}
