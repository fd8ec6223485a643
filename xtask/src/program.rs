//! The programs that are shipped. A new one is a new entry in [`PROGRAMS`].

use anyhow::Result;

use crate::{
    compile::Unit,
    exit::unknown,
    platform::{PLATFORMS, Platform},
};

/// Limits of the size of a program's file, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Size that is aimed at.
    pub goal: u64,
    /// Size above which the tests fail.
    pub ceiling: u64,
}

/// A shipped program.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    /// Name of its binary, and of the file in `dist/`.
    pub name: &'static str,
    /// Name of its package.
    pub package: &'static str,
    /// Arguments of the compiler for its own crate. The crates below it are built once for all programs.
    pub rustc_args: &'static [&'static str],
    /// Further arguments on linux/386.
    pub rustc_args_386: &'static [&'static str],
    /// Its budgets, in the order of [`PLATFORMS`].
    pub budgets: [Budget; PLATFORMS.len()],
    /// Ceiling of its image on every platform, in bytes: manifest, configuration and compressed layer.
    pub image_ceiling: u64,
    /// User of its image. The image of a program that is copied into other images has none.
    pub user: Option<&'static str>,
}

/// The user of Kubernetes' own pause, which owns nothing.
const NOBODY: Option<&str> = Some("65535:65535");

/// No trap instruction after code that does not return. Here this is only assembly, which has a trap of its own where
/// one is needed.
const NO_TRAP: &str = "-Ztrap-unreachable=no";

/// No address of the image in a register. It still may be loaded anywhere: `rt/src/arch/x86.rs` says why, and the linker
/// checks it.
const NO_BASE: &str = "-Crelocation-model=static";

/// Every program, in the order in which they are built.
pub const PROGRAMS: &[Program] = &[
    Program {
        name: "hello",
        package: "mote-hello",
        // A fixed address saves bytes.
        rustc_args: &["-Crelocation-model=static", NO_TRAP],
        rustc_args_386: &[],
        budgets: budgets([(166, 166), (136, 136), (176, 176), (136, 136), (168, 168)]),
        image_ceiling: 1180,
        user: NOBODY,
    },
    Program {
        name: "pause",
        package: "mote-pause",
        rustc_args: &[NO_TRAP],
        rustc_args_386: &[],
        budgets: budgets([(576, 576); 5]),
        image_ceiling: 1500,
        user: NOBODY,
    },
    Program {
        name: "pid1",
        package: "mote-pid1",
        rustc_args: &[NO_TRAP],
        rustc_args_386: &[NO_BASE],
        // Help, messages, user switching and the shutdown in plain code take more than the two pages of the goal.
        budgets: budgets([(8192, 15360); 5]),
        image_ceiling: 10752,
        user: None,
    },
    Program {
        name: "tini",
        package: "mote-tini",
        rustc_args: &[NO_TRAP],
        rustc_args_386: &[NO_BASE],
        budgets: budgets([(6144, 8192); 5]),
        image_ceiling: 8192,
        user: None,
    },
    Program {
        name: "dumb-init",
        package: "mote-dumb-init",
        rustc_args: &[NO_TRAP],
        rustc_args_386: &[NO_BASE],
        budgets: budgets([(6144, 8192); 5]),
        image_ceiling: 8192,
        user: None,
    },
    Program {
        name: "catatonit",
        package: "mote-catatonit",
        rustc_args: &[NO_TRAP],
        rustc_args_386: &[NO_BASE],
        budgets: budgets([(4096, 6400); 5]),
        image_ceiling: 8192,
        user: None,
    },
];

/// Returns the budgets of (goal, ceiling) pairs.
const fn budgets(pairs: [(u64, u64); PLATFORMS.len()]) -> [Budget; PLATFORMS.len()] {
    let mut budgets = [Budget { goal: 0, ceiling: 0 }; PLATFORMS.len()];
    let mut at = 0;
    while at < pairs.len() {
        budgets[at] = Budget { goal: pairs[at].0, ceiling: pairs[at].1 };
        at += 1;
    }
    budgets
}

impl Program {
    /// Returns the program with this name.
    ///
    /// # Errors
    /// An unknown name; the error lists the valid ones.
    pub fn named(name: &str) -> Result<&'static Self> {
        PROGRAMS
            .iter()
            .find(|program| program.name == name)
            .ok_or_else(|| unknown("program", name, PROGRAMS.iter().map(|p| p.name)))
    }

    /// Returns the program's budget on a platform of [`PLATFORMS`].
    #[must_use]
    pub fn budget(&self, platform: &Platform) -> Option<Budget> {
        let mut pairs = PLATFORMS.iter().zip(self.budgets);
        pairs.find(|(candidate, _)| *candidate == platform).map(|(_, budget)| budget)
    }

    /// Returns the program's binary as it is built for `platform`.
    #[must_use]
    pub fn unit(&self, platform: &Platform) -> Unit<'static> {
        let further = if platform.docker == "linux/386" { self.rustc_args_386 } else { &[] };
        Unit { package: self.package, bin: self.name, rustc_args: [self.rustc_args, further].concat() }
    }

    /// Returns the path of the program's file for `platform` in `dist/`.
    #[must_use]
    pub fn path(&self, platform: &Platform) -> String {
        format!("{}/{}", platform.docker, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::PROGRAMS;

    #[test]
    fn goals_lie_below_ceilings() {
        for program in PROGRAMS {
            for budget in program.budgets {
                assert!(budget.goal <= budget.ceiling, "{}: {budget:?}", program.name);
            }
        }
    }
}
