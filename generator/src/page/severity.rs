//! The severity page: the model's own form, scored in the browser.

use anyhow::{Context, Result};
use askama::Template;
use severity::form::{Form, FormFeature, FormKind, FormLevel};

use super::{Frame, Rendered, Shell, format, render};
use crate::registry::Stage;
use crate::stage::emit::Inputs;

#[derive(Template)]
#[template(path = "severity.html")]
struct Page<'a> {
    frame: Frame<'a>,
    groups: Vec<Group>,
    classes: Vec<Class>,
    /// Link to the model file.
    model: String,
    train_from: i32,
    train_to: i32,
    rows: String,
    log_loss: String,
    base_log_loss: String,
    in_production: bool,
}

/// Questions under one heading.
struct Group {
    label: String,
    fields: Vec<Field>,
}

struct Field {
    id: String,
    name: String,
    label: String,
    unit: Option<String>,
    help: String,
    missing: String,
    input: Input,
}

/// How a question is answered; nothing is filled in, because an answer nobody gave is no answer.
enum Input {
    Number { min: f64, max: f64, typical: f64 },
    Choice { levels: Vec<FormLevel> },
}

struct Class {
    code: String,
    label: String,
    base_rate: String,
    /// Length of the bar, in percent of its track.
    base_width: String,
}

/// # Errors
/// If the model file cannot be read.
pub fn page(shell: &Shell, inputs: &Inputs) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "severity/",
        title: "Severity",
        description: "Given that an accident happens under these circumstances: how badly have \
                      accidents like it ended?",
    };
    let file = &inputs.model_file;
    let bytes = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let form = severity::Model::from_bytes(&bytes)
        .with_context(|| format!("reading model {}", file.display()))?
        .form();
    let page = Page {
        frame: frame.clone(),
        model: shell.site.url(&format!("model/{}", inputs.model.run.file)),
        train_from: form.window.train_from,
        train_to: form.window.train_to,
        rows: format::thousands(form.window.rows),
        log_loss: format::score(inputs.model.run.model.log_loss),
        base_log_loss: format::score(inputs.model.run.base_rate.log_loss),
        in_production: inputs.model.stage == Stage::Production,
        classes: classes(&form),
        groups: groups(form),
    };
    render(&frame, &page, Vec::new())
}

fn classes(form: &Form) -> Vec<Class> {
    form.classes
        .iter()
        .map(|class| Class {
            code: class.code.clone(),
            label: class.label.clone(),
            base_rate: format::percent(class.base_rate),
            base_width: format!("{:.2}%", class.base_rate * 100.0),
        })
        .collect()
}

/// Features of one group follow each other in the form.
fn groups(form: Form) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for feature in form.features {
        if groups.last().is_none_or(|g| g.label != feature.group) {
            groups.push(Group {
                label: feature.group.clone(),
                fields: Vec::new(),
            });
        }
        if let Some(group) = groups.last_mut() {
            group.fields.push(field(feature));
        }
    }
    groups
}

fn field(feature: FormFeature) -> Field {
    Field {
        id: format!("s-{}", feature.name),
        name: feature.name,
        label: feature.label,
        unit: feature.unit,
        help: feature.help,
        missing: match feature.missing {
            0.0 => "never missing".to_owned(),
            share if share < 0.0005 => "hardly ever missing".to_owned(),
            share => format!("missing in {}", format::percent(share)),
        },
        input: match feature.kind {
            FormKind::Numeric { min, max, typical } => Input::Number { min, max, typical },
            FormKind::Category { levels, .. } => Input::Choice { levels },
        },
    }
}
