//! Messages of gRPC, and what they stand for.

use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::Field;
use crate::server::rpc::proto::v1;
use crate::trials::subject::{NewSubject, SubjectBody, SubjectChange, SubjectQuery};
use crate::trials::{Sex, SubjectStatus};
use prost_types::Timestamp as Moment;
use serde_json::Value;

const MICROS: i64 = 1_000_000;

fn moment(at: Timestamp) -> Moment {
    Moment {
        seconds: at.micros().div_euclid(MICROS),
        nanos: (at.micros().rem_euclid(MICROS) * 1_000) as i32,
    }
}

fn timestamp(at: Moment) -> Timestamp {
    Timestamp(
        at.seconds
            .saturating_mul(MICROS)
            .saturating_add(i64::from(at.nanos) / 1_000),
    )
}

impl From<Sex> for v1::Sex {
    fn from(sex: Sex) -> Self {
        match sex {
            Sex::Female => Self::Female,
            Sex::Male => Self::Male,
            Sex::Other => Self::Other,
            Sex::Unknown => Self::Unknown,
        }
    }
}

impl From<SubjectStatus> for v1::SubjectStatus {
    fn from(status: SubjectStatus) -> Self {
        match status {
            SubjectStatus::Screened => Self::Screened,
            SubjectStatus::Enrolled => Self::Enrolled,
            SubjectStatus::Completed => Self::Completed,
            SubjectStatus::Withdrawn => Self::Withdrawn,
        }
    }
}

/// Returns the word of a value of an enum; empty for the unspecified one. One that is not known here is a word that
/// nothing is called, so that it is refused where every other word is checked.
fn sex_word(number: i32) -> String {
    match v1::Sex::try_from(number) {
        Ok(v1::Sex::Unspecified) => String::new(),
        Ok(v1::Sex::Female) => Sex::Female.to_string(),
        Ok(v1::Sex::Male) => Sex::Male.to_string(),
        Ok(v1::Sex::Other) => Sex::Other.to_string(),
        Ok(v1::Sex::Unknown) => Sex::Unknown.to_string(),
        Err(_) => number.to_string(),
    }
}

fn status_word(number: i32) -> String {
    match v1::SubjectStatus::try_from(number) {
        Ok(v1::SubjectStatus::Unspecified) => String::new(),
        Ok(v1::SubjectStatus::Screened) => SubjectStatus::Screened.to_string(),
        Ok(v1::SubjectStatus::Enrolled) => SubjectStatus::Enrolled.to_string(),
        Ok(v1::SubjectStatus::Completed) => SubjectStatus::Completed.to_string(),
        Ok(v1::SubjectStatus::Withdrawn) => SubjectStatus::Withdrawn.to_string(),
        Err(_) => number.to_string(),
    }
}

/// Returns the value of an enum that a word is told by, for a gateway. One that is nobody's word is told by a number
/// that is nobody's either.
fn sex_number(word: &str) -> i32 {
    word.parse::<Sex>()
        .map_or(-1, |sex| v1::Sex::from(sex).into())
}

fn status_number(word: &str) -> i32 {
    let status = word.parse::<SubjectStatus>();
    status.map_or(-1, |status| v1::SubjectStatus::from(status).into())
}

impl From<SubjectBody> for v1::Subject {
    fn from(body: SubjectBody) -> Self {
        Self {
            id: body.id,
            number: body.number,
            name: body.name,
            age: body.age,
            sex: v1::Sex::from(body.sex).into(),
            project_id: body.project_id,
            site: body.site,
            arm: body.arm,
            status: v1::SubjectStatus::from(body.status).into(),
            enrolled_at: body.enrolled_at.map(moment),
            version: body.version,
            created_at: Some(moment(body.created_at)),
            updated_at: Some(moment(body.updated_at)),
        }
    }
}

/// Reads a subject that another server sent; what is missing or unknown here is its fault.
pub fn body_of(subject: Option<v1::Subject>) -> Result<SubjectBody, AppError> {
    let odd = || {
        tracing::error!("A server sent a subject that cannot be read");
        AppError::internal()
    };
    let subject = subject.ok_or_else(odd)?;
    let (Some(created_at), Some(updated_at)) = (subject.created_at, subject.updated_at) else {
        return Err(odd());
    };
    Ok(SubjectBody {
        sex: sex_word(subject.sex).parse().map_err(|_| odd())?,
        status: status_word(subject.status).parse().map_err(|_| odd())?,
        id: subject.id,
        number: subject.number,
        name: subject.name,
        age: subject.age,
        project_id: subject.project_id,
        site: subject.site,
        arm: subject.arm,
        enrolled_at: subject.enrolled_at.map(timestamp),
        version: subject.version,
        created_at: timestamp(created_at),
        updated_at: timestamp(updated_at),
    })
}

