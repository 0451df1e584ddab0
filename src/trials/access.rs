//! Access to studies: who may see one, and do what in it.

use super::study::store;
use super::{Study, StudyRole};
use crate::accounts::User;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::Conn;

/// The rights of a user in one study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    pub role: Option<StudyRole>,
    admin: bool,
}

impl Rights {
    /// The rights of a user with this role in the study; `None` if they may not know that it exists.
    pub fn of(user: &User, role: Option<StudyRole>) -> Option<Self> {
        let admin = user.role.is_admin();
        (admin || role.is_some()).then_some(Self { role, admin })
    }

    /// Returns true if they may change the study itself: its plan, sites, arms and people.
    pub const fn manages(self) -> bool {
        self.admin
    }

    /// Returns true if they may register subjects, change them, and know their names.
    pub fn coordinates(self) -> bool {
        self.role == Some(StudyRole::Coordinator)
    }

    /// Refuses whoever may not change the study itself.
    pub fn check_manages(self) -> Result<(), AppError> {
        match self.manages() {
            true => Ok(()),
            false => Err(AppError::forbidden(t!("trials-admins-only"))),
        }
    }

    /// Refuses whoever may not register or change subjects.
    pub fn check_coordinates(self) -> Result<(), AppError> {
        match self.coordinates() {
            true => Ok(()),
            false => Err(AppError::forbidden(t!("trials-coordinators-only"))),
        }
    }
}

pub fn no_such_study() -> AppError {
    AppError::not_found("study")
}

/// Returns the study with this id, and what `user` may do in it.
pub async fn visible_study(
    conn: &mut Conn,
    user: &User,
    id: i64,
) -> Result<(Study, Rights), AppError> {
    let study = store::find_study(conn, id).await?;
    with_rights(conn, user, study).await
}

/// Returns the study with this code, and what `user` may do in it.
pub async fn visible_study_called(
    conn: &mut Conn,
    user: &User,
    code: &str,
) -> Result<(Study, Rights), AppError> {
    let study = store::find_study_called(conn, code).await?;
    with_rights(conn, user, study).await
}

async fn with_rights(
    conn: &mut Conn,
    user: &User,
    study: Option<Study>,
) -> Result<(Study, Rights), AppError> {
    let study = study.ok_or_else(no_such_study)?;
    let role = store::find_role(conn, study.id, user.id).await?;
    let rights = Rights::of(user, role).ok_or_else(no_such_study)?;
    Ok((study, rights))
}
