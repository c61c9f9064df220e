//! What was probably meant by a name that is none.

use super::schema;

/// The known name most like the typed one, if one is like it.
pub(super) fn nearest<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let distance = |name: &str| strsim::damerau_levenshtein(typed, name);
    known
        .into_iter()
        .map(|name| (distance(name), name))
        .min()
        // A quarter of the letters wrong, but always one: of short names most are like each other.
        .filter(|(wrong, name)| *wrong <= (name.len() / 4).max(1) + 1 && *wrong < name.len() / 2)
        .map(|(_, name)| name)
}

/// A parser's complaint with what was probably meant.
///
/// Serde tells unknown names in words only: the first quoted one is what was typed, the others are
/// what is known there.
pub(super) fn explain(error: &toml::de::Error) -> String {
    let text = error.to_string();
    let message = error.message();
    let mut names = message.split('`').skip(1).step_by(2);
    let (field, variant) = ("unknown field", "unknown variant");
    let (true, Some(typed)) = (
        message.starts_with(field) || message.starts_with(variant),
        names.next(),
    ) else {
        return text;
    };
    let text = text.trim_end();
    if let Some(name) = nearest(typed, names) {
        return format!("{text}\ndid you mean `{name}`?");
    }
    let home = schema::keys().into_iter().find(|key| key.name == typed);
    match home {
        Some(key) if message.starts_with(field) => {
            format!("{text}\n`{typed}` belongs to [{}]", key.section)
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_like_a_name_is_taken_for_it() {
        let known = ["title", "base_url", "output", "event_pages"];
        for (typed, meant) in [
            ("titel", Some("title")),
            ("Title", Some("title")),
            ("base-url", Some("base_url")),
            ("event_page", Some("event_pages")),
            ("ouput", Some("output")),
            ("heading", None),
            ("x", None),
        ] {
            assert_eq!(nearest(typed, known), meant, "{typed}");
        }
    }
}
