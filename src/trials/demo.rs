//! The demo company's study.

use super::audit::{Author, Trail};
use super::imports::{run_import, wanted};
use super::study::store::{has_studies, list_arms, list_sites};
use super::study::{NewSite, NewStudy, create_study_within, set_member_within};
use super::subject::{Registration, SubjectChange, register_within, update_subject};
use super::visits::{NewVisit, add_visit_within};
use super::vitals::{
    NewReading, ReadingChange, correct_reading, record_reading, strike_out_reading,
};
use super::{Sex, Study, StudyRole, Subject, SubjectStatus};
use crate::accounts::{User, find_user, find_user_id};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{App, Conn, Field, execute};

/// The study, which the demo admin creates and the demo staff coordinates.
fn study() -> NewStudy {
    NewStudy {
        code: "HYP24".to_owned(),
        title: "Morning or evening dosing in mild hypertension".to_owned(),
        status: None,
        planned: Some(60),
        sites: ["01 Riverside Clinic", "02 Harbour Hospital"]
            .map(NewSite::named)
            .into(),
        arms: vec!["Morning dose".to_owned(), "Evening dose".to_owned()],
    }
}

/// A subject: name, age, sex, the places of its site and arm in the study's lists, and what became of it.
type Story = (&'static str, i64, Sex, [usize; 2], &'static [Step]);

/// A change of state, and the reason for it.
type Step = (SubjectStatus, &'static str);

const ENROLLED: Step = (SubjectStatus::Enrolled, "Meets all criteria");
const COMPLETED: Step = (SubjectStatus::Completed, "Last visit done");
const MOVED: Step = (SubjectStatus::Withdrawn, "Moved to another city");
const TOO_LOW: Step = (
    SubjectStatus::Withdrawn,
    "Blood pressure too low at screening",
);

const SUBJECTS: [Story; 8] = [
    (
        "Helen Ortiz",
        54,
        Sex::Female,
        [0, 0],
        &[ENROLLED, COMPLETED],
    ),
    ("周明", 61, Sex::Male, [0, 1], &[ENROLLED]),
    ("Amara Nwosu", 47, Sex::Female, [1, 0], &[ENROLLED]),
    ("Tomasz Lis", 58, Sex::Male, [0, 1], &[ENROLLED, MOVED]),
    ("Priya Nair", 66, Sex::Female, [1, 1], &[ENROLLED]),
    ("陈静", 52, Sex::Female, [0, 0], &[TOO_LOW]),
    ("Jonas Berg", 70, Sex::Male, [1, 0], &[]),
    ("Leila Haddad", 45, Sex::Unknown, [0, 1], &[]),
];

/// The visits that are planned: name, day, and the days before and after it.
const VISITS: [(&str, i64, i64, i64); 4] = [
    ("Baseline", 0, 0, 0),
    ("Week 2", 14, 3, 3),
    ("Week 4", 28, 3, 3),
    ("Week 12", 84, 7, 7),
];

/// The days since the subjects were enrolled.
const ENROLLED_AGO: i64 = 35;

/// Lets the subjects have been in the study for some weeks, so that there is something to see of their visits.
async fn antedate_subjects(conn: &mut Conn, study: i64) -> sqlx::Result<()> {
    let ago = ENROLLED_AGO * 86_400_000_000;
    execute!(
        conn,
        "UPDATE subjects SET created_at = created_at - $1, enrolled_at = enrolled_at - $1 WHERE study_id = $2",
        ago,
        study
    )
}

/// Creates the study with its people and subjects, unless there is any study.
pub async fn seed_demo(app: &App) -> Result<(), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    if has_studies(&mut tx).await? {
        return Ok(());
    }
    let [admin, staff] = ["ada@example.com", "sam@example.com"];
    let admin = find_user_id(&mut tx, admin).await?;
    let staff = find_user_id(&mut tx, staff).await?;
    let study = create_study_within(&mut tx, admin, &study(), now).await?;
    let author = Author::new(admin, now);
    let mut trail = Trail::lock(&mut tx, study.id, author).await?;
    if let Some(staff) = staff {
        set_member_within(&mut tx, &mut trail, study.id, staff, StudyRole::Coordinator).await?;
    }
    for (name, day, days_before, days_after) in VISITS {
        let visit = NewVisit {
            name: name.to_owned(),
            day: Some(day),
            days_before,
            days_after,
            reason: String::new(),
        };
        add_visit_within(&mut tx, &mut trail, study.id, &visit).await?;
    }
    let sites = list_sites(&mut tx, study.id).await?;
    let arms = list_arms(&mut tx, study.id).await?;
    let mut subjects: Vec<(Subject, &[Step])> = Vec::new();
    for (name, age, sex, [site, arm], steps) in SUBJECTS {
        let registration = Registration {
            name: name.to_owned(),
            age,
            sex,
            site: String::new(),
            arm: String::new(),
        };
        let place = (&sites[site], Some(&arms[arm]));
        let key = &app.name_key;
        let made = register_within(&mut tx, &mut trail, key, &study, place, &registration).await?;
        subjects.push((made, steps));
    }
    trail.write(&mut tx).await?;
    let admin = match admin {
        Some(admin) => find_user(&mut tx, admin).await?,
        None => None,
    };
    tx.commit().await?;
    let Some(admin) = admin else {
        return Ok(());
    };
    import_file(app, &admin, &study).await?;
    for (subject, steps) in subjects {
        for (version, (status, reason)) in (1..).zip(steps) {
            let change = SubjectChange {
                status: Some(status.to_string()),
                version: Some(version),
                reason: (*reason).to_owned(),
                ..Default::default()
            };
            update_subject(app, &admin, subject.id, change).await?;
        }
        if subject.number.ends_with("-0001") {
            record_weeks(app, &admin, &subject).await?;
        }
    }
    let mut tx = app.db.write().await?;
    antedate_subjects(&mut tx, study.id).await?;
    tx.commit().await?;
    Ok(())
}

