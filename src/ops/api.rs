//! Server functions of the console's islands.

use super::Meters;
use crate::error::AppError;
use leptos::prelude::*;

/// The meters as they stand. Staff only.
#[server]
pub async fn read_meters() -> Result<Meters, AppError> {
    crate::accounts::viewer().staff()?;
    let measured = super::conservation::read_conservation(&crate::server::app()).await?;
    Ok(measured.meters())
}
