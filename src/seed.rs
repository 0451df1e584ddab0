//! `guildhall seed`: the demo company, or as many made-up rows as a measurement needs.

use crate::server::App;
use crate::{accounts, catalog, events, orders, tasks, trials};
use anyhow::{Result, ensure};
use futures_util::future::BoxFuture;
use indicatif::{ProgressBar, ProgressStyle};

/// The data to fill the database with.
pub struct Seed {
    pub demo: bool,
    pub products: u64,
    pub tasks: u64,
}

/// Fills the database, with a progress bar where it takes a while.
///
/// Boxed: an async function is compiled where it is awaited, which in the program would be all of
/// it once more.
pub fn seed<'a>(app: &'a App, wanted: &'a Seed) -> BoxFuture<'a, Result<()>> {
    Box::pin(fill(app, wanted))
}

async fn fill(app: &App, wanted: &Seed) -> Result<()> {
    let Seed {
        demo,
        products,
        tasks,
    } = *wanted;
    ensure!(
        demo || products + tasks > 0,
        "say what: --demo, --products N or --tasks N"
    );
    if demo {
        accounts::seed_demo(app).await?;
        catalog::seed_demo(app).await?;
        tasks::seed_demo(app).await?;
        // With the books: what was paid for the orders is a part of their story.
        orders::seed_demo(app).await?;
        events::seed_demo(app).await?;
        trials::seed_demo(app).await?;
        print_sign_ins();
    }
    if products > 0 {
        let bar = progress_bar("products", products);
        catalog::seed_products(app, products, &|written| bar.set_position(written)).await?;
        bar.finish();
    }
    if tasks > 0 {
        let bar = progress_bar("tasks", tasks);
        tasks::seed_tasks(app, tasks, &|written| bar.set_position(written)).await?;
        bar.finish();
    }
    // Prices are written in the currency that the shop has now.
    let mut tx = app.db.write().await?;
    catalog::note_currency(&mut tx, app.config.shop.currency).await?;
    tx.commit().await?;
    Ok(())
}

fn progress_bar(what: &'static str, count: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{msg} {bar:40} {human_pos} of {human_len}, {eta} left");
    let bar = ProgressBar::new(count).with_message(what);
    bar.set_style(style.expect("the template names fields that exist"));
    bar
}

fn print_sign_ins() {
    println!(
        "Demo sign-ins, all with the password {}:",
        accounts::DEMO_PASSWORD
    );
    for (name, email, role) in accounts::DEMO_PEOPLE {
        println!("  {email:<18} {name} ({role})");
    }
}
