//! The enrolment of a study by site and state, and whether its subjects' numbers are without a gap.

use super::store::{StateCount, count_numbers, count_subjects, list_sites};
use crate::server::Conn;
use crate::trials::{Site, SubjectStatus};

/// The subjects of one site.
#[derive(Clone, Debug)]
pub struct SiteFigures {
    pub site: Site,
    /// In the order of [`SubjectStatus::ALL`].
    pub by_status: [i64; SubjectStatus::ALL.len()],
    /// True if the numbers are 1, 2, 3 and so on to the last that was given.
    pub contiguous: bool,
}

impl SiteFigures {
    pub fn subjects(&self) -> i64 {
        self.by_status.iter().sum()
    }

    fn of(site: Site, counts: &[StateCount], numbers: &[(i64, i64, i64, i64)]) -> Self {
        let count = |status: SubjectStatus| {
            let found = counts
                .iter()
                .find(|it| it.site_id == site.id && it.status == status);
            found.map_or(0, |it| it.subjects)
        };
        let found = numbers.iter().find(|(id, ..)| *id == site.id);
        let contiguous = match found {
            Some((_, subjects, first, last)) => {
                *first == 1 && subjects == last && *last == site.last_ordinal
            }
            None => site.last_ordinal == 0,
        };
        Self {
            by_status: SubjectStatus::ALL.map(count),
            contiguous,
            site,
        }
    }
}

/// The enrolment of a study, by site.
#[derive(Clone, Debug)]
pub struct Enrolment {
    pub sites: Vec<SiteFigures>,
}

impl Enrolment {
    /// The number of subjects that were enrolled and have not withdrawn.
    pub fn enrolled(&self) -> i64 {
        self.count(SubjectStatus::Enrolled) + self.count(SubjectStatus::Completed)
    }

    pub fn count(&self, status: SubjectStatus) -> i64 {
        let index = SubjectStatus::ALL.iter().position(|it| *it == status);
        let index = index.unwrap_or_default();
        self.sites.iter().map(|site| site.by_status[index]).sum()
    }
}

/// Reads the enrolment of a study. The caller reads a snapshot, so that the counts belong together.
pub async fn read_enrolment(conn: &mut Conn, study: i64) -> sqlx::Result<Enrolment> {
    let sites = list_sites(conn, study).await?;
    let counts = count_subjects(conn, study).await?;
    let numbers = count_numbers(conn, study).await?;
    let figures = |site| SiteFigures::of(site, &counts, &numbers);
    Ok(Enrolment {
        sites: sites.into_iter().map(figures).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_and_a_double_are_seen() {
        let site = Site {
            id: 1,
            code: "01".to_owned(),
            name: "Basel".to_owned(),
            last_ordinal: 3,
        };
        for (numbers, contiguous) in [
            (&[(1, 3, 1, 3)][..], true),
            (&[(1, 2, 1, 3)], false),
            (&[(1, 3, 1, 4)], false),
            (&[(1, 2, 2, 3)], false),
            (&[(1, 2, 1, 2)], false),
            (&[], false),
        ] {
            let figures = SiteFigures::of(site.clone(), &[], numbers);
            assert_eq!(figures.contiguous, contiguous, "{numbers:?}");
        }
    }
}
