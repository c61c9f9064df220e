//! What the static API offers, from the list its OpenAPI document is made from.

use anyhow::Result;
use askama::Template;
use serde_json::Value;

use super::data::snippets::{self, Record};
use super::{Frame, Rendered, Shell, render};
use crate::api::{self, Answer, ENDPOINTS};
use crate::record::Catalogue;
use crate::stage::emit::Inputs;

#[derive(Template)]
#[template(path = "api.html")]
struct Api<'a> {
    frame: Frame<'a>,
    figures: Vec<EndpointView>,
    records: Vec<EndpointView>,
    /// Figures that have no address of their own: name, title and addresses.
    others: Vec<Other<'a>>,
    schemas: Vec<SchemaView>,
    base: String,
    /// Code that reads a record.
    record: String,
}

struct EndpointView {
    path: &'static str,
    title: &'static str,
    about: &'static str,
    /// Link, where nothing is to be chosen.
    href: Option<String>,
}

struct Other<'a> {
    name: &'a str,
    title: &'a str,
    json: String,
    csv: String,
}

/// A type of the document.
struct SchemaView {
    name: String,
    about: String,
    fields: Vec<FieldView>,
}

struct FieldView {
    name: String,
    kind: String,
    about: String,
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell, inputs: &Inputs, catalogue: &Catalogue) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "data/api/",
        title: "Static API",
        description: "What an API of a server would answer, as files: figures, records of events, \
                      registrations – with an OpenAPI document.",
    };
    let own = |at: &str| shell.site.url(&format!("{}/{at}", api::FOLDER));
    let view = |endpoint: &api::Endpoint| EndpointView {
        path: endpoint.path,
        title: endpoint.title,
        about: endpoint.about,
        href: (!endpoint.path.contains('{')).then(|| own(endpoint.path)),
    };
    let is_figure = |endpoint: &&api::Endpoint| {
        matches!(
            endpoint.answer,
            Answer::Figure(_) | Answer::AnyFigure | Answer::Csv
        )
    };
    let document = api::document(&shell.title, "", &shell.data_date, &inputs.figures);
    let others = inputs.figures.figures.iter().map(|(name, figure)| Other {
        name,
        title: &figure.title,
        json: shell.site.url(&api::figure_path(name, "json")),
        csv: shell.site.url(&api::figure_path(name, "csv")),
    });
    let folder = format!("{}/", api::FOLDER);
    let address = shell.site.absolute(&folder);
    let base = address.unwrap_or_else(|| format!("{}{}", super::data::PLACEHOLDER, own("")));
    let snippet = Record {
        base: &base,
        example: catalogue.events.last().map_or("", |event| &event.ev_id),
    };
    let page = Api {
        frame: frame.clone(),
        figures: ENDPOINTS
            .iter()
            .filter(is_figure)
            .filter(|endpoint| match endpoint.answer {
                Answer::Figure(name) => inputs.figures.figures.contains_key(name),
                _ => true,
            })
            .map(view)
            .collect(),
        records: ENDPOINTS
            .iter()
            .filter(|endpoint| !is_figure(endpoint))
            .map(view)
            .collect(),
        others: others.collect(),
        schemas: schemas(&document),
        record: snippets::text(&snippet)?,
        base,
    };
    render(&frame, &page, Vec::new())
}

/// The types in the order of their names.
fn schemas(document: &Value) -> Vec<SchemaView> {
    let schemas = document["components"]["schemas"].as_object();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    schemas
        .into_iter()
        .flatten()
        .map(|(name, schema)| {
            // Of a figure, the columns of its rows.
            let rows = &schema["allOf"][1]["properties"]["rows"]["items"]["properties"];
            let properties = schema["properties"]
                .as_object()
                .or_else(|| rows.as_object());
            SchemaView {
                name: name.clone(),
                about: text(&schema["description"]),
                fields: properties
                    .into_iter()
                    .flatten()
                    .map(|(name, field)| FieldView {
                        name: name.clone(),
                        kind: kind(field),
                        about: text(&field["description"]),
                    })
                    .collect(),
            }
        })
        .collect()
}

/// The type of a field in a word or two.
fn kind(field: &Value) -> String {
    if let Some(name) = field["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(choices) = field["anyOf"].as_array() {
        let kinds: Vec<String> = choices.iter().map(kind).collect();
        return kinds.join(" or ");
    }
    match &field["type"] {
        Value::String(one) if one == "array" => match &field["items"] {
            Value::Null => "array".to_owned(),
            items => format!("array of {}", kind(items)),
        },
        Value::String(one) => one.clone(),
        Value::Array(several) => {
            let names: Vec<&str> = several.iter().filter_map(Value::as_str).collect();
            names.join(" or ")
        }
        _ => "any".to_owned(),
    }
}
