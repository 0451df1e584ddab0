//! Demo data: three boards with tasks on them, for a first look around.

use super::board::{find_board_id, first_columns, insert_board, save_columns};
use super::{GAP, Priority, Task, end_of_day, task};
use crate::accounts::find_user_id;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::{Language, Multilingual};
use crate::server::{App, Conn};
use Priority::{High, Low, Medium, None as Whenever, Urgent};

struct Demo {
    status: &'static str,
    title: &'static str,
    description: &'static str,
    priority: Priority,
    /// The part of the person's address before the @; empty for nobody.
    assignee: &'static str,
    /// The due day, counted from today.
    due: Option<i64>,
    labels: &'static [&'static str],
}

const fn demo(
    status: &'static str,
    title: &'static str,
    priority: Priority,
    assignee: &'static str,
    due: Option<i64>,
    labels: &'static [&'static str],
    description: &'static str,
) -> Demo {
    Demo {
        status,
        title,
        description,
        priority,
        assignee,
        due,
        labels,
    }
}

const SHOP_FLOOR: &[Demo] = &[
    demo(
        "todo",
        "Reorder kraft paper and tape",
        Medium,
        "sam",
        Some(1),
        &["supplies"],
        "Two weeks left of each:\n\n- [ ] kraft paper, 70 cm, 3 rolls\n- [ ] paper tape, 24 rolls",
    ),
    demo(
        "todo",
        "Replace the lamp above the till",
        Low,
        "",
        None,
        &["repairs"],
        "It flickers after an hour. The spare is in the cupboard by the back door.",
    ),
    demo(
        "todo",
        "给机械键盘展台换新的价签",
        Whenever,
        "sam",
        Some(3),
        &["display"],
        "旧价签已经褪色，用新的模板打印。",
    ),
    demo(
        "todo",
        "Count the shelf of notebooks by hand",
        High,
        "sam",
        Some(-2),
        &["stock"],
        "The shelf looks like fewer than the system says. **Count twice**, then adjust the stock with the reason.",
    ),
    demo(
        "doing",
        "Train the weekend crew on returns",
        High,
        "ada",
        Some(0),
        &["people", "returns"],
        "1. Look up the order\n2. Check what came back\n3. Refund to the way it was paid\n\nLet everybody do each step once.",
    ),
    demo(
        "doing",
        "Rearrange the window for winter",
        Medium,
        "ada",
        Some(5),
        &["display"],
        "Moka pots and mugs in front, lamps on for the evening.",
    ),
    demo(
        "done",
        "Fix the wobbly counter",
        Low,
        "sam",
        Some(-6),
        &["repairs"],
        "",
    ),
    demo(
        "done",
        "Agree on the opening hours for the holidays",
        Medium,
        "ada",
        Some(-4),
        &["people"],
        "Closed on the 25th and 26th; 10 to 16 on the days between.",
    ),
];

const WEBSITE: &[Demo] = &[
    demo(
        "todo",
        "Rewrite the page about returns",
        Medium,
        "ada",
        Some(6),
        &["text", "returns"],
        "People ask three things, and the page answers none of them:\n\n| Question | Answer |\n| --- | --- |\n| How long? | 30 days |\n| Who pays? | We do |\n| How fast is the refund? | 3 days after it arrives |",
    ),
    demo(
        "todo",
        "Take new pictures of the fountain pen",
        Low,
        "ada",
        Some(9),
        &["pictures"],
        "Nib from the side, cap beside it, daylight.",
    ),
    demo(
        "todo",
        "Search finds nothing for \"headset\"",
        High,
        "sam",
        Some(2),
        &["search"],
        "It should find 无线耳机. Perhaps a word in the description is enough.",
    ),
    demo(
        "todo",
        "Decide on a second currency",
        Whenever,
        "",
        None,
        &["idea"],
        "Four visitors asked for euros last month.",
    ),
    demo(
        "doing",
        "Checkout button hides behind the keyboard on small phones",
        Urgent,
        "sam",
        Some(-1),
        &["bug", "checkout"],
        "Seen at 360 px.\n\n1. Put something into the cart\n2. Tap the address field\n3. The button cannot be reached",
    ),
    demo(
        "doing",
        "Write the text for the winter letter",
        Medium,
        "ada",
        Some(4),
        &["text"],
        "Short: what is new, what is back, the hours for the holidays.",
    ),
    demo(
        "done",
        "Show the delivery time beside the price",
        High,
        "sam",
        Some(-9),
        &["checkout"],
        "",
    ),
];

