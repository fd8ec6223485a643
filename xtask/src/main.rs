//! `cargo xtask`: the command line of the project's own tool.

use std::{env, ffi::OsString, path::PathBuf, process::ExitCode};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use xtask::{
    bench, dist, exit, platform::Platform, program::Program, release, size, source, test, verify, workspace,
};

/// Builds, measures and tests mote.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build every file into dist/ and print their sizes
    ///
    /// Afterwards dist/ contains the files of this build, and no other files of earlier builds. Files of other origin stay.
    Dist {
        /// Build for this platform only, such as linux/arm64 (repeatable)
        #[arg(long = "platform", value_name = "PLATFORM", value_parser = Platform::named)]
        platforms: Vec<&'static Platform>,
        /// Build this program only (repeatable)
        #[arg(long = "bin", value_name = "PROGRAM", value_parser = Program::named)]
        programs: Vec<&'static Program>,
    },
    /// Build everything and run the tests, all of them or the groups that are named
    Test {
        /// Test only this machine's platform; without groups, run those that need no root, engine or emulator
        #[arg(long)]
        quick: bool,
        /// Group of tests
        groups: Vec<String>,
    },
    /// Measure the programs side by side with others, as root
    #[command(disable_help_flag = true)]
    Bench {
        /// Options; --help lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTION")]
        options: Vec<OsString>,
    },
    /// Print the sizes of the files in dist/ against their budgets
    Size,
    /// Build the files of a release below target/, from a clean tree
    Release,
    /// Rebuild published files from this tree and compare their checksums
    Verify {
        /// Published SHA256SUMS, or its directory; build.json must be there as well
        #[arg(value_name = "SHA256SUMS")]
        list: PathBuf,
    },
}

/// Parses the command line; exits after a usage error or help.
fn arguments() -> Arguments {
    let mut command = Arguments::command();
    // Asking Cargo for the groups takes a while.
    if env::args().nth(1).is_some_and(|first| ["test", "help"].contains(&first.as_str())) {
        command = command.mut_subcommand("test", |subcommand| subcommand.after_help(test::list()));
    }
    Arguments::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
}

fn main() -> ExitCode {
    let result = match arguments().command {
        Task::Dist { platforms, programs } => {
            source::warn(&workspace::root());
            dist::run(&platforms, &programs).map(|()| true)
        }
        Task::Test { quick, groups } => test::run(&groups, quick),
        Task::Bench { options } => Err(bench::exec(&options)),
        Task::Size => size::run().map(|()| true),
        Task::Release => release::run().map(|()| true),
        Task::Verify { list } => verify::run(&list),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        // The failures are printed already.
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(exit::status(&error))
        }
    }
}
