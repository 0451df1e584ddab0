//! A form that keeps the input when the server refuses it.

use crate::error::{AppError, STALE};
use crate::ui::{Icon, IconView, non_empty, slug};
use leptos::context::Provider;
use leptos::prelude::*;

/// A refused POST. The server provides it as context and renders the page again; the [`Form`]
/// with the same `action` then shows the error and the input.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The action of the submitted form, as written in that form.
    pub action: String,
    pub error: AppError,
    /// The fields by name, in the order sent. Passwords are never shown again, even where kept here.
    pub typed: Vec<(String, String)>,
}

/// The input of a form that was not submitted for good: somebody asked for room for more. The
/// [`Form`] with the same `action` shows it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub action: String,
    pub typed: Vec<(String, String)>,
}

impl Kept {
    /// Returns what may stand on a page again as it is: everything but passwords, which are typed anew.
    pub fn fields_to_send_again(self) -> impl Iterator<Item = (String, String)> {
        let typed = self.typed.into_iter();
        typed.filter(|(name, _)| !name.contains("password"))
    }
}

/// Returns the input of the form with this action, if it was sent and is shown again.
pub fn typed_into(action: &str) -> Option<Vec<(String, String)>> {
    let refused = use_context::<Refusal>().filter(|refusal| refusal.action == action);
    let kept = use_context::<Kept>().filter(|kept| kept.action == action);
    refused
        .map(|refusal| refusal.typed)
        .or(kept.map(|kept| kept.typed))
}

/// Returns the name of the hidden field that holds the original value of the field `name`.
fn original(name: &str) -> String {
    format!("was_{name}")
}

/// Merges the input of a form with what somebody else saved in the meantime: a field that nobody
/// touched here gets the saved value, the others keep the input.
///
/// This needs the form's [`Originals`]; without them every field counts as touched.
pub fn merged(
    typed: &[(String, String)],
    present: &[(impl AsRef<str>, String)],
) -> Vec<(String, String)> {
    let find = |name: &str| {
        let found = typed.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str())
    };
    // Browsers send line ends as CR LF, and a text area drops trailing white space.
    let plain = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    let merge = |(name, value): &(String, String)| {
        let untouched =
            find(&original(name)).is_some_and(|original| plain(original) == plain(value));
        let saved = present.iter().find(|(field, _)| field.as_ref() == name);
        let saved = saved.filter(|_| untouched).map(|(_, saved)| saved.clone());
        (name.clone(), saved.unwrap_or_else(|| value.clone()))
    };
    typed.iter().map(merge).collect()
}

/// Returns true if the form with this action was refused because somebody else had saved in the
/// meantime. It is then shown with the input [`merged`] with the saved values.
pub fn is_stale(action: &str, present: &[(impl AsRef<str>, String)]) -> bool {
    let refusal = use_context::<Refusal>();
    let stale = refusal.filter(|refusal| refusal.action == action && refusal.error.code == STALE);
    let Some(refusal) = stale else { return false };
    provide_context(Refusal {
        typed: merged(&refusal.typed, present),
        ..refusal
    });
    true
}

/// Hidden fields with the values the form's fields held when it was made: after another person's
/// change they tell which were touched here. They stay with the version the form started from.
#[component]
pub fn Originals<N: AsRef<str> + 'static>(
    /// The name and saved value of each field.
    fields: Vec<(N, String)>,
    /// True if the person has seen the saved values, and starts from them.
    #[prop(optional)]
    seen: bool,
) -> impl IntoView {
    let scope = FormScope::current();
    let hidden = |(name, value): (N, String)| {
        let name = original(name.as_ref());
        let value = match seen {
            true => value,
            false => scope.value(&name, value),
        };
        view! { <HiddenField name value /> }
    };
    fields.into_iter().map(hidden).collect::<Vec<_>>()
}

/// The state of the surrounding form that a field needs. Use it for a control of your own:
/// `FormScope::current()` gives its id, its value and its error.
#[derive(Clone, Debug, Default)]
pub struct FormScope {
    prefix: String,
    /// The input, if the form is shown again.
    typed: Option<Vec<(String, String)>>,
    /// The reason for the refusal.
    error: Option<AppError>,
}

