//! `windsock check`.

use anyhow::Result;

use crate::check;
use crate::cli::Format;
use crate::config::Config;
use crate::fault::Fault;
use crate::text::{bytes, plural, thousands};

/// Problems told one by one in sentences; the rest is a number.
const TOLD: usize = 20;

/// Looks at the site and prints what was found.
pub(super) fn run(config: &Config, format: Format) -> Result<()> {
    let report = check::run(&config.output, &config.base_url)?;
    let problems = report.problems.len();
    let found = format!("the site has {}", plural(problems as u64, "problem"));
    match format {
        Format::Json => println!("{}", serde_json::to_string_pretty(&report)?),
        Format::Text if problems == 0 => println!(
            "{}: {}, {} links, {} files, {}; largest record page {}, landing page {} with what it \
             loads: sound",
            config.output.display(),
            plural(report.pages, "page"),
            thousands(report.links),
            thousands(report.files),
            bytes(report.bytes),
            bytes(report.largest_record),
            bytes(report.landing)
        ),
        Format::Text => {
            let lines: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
            let mut text = format!("{found}:");
            for line in lines.iter().take(TOLD) {
                text.push_str("\n  ");
                text.push_str(line);
            }
            if problems > TOLD {
                text.push_str("\n  … and more: all of them with --format json");
            }
            return Err(Fault::Budget(text).into());
        }
    }
    if problems == 0 {
        return Ok(());
    }
    Err(Fault::Budget(found).into())
}
