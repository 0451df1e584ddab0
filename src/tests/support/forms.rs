//! Forms in a page's HTML, and the values of their fields.

/// The form that is sent to `action`: its HTML from there to its end.
pub fn form_of<'a>(page: &'a str, action: &str) -> &'a str {
    let form = page.split_once(&format!("action=\"{action}\""));
    let (_, rest) = form.unwrap_or_else(|| panic!("no form for {action}: {page}"));
    rest.split("</form>").next().expect("its end")
}

/// The value of the first field of this name; empty where it has none.
pub fn field<'a>(page: &'a str, name: &str) -> &'a str {
    let field = page.split_once(&format!("name=\"{name}\""));
    let (_, rest) = field.unwrap_or_else(|| panic!("no field {name}: {page}"));
    let tag = rest.split('>').next().unwrap_or_default();
    let value = tag.split_once("value=\"").map_or("", |(_, value)| value);
    value.split('"').next().unwrap_or_default()
}
