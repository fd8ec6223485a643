//! `cargo xtask bench`: measures mote's programs side by side with others, in one run.

mod chart;
mod child;
pub mod count;
mod measurements;
mod metric;
mod page;
mod running;
mod scheduling;
mod target;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand as _};
use xtask::{dist, exit, workspace};

use self::measurements::Plan;
pub use self::scheduling::in_new_pid_namespace;

/// Measures the programs side by side with others, as root
///
/// Each runs as PID 1 of a PID namespace, which only root can create.
#[derive(Parser)]
#[command(bin_name = "cargo xtask bench")]
struct Arguments {
    /// Take each measurement once, to see that everything works
    #[arg(long)]
    quick: bool,
    /// Write the page and its chart into docs/
    #[arg(long, conflicts_with_all = ["quick", "output"])]
    write_docs: bool,
    /// Write the page and its chart into this directory instead of target/bench
    #[arg(long, value_name = "DIRECTORY")]
    output: Option<PathBuf>,
    #[command(subcommand)]
    role: Option<child::Role>,
}

/// Does what the command line of this process says.
#[must_use]
pub fn main() -> ExitCode {
    let Arguments { quick, write_docs, output, role } = Arguments::parse();
    let result = match role {
        Some(role) => child::run(role),
        None => measure(quick, write_docs, output),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(exit::status(&error))
        }
    }
}

fn measure(quick: bool, write_docs: bool, output: Option<PathBuf>) -> Result<()> {
    let dist = match env::var_os("MOTE_DIST") {
        Some(dist) => dist.into(),
        None => {
            dist::make(&workspace::dist(), &[], &[])?;
            workspace::dist()
        }
    };
    let default = workspace::root().join(if write_docs { "docs" } else { "target/bench" });
    let tables = run(&dist, quick, output.as_ref().unwrap_or(&default))?;
    print!("{tables}");
    Ok(())
}

/// Does the work of a child of an init, if the command line of this process asks for it.
///
/// The inits that [`run`] starts run the current executable as their child.
#[must_use]
pub fn main_of_child() -> Option<ExitCode> {
    let is_role = env::args().nth(1).is_some_and(|name| child::Role::has_subcommand(&name));
    is_role.then(main)
}

/// Measures the files in `dist` and the other programs, writes `benchmarks.md` and its chart into `directory`, and returns
/// the tables.
///
/// # Errors
/// A measurement fails, or a file can't be written.
pub fn run(dist: &Path, quick: bool, directory: &Path) -> Result<String> {
    let (mut targets, missing) = target::all(dist)?;
    for reason in &missing {
        eprintln!("not measured: {reason}");
    }
    let plan = if quick { Plan::QUICK } else { Plan::FULL };
    let realtime = scheduling::in_thread(|| {
        let realtime = scheduling::isolate()?;
        measurements::all(&plan, &mut targets)?;
        Ok(realtime)
    })?;
    let charts = directory.join("benchmarks");
    fs::create_dir_all(&charts)?;
    chart::draw(&targets, &charts.join("file.svg"))?;
    let page = directory.join("benchmarks.md");
    let text = page::page(&targets, &missing, &plan, realtime)?;
    fs::write(&page, text).with_context(|| format!("can't write {}", page.display()))?;
    Ok(format!("{}\n{}\n", page::tables(&targets), page.display()))
}
