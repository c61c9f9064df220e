//! Pages that are text: guides, glossary, accessibility.

use anyhow::Result;
use askama::Template;

use super::{Frame, Rendered, Shell, render};

macro_rules! texts {
    ($($name:ident: $template:literal, $path:literal, $title:literal, $about:literal;)*) => {
        $(
            #[derive(Template)]
            #[template(path = $template)]
            struct $name<'a> {
                frame: Frame<'a>,
            }
        )*

        /// All pages of text.
        ///
        /// # Errors
        /// If a template cannot be rendered.
        pub fn pages(shell: &Shell) -> Result<Vec<Rendered>> {
            Ok(vec![$({
                let frame = Frame {
                    shell,
                    path: $path,
                    title: $title,
                    description: $about,
                };
                render(&frame, &$name { frame: frame.clone() }, Vec::new())?
            }),*])
        }
    };
}

texts! {
    Glossary: "text/glossary.html", "glossary/", "Glossary",
        "The NTSB’s words and what they mean here.";
    Press: "text/press.html", "guide/press/", "For the press",
        "How to read the record of an accident, and seven mistakes that are easily made.";
    Pilots: "text/pilots.html", "guide/pilots/", "For pilots",
        "What these records can and cannot tell somebody who flies.";
    Privacy: "text/privacy.html", "privacy/", "Privacy",
        "What this site knows about its visitors: nothing. What it publishes about others: no names.";
    Accessibility: "text/accessibility.html", "accessibility/", "Accessibility",
        "How this site is meant to be usable by everybody, and what to do where it is not.";
}
