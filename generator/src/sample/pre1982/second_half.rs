//! `tblSecondHalf`: texts, weather, the aircraft's hours.

use anyhow::Result;

use super::super::row::Row;
use super::Record;

pub(super) fn write(
    record: &Record<'_>,
    row: &mut Row,
    push: &mut dyn FnMut(&Row) -> Result<()>,
) -> Result<()> {
    let (case, craft) = (record.case, record.craft);
    let scenario = case.setup.scenario;
    row.clear()
        .number("RecNum", record.number as u32)
        .text("CAUSE", &scenario.cause.to_uppercase())
        .text("AIRCRAFT_TOT_TIME", &format!("{:05.0}", craft.hours))
        .text("AIRCRAFT_SER_NUM", &craft.serial.to_string())
        .text("INVEST_YEAR", &format!("{:02}", case.when.year % 100));
    // Not every record has remarks.
    if !case.whim.is_multiple_of(3) {
        row.text(
            "REMARKS",
            &format!("{}. {}.", scenario.told, scenario.found).to_uppercase(),
        );
    }
    for number in 1..=craft.model.engines {
        row.text(
            &format!("ENGN{number}_TSO"),
            &format!("{:05.0}", craft.hours * 0.2),
        );
    }
    weather(record, row);
    push(row)
}

fn weather(record: &Record<'_>, row: &mut Row) {
    let weather = &record.case.setup.weather;
    if weather.unreported {
        return;
    }
    row.text("VISIBILITY", &format!("{:.0}", weather.visibility.max(1.0)))
        .text("TEMPERATURE_", &weather.temperature.to_string())
        .text("DEW_POINT", &weather.dew_point.to_string())
        .text("WIND_DIRECTION", &format!("{:03}", weather.wind_direction))
        .text("WIND_VELOCITY", &format!("{:02}", weather.wind));
    if let Some(feet) = weather.ceiling {
        row.text("CEILING", &format!("{feet:05}"));
    }
}
