//! The shape of files and folders: small, plainly headed, and of one side of the boundary.

use super::{each_source, root, source_files};
use std::fs;
use std::path::PathBuf;

/// Lines a source file may have: under 250 reads at a glance, 400 is the end.
const LONGEST_FILE: usize = 400;

/// Lines a file of tests may have: its tests are read one at a time.
const LONGEST_TESTS: usize = 600;

/// Files a folder may have: what one person can keep in mind of a room.
const FULLEST_FOLDER: usize = 16;

/// The places for a gate on a feature outside a slice's `mod.rs`.
const CFG_ALLOWED: [&str; 1] = ["src/lib.rs"];

#[test]
fn files_are_short_enough_to_read() {
    each_source(|name, text| {
        let lines = text.lines().count();
        let most = match name.starts_with("src/tests/") {
            true => LONGEST_TESTS,
            false => LONGEST_FILE,
        };
        (lines > most).then(|| {
            format!("{name} has {lines} lines, more than {most}: split it by use case, not by size")
        })
    });
}

#[test]
fn folders_are_small_enough_to_know() {
    let mut count = std::collections::BTreeMap::<PathBuf, usize>::new();
    for file in source_files(&root().join("src")) {
        let folder = file.parent().expect("a folder").to_owned();
        *count.entry(folder).or_default() += 1;
    }
    let full: Vec<_> = count
        .iter()
        .filter(|(_, files)| **files > FULLEST_FOLDER)
        .map(|(folder, files)| {
            let folder = folder.strip_prefix(root()).expect("inside").display();
            format!(
                "{folder} has {files} files, more than {FULLEST_FOLDER}: give some of them a folder"
            )
        })
        .collect();
    assert!(full.is_empty(), "\n{}\n", full.join("\n"));
}

#[test]
fn the_boundary_between_server_and_browser_is_a_module_boundary() {
    each_source(|name, text| {
        let gates = text
            .lines()
            .filter(|line| {
                line.contains("cfg(feature") || line.trim_start().starts_with("feature = ")
            })
            .count();
        let allowed = if CFG_ALLOWED.contains(&name) {
            2
        } else {
            usize::from(name.ends_with("/mod.rs"))
        };
        let here = name == "src/tests/tidy/files.rs";
        (gates > allowed && !here).then(|| {
            format!("{name} has {gates} gates on a feature: move what is server-only into a module that its slice's mod.rs gates")
        })
    });
}

#[test]
fn a_mod_file_says_what_the_module_is_and_exports_by_name() {
    each_source(|name, text| {
        if !name.ends_with("/mod.rs") {
            return None;
        }
        if !text.starts_with("//! ") {
            return Some(format!(
                "{name} does not begin by saying what the module is (//! …)"
            ));
        }
        text.contains("::*;")
            .then(|| format!("{name} exports with a star: name what others may use"))
    });
}

/// Words that ask for the thing instead of naming it.
const RIDDLES: [&str; 11] = [
    "What", "Whether", "Where", "Who", "Whose", "Whom", "Which", "Why", "How", "So", "When",
];

#[test]
fn the_first_line_of_a_file_names_the_thing() {
    each_source(|name, text| {
        let first = text.lines().next().unwrap_or_default();
        let Some(words) = first.strip_prefix("//! ") else {
            return Some(format!(
                "{name} does not begin by saying what it is (//! …)"
            ));
        };
        let begins = words.split(' ').next().unwrap_or_default();
        RIDDLES.contains(&begins).then(|| {
            format!("{name} begins with {begins}: name the thing first, then say why it is so")
        })
    });
}

#[test]
fn both_engines_have_the_same_migrations() {
    let steps = |engine: &str| {
        let mut names: Vec<String> = fs::read_dir(root().join("migrations").join(engine))
            .expect("a folder")
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(
        steps("sqlite"),
        steps("postgres"),
        "write every step for both engines"
    );
    for step in steps("sqlite")
        .iter()
        .filter(|step| step.ends_with(".up.sql"))
    {
        let down = step.replace(".up.sql", ".down.sql");
        assert!(
            steps("sqlite").contains(&down),
            "{step} has no way back: write {down}"
        );
    }
}

#[test]
fn every_stylesheet_is_imported() {
    let main = fs::read_to_string(root().join("style/main.css")).expect("readable");
    for entry in fs::read_dir(root().join("style"))
        .expect("a folder")
        .flatten()
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(
            name == "main.css" || main.contains(&name),
            "import {name} in style/main.css, or delete it"
        );
    }
}

#[test]
fn the_first_line_of_a_comment_names_the_thing() {
    each_source(|name, text| {
        let mut before = "";
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim_start();
            let first = line
                .strip_prefix("/// ")
                .filter(|_| !before.starts_with("///"));
            let begins = first.and_then(|first| first.split(' ').next());
            if let Some(riddle) = begins.filter(|begins| RIDDLES.contains(begins)) {
                return Some(format!(
                    "{name}:{number} begins with {riddle}: name the thing, as \"The number of …\" or \"Returns …\""
                ));
            }
            before = line;
        }
        None
    });
}
