//! The programs that are measured, and their figures.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use xtask::{
    image::{Content, Image},
    platform::{PLATFORMS, Platform},
    process,
    program::{PROGRAMS, Program},
    source, workspace,
};

use crate::metric::Metric;

/// The purpose of a program, which decides how it is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Init,
    Pause,
    Hello,
}

/// A program that is measured.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Set if the program is one of mote's.
    pub(crate) is_mote: bool,
    pub(crate) file: PathBuf,
    pub(crate) origin: String,
    samples: BTreeMap<Metric, Vec<f64>>,
}

/// Quartiles of the samples of a metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figure {
    pub(crate) lower: f64,
    pub(crate) median: f64,
    pub(crate) upper: f64,
}

/// Inits that Debian packages: program, package, and use of the C library.
const DEBIAN: [(&str, &str, &str); 4] = [
    ("tini", "tini", "needs glibc"),
    ("tini-static", "tini", "static"),
    ("dumb-init", "dumb-init", "needs glibc"),
    ("catatonit", "catatonit", "static"),
];

/// Programs that Debian does not package, compiled from the C files in `peers/`.
const COMPILED: [(&str, Kind); 2] = [("pause", Kind::Pause), ("hello", Kind::Hello)];

/// C library, compiler and the Debian packages of both.
const LIBCS: [(&str, &str, &str); 2] =
    [("musl", "musl-gcc", "musl-tools"), ("glibc", "gcc", "gcc libc6-dev")];

/// Returns all programs, mote's first within a kind, and why others are missing.
pub(crate) fn all(dist: &Path) -> Result<(Vec<Target>, Vec<String>)> {
    let mut targets = mote(dist)?;
    let debian = DEBIAN.map(debian);
    let compiled = COMPILED.into_iter().flat_map(|peer| LIBCS.map(|libc| compiled(peer, libc)));
    let mut missing = Vec::new();
    for target in debian.into_iter().chain(compiled) {
        match target {
            Ok(target) => targets.push(target),
            Err(error) => missing.push(format!("{error:#}")),
        }
    }
    targets.sort_by_key(|target| target.kind);
    Ok((targets, missing))
}

fn mote(dist: &Path) -> Result<Vec<Target>> {
    let target = |program: &Program| {
        let kind = match program.name {
            "hello" => Kind::Hello,
            "pause" => Kind::Pause,
            _ => Kind::Init,
        };
        let origin = format!("mote {}", env!("CARGO_PKG_VERSION"));
        let file = dist.join(program.path(native()?));
        let target = Target::new(format!("mote {}", program.name), kind, file, origin)?;
        Ok(Target { is_mote: true, ..target })
    };
    PROGRAMS.iter().map(target).collect()
}

fn native() -> Result<&'static Platform> {
    PLATFORMS.iter().find(|platform| platform.emulator.is_none()).context("no platform without an emulator")
}

fn debian((name, package, libc): (&str, &str, &str)) -> Result<Target> {
    let file = installed(name, package)?;
    let version =
        process::stdout(Command::new("dpkg-query").args(["--show", "--showformat=${Version}", package]))?;
    Target::new(name.to_owned(), Kind::Init, file, format!("Debian's {package} {version}, {libc}"))
}

/// Compiles a peer as small as the compiler makes it, and static, as in an image of its own.
fn compiled((name, kind): (&str, Kind), (libc, compiler, package): (&str, &str, &str)) -> Result<Target> {
    let directory = workspace::scratch().join("peers");
    fs::create_dir_all(&directory)?;
    let file = directory.join(format!("{name}-{libc}"));
    let source = workspace::root().join("bench/peers").join(name).with_extension("c");
    let mut command = Command::new(installed(compiler, package)?);
    command.args(["-Os", "-static", "-s", "-Wno-unused-result", "-o"]).args([&file, &source]);
    process::stdout(&mut command)?;
    Target::new(format!("{name} in C, {libc}"), kind, file, format!("compiled from C with {libc}, static"))
}

fn installed(program: &str, package: &str) -> Result<PathBuf> {
    process::find(program).with_context(|| format!("{program} is not installed (apt-get install {package})"))
}

impl Target {
    /// A program with the sizes of its file and of the image that `cargo xtask dist` would make of it.
    fn new(name: String, kind: Kind, file: PathBuf, origin: String) -> Result<Self> {
        let bytes = fs::read(&file).with_context(|| format!("can't read {}", file.display()))?;
        let file_name = file.file_name().and_then(|name| name.to_str()).context("no file name")?;
        // An init has no user in its image, since its file is copied into other images.
        let user = (kind != Kind::Init).then_some("65535:65535");
        let content = Content { name: file_name, user, bytes: &bytes };
        let image = Image::of_file(content, native()?, source::date(&workspace::root())?)?;
        let samples = BTreeMap::from([
            (Metric::FileBytes, vec![bytes.len() as f64]),
            (Metric::ImageBytes, vec![image.size() as f64]),
        ]);
        Ok(Self { name, kind, is_mote: false, file, origin, samples })
    }

    /// Returns a command that starts the program. An init runs `child`.
    pub(crate) fn command(&self, child: &[&str]) -> Command {
        let mut command = Command::new(&self.file);
        // Some programs search their own name for slashes.
        command.arg0(&self.name);
        if self.kind == Kind::Init {
            command.arg("--").args(child);
        }
        // Programs search, copy and pass on each variable.
        command.env_clear().env("PATH", "/usr/bin:/bin");
        command
    }

    pub(crate) fn add(&mut self, metric: Metric, sample: f64) {
        self.samples.entry(metric).or_default().push(sample);
    }

    pub(crate) fn samples(&self, metric: Metric) -> &[f64] {
        self.samples.get(&metric).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn figure(&self, metric: Metric) -> Option<Figure> {
        Figure::of(self.samples(metric))
    }
}

impl Figure {
    /// Returns the quartiles by the nearest-rank method: each is one of the samples.
    fn of(samples: &[f64]) -> Option<Self> {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let quartile =
            |number: usize| sorted.get((sorted.len() * number).div_ceil(4).checked_sub(1)?).copied();
        Some(Self { lower: quartile(1)?, median: quartile(2)?, upper: quartile(3)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_samples() {
        let expected = Figure { lower: 3.0, median: 5.0, upper: 7.0 };
        assert_eq!(Figure::of(&[9.0, 1.0, 5.0, 3.0, 7.0]), Some(expected));
        assert_eq!(Figure::of(&[2.0]), Some(Figure { lower: 2.0, median: 2.0, upper: 2.0 }));
        assert_eq!(Figure::of(&[]), None);
    }
}