impl FormScope {
    /// Returns the form around the calling component, or an empty scope outside any.
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// Returns the id of the field's control, unique among all forms on the page.
    pub fn id(&self, name: &str) -> String {
        format!("{}-{name}", self.prefix)
            .trim_start_matches('-')
            .to_owned()
    }

    /// Returns the input if the form is shown again, else the given value.
    pub fn value(&self, name: &str, value: String) -> String {
        self.typed_in(name).map_or(value, str::to_owned)
    }

    /// Returns true if a box was ticked. A browser sends nothing for one that is not.
    pub fn checked(&self, name: &str, checked: bool) -> bool {
        match &self.typed {
            Some(_) => self.typed_in(name).is_some(),
            None => checked,
        }
    }

    pub fn error(&self, name: &str) -> Option<String> {
        self.error.as_ref()?.errors.get(name).cloned()
    }

    /// Returns the reason why the form was refused, if it was.
    pub fn refused(&self) -> Option<&AppError> {
        self.error.as_ref()
    }

    fn typed_in(&self, name: &str) -> Option<&str> {
        let mut typed = self.typed.iter().flatten();
        let (_, value) = typed.find(|(field, _)| field == name)?;
        Some(value)
    }
}

/// A plain form. After a refusal it opens with the error and links to the fields that caused it.
#[component]
pub fn Form(
    /// The address it is sent to. A [`Refusal`] finds its form by this.
    #[prop(into)]
    action: String,
    #[prop(into, optional)] class: String,
    /// The form's id and the prefix of its fields' ids; derived from the action by default.
    #[prop(into, optional)]
    id: String,
    /// "post" by default; "get" for filters.
    #[prop(default = "post")]
    method: &'static str,
    /// True for a form with files.
    #[prop(optional)]
    multipart: bool,
    /// True to leave all validation to the server.
    #[prop(optional)]
    novalidate: bool,
    children: Children,
) -> impl IntoView {
    // A list's filter has the same address as the form that adds to the list: only one was sent.
    let sends = method == "post";
    let prefix = non_empty(id.clone()).unwrap_or_else(|| match sends {
        true => slug(&action),
        false => format!("{}-filter", slug(&action)),
    });
    let refusal = use_context::<Refusal>().filter(|refusal| sends && refusal.action == action);
    let scope = FormScope {
        prefix,
        typed: typed_into(&action).filter(|_| sends),
        error: refusal.map(|refusal| refusal.error),
    };
    let summary = scope.clone();
    view! {
        <form
            method=method
            action=action
            id=non_empty(id)
            class=format!("form {class}")
            enctype=multipart.then_some("multipart/form-data")
            novalidate=novalidate
        >
            <ErrorSummary scope=summary />
            <Provider value=scope>{children()}</Provider>
        </form>
    }
}

/// A hidden value of the form.
#[component]
pub fn HiddenField(#[prop(into)] name: String, #[prop(into)] value: String) -> impl IntoView {
    view! { <input type="hidden" name=name value=value /> }
}

