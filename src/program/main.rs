//! The program: runs what the command line asks for.

mod command_line;

use anyhow::{Context, Result, bail};
use clap::Parser;
use command_line::{
    Cli, Command, Events, ImportOptions, Migrate, OnError, ReplayOptions, Trials, User, Verify,
};
use guildhall::accounts::{NewUser, create_user};
use guildhall::clock::Clock;
use guildhall::events::{Choice, Replay, moment, replay, tls_config};
use guildhall::ledger::verify_ledger;
use guildhall::ops::{Duel, play, profiling, say_other_currencies};
use guildhall::orders::verify_orders;
use guildhall::proof::Finding;
use guildhall::seed::{self, Seed};
use guildhall::server::config::{Config, Sources, keep_secrets};
use guildhall::server::db::StatementLimit;
use guildhall::server::telemetry::traces;
use guildhall::server::{
    App, Db, documented, logs, migrations, missing_files, reindex, router, serve,
};
use guildhall::trials::{ImportCommand, import_file, verify_audit, verify_trials};
use leptos::config::LeptosOptions;
use std::io::stderr;
use std::path::Path;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: profiling::Allocator = profiling::ALLOCATOR;

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let cli = Cli::parse();
    let sources = Sources::of_process(Path::new("Leptos.toml"));
    // Leptos reads its own settings from the environment. A missing file is the same as an empty one.
    let _ = dotenvy::dotenv();
    let command = cli.command.unwrap_or(Command::Serve);
    if matches!(command, Command::Openapi) {
        let (_, description) = documented().split_for_parts();
        println!("{}", description.to_pretty_json()?);
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Duel {
        url,
        buyers,
        stock,
        email,
        password,
    } = command
    {
        let duel = Duel {
            url,
            buyers,
            stock,
            email,
            password,
        };
        play(duel).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let config = sources.read()?;
    if matches!(command, Command::Serve) {
        let traces = traces::start(&config.telemetry, &config.outbound, tls_config()?)?;
        let (spans, export) = traces.unzip();
        logs::start(&config.log, spans, stderr)?;
        let served = start(config, sources).await;
        if let Some(export) = export {
            export.finish().await;
        }
        served?;
        return Ok(ExitCode::SUCCESS);
    }
    logs::start(&config.log, None, stderr)?;
    if let Command::Trials {
        step: Trials::Import(options),
    } = command
    {
        return import(command_app(config).await?, options).await;
    }
    let done: Result<()> = match command {
        Command::Migrate { step } => migrate(&config, step.unwrap_or(Migrate::Up)).await,
        Command::Reindex => {
            let app = command_app(config).await?;
            reindex::rebuild(&app.db).await?;
            app.db.close().await;
            Ok(())
        }
        Command::Seed {
            demo,
            products,
            tasks,
        } => {
            let app = command_app(config).await?;
            let wanted = Seed {
                demo,
                products,
                tasks,
            };
            seed::seed(&app, &wanted).await?;
            app.db.close().await;
            Ok(())
        }
        Command::User {
            step:
                User::Create {
                    role,
                    email,
                    name,
                    password,
                },
        } => {
            let app = command_app(config).await?;
            let role = role.as_str().to_owned();
            let user = create_user(
                &app,
                NewUser {
                    name,
                    email,
                    password,
                    role,
                },
            )
            .await;
            let user = user.map_err(|error| {
                let faults: Vec<_> = error.errors.values().cloned().collect();
                anyhow::anyhow!("{} {}", error.message, faults.join(" "))
            })?;
            println!("{} <{}> is {}", user.name, user.email, user.role.as_str());
            Ok(())
        }
        Command::Events {
            step: Events::Replay(options),
        } => replay_events(command_app(config).await?, options).await,
        Command::Verify { what } => verify(command_app(config).await?, what).await,
        Command::Openapi | Command::Duel { .. } | Command::Serve | Command::Trials { .. } => {
            unreachable!("handled above")
        }
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// Builds the application without a server, for commands that take as long as they take.
async fn command_app(mut config: Config) -> Result<App> {
    keep_secrets(&mut config)?;
    let db = Db::open(&config.database, StatementLimit::None)?;
    migrations::up(&db, &config.database).await?;
    let leptos = leptos::config::LeptosOptions::builder()
        .output_name("guildhall")
        .build();
    Ok(App::new(config, leptos, db, Clock::System))
}

async fn start(mut config: Config, sources: Sources) -> Result<()> {
    keep_secrets(&mut config)?;
    let leptos = leptos::config::get_configuration(Some("Leptos.toml"))
        .context("Leptos.toml, section [package.metadata.leptos]")?
        .leptos_options;
    look_for_built_files(&leptos)?;
    let startup = Db::open(&config.database, StatementLimit::None)?;
    migrations::up(&startup, &config.database).await?;
    startup.close().await;

    let limit = StatementLimit::Within(config.server.request_timeout());
    let db = Db::open(&config.database, limit)?;
    let address = leptos.site_addr;
    let app = App::new(config, leptos, db, Clock::System);
    say_other_currencies(&app).await?;
    let listener = std::net::TcpListener::bind(address)
        .with_context(|| format!("cannot listen on {address}; is another server running there?"))?;
    let scheme = if app.config.tls.is_on() {
        "https"
    } else {
        "http"
    };
    tracing::info!("Guildhall is on {scheme}://{}", listener.local_addr()?);
    let router = router(app.clone());
    serve(app, sources, router, listener).await
}

/// Refuses to serve pages that name missing files. A program built by `cargo run` or `cargo test`
/// has no files for browsers; that is logged, and the API served.
fn look_for_built_files(leptos: &LeptosOptions) -> Result<()> {
    let missing = missing_files(leptos);
    if missing.is_empty() {
        return Ok(());
    }
    let missing: Vec<_> = missing
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let missing = missing.join(", ");
    if cfg!(debug_assertions) && !leptos.hash_files {
        tracing::warn!(
            "Pages will be without style and script, for want of {missing}; bin/run --dev makes them"
        );
        return Ok(());
    }
    bail!(
        "every page would ask for what is not there: {missing}. bin/run builds it; elsewhere set \
         LEPTOS_SITE_ROOT to the folder that was built with this program, and LEPTOS_HASH_FILES=true"
    )
}

/// Imports a file into a study.
async fn import(app: App, options: ImportOptions) -> Result<ExitCode> {
    let command = ImportCommand {
        file: options.file,
        table: options.table,
        study: options.study,
        dry_run: options.dry_run,
        stop_on_error: matches!(options.on_error, OnError::Stop),
        again: options.again,
        json: options.json,
        offset: options.offset,
    };
    let code = import_file(&app, command).await?;
    app.db.close().await;
    Ok(code.into())
}

/// Prints what is sent again, or would be.
async fn replay_events(app: App, options: ReplayOptions) -> Result<()> {
    let now = app.clock.now();
    let read = |text: &str| moment(text, now).map_err(|fault| anyhow::anyhow!(fault));
    let wanted = Replay {
        since: read(&options.since)?,
        until: options.until.as_deref().map_or(Ok(now), read)?,
        choice: Choice::parse(&options.subject).map_err(|fault| anyhow::anyhow!(fault))?,
        consumer: options.consumer,
        limit: options.limit,
        dry_run: options.dry_run,
        mail_again: options.mail_again,
    };
    let report = replay(&app, &wanted).await?;
    app.db.close().await;
    println!("{report}");
    Ok(())
}

/// Prints what is wrong, the first finding as the command's error.
async fn verify(app: App, what: Verify) -> Result<()> {
    let (findings, fine) = match what {
        Verify::Ledger => (verify_ledger(&app).await?, "The books are right."),
        Verify::Orders => (verify_orders(&app).await?, "Orders and stock are right."),
        Verify::Trials => (verify_trials(&app).await?, "The subjects are right."),
        Verify::Audit => (verify_audit(&app).await?, "The audit trail is whole."),
    };
    app.db.close().await;
    for Finding(further) in findings.iter().skip(1) {
        println!("{further}");
    }
    if let Some(Finding(first)) = findings.first() {
        bail!("{first}");
    }
    println!("{fine}");
    Ok(())
}

async fn migrate(config: &Config, step: Migrate) -> Result<()> {
    let db = Db::open(&config.database, StatementLimit::None)?;
    match step {
        Migrate::Up => migrations::up(&db, &config.database).await?,
        Migrate::Down { target } => migrations::down(&db, &config.database, target).await?,
        Migrate::Status => {}
    }
    for step in migrations::status(&db).await? {
        let mark = if step.applied { "applied" } else { "pending" };
        println!("{:04} {:<20} {mark}", step.version, step.name);
    }
    db.close().await;
    Ok(())
}
