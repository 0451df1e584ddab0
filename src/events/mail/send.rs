//! Sends mail to customers: a file each in development, by SMTP if configured.

use super::addresses::{Admission, admit};
use super::confirm_page::link_of;
use super::notice::{Matter, Notice, holds_address};
use crate::accounts::{Email, find_user};
use crate::error::AppError;
use crate::events::delivery::{Outcome, Sent};
use crate::events::outbox::OutboxEvent;
use crate::i18n::{self, t};
use crate::orders::{BankAccount, read_order};
use crate::server::App;
use crate::server::config::{MailConfig, Transport};
use crate::server::outbound::Failure;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// The timeout of each step of an SMTP conversation, and of all of it.
const SMTP_TIMEOUT: Duration = Duration::from_secs(10);
pub const SMTP_PATIENCE: Duration = Duration::from_secs(30);

/// Checks that the sender's address and the SMTP URL can be parsed, or returns what is wrong with them.
pub fn check_config(config: &MailConfig) -> Result<(), String> {
    config
        .from
        .parse::<Mailbox>()
        .map_err(|error| t!("events-mail-no-sender", cause = error.to_string()))?;
    if config.transport == Transport::Smtp {
        smtp(config).map_err(|error| t!("events-mail-no-smtp-url", cause = error.to_string()))?;
    }
    Ok(())
}

fn smtp(
    config: &MailConfig,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, lettre::transport::smtp::Error> {
    let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(&config.smtp_url)?;
    Ok(server.timeout(Some(SMTP_TIMEOUT)).build())
}

/// Mails the customer about an event of their order, unless the mail server failed too often of late. A notice
/// that was tried before takes a retry from its budget.
pub async fn send_notice(app: &App, event: &OutboxEvent, again: bool) -> Sent {
    if again && !app.mail_server.may_retry() {
        return Sent::postponed(1);
    }
    match notify(app, event).await {
        Ok(()) => Outcome::Done.into(),
        Err(Failure::Open) => Sent::postponed(app.config.outbound.breaker_open_seconds),
        Err(Failure::TimedOut(_)) => {
            Outcome::Failed(t!("events-delivery-too-long").to_owned()).into()
        }
        Err(Failure::Failed(error)) => Outcome::Failed(error.message).into(),
    }
}

async fn notify(app: &App, event: &OutboxEvent) -> Result<(), Failure<AppError>> {
    match write(app, event).await.map_err(Failure::Failed)? {
        Some(message) => send(app, event, message).await,
        None => Ok(()),
    }
}

/// Writes the notice; `None` if there is none about this event, or none for this address.
async fn write(app: &App, event: &OutboxEvent) -> Result<Option<Message>, AppError> {
    let Some(number) = event.subject.strip_prefix("order-") else {
        return Ok(None);
    };
    let mut conn = app.db.read().await?;
    let missing = || failed(t!("events-no-such-order", order = number));
    let order = read_order(&mut conn, number).await?.ok_or_else(missing)?;
    let customer = find_user(&mut conn, order.state.customer_id).await?;
    let customer = customer.ok_or_else(missing)?;
    drop(conn);
    let base = app.config.server.public_url.trim_end_matches('/');
    let link = format!("{base}{}", order.path());
    let customer_name = on_one_line(&customer.name);
    let matter = Matter {
        event,
        order: &order,
        link: &link,
        account: BankAccount::of(app),
    };
    let language = customer.language.unwrap_or(app.config.shop.language);
    let Some(notice) = i18n::with(language, || matter.notice(&customer_name)) else {
        return Ok(None);
    };
    let (name, notice) = match admit(app, &customer.email, event.seq).await? {
        Admission::Open => (Some(customer_name), notice),
        Admission::First(token) => {
            let link = link_of(base, &token);
            let first = i18n::with(language, || matter.first_notice(&link));
            (None, first.unwrap_or(notice))
        }
        Admission::Closed => return Ok(None),
    };
    // In the one form that needs nothing of the mail server, however it was stored.
    let address = customer.email.parse::<Email>().ok();
    let address = address.and_then(|email| email.as_str().parse().ok());
    let unknown = || failed(t!("events-mail-no-address").to_owned());
    let address = address.ok_or_else(unknown)?;
    let to = Mailbox::new(name.filter(|name| !holds_address(name)), address);
    compose(&app.config.mail, event, to, notice).map(Some)
}

/// Returns the name on one line: no header can hold a line break, and writing one panics.
fn on_one_line(name: &str) -> String {
    let words = name.split(|sign: char| sign.is_control() || sign.is_whitespace());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Returns the error of a mail that could not be sent, for staff.
fn failed(message: String) -> AppError {
    AppError::unavailable(message)
}

/// Builds the mail. Its id derives from the event, so that a duplicate is recognised.
fn compose(
    config: &MailConfig,
    event: &OutboxEvent,
    to: Mailbox,
    Notice { subject, text }: Notice,
) -> Result<Message, AppError> {
    let from = config.from.parse::<Mailbox>();
    let from =
        from.map_err(|error| failed(t!("events-mail-from-unreadable", cause = error.to_string())))?;
    let id = format!("<event-{}@{}>", event.seq, from.email.domain());
    let body = Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable)
        .map_err(|_| AppError::internal())?;
    let automatic = HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    );
    Message::builder()
        .message_id(Some(id))
        .date(SystemTime::from(event.at.date_time()))
        .from(from)
        .to(to)
        .subject(subject)
        .raw_header(automatic)
        .header(ContentType::TEXT_PLAIN)
        .body(body)
        .map_err(|error| failed(t!("events-mail-unwritable", cause = error.to_string())))
}

async fn send(app: &App, event: &OutboxEvent, message: Message) -> Result<(), Failure<AppError>> {
    let config = &app.config.mail;
    match config.transport {
        Transport::None => Ok(()),
        Transport::File => {
            let written = write_file(Path::new(&config.folder), event, message);
            written.await.map_err(|error| {
                Failure::Failed(failed(t!(
                    "events-mail-folder",
                    folder = config.folder.as_str(),
                    cause = error.to_string()
                )))
            })
        }
        Transport::Smtp => send_by_smtp(app, message).await,
    }
}

async fn send_by_smtp(app: &App, message: Message) -> Result<(), Failure<AppError>> {
    let server = smtp(&app.config.mail).map_err(|error| Failure::Failed(refused(error)))?;
    let sent = app.mail_server.call(hand_over(server, message));
    sent.await?.map_err(Failure::Failed)
}

/// A mail that the server refuses for good is an answer: it may well take others.
async fn hand_over(
    server: AsyncSmtpTransport<Tokio1Executor>,
    message: Message,
) -> Result<Result<(), AppError>, AppError> {
    match server.send(message).await {
        Err(error) if error.is_permanent() => Ok(Err(refused(error))),
        sent => sent.map(|_| Ok(())).map_err(refused),
    }
}

fn refused(error: lettre::transport::smtp::Error) -> AppError {
    failed(t!("events-mail-refused", cause = error.to_string()))
}

/// Writes one file per event: sent again, it is the same file.
async fn write_file(folder: &Path, event: &OutboxEvent, message: Message) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let what = event.topic.rsplit('.').next().unwrap_or_default();
    let name = format!("{:08}-{}-{what}.eml", event.seq, event.subject);
    // Under a temporary name until it is complete, for whoever watches the folder.
    let unfinished = folder.join(format!(".{name}.part"));
    tokio::fs::write(&unfinished, message.formatted()).await?;
    tokio::fs::rename(unfinished, folder.join(name)).await
}
