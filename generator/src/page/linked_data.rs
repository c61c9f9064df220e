//! What search engines for data sets read: JSON-LD with the words of schema.org.

use serde_json::{Value, json};

use super::Shell;
use crate::stage::emit::Inputs;

/// JSON that can stand in an HTML script element, whatever its texts hold.
///
/// Escapes of JSON take the place of what could end the element (HTML, 4.12.1.3) or be read as
/// markup by a careless reader.
pub(super) fn within_html(value: &Value) -> String {
    let json = value.to_string();
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

/// The lake as a data set.
pub(super) fn dataset(shell: &Shell, inputs: &Inputs) -> Value {
    let address = |path: &str| {
        let absolute = shell.site.absolute(path);
        absolute.unwrap_or_else(|| shell.site.url(path))
    };
    let years = |column: &str| {
        let summary = inputs.figures.figures.get("summary")?;
        let at = summary.column(column)?;
        summary.rows.first()?.get(at)?.as_u64()
    };
    let distribution: Vec<Value> = inputs
        .manifest
        .tables
        .iter()
        .map(|(name, table)| {
            json!({
                "@type": "DataDownload",
                "name": format!("{name}: {} rows as Parquet", table.rows),
                "encodingFormat": "application/vnd.apache.parquet",
                "contentSize": format!("{} B", table.bytes),
                "contentUrl": address(&format!("data/#table-{name}")),
            })
        })
        .chain([json!({
            "@type": "DataDownload",
            "name": "Index of all files with sizes and SHA-256",
            "encodingFormat": "application/json",
            "contentUrl": address("lake/manifest.json"),
        })])
        .collect();
    let mut dataset = json!({
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": format!("NTSB aviation accident databases, as published by {}", shell.title),
        "description": "Accidents and incidents of civil aviation investigated by the National \
            Transportation Safety Board, aircraft by aircraft: all tables of eADMS without personal \
            columns, as partitioned Parquet files with a data dictionary and code lists.",
        "url": address("data/"),
        "identifier": address("data/"),
        "version": shell.data_date,
        "dateModified": shell.data_date,
        "isAccessibleForFree": true,
        "license": "https://www.usa.gov/government-works",
        "creator": {
            "@type": "GovernmentOrganization",
            "name": "National Transportation Safety Board",
            "url": "https://www.ntsb.gov/",
        },
        "spatialCoverage": "United States",
        "keywords": ["aviation", "accidents", "incidents", "safety", "NTSB", "eADMS"],
        "distribution": distribution,
    });
    if let (Some(first), Some(last)) = (years("first_year"), years("last_year")) {
        dataset["temporalCoverage"] = format!("{first}/{last}").into();
    }
    dataset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_end_the_element() {
        let value = json!({ "name": "</script><!-- & -->" });
        let text = within_html(&value);
        assert!(!text.contains(['<', '>', '&']), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
