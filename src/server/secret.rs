//! The secret that a server in development was not given: made up once, and kept beside the database, so
//! that a restart signs no program out.

use super::config::Config;
use anyhow::{Context, Result, ensure};
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Fills in `accounts.token_secret` where it is empty, which only development allows.
pub fn keep_token_secret(config: &mut Config) -> Result<()> {
    if config.accounts.token_secret.is_empty() {
        let path = data_folder(&config.database.url).join("token_secret");
        config.accounts.token_secret = kept_at(&path)?;
    }
    Ok(())
}

/// SQLite's own, or `data/` where the database is elsewhere.
fn data_folder(url: &str) -> PathBuf {
    let file = url
        .strip_prefix("sqlite:")
        .map(|path| Path::new(path.trim_start_matches("//")));
    file.and_then(Path::parent)
        .unwrap_or(Path::new("data"))
        .to_owned()
}

/// What the file holds, which its owner alone can read. The first to start makes it, as a whole.
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
    // Where another server was quicker, its secret is the one.
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
            keep_token_secret(&mut config).expect("keeps it");
            secrets.push(config.accounts.token_secret);
        }
        assert_eq!(secrets[0], secrets[1]);
        assert_eq!(secrets[0].len(), 64);
        let file = folder.join("data/token_secret");
        let mode = fs::metadata(&file).expect("is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let left = fs::read_dir(folder.join("data")).expect("a folder").count();
        assert_eq!(left, 1, "no drafts");

        config.accounts.token_secret = "given from outside, long enough..".into();
        keep_token_secret(&mut config).expect("is content");
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
}
