//! The OpenAPI 3.1 document, made from the list of endpoints and the types the files are written from.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::figure::{FigureFile, json_type};
use super::{Answer, ENDPOINTS, Endpoint, FOLDER};
use crate::record::EventRecord;
use crate::stage::analyse::{Figure, Figures};

/// Where schemas refer to each other.
const SCHEMAS: &str = "#/components/schemas/";

/// What the buckets of a folder are called, and what is in them.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "the type describes what `buckets` writes")]
struct Manifest {
    /// Version of the form; readers refuse a newer one.
    format: u32,
    /// What the values are; of events also what columns are called.
    about: Value,
    /// How many values there are.
    values: u64,
    /// First key and name of each bucket, sorted by key.
    buckets: Vec<(String, String)>,
}

/// Events of a registration.
#[derive(JsonSchema)]
#[expect(
    dead_code,
    reason = "the type describes what the list of registrations holds"
)]
struct Tail {
    /// Events under this registration, newest first.
    events: Vec<TailEvent>,
    /// Events of the same airframe under other registrations.
    other_registrations: Vec<TailEvent>,
}

/// An event in short.
#[derive(JsonSchema)]
#[expect(
    dead_code,
    reason = "the type describes what the list of registrations holds"
)]
struct TailEvent {
    ev_id: String,
    ntsb_no: Option<String>,
    /// `YYYY-MM-DD`.
    date: String,
    place: String,
    /// Make, model and registration of each aircraft.
    aircraft: String,
    outcome: String,
    /// Deaths in the event.
    killed: i64,
    /// Whether the files have no probable cause.
    open: bool,
    /// Whether the event has a page of its own.
    page: bool,
}

/// The document for a site with these figures.
pub(crate) fn document(title: &str, server: &str, data_date: &str, figures: &Figures) -> Value {
    let mut settings = SchemaSettings::draft2020_12().for_serialize();
    settings.definitions_path = SCHEMAS.into();
    let mut generator = settings.into_generator();
    let mut own = Map::new();
    let mut paths = Map::new();
    for endpoint in &ENDPOINTS {
        let schema = schema(endpoint, figures, &mut generator, &mut own);
        if let Some(schema) = schema {
            paths.insert(
                format!("/{}", endpoint.path),
                operation(endpoint, figures, &schema),
            );
        }
    }
    let mut schemas = generator.take_definitions(true);
    schemas.append(&mut own);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("{title}: static API"),
            "summary": "What an API of a server would answer, as files.",
            "description": "Only GET, no key, no limit but those of the host. Files whose name has a \
                hash never change; all others change when the data do.",
            "version": data_date,
            "license": {
                "name": "Works of the United States Government",
                "url": "https://www.usa.gov/government-works",
            },
        },
        "servers": [{ "url": format!("{server}{FOLDER}") }],
        "tags": [
            { "name": "figures", "description": "What was counted, with population and query." },
            { "name": "records", "description": "Values by key in many small files." },
        ],
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

/// The schema of what a file holds; nothing if this site has no such file.
fn schema(
    endpoint: &Endpoint,
    figures: &Figures,
    generator: &mut SchemaGenerator,
    own: &mut Map<String, Value>,
) -> Option<Value> {
    let of = |map: bool, schema: schemars::Schema| {
        let schema = schema.to_value();
        if map {
            json!({ "type": "object", "additionalProperties": schema })
        } else {
            schema
        }
    };
    Some(match endpoint.answer {
        Answer::Figure(name) => {
            let any = generator.subschema_for::<FigureFile>().to_value();
            let rows = rows(figures.figures.get(name)?);
            let name = format!("Figure_{}", endpoint.name);
            let rows = json!({ "properties": { "rows": { "type": "array", "items": rows } } });
            own.insert(name.clone(), json!({ "allOf": [any, rows] }));
            json!({ "$ref": format!("{SCHEMAS}{name}") })
        }
        Answer::AnyFigure => of(false, generator.subschema_for::<FigureFile>()),
        Answer::Csv => json!({ "type": "string" }),
        Answer::Manifest => of(false, generator.subschema_for::<Manifest>()),
        Answer::Events => of(true, generator.subschema_for::<EventRecord>()),
        Answer::Tails => of(true, generator.subschema_for::<Tail>()),
        Answer::Finds => json!({
            "type": "object",
            "additionalProperties": { "type": "array", "items": find_entry() },
        }),
    })
}

