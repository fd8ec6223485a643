//! The table of sizes against the budgets.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::{
    platform::{PLATFORMS, Platform},
    program::{Budget, PROGRAMS, Program},
    workspace,
};

/// The size of a program on a platform.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// The program.
    pub program: &'static Program,
    /// The platform.
    pub platform: &'static Platform,
    /// Size of the file in bytes.
    pub bytes: u64,
}

/// Prints the table for the files in `dist/`.
///
/// # Errors
/// A file is missing or over its ceiling.
pub fn run() -> Result<()> {
    report(&measure(&workspace::dist())?)
}

/// Prints the table.
///
/// # Errors
/// A file is over its ceiling; the error names each such file.
pub fn report(files: &[Measured]) -> Result<()> {
    print!("{}", table(files));
    let over: Vec<String> = files.iter().filter_map(Measured::excess).collect();
    if !over.is_empty() {
        bail!("over the ceiling: {}", over.join(", "));
    }
    Ok(())
}

/// The sizes of all programs on all platforms in a `dist` folder.
fn measure(dist: &Path) -> Result<Vec<Measured>> {
    let mut files = Vec::new();
    for program in PROGRAMS {
        for platform in &PLATFORMS {
            let path = program.path(platform);
            let meta = fs::metadata(dist.join(&path))
                .with_context(|| format!("dist/{path} is missing; run `cargo xtask dist` first"))?;
            files.push(Measured { program, platform, bytes: meta.len() });
        }
    }
    Ok(files)
}

impl Measured {
    fn budget(&self) -> Budget {
        self.program.budget(self.platform).unwrap_or(Budget { goal: 0, ceiling: 0 })
    }

    fn excess(&self) -> Option<String> {
        let excess = self.bytes.checked_sub(self.budget().ceiling).filter(|&excess| excess > 0)?;
        let (program, platform) = (self.program.name, self.platform.docker);
        Some(format!("{program} on {platform} by {excess}"))
    }
}

/// The table: one row for each file, the programs in a block each.
#[must_use]
pub fn table(files: &[Measured]) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "program  platform        bytes    goal  ceiling  below ceiling");
    for (at, file) in files.iter().enumerate() {
        let Budget { goal, ceiling } = file.budget();
        if at > 0 && files[at - 1].program != file.program {
            text.push('\n');
        }
        let below = i128::from(ceiling) - i128::from(file.bytes);
        let remark = match (file.bytes > ceiling, file.bytes.saturating_sub(goal)) {
            (true, _) => "  over the ceiling".to_owned(),
            (false, 0) => String::new(),
            (false, over) => format!("  {over} over the goal"),
        };
        let (program, platform) = (file.program.name, file.platform.docker);
        let _ = writeln!(
            text,
            "{program:<8} {platform:<13} {:>7} {goal:>7}  {ceiling:>7}  {below:>13}{remark}",
            file.bytes
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(program: usize, platform: usize, bytes: u64) -> Measured {
        Measured { program: &PROGRAMS[program], platform: &PLATFORMS[platform], bytes }
    }

    #[test]
    fn the_table_says_how_far_below_the_ceiling() {
        let files = [measured(0, 0, 156), measured(0, 3, 128), measured(1, 0, 600)];
        let expected = "\
program  platform        bytes    goal  ceiling  below ceiling
hello    linux/amd64       156     156      160              4
hello    linux/arm/v7      128     118      128              0  10 over the goal

pause    linux/amd64       600     400      512            -88  over the ceiling
";
        assert_eq!(table(&files), expected);
    }

    #[test]
    fn only_over_the_ceiling_fails() {
        assert!(report(&[measured(0, 0, 160)]).is_ok());
        let over = report(&[measured(0, 0, 161), measured(1, 4, 600)]);
        let message = over.map_err(|error| error.to_string());
        let expected = "over the ceiling: hello on linux/amd64 by 1, pause on linux/riscv64 by 88";
        assert_eq!(message, Err(expected.to_owned()));
    }

    #[test]
    fn a_missing_file_says_what_to_run() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let message = measure(folder.path()).map(|_| ()).map_err(|error| error.to_string());
        assert!(message.is_err_and(|text| text.contains("cargo xtask dist")));
        Ok(())
    }
}