#[component]
fn ErrorSummary(scope: FormScope) -> impl IntoView {
    let error = scope.error.clone()?;
    // In the order of the form, which is how it was sent; a field that was not sent comes last.
    let sent = scope.typed.as_deref().unwrap_or_default();
    let place = |name: &String| sent.iter().position(|(field, _)| field == name);
    let mut errors: Vec<(String, String)> = error.errors.into_iter().collect();
    errors.sort_by_key(|(name, _)| place(name).unwrap_or(sent.len()));
    let faults = errors
        .into_iter()
        .map(|(name, message)| {
            let target = format!("#{}", scope.id(&name));
            view! {
                <li>
                    <a href=target>{message}</a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    Some(view! {
        // Focused when the page opens, so that a screen reader says first what went wrong.
        <div class="alert alert-bad error-summary" role="alert" tabindex="-1" autofocus>
            <IconView icon=Icon::Warning />
            <div class="alert-body">
                <p class="alert-title">{error.message}</p>
                {(!faults.is_empty()).then(|| view! { <ul>{faults}</ul> })}
            </div>
        </div>
    })
}

#[cfg(test)]
mod tests {
    use super::merged;
    use crate::error::AppError;
    use crate::ui::{CheckField, Form, Refusal, SelectField, TextField};
    use leptos::prelude::*;

    fn login(action: &'static str) -> String {
        let owner = Owner::new();
        owner.with(|| {
            let typed = [("email", "ada"), ("password", "secret"), ("role", "staff")];
            provide_context(Refusal {
                action: "/login".to_owned(),
                error: AppError::invalid("email", "Write an address."),
                typed: typed
                    .map(|(name, value)| (name.into(), value.into()))
                    .into(),
            });
            let roles = ["admin", "staff"].map(|role| (role.to_owned(), role.to_owned()));
            view! {
                <Form action>
                    <TextField name="email" label="E-mail" value="stored@example.com" />
                    <TextField name="password" label="Password" kind="password" />
                    <SelectField name="role" label="Role" value="admin" options=roles.into() />
                    <CheckField name="stay" label="Stay signed in" checked=true />
                </Form>
            }
            .to_html()
        })
    }

    #[test]
    fn a_refused_form_keeps_what_was_typed_and_names_the_fault() {
        let html = login("/login");
        assert!(html.contains(r#"value="ada""#), "{html}");
        assert!(html.contains(r##"href="#login-email""##), "{html}");
        assert!(
            html.contains(r#"aria-describedby="login-email-error""#),
            "{html}"
        );
        assert!(html.contains(r#"value="staff" selected"#), "{html}");
        assert!(
            !html.contains(" checked"),
            "an unticked box stays unticked: {html}"
        );
    }

    #[test]
    fn faults_are_listed_in_the_order_of_the_form() {
        let owned =
            |pairs: [(&str, &str); 2]| pairs.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let html = Owner::new().with(|| {
            provide_context(Refusal {
                action: "/tasks/new".to_owned(),
                error: AppError::invalid_fields(
                    owned([("labels", "Too many."), ("title", "Write a title.")]).into(),
                ),
                typed: owned([("title", ""), ("labels", "a")]).into(),
            });
            view! {
                <Form action="/tasks/new">
                    <TextField name="title" label="Title" />
                </Form>
            }
            .to_html()
        });
        let place = |fault: &str| html.find(fault).expect("listed");
        assert!(place("Write a title.") < place("Too many."), "{html}");
    }

    #[test]
    fn a_filter_with_the_same_address_is_told_apart() {
        let html = Owner::new().with(|| {
            provide_context(Refusal {
                action: "/users".to_owned(),
                error: AppError::invalid("name", "Write a name."),
                typed: vec![("name".to_owned(), "typed".to_owned())],
            });
            view! {
                <Form action="/users" method="get">
                    <TextField name="name" label="Name" />
                </Form>
            }
            .to_html()
        });
        assert!(html.contains(r#"id="users-filter-name""#), "{html}");
        assert!(!html.contains("typed"), "{html}");
    }

    #[test]
    fn a_field_that_nobody_touched_takes_what_is_saved_now() {
        let typed = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            let owned = pairs
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into()));
            owned.collect()
        };
        let sent = typed(&[
            ("was_name", "Lamp"),
            ("was_price", "5.00"),
            ("was_text", "One\r\nTwo"),
            ("name", "My lamp"),
            ("price", "5.00"),
            ("text", "One\nTwo"),
            ("note", "no original"),
        ]);
        let present = [
            ("name", "Their lamp".to_owned()),
            ("price", "7.00".to_owned()),
            ("text", "Three".to_owned()),
            ("note", "theirs".to_owned()),
        ];
        let wanted = typed(&[
            ("name", "My lamp"),
            ("price", "7.00"),
            ("text", "Three"),
            ("note", "no original"),
        ]);
        assert_eq!(merged(&sent, &present)[3..], wanted);
    }

    #[test]
    fn a_password_is_never_shown_again() {
        assert!(!login("/login").contains("secret"));
    }

    #[test]
    fn another_form_on_the_page_is_left_as_it_was() {
        let html = login("/register");
        assert!(html.contains("stored@example.com"), "{html}");
        assert!(html.contains(" checked"), "{html}");
        assert!(!html.contains("alert"), "{html}");
    }
}
