//! Charts as JSON for Plotly.
//!
//! Colours are written as `var(--token)`; the page's script puts in what the visitor's colour
//! scheme makes of the token. Each chart has a table with the same numbers beside it.

use plotly::common::{Marker, Orientation, Pattern, PatternFillMode, PatternShape};
use plotly::layout::{
    Axis, AxisType, BarMode, HoverMode, Legend, Margin, Shape, ShapeLayer, ShapeLine, ShapeType,
};
use plotly::{Bar, Layout, Plot};

use super::PageFile;

/// One series of a stacked bar chart.
#[derive(Debug, Clone)]
pub(super) struct Series<'a> {
    pub(super) name: &'a str,
    /// Colour token, for example `--fatl`.
    pub(super) token: &'a str,
    /// Hatched as a second cue beside colour.
    pub(super) hatched: bool,
    pub(super) values: &'a [u64],
}

/// Accidents, the fatal ones of them hatched.
pub(super) fn fatal_and_other<'a>(fatal: &'a [u64], other: &'a [u64]) -> [Series<'a>; 2] {
    [
        Series {
            name: "Fatal",
            token: "--fatl",
            hatched: true,
            values: fatal,
        },
        Series {
            name: "Not fatal",
            token: "--none",
            hatched: false,
            values: other,
        },
    ]
}

/// Stacked columns over labelled positions, in the given order. Positions that are `shaded` are not
/// complete yet.
pub(super) fn columns(
    name: &str,
    x_title: &str,
    labels: &[String],
    series: &[Series],
    shaded: &[bool],
) -> PageFile {
    let mut plot = Plot::new();
    for one in series {
        let bar = Bar::new(labels.to_vec(), one.values.to_vec());
        plot.add_trace(bar.name(one.name).marker(marker(one)));
    }
    plot.set_layout(
        layout()
            .shapes(shades(shaded))
            .x_axis(
                Axis::new()
                    .title(x_title)
                    .type_(AxisType::Category)
                    .show_grid(false)
                    .auto_margin(true)
                    .fixed_range(true),
            )
            .y_axis(value_axis("Accidents")),
    );
    chart(name, &plot)
}

/// Stacked bars of what is `counted`, the first label on top.
pub(super) fn bars(name: &str, counted: &str, labels: &[String], series: &[Series]) -> PageFile {
    let mut plot = Plot::new();
    let labels: Vec<_> = labels.iter().rev().cloned().collect();
    for one in series {
        let values: Vec<_> = one.values.iter().rev().copied().collect();
        let bar = Bar::new(values, labels.clone()).orientation(Orientation::Horizontal);
        plot.add_trace(bar.name(one.name).marker(marker(one)));
    }
    plot.set_layout(
        layout()
            .height(120 + 22 * labels.len())
            .x_axis(value_axis(counted))
            .y_axis(
                Axis::new()
                    .type_(AxisType::Category)
                    .show_grid(false)
                    .auto_margin(true)
                    .dtick(1.0)
                    .fixed_range(true),
            ),
    );
    chart(name, &plot)
}

/// A band behind each run of shaded positions.
fn shades(shaded: &[bool]) -> Vec<Shape> {
    let mut bands = Vec::new();
    let mut start = None;
    for at in 0..=shaded.len() {
        match (start, shaded.get(at).copied().unwrap_or_default()) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                bands.push(band(from as f64 - 0.5, at as f64 - 0.5));
                start = None;
            }
            _ => {}
        }
    }
    bands
}

fn band(from: f64, to: f64) -> Shape {
    Shape::new()
        .shape_type(ShapeType::Rect)
        .layer(ShapeLayer::Below)
        .y_ref("paper")
        .x0(from)
        .x1(to)
        .y0(0)
        .y1(1)
        .fill_color("var(--caution-bg)")
        .line(ShapeLine::new().width(0.0))
}

fn marker(series: &Series) -> Marker {
    let marker = Marker::new().color(format!("var({})", series.token));
    if series.hatched {
        let pattern = Pattern::new()
            .shape(PatternShape::RightDiagonalLine)
            .fill_mode(PatternFillMode::Overlay)
            .foreground_color("var(--paper)")
            .foreground_opacity(0.5)
            .size(7.0)
            .solidity(0.2);
        marker.pattern(pattern)
    } else {
        marker
    }
}

fn value_axis(title: &str) -> Axis {
    Axis::new()
        .title(title)
        .auto_margin(true)
        .separate_thousands(true)
        .fixed_range(true)
}

fn layout() -> Layout {
    Layout::new()
        .bar_mode(BarMode::Stack)
        .hover_mode(HoverMode::Closest)
        .margin(Margin::new().top(8).right(8).bottom(48).left(56))
        .legend(
            Legend::new()
                .orientation(Orientation::Horizontal)
                .y(1.0)
                .y_anchor(plotly::common::Anchor::Bottom),
        )
}

fn chart(name: &str, plot: &Plot) -> PageFile {
    PageFile::hashed(&format!("charts/{name}"), "json", plot.to_json())
}