/// Readings of one subject, week by week: heart rate, blood pressure, temperature in tenths, oxygen saturation,
/// respiratory rate. One of them is not as expected.
const WEEKS: [(i64, &str, f64, i64, i64); 8] = [
    (78, "158/97", 36.6, 98, 15),
    (81, "162/99", 36.8, 97, 16),
    (76, "151/94", 36.5, 98, 14),
    (74, "149/92", 36.7, 98, 15),
    (72, "144/90", 36.4, 99, 14),
    (75, "141/88", 37.1, 97, 16),
    (70, "138/86", 36.6, 98, 14),
    (71, "135/85", 36.5, 98, 15),
];

async fn record_weeks(app: &App, admin: &User, subject: &Subject) -> Result<(), AppError> {
    let now = app.clock.now();
    for (ago, (heart_rate, pressure, temperature, oxygen, breaths)) in (0..).zip(WEEKS.iter().rev())
    {
        let at = now.plus_days(-7 * ago).plus_seconds(-1_800);
        let at = Timestamp(at.micros() - at.micros().rem_euclid(60_000_000));
        let reading = NewReading {
            record_time: at.rfc3339().into(),
            heart_rate: (*heart_rate).into(),
            blood_pressure: (*pressure).into(),
            temperature: (*temperature).into(),
            oxygen_saturation: (*oxygen).into(),
            respiratory_rate: (*breaths).into(),
        };
        let (_, recorded, _) = record_reading(app, admin, subject.id, &reading).await?;
        match ago {
            1 => misread(app, admin, (subject.id, recorded.id)).await?,
            3 => measured_twice(app, admin, subject, at, &reading).await?,
            _ => {}
        }
    }
    Ok(())
}

/// A value that was misread, and corrected.
async fn misread(app: &App, admin: &User, place: (i64, i64)) -> Result<(), AppError> {
    let change = ReadingChange {
        respiratory_rate: Field::Value(13.into()),
        version: Some(1),
        reason: "Counted for half a minute only".to_owned(),
        ..Default::default()
    };
    correct_reading(app, admin, place, &change).await.map(drop)
}

/// A reading that should not be there, and is struck out.
async fn measured_twice(
    app: &App,
    admin: &User,
    subject: &Subject,
    at: Timestamp,
    good: &NewReading,
) -> Result<(), AppError> {
    let wrong = NewReading {
        record_time: at.plus_seconds(-300).rfc3339().into(),
        blood_pressure: "189/121".into(),
        ..good.clone()
    };
    let (_, wrong, _) = record_reading(app, admin, subject.id, &wrong).await?;
    let place = (subject.id, wrong.id);
    let reason = "The cuff was too small";
    strike_out_reading(app, admin, place, Some(1), reason).await
}

/// A file of a hospital's own system, with what such files have: local times, a decimal comma, and mistakes.
async fn import_file(app: &App, admin: &User, study: &Study) -> Result<(), AppError> {
    let day = |ago: i64| {
        let at = app.clock.now().plus_days(-ago);
        at.rfc3339().chars().take(10).collect::<String>()
    };
    let mut file = "Patient;Time;HR;BP;Temp;SpO2\n".to_owned();
    for ago in 2..12 {
        let day = day(ago);
        let (rate, systolic, diastolic) = (70 + ago, 128 + ago, 80 + ago / 2);
        file += &format!(
            "HYP24-01-0002;{day} 08:15;{rate};{systolic}/{diastolic};36,{};98\n",
            ago % 9
        );
        file += &format!(
            "HYP24-02-0001;{day} 09:40;{};{}/{diastolic};36,5;97\n",
            rate - 6,
            systolic - 8
        );
    }
    for (number, rest) in [
        ("HYP24-01-0002", "20:30;7O;131/84;36,6;98"),
        ("HYP24-02-0001", "21:05;64;84/126;36,4;97"),
        ("HYP24-02-0009", "21:10;71;124/80;36,4;98"),
        ("HYP24-02-0001", "21:20;128;124/80;36.4;97"),
        ("HYP24-01-0002", "22:00;118;131/84;36,6;98"),
    ] {
        file += &format!("{number};{} {rest}\n", day(2));
    }
    let wanted = wanted("harbour-ward.csv", file.into(), Some(480));
    run_import(app, Some(admin.id), study, wanted)
        .await
        .map(drop)
}