const FULFILMENT: &[Demo] = &[
    demo(
        "todo",
        "Ask the carrier about Saturday pick-up",
        Medium,
        "sam",
        Some(2),
        &["carrier"],
        "We would need it from the first of next month.",
    ),
    demo(
        "todo",
        "Parcel to Chengdu came back",
        Urgent,
        "sam",
        Some(0),
        &["returns", "carrier"],
        "Address incomplete: the door number is missing. Call the customer **before** sending it again.",
    ),
    demo(
        "todo",
        "Label printer smears the bar code",
        High,
        "",
        Some(-3),
        &["repairs"],
        "Clean the head first; there is alcohol in the drawer.",
    ),
    demo(
        "todo",
        "Try boxes without plastic windows",
        Low,
        "ada",
        Some(14),
        &["supplies", "idea"],
        "Samples of two makers are on the bench.",
    ),
    demo(
        "doing",
        "Pack the order of 40 mugs for the café",
        High,
        "sam",
        Some(1),
        &["packing"],
        "Two to a box, corrugated between. They pick it up at nine.",
    ),
    demo(
        "done",
        "Move the slow sellers to the top shelf",
        Low,
        "sam",
        Some(-7),
        &["stock"],
        "",
    ),
    demo(
        "done",
        "Write down how we pack lamps",
        Medium,
        "ada",
        Some(-5),
        &["packing", "text"],
        "Shade and foot apart, the bulb never in the box.",
    ),
];

/// Creates the missing demo boards with their tasks. Demo people who are missing get no tasks.
pub async fn seed_demo(app: &App) -> Result<(), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let ada = find_user_id(&mut tx, "ada@example.com").await?;
    for ((english, chinese), tasks) in [
        (("Shop floor", "门店"), SHOP_FLOOR),
        (("Website", "网站"), WEBSITE),
        (("Fulfilment", "履约"), FULFILMENT),
    ] {
        if find_board_id(&mut tx, english).await?.is_some() {
            continue;
        }
        let mut name = Multilingual::from(english.to_owned());
        name.translations.set(Language::Chinese, chinese.to_owned());
        let board = insert_board(&mut tx, Language::English, &name, ada, now).await?;
        save_columns(&mut tx, board, &first_columns()).await?;
        for (place, demo) in (1..).zip(tasks) {
            create_demo_task(&mut tx, board, demo, place, ada, now).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn create_demo_task(
    conn: &mut Conn,
    board: i64,
    demo: &Demo,
    place: i64,
    created_by: Option<i64>,
    now: Timestamp,
) -> Result<(), AppError> {
    let assignee_id = match demo.assignee {
        "" => None,
        name => find_user_id(conn, &format!("{name}@example.com")).await?,
    };
    // Created some days ago, one after the other.
    let created_at = now.plus_days(-12).plus_seconds(place * 9_000);
    let task = Task {
        id: 0,
        board_id: board,
        owner_id: None,
        title: demo.title.to_owned(),
        description: demo.description.to_owned(),
        status: demo.status.to_owned(),
        priority: demo.priority,
        assignee_id,
        due_at: demo.due.map(|days| end_of_day(now.plus_days(days))),
        labels: demo
            .labels
            .iter()
            .map(|label| (*label).to_owned())
            .collect(),
        position: place * GAP,
        version: 1,
        created_by,
        created_at,
        updated_at: created_at,
    };
    task::insert_task(conn, &task).await?;
    Ok(())
}
