//! `guildhall events replay`: history again for one consumer, and no mail twice by accident.

use crate::support::company::Company;
use crate::support::listener::Listener;
use crate::support::process::{Folder, run, text};
use crate::support::{execute, number};
use std::process::Output;

/// Runs the command on the company's database.
fn replay(company: &Company, arguments: &[&str]) -> Output {
    let database = company.app().config.database.url.clone();
    let all = [&["events", "replay"], arguments].concat();
    run(&Folder::new(), &[("DATABASE_URL", &database)], &all)
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// Two orders before the webhook was registered, and one after it.
async fn with_history(listener: &Listener) -> (Company, String) {
    let mut company = Company::open_to_listeners().await;
    company.place(2, "wallet").await;
    company.place(2, "wallet").await;
    company.deliver().await;
    let webhook = company.subscribe(&listener.url(), "order.*").await;
    company.place(2, "wallet").await;
    company.deliver().await;
    let consumer = format!("webhook-{}", webhook["id"]);
    (company, consumer)
}

#[tokio::test]
async fn history_is_sent_again_to_one_consumer_in_its_order() {
    let listener = Listener::start().await;
    let (company, consumer) = with_history(&listener).await;
    assert_eq!(listener.what().len(), 2);
    let mails = company.mails();
    let since = ["--since", "1d", "--subject"];
    let looked = said(&replay(&company, &[&since[..], &["order.*"]].concat()));
    for line in [
        "mail:\n       6 left out: mailed already, or not on record",
        &format!("{consumer}:\n       2 sent again\n       4 sent for the first time"),
        "Nothing was changed: name one of them",
    ] {
        assert!(looked.contains(line), "{line}: {looked}");
    }
    let to = [&since[..], &["guildhall.order.>", "--consumer", &consumer]].concat();
    let dry = said(&replay(&company, &[&to[..], &["--dry-run"]].concat()));
    assert!(dry.contains("this was a dry run"), "{dry}");
    let waiting = "SELECT COUNT(*) FROM deliveries WHERE state = 'waiting'";
    assert_eq!(number(company.app(), waiting).await, 0);
    let sent = said(&replay(&company, &to));
    assert!(
        sent.contains("The servers that run deliver them now."),
        "{sent}"
    );
    company.deliver().await;
    let told = listener.what();
    assert_eq!(told.len(), 8);
    let placed = told[2..]
        .iter()
        .filter(|what| what.starts_with("order.placed"));
    assert_eq!(placed.count(), 3);
    for order in told[2..]
        .iter()
        .filter_map(|what| what.strip_prefix("order.placed "))
    {
        let of_it: Vec<_> = told[2..]
            .iter()
            .filter(|what| what.ends_with(order))
            .collect();
        assert_eq!(*of_it[1], format!("order.paid {order}"));
    }
    let ids: Vec<_> = listener
        .heard()
        .iter()
        .map(|it| it.header("webhook-id").to_owned())
        .collect();
    assert!(ids[2..].contains(&ids[0]), "under the same id: {ids:?}");
    assert_eq!(company.mails(), mails, "to one consumer and no other");
}

#[tokio::test]
async fn a_mail_is_sent_again_only_if_that_is_asked_for() {
    let listener = Listener::start().await;
    let (company, _) = with_history(&listener).await;
    for mail in company.mails() {
        std::fs::remove_file(company.server.mails().join(mail)).expect("is removed");
    }
    let wanted = [
        "--since",
        "1d",
        "--subject",
        "order.placed",
        "--consumer",
        "mail",
    ];
    let told = said(&replay(&company, &wanted));
    assert!(
        told.contains("3 left out: mailed already, or not on record"),
        "{told}"
    );
    company.deliver().await;
    assert_eq!(company.mails().len(), 0);
    let told = said(&replay(
        &company,
        &[&wanted[..], &["--mail-again", "--limit", "2"]].concat(),
    ));
    assert!(
        told.contains("2 sent again\n       1 left out: more than --limit"),
        "{told}"
    );
    company.deliver().await;
    assert_eq!(company.mails().len(), 2);
    // Nothing tells any more whether it was sent: it may have been.
    execute(
        company.app(),
        "DELETE FROM deliveries WHERE consumer = 'mail'",
    )
    .await;
    let told = said(&replay(&company, &wanted));
    assert!(told.contains("3 left out"), "{told}");
}

#[tokio::test]
async fn a_replay_of_one_subject_or_of_nonsense_says_so() {
    let listener = Listener::start().await;
    let (company, consumer) = with_history(&listener).await;
    let number_of_it = listener.what()[0].replace("order.placed ", "order-");
    let to = [
        "--consumer",
        consumer.as_str(),
        "--since",
        "1d",
        "--subject",
    ];
    let told = said(&replay(&company, &[&to[..], &[&number_of_it]].concat()));
    assert!(told.contains("2 sent again"), "{told}");
    let told = said(&replay(&company, &[&to[..], &["product-99"]].concat()));
    assert!(told.contains("no such events"), "{told}");
    for (wrong, complaint) in [
        (vec!["--since", "soon", "--subject", "*"], "is no time"),
        (
            vec!["--since", "1d", "--subject", "orders"],
            "is neither topics",
        ),
        (
            vec!["--since", "1d", "--subject", "*", "--consumer", "everybody"],
            "everybody",
        ),
        (
            vec![
                "--since",
                "1d",
                "--subject",
                "*",
                "--consumer",
                "webhook-99",
            ],
            "webhook",
        ),
        (vec!["--subject", "*"], "--since"),
    ] {
        let refused = replay(&company, &wrong);
        assert!(!refused.status.success(), "{wrong:?}");
        let complained = text(&refused.stderr);
        assert!(complained.contains(complaint), "{complained}");
    }
    assert_eq!(
        number(
            company.app(),
            "SELECT COUNT(*) FROM deliveries WHERE state = 'waiting'"
        )
        .await,
        2
    );
}
