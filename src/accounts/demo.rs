//! The people of the demo company.

use super::people::{NewUser, create_user};
use super::store::find_password;
use crate::error::AppError;
use crate::server::{App, execute};

/// Everybody's password in the demo. It is printed, so nothing that matters may depend on it.
pub const DEMO_PASSWORD: &str = "welcome-to-the-hall";

/// Name, address and role.
pub const DEMO_PEOPLE: [(&str, &str, &str); 5] = [
    ("Ada Lind", "ada@example.com", "admin"),
    ("Sam Okafor", "sam@example.com", "staff"),
    ("Mei Lin", "mei@example.com", "customer"),
    ("Noor Haddad", "noor@example.com", "customer"),
    ("Jonas Berg", "jonas@example.com", "customer"),
];

/// Creates those who are missing.
pub async fn seed_demo(app: &App) -> Result<(), AppError> {
    for (name, email, role) in DEMO_PEOPLE {
        let mut conn = app.db.read().await?;
        let known = find_password(&mut conn, email, email).await?;
        drop(conn);
        if known.is_none() {
            let input = NewUser {
                name: name.to_owned(),
                email: email.to_owned(),
                password: DEMO_PASSWORD.to_owned(),
                role: role.to_owned(),
            };
            let user = create_user(app, input).await?;
            antedate(app, user.id).await?;
        }
    }
    Ok(())
}

/// Backdates the account to before the demo's orders.
async fn antedate(app: &App, user: i64) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    execute!(
        tx,
        "UPDATE users SET created_at = $1 WHERE id = $2",
        app.clock.now().plus_days(-85),
        user
    )?;
    Ok(tx.commit().await?)
}