/// A row of a figure: every column, with its type or null.
fn rows(figure: &Figure) -> Value {
    let properties: Map<String, Value> = figure
        .columns
        .iter()
        .map(|column| {
            let schema = json!({
                "type": [json_type(column.kind), "null"],
                "description": column.label,
            });
            (column.name.clone(), schema)
        })
        .collect();
    let names: Vec<&String> = properties.keys().collect();
    json!({
        "type": "object",
        "required": names,
        "additionalProperties": false,
        "properties": properties,
    })
}

/// `[kind, key, words]` or `[kind, key, words, address]`.
fn find_entry() -> Value {
    json!({
        "type": "array",
        "prefixItems": [
            {
                "enum": ["event", "tail", "state", "aircraft", "airport", "place"],
                "description": "What it is.",
            },
            { "type": "string", "description": "Its key or name." },
            { "type": "string", "description": "A few words about it." },
            { "type": "string", "description": "Its page, relative to the site's root." },
        ],
        "minItems": 3,
        "maxItems": 4,
    })
}

fn operation(endpoint: &Endpoint, figures: &Figures, schema: &Value) -> Value {
    let media = match endpoint.answer {
        Answer::Csv => "text/csv",
        Answer::Events | Answer::Tails | Answer::Finds => "application/gzip",
        _ => "application/json",
    };
    let is_figure = matches!(
        endpoint.answer,
        Answer::Figure(_) | Answer::AnyFigure | Answer::Csv
    );
    let mut operation = json!({
        "operationId": endpoint.name,
        "tags": [if is_figure { "figures" } else { "records" }],
        "summary": endpoint.title,
        "description": endpoint.about,
        "responses": {
            "200": {
                "description": if media == "application/gzip" {
                    "A gzipped JSON object, key → value."
                } else {
                    "The file."
                },
                "content": { media: { "schema": schema } },
            },
            "404": { "description": "There is no such file." },
        },
    });
    if let Some(parameter) = parameter(endpoint, figures) {
        operation["parameters"] = json!([parameter]);
    }
    json!({ "get": operation })
}

fn parameter(endpoint: &Endpoint, figures: &Figures) -> Option<Value> {
    let name = endpoint.path.split_once('{')?.1.split_once('}')?.0;
    let schema = if name == "figure" {
        let own = |name: &&String| super::figure_path(name, "json").contains("/figures/");
        let names: Vec<&String> = figures.figures.keys().filter(own).collect();
        json!({ "type": "string", "enum": names })
    } else {
        json!({ "type": "string", "pattern": "^[0-9a-f]{8}$" })
    };
    Some(json!({
        "name": name,
        "in": "path",
        "required": true,
        "schema": schema,
        "description": if name == "figure" {
            "Name of the figure."
        } else {
            "Name of a bucket, from the manifest of its folder."
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::emit::fixture::inputs;

    #[test]
    fn every_reference_leads_to_a_schema() {
        let figures = inputs().figures;
        let document = document("Windsock", "/x/", "2021-12-30", &figures);
        let text = document.to_string();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let mut references = 0;
        for rest in text.split(SCHEMAS).skip(1) {
            let name = rest.split('"').next().unwrap();
            assert!(schemas.contains_key(name), "{name}");
            references += 1;
        }
        assert!(references > 10 && schemas.len() > 10, "{references}");
        assert!(schemas["EventRecord"]["properties"]["similar"].is_object());
        let year = &schemas["Figure_yearly"]["allOf"][1]["properties"]["rows"]["items"];
        assert_eq!(
            year["properties"]["ev_year"]["type"],
            json!(["integer", "null"])
        );
    }
}
