//! The categories that products are in.

use crate::error::AppError;
use crate::server::Conn;

/// The id of the category with this slug, or of the first one; or what is wrong with the choice.
pub async fn chosen_category(
    conn: &mut Conn,
    slug: Option<&str>,
) -> Result<Result<i64, &'static str>, AppError> {
    let categories = super::list_categories(conn).await?;
    if categories.is_empty() {
        return Ok(Err("There is no category yet. Make one first."));
    }
    let category = categories
        .into_iter()
        .find(|category| slug.is_none_or(|slug| category.slug == slug));
    Ok(category
        .map(|category| category.id)
        .ok_or("There is no such category."))
}
