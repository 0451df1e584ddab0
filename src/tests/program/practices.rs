//! `docs/practices.md`: what it names is there, and its commands do what it says.

use crate::support::fresh_database;
use crate::support::process::{Folder, PROGRAM, Server, run, text};
use crate::tidy::{root, source_files};
use std::fs;
use std::path::Path;
use std::process::Command;

const PRACTICES: &str = include_str!("../../../docs/practices.md");

/// The texts between backticks in the table.
fn names() -> impl Iterator<Item = &'static str> {
    let rows = PRACTICES.lines().filter(|line| line.starts_with("| "));
    rows.flat_map(|row| row.split('`').skip(1).step_by(2))
}

fn settings() -> toml::Table {
    include_str!("../../../Leptos.toml").parse().expect("TOML")
}

#[test]
fn every_place_setting_and_test_is_there() {
    let sources: String = source_files(&root().join("src"))
        .iter()
        .map(|path| fs::read_to_string(path).expect("readable"))
        .collect();
    let settings = settings();
    let mut counts = [0; 3];
    for name in names() {
        if Path::new(name).extension().is_some_and(|kind| kind == "rs") {
            assert!(root().join("src").join(name).exists(), "{name}");
            counts[0] += 1;
        } else if let Some((section, key)) = name.split_once('.') {
            let is_there = settings.get(section).and_then(|section| section.get(key));
            assert!(is_there.is_some(), "{name}");
            counts[1] += 1;
        } else if name.matches('_').count() > 3 {
            let test = format!("fn {name}()");
            assert!(sources.contains(&test), "{name}");
            counts[2] += 1;
        }
    }
    assert!(counts.iter().all(|count| *count > 10), "{counts:?}");
}

/// The commands, block by block, in one shell as a reader would type them.
fn blocks() -> Vec<&'static str> {
    let pieces = PRACTICES.split("```sh\n").skip(1);
    pieces
        .map(|piece| piece.split_once("```").expect("its end").0)
        .collect()
}

#[tokio::test]
async fn every_command_does_what_is_said() {
    let folder = Folder::new();
    let database = fresh_database(&folder.0).await.url;
    let at = [("DATABASE_URL", database.as_str())];
    let seeded = run(&folder, &at, &["seed", "--demo"]);
    assert!(seeded.status.success(), "{seeded:?}");
    let server = Server::start_on(&database, &[]).await;
    let beside = Path::new(PROGRAM).parent().expect("a folder").display();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut script = "set -eu\n".to_owned();
    for (number, block) in blocks().into_iter().enumerate() {
        script.push_str(&format!("{block}echo block {number} is done\n"));
    }
    let done = Command::new("bash")
        .args(["-o", "pipefail", "-c", &script])
        .current_dir(&server.folder.0)
        .env("PATH", format!("{beside}:{path}"))
        .env("GUILDHALL", format!("http://{}", server.address))
        .envs(at)
        .output()
        .expect("bash runs");
    let (said, complained) = (text(&done.stdout), text(&done.stderr));
    assert!(done.status.success(), "{said}\n{complained}");
    assert_eq!(said.matches("is done").count(), blocks().len(), "{said}");
}
