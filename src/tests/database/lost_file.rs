//! A SQLite database whose file is deleted or replaced under the running server: it stops and says so.

use crate::support::process::{Folder, Server, program, run};
use crate::support::{TestServer, fresh_file};
use std::fs::File;

/// Serves a database, has `harm` done to its file, and gives what was logged until the server stopped.
async fn stopped_by(harm: impl FnOnce(&std::path::Path)) -> String {
    let folder = Folder::new();
    let database = fresh_file(&folder.0).await.url;
    let path = folder.0.join("test.db");
    let log = folder.0.join("log");
    let mut command = program(&folder, &[]);
    command
        .arg("serve")
        .stderr(File::create(&log).expect("a file"));
    let mut server = Server::start_as(folder, &database, command).await;
    harm(&path);
    let code = server.exit_code().await;
    assert!(code.is_some_and(|code| code != 0), "{code:?}");
    std::fs::read_to_string(log).expect("a log")
}

#[tokio::test]
async fn a_database_file_that_is_deleted_or_replaced_stops_the_server() {
    let deleted = stopped_by(|path| std::fs::remove_file(path).expect("is deleted")).await;
    let replaced = stopped_by(|path| {
        let other = path.with_extension("other");
        std::fs::copy(path, &other).expect("a copy");
        std::fs::rename(other, path).expect("is replaced");
    })
    .await;
    for log in [deleted, replaced] {
        assert!(
            log.contains("database's file was deleted or replaced"),
            "{log}"
        );
        assert!(log.contains("test.db"), "{log}");
    }
}

/// Nothing is acknowledged that would be gone, even before the server has stopped.
#[tokio::test]
async fn nothing_is_written_to_a_file_that_is_gone() {
    let server = TestServer::start_on_sqlite().await;
    let file = server.app.db.file().expect("a file");
    let other = file.path().with_extension("other");
    std::fs::copy(file.path(), &other).expect("a copy");
    server
        .app
        .db
        .write()
        .await
        .expect("the one that was opened");
    std::fs::rename(other, file.path()).expect("is replaced");
    assert!(server.app.db.write().await.is_err());
    let grouped = server.app.db.write_grouped(|_| Box::pin(async { Ok(()) }));
    assert_eq!(grouped.await.map_err(|error| error.status()), Err(503));
}

/// A command beside a running server is no reason to stop.
#[tokio::test]
async fn a_file_that_only_changes_is_the_same() {
    let folder = Folder::new();
    let database = fresh_file(&folder.0).await.url;
    let server = TestServer::start_with(|config| config.database.url = database.clone()).await;
    server.app.db.write().await.expect("a transaction");
    let variables = [
        ("DATABASE_URL", database.as_str()),
        ("GUILDHALL_PASSWORD", "copper-lantern-71"),
    ];
    let create = "user create --role staff --email kim@example.com --name Kim";
    let create: Vec<_> = create.split(' ').collect();
    assert!(run(&folder, &variables, &create).status.success());
    server.app.db.write().await.expect("a transaction");
    assert!(!server.app.db.file().expect("a file").is_gone());
}
