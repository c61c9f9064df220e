//! The lookup tables, filled from the shipped lists.

use anyhow::Result;
use dataset::codes;

use super::row::Row;

/// Writes all rows of a lookup table.
pub(super) fn write(
    table: &str,
    row: &mut Row,
    push: &mut dyn FnMut(&Row) -> Result<()>,
) -> Result<()> {
    match table {
        "Country" => {
            for [code, name] in codes::countries() {
                push(
                    row.clear()
                        .text("COUNTRY_CODE", code)
                        .text("COUNTRY_NAME", name),
                )?;
            }
        }
        "states" => {
            for [state, name, region] in codes::states() {
                let row = row.clear().text("state", state).text("faa_region", region);
                push(row.text("name", &format!("{:30}", name.trim())))?;
            }
        }
        "ct_seqevt" => {
            for [code, meaning] in codes::seqevt() {
                let code: i32 = code.parse().unwrap_or_default();
                push(row.clear().number("code", code).text("meaning", meaning))?;
            }
        }
        "ct_iaids" => write_iaids(row, push)?,
        "eADMSPUB_DataDictionary" => {
            for [of, column, code, meaning] in codes::dictionary() {
                let row = row.clear().text("Category of Data", "eADMS Data");
                let row = row.text("Table", of).text("Column", column);
                push(row.text("code_iaids", code).text("meaning", meaning))?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// List names are padded with blanks in the real file.
fn write_iaids(row: &mut Row, push: &mut dyn FnMut(&Row) -> Result<()>) -> Result<()> {
    let (mut list, mut place) = ("", 0);
    for [name, code, meaning] in codes::iaids() {
        place = if name == list { place + 1 } else { 1 };
        list = name;
        let row = row.clear().text("ct_name", &format!("{:22}", name.trim()));
        let row = row.text("code_iaids", code).text("meaning", meaning);
        push(row.number("seq", place).flag("eADMS_use", true))?;
    }
    Ok(())
}