impl From<v1::CreateSubjectRequest> for NewSubject {
    fn from(request: v1::CreateSubjectRequest) -> Self {
        Self {
            name: Value::String(request.name),
            age: request.age.into(),
            project_id: request.project_id.into(),
            sex: Value::String(sex_word(request.sex)),
            site: Value::String(request.site),
            arm: Value::String(request.arm),
        }
    }
}

/// Reads a subject that is to be registered as a message for another server, and what is wrong with it at first sight.
/// A message of what is wrong registers nobody: it has no name, and the other server tells what else is wrong.
pub fn create_request(input: &NewSubject) -> (v1::CreateSubjectRequest, Result<(), AppError>) {
    let (registration, project_id, checked) = input.read();
    let name = match checked {
        Ok(()) => registration.name,
        Err(_) => String::new(),
    };
    let message = v1::CreateSubjectRequest {
        name,
        age: registration.age,
        project_id,
        sex: v1::Sex::from(registration.sex).into(),
        site: registration.site,
        arm: registration.arm,
    };
    (message, checked)
}

impl From<v1::ListSubjectsRequest> for SubjectQuery {
    fn from(request: v1::ListSubjectsRequest) -> Self {
        Self {
            project_id: request.project_id,
            status: status_word(request.status),
            site: request.site,
            arm: request.arm,
            q: request.number_part,
            ..Self::default()
        }
    }
}

/// Writes a query, whose cursor has been read, as a message for another server.
pub fn list_request(query: &SubjectQuery, before_id: i64, limit: i64) -> v1::ListSubjectsRequest {
    v1::ListSubjectsRequest {
        project_id: query.project_id,
        status: match query.status.as_str() {
            "" => v1::SubjectStatus::Unspecified.into(),
            word => status_number(word),
        },
        site: query.site.clone(),
        arm: query.arm.clone(),
        number_part: query.q.clone(),
        limit,
        before_id,
    }
}

impl From<v1::UpdateSubjectRequest> for SubjectChange {
    fn from(request: v1::UpdateSubjectRequest) -> Self {
        Self {
            name: request.name,
            age: request.age,
            sex: request.sex.map(sex_word),
            arm: match request.arm {
                None => Field::Absent,
                Some(name) if name.is_empty() => Field::Null,
                Some(name) => Field::Value(name),
            },
            status: request.status.map(status_word),
            version: request.version,
            reason: request.reason,
        }
    }
}

/// Writes a change as a message for another server.
pub fn update_request(id: i64, change: &SubjectChange) -> v1::UpdateSubjectRequest {
    v1::UpdateSubjectRequest {
        id,
        version: change.version,
        reason: change.reason.clone(),
        name: change.name.clone(),
        age: change.age,
        sex: change.sex.as_deref().map(sex_number),
        arm: match &change.arm {
            Field::Absent => None,
            Field::Null => Some(String::new()),
            Field::Value(name) => Some(name.clone()),
        },
        status: change.status.as_deref().map(status_number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_comes_out_of_its_message_as_it_went_in() {
        for (sex, status) in Sex::ALL.into_iter().zip(SubjectStatus::ALL) {
            let body = || SubjectBody {
                id: 7,
                number: "HYP24-01-0007".to_owned(),
                name: Some("陈梅".to_owned()),
                age: 54,
                sex,
                project_id: 3,
                site: "01".to_owned(),
                arm: None,
                status,
                enrolled_at: Some(Timestamp(-1)),
                version: 2,
                created_at: Timestamp(1_700_000_000_123_456),
                updated_at: Timestamp(1_700_000_000_999_999),
            };
            let there = body_of(Some(body().into())).expect("reads");
            assert_eq!(there, body());
        }
    }

    #[test]
    fn a_value_that_is_not_known_here_is_a_word_that_nothing_is_called() {
        assert!(sex_word(9).parse::<Sex>().is_err());
        assert!(status_word(9).parse::<SubjectStatus>().is_err());
        assert_eq!(sex_word(sex_number("elephant")), "-1");
        assert!(body_of(None).is_err());
    }
}
