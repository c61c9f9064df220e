//! `windsock check`.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::check::{self, Problem};
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
            let lines = grouped(&report.problems);
            let mut text = format!("{found}:");
            for line in lines.iter().take(TOLD) {
                text.push_str("\n  ");
                text.push_str(line);
            }
            if lines.len() > TOLD {
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

/// A line for each problem; one that many pages have, such as a link of the frame, is told once.
fn grouped(problems: &[Problem]) -> Vec<String> {
    let mut pages: BTreeMap<&str, u64> = BTreeMap::new();
    for problem in problems {
        *pages.entry(&problem.message).or_default() += 1;
    }
    problems
        .iter()
        .filter_map(|problem| match pages.remove(problem.message.as_str())? {
            1 => Some(problem.to_string()),
            count => Some(format!(
                "{problem} (and {} more)",
                plural(count - 1, "file")
            )),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Kind;

    #[test]
    fn what_many_pages_have_is_told_once() {
        let problem = |path: &str, message: &str| Problem {
            path: path.to_owned(),
            kind: Kind::Link,
            message: message.to_owned(),
        };
        let problems = [
            problem("a", "/x/ leads nowhere"),
            problem("a", "/y/ leads nowhere"),
            problem("b", "/x/ leads nowhere"),
            problem("c", "/x/ leads nowhere"),
        ];
        let lines = [
            "a: /x/ leads nowhere (and 2 files more)",
            "a: /y/ leads nowhere",
        ];
        assert_eq!(grouped(&problems), lines);
    }
}
