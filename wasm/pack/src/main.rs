//! Turns the compiled browser module into the files a page loads, and holds it to its budget.

#![forbid(unsafe_code)]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use clap::Parser;
use wasm_bindgen_cli_support::Bindgen;

mod weight;

/// Packs the browser module: JavaScript bindings, optimised WebAssembly, and a size check.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The module as cargo built it.
    #[arg(long)]
    module: PathBuf,
    /// Folder for NAME.js and NAME_bg.wasm.
    #[arg(long)]
    out: PathBuf,
    /// Name of the files.
    #[arg(long, default_value = "windsock")]
    name: String,
    /// Binaryen's wasm-opt; without it the module is not optimised further.
    #[arg(long)]
    wasm_opt: Option<PathBuf>,
    /// Fail if the packed module is larger than this after Brotli.
    #[arg(long, value_name = "BYTES")]
    max_brotli: Option<u64>,
    /// Quality of Brotli: 11 is what hosts use for files they compress once, and takes minutes for a
    /// large module.
    #[arg(long, default_value_t = 11)]
    quality: i32,
    /// Fail if the packed module is larger than this.
    #[arg(long, value_name = "BYTES")]
    max_raw: Option<u64>,
    /// Also say which crates the code comes from (the module must have its names).
    #[arg(long)]
    weigh: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(report) => {
            // A closed pipe is no reason to fail.
            let _ = std::io::stdout().write_all(report.as_bytes());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<String> {
    let mut report = String::new();
    if arguments.weigh {
        report += &weight::by_crate(&fs::read(&arguments.module)?)?;
    }
    let wasm = bind(arguments)?;
    let bound = fs::metadata(&wasm)?.len();
    if let Some(tool) = &arguments.wasm_opt {
        optimise(tool, &wasm)?;
    }
    let bytes = fs::read(&wasm)?;
    let (raw, compressed) = (bytes.len() as u64, brotli_size(&bytes, arguments.quality)?);
    let script = arguments.out.join(format!("{}.js", arguments.name));
    let script = fs::metadata(script)?.len();
    writeln!(report, "{}", arguments.name)?;
    writeln!(report, "bound      {bound:>9} bytes")?;
    writeln!(
        report,
        "packed     {raw:>9} bytes, {compressed} after Brotli"
    )?;
    for (what, size, budget) in [
        ("raw", raw, arguments.max_raw),
        ("Brotli", compressed, arguments.max_brotli),
    ] {
        if let Some(budget) = budget {
            let left = budget as i64 - size as i64;
            writeln!(report, "budget     {budget:>9} bytes {what}, {left} left")?;
        }
    }
    writeln!(report, "bindings   {script:>9} bytes")?;
    within("raw size", raw, arguments.max_raw)?;
    within("Brotli size", compressed, arguments.max_brotli)?;
    Ok(report)
}

/// Writes the bindings for a module worker and the module they load.
fn bind(arguments: &Arguments) -> Result<PathBuf> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(&arguments.module)
        .out_name(&arguments.name)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    let bound = bindgen.generate(&arguments.out);
    bound.with_context(|| {
        let module = arguments.module.display();
        format!("failed to bind {module}; build it first: make web")
    })?;
    Ok(arguments.out.join(format!("{}_bg.wasm", arguments.name)))
}

fn optimise(tool: &Path, wasm: &Path) -> Result<()> {
    let mut command = Command::new(tool);
    // Binaryen's stronger levels make the module smaller and what hosts send of it larger: code
    // that rustc repeats costs Brotli little, code that was merged and inlined costs it more.
    command.args(["-O1", "--dae-optimizing", "--strip-target-features"]);
    command.arg(wasm).arg("-o").arg(wasm);
    let status = command.status();
    let status = status.with_context(|| format!("failed to run {}", tool.display()))?;
    if !status.success() {
        bail!("failed to optimise the module: {} {status}", tool.display());
    }
    Ok(())
}

/// Size after Brotli.
fn brotli_size(bytes: &[u8], quality: i32) -> Result<u64> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &parameters)?;
    Ok(out.len() as u64)
}

fn within(what: &str, actual: u64, budget: Option<u64>) -> Result<()> {
    match budget {
        Some(budget) if actual > budget => bail!(
            "the browser module is over its budget: {what} is {actual} bytes, {} more than {budget}; \
             find out what grew with --weigh, or raise the budget knowingly",
            actual - budget
        ),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_the_last_size_that_passes() {
        assert!(within("raw size", 10, Some(10)).is_ok());
        assert!(within("raw size", 10, None).is_ok());
        let error = within("raw size", 11, Some(10)).unwrap_err().to_string();
        assert!(error.contains("11 bytes, 1 more than 10"), "{error}");
    }
}
