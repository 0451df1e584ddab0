//! Secrets: long, and hard to guess. A development server that was given none generates them, once,
//! and keeps them beside the database, so that a restart signs no program out and opens every name.

use super::{Config, Environment};
use anyhow::{Context, Result, ensure};
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The base-10 logarithm of the guesses it must withstand; larger numbers are not told apart.
/// Thirty-two random characters of any sort far exceed it.
const GUESSES: f64 = 19.0;

/// A secret's setting: its name in the file, and its variable.
pub struct Setting {
    name: &'static str,
    variable: &'static str,
}

/// The secret that signs the access tokens.
pub const TOKEN_SECRET: Setting = Setting {
    name: "accounts.token_secret",
    variable: "GUILDHALL_ACCOUNTS_TOKEN_SECRET",
};

/// The secret that seals the names of subjects.
pub const NAME_KEY: Setting = Setting {
    name: "trials.name_key",
    variable: "GUILDHALL_TRIALS_NAME_KEY",
};

/// Checks the secret; the error says what is wrong and how to get a good one. In development it
/// may be empty: one is generated then.
pub fn check(secret: &str, environment: Environment, setting: &Setting) -> Result<()> {
    let Setting { name, variable } = setting;
    let how = format!("set {variable}, for example to the output of: openssl rand -hex 32");
    let development = environment == Environment::Development;
    ensure!(
        secret.len() >= 32 || development && secret.is_empty(),
        "{name} needs at least 32 characters; {how}"
    );
    ensure!(
        development || zxcvbn::zxcvbn(secret, &["guildhall"]).guesses_log10() >= GUESSES,
        "{name} is long, but easily guessed; {how}"
    );
    Ok(())
}

/// Fills in the secrets that are empty, in development.
pub fn keep_secrets(config: &mut Config) -> Result<()> {
    if config.server.environment != Environment::Development {
        return Ok(());
    }
    let folder = data_folder(&config.database.url);
    for (secret, file) in [
        (&mut config.accounts.token_secret, "token_secret"),
        (&mut config.trials.name_key, "name_key"),
    ] {
        if secret.is_empty() {
            *secret = kept_at(&folder.join(file))?;
        }
    }
    Ok(())
}

/// Returns the folder of the SQLite file, or `data/` if the database is elsewhere.
fn data_folder(url: &str) -> PathBuf {
    let file = url
        .strip_prefix("sqlite:")
        .map(|path| Path::new(path.trim_start_matches("//")));
    file.and_then(Path::parent)
        .unwrap_or(Path::new("data"))
        .to_owned()
}

/// Reads the file, which only its owner can read. The first server to start creates it, atomically.
fn kept_at(path: &Path) -> Result<String> {
    if !path.exists() {
        make(path).with_context(|| format!("cannot make {}", path.display()))?;
    }
    let secret =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let secret = secret.trim().to_owned();
    ensure!(
        secret.len() >= 32,
        "{} holds fewer than 32 characters; delete it, and another one is made up",
        path.display()
    );
    Ok(secret)
}

fn make(path: &Path) -> Result<()> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir_all(folder)?;
    }
    let draft = path.with_extension(format!("{:016x}", rand::random::<u64>()));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    let (high, low): (u128, u128) = (rand::random(), rand::random());
    writeln!(file, "{high:032x}{low:032x}")?;
    file.sync_all()?;
    // If another server was quicker, its secret is the one.
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn folder() -> PathBuf {
        std::env::temp_dir().join(format!("guildhall-secret-{:016x}", rand::random::<u64>()))
    }

    #[test]
    fn a_secret_is_made_once_and_only_its_owner_reads_it() {
        let folder = folder();
        let mut config = Config::default();
        config.database.url = format!("sqlite:{}/data/shop.db", folder.display());
        let mut secrets = Vec::new();
        for _ in 0..2 {
            let mut config = config.clone();
            keep_secrets(&mut config).expect("keeps it");
            secrets.push(config.accounts.token_secret);
        }
        assert_eq!(secrets[0], secrets[1]);
        assert_eq!(secrets[0].len(), 64);
        let file = folder.join("data/token_secret");
        let mode = fs::metadata(&file).expect("is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let left = fs::read_dir(folder.join("data")).expect("a folder").count();
        assert_eq!(left, 2, "two secrets, and no drafts");

        config.accounts.token_secret = "given from outside, long enough..".into();
        keep_secrets(&mut config).expect("is content");
        assert_eq!(
            config.accounts.token_secret,
            "given from outside, long enough.."
        );
        fs::write(&file, "short").expect("is written");
        let refused = kept_at(&file).expect_err("is refused").to_string();
        assert!(refused.contains("fewer than 32"), "{refused}");
        fs::remove_dir_all(&folder).expect("is removed");
    }

    #[test]
    fn servers_that_start_together_agree() {
        let path = folder().join("token_secret");
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let path = path.clone();
                std::thread::spawn(move || kept_at(&path).expect("keeps it"))
            })
            .collect();
        let mut secrets: Vec<_> = threads
            .into_iter()
            .map(|it| it.join().expect("ends"))
            .collect();
        secrets.dedup();
        assert_eq!(secrets.len(), 1);
        fs::remove_dir_all(path.parent().expect("a folder")).expect("is removed");
    }

    #[test]
    fn it_lies_with_the_database() {
        for (url, folder) in [
            ("sqlite:data/guildhall.db", "data"),
            ("sqlite:///srv/shop/shop.db", "/srv/shop"),
            ("sqlite:shop.db", ""),
            ("postgres://localhost/shop", "data"),
        ] {
            assert_eq!(data_folder(url), Path::new(folder), "{url}");
        }
    }

    #[test]
    fn a_secret_of_production_is_one_that_nobody_guesses() {
        for weak in [
            &*"a".repeat(45),
            &"password".repeat(5),
            &"abc123".repeat(8),
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "00000000000000000000000000000000000000000000000000000000000000001",
            "changeme-changeme-changeme-changeme",
        ] {
            let error = check(weak, Environment::Production, &TOKEN_SECRET).expect_err(weak);
            assert!(error.to_string().contains("easily guessed"), "{error}");
            assert!(
                check(weak, Environment::Development, &TOKEN_SECRET).is_ok(),
                "{weak}"
            );
        }
        for good in [
            "5f1d7c9b3e8a4c62b7d09e15a3f8c4d2",
            "c0b1e6f94a7d2358910fbe46d7a3c85e64f2019b8d7ca53e1206f9b4d8e7a3c1",
            "kT9vQ2mZx7RbW4nLpE8sYcJ6hGd3FuA1",
        ] {
            assert!(
                check(good, Environment::Production, &TOKEN_SECRET).is_ok(),
                "{good}"
            );
        }
    }

    #[test]
    fn none_is_needed_in_development_and_a_short_one_is_refused_everywhere() {
        assert!(check("", Environment::Development, &TOKEN_SECRET).is_ok());
        assert!(check("", Environment::Production, &TOKEN_SECRET).is_err());
        for environment in [Environment::Development, Environment::Production] {
            assert!(check("kT9vQ2mZx7RbW4nLp", environment, &TOKEN_SECRET).is_err());
        }
    }
}
