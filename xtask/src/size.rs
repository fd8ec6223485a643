//! The table of sizes and budgets.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::{
    image::{self, Images},
    platform::{PLATFORMS, Platform},
    program::{Budget, PROGRAMS, Program},
    workspace,
};

/// Compiler and linker of the ceilings and of the numbers in the README.
pub const COMPILER: &str = "Debian's rustc 1.96 and LLD 22";

/// The size of a program on a platform.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// The program.
    pub program: &'static Program,
    /// The platform.
    pub platform: &'static Platform,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Size of the image in bytes: manifest, configuration and compressed layer.
    pub image: u64,
}

/// Prints the table of the files in `dist/`.
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
    let over: Vec<String> = files.iter().flat_map(Measured::excess).collect();
    if !over.is_empty() {
        bail!("over the ceiling: {}", over.join(", "));
    }
    Ok(())
}

/// Returns the sizes of all programs on all platforms in `dist`.
fn measure(dist: &Path) -> Result<Vec<Measured>> {
    let mut files = Vec::new();
    let missing = |path: &str| format!("dist/{path} is missing; run `cargo xtask dist` first");
    for program in PROGRAMS {
        let path = Images::path(program);
        let layout = fs::read(dist.join(&path)).with_context(|| missing(&path))?;
        let images = image::sizes(&layout).with_context(|| format!("dist/{path}"))?;
        for platform in &PLATFORMS {
            let path = program.path(platform);
            let bytes = fs::metadata(dist.join(&path)).with_context(|| missing(&path))?.len();
            let image = images.iter().find(|(candidate, _)| *candidate == platform);
            let (_, image) = *image.with_context(|| format!("no image for {}", platform.docker))?;
            files.push(Measured { program, platform, bytes, image });
        }
    }
    Ok(files)
}

impl Measured {
    fn budget(&self) -> Budget {
        self.program.budget(self.platform).unwrap_or(Budget { goal: 0, ceiling: 0 })
    }

    /// Says which of file and image are over their ceilings, and by how much.
    fn excess(&self) -> Vec<String> {
        let (program, platform) = (self.program.name, self.platform.docker);
        let parts = [
            ("", self.bytes, self.budget().ceiling),
            ("the image of ", self.image, self.program.image_ceiling),
        ];
        let over = parts.into_iter().filter(|(_, bytes, ceiling)| bytes > ceiling);
        over.map(|(what, bytes, ceiling)| format!("{what}{program} on {platform} by {}", bytes - ceiling))
            .collect()
    }
}

/// Returns the table: one row for each file, one block for each program.
fn table(files: &[Measured]) -> String {
    let mut text = String::new();
    text.push_str("program    platform      |  file    goal  ceiling   below |  image  ceiling   below\n");
    for (at, file) in files.iter().enumerate() {
        let Budget { goal, ceiling } = file.budget();
        if at > 0 && files[at - 1].program != file.program {
            text.push('\n');
        }
        let below = |ceiling: u64, bytes: u64| i128::from(ceiling) - i128::from(bytes);
        let remark = if file.excess().is_empty() { "" } else { "  over the ceiling" };
        let (program, platform) = (file.program.name, file.platform.docker);
        let _ = writeln!(
            text,
            "{program:<10} {platform:<13} | {:>5}  {goal:>6}  {ceiling:>7}  {:>6} | {:>6}  {:>7}  {:>6}{remark}",
            file.bytes,
            below(ceiling, file.bytes),
            file.image,
            file.program.image_ceiling,
            below(file.program.image_ceiling, file.image),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn program(name: &'static str, ceiling: u64, image_ceiling: u64) -> Program {
        let budgets = [Budget { goal: ceiling - 10, ceiling }; PLATFORMS.len()];
        let (package, user) = ("mote-example", None);
        Program { name, package, rustc_args: &[], rustc_args_386: &[], budgets, image_ceiling, user }
    }

    /// Programs whose budgets don't change.
    static EXAMPLES: [Program; 2] = [program("hello", 160, 1180), program("pause", 512, 1400)];

    fn measured(program: usize, platform: usize, bytes: u64) -> Measured {
        Measured { program: &EXAMPLES[program], platform: &PLATFORMS[platform], bytes, image: 1000 }
    }

    #[test]
    fn table_has_the_distance_to_the_ceiling() {
        let files = [measured(0, 0, 156), measured(0, 3, 160), measured(1, 0, 600)];
        let expected = "\
program    platform      |  file    goal  ceiling   below |  image  ceiling   below
hello      linux/amd64   |   156     150      160       4 |   1000     1180     180
hello      linux/arm/v7  |   160     150      160       0 |   1000     1180     180

pause      linux/amd64   |   600     502      512     -88 |   1000     1400     400  over the ceiling
";
        assert_eq!(table(&files), expected);
    }

    #[test]
    fn image_over_its_ceiling_fails() {
        let image = |bytes| report(&[Measured { image: bytes, ..measured(1, 0, 400) }]);
        assert!(image(1400).is_ok());
        let message = image(1401).map_err(|error| error.to_string());
        assert_eq!(message, Err("over the ceiling: the image of pause on linux/amd64 by 1".to_owned()));
    }
}
