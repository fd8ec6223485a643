//! `cargo xtask dist`: builds and seals every file, and writes files and images to `dist/`.

mod publish;

use std::{
    fs::{self, File},
    path::Path,
};

use anyhow::{Context, Result};

pub(crate) use self::publish::publish;

use crate::{
    compile::{Unit, Workshop},
    image::Images,
    platform::{PLATFORMS, Platform},
    program::{PROGRAMS, Program},
    record::{Built, Origin, Output, Profile, Record},
    sbom,
    seal::seal,
    seccomp,
    size::{self, Measured},
    source::{self, Source},
    toolchain, workspace,
};

/// Builds `programs` for `platforms`, all of them if none is named, writes `dist/` and prints the sizes. A file over its
/// ceiling is no error: another compiler than the project's makes files of other sizes.
///
/// # Errors
/// No toolchain, or a failed build.
pub fn run(platforms: &[&'static Platform], programs: &[&'static Program]) -> Result<()> {
    let measured = make(&workspace::dist(), platforms, programs)?;
    if let Err(over) = size::report(&measured) {
        eprintln!("note: {over:#}; the ceilings were set with {}", size::COMPILER);
    }
    Ok(())
}

/// Builds `programs` for `platforms`, all of them if none is named, writes `directory` and returns the sizes.
///
/// # Errors
/// No toolchain, or a failed build.
pub fn make(
    directory: &Path,
    platforms: &[&'static Platform],
    programs: &[&'static Program],
) -> Result<Vec<Measured>> {
    let _lock = lock()?;
    publish::prepare(directory)?;
    let content = content(platforms, programs)?;
    publish(directory, &content.outputs, &content.record)?;
    Ok(content.measured)
}

/// Builds `programs` for `platforms`, all of them if none is named.
fn content(platforms: &[&'static Platform], programs: &[&'static Program]) -> Result<Content> {
    let platforms: Vec<_> = PLATFORMS.iter().filter(|p| asked(platforms, p)).collect();
    let programs: Vec<_> = PROGRAMS.iter().filter(|p| asked(programs, p)).collect();
    let toolchain = toolchain::resolve()?;
    let files = build(&Workshop::usual(&toolchain), &platforms, &programs)?;
    let root = workspace::root();
    let (source, date) = (Source::of(&root), source::date(&root)?);
    Content::of(Origin { toolchain: &toolchain, source: source.as_ref(), date }, files)
}

/// Builds everything.
///
/// # Errors
/// No toolchain, or a failed build.
pub(crate) fn everything() -> Result<Content> {
    let _lock = lock()?;
    content(&[], &[])
}

/// The files of a build, and everything that is made of them.
#[derive(Debug)]
pub struct Content {
    /// The files.
    pub files: Vec<Built>,
    /// Files that have a checksum.
    pub outputs: Vec<Output>,
    /// The record of the build.
    pub record: Vec<u8>,
    /// The sizes of files and images.
    pub measured: Vec<Measured>,
    /// Date of the sources, in seconds since 1970.
    pub date: u64,
}

impl Content {
    /// Makes everything of `files`, which are sorted by program.
    ///
    /// # Errors
    /// The date is out of range, or Cargo can't list the crates of a program.
    pub fn of(origin: Origin<'_>, files: Vec<Built>) -> Result<Self> {
        let programs: Vec<_> =
            PROGRAMS.iter().filter(|p| files.iter().any(|file| file.program == *p)).collect();
        let (images, profiles) = (Images::of(&files, origin.date)?, profiles(&programs)?);
        let mut record = serde_json::to_vec_pretty(&Record::of(origin, &files, &images, &profiles))?;
        record.push(b'\n');
        let mut outputs = outputs(&files, &images, &profiles)?;
        outputs.push(Output { path: sbom::PATH.to_owned(), bytes: sbom::of(origin, &files)?, mode: 0o644 });
        let measured = measured(&files, &images);
        Ok(Self { files, outputs, record, measured, date: origin.date })
    }
}

fn asked<T: PartialEq>(names: &[&T], candidate: &T) -> bool {
    names.is_empty() || names.contains(&candidate)
}

/// Waits for another run to end. The kernel releases the lock with the process.
fn lock() -> Result<File> {
    let directory = workspace::scratch();
    fs::create_dir_all(&directory).with_context(|| format!("can't make {}", directory.display()))?;
    let lock = File::create(directory.join("lock"))?;
    lock.lock().context("can't wait for another run of `dist`")?;
    Ok(lock)
}

/// Builds and seals each of `programs` for each of `platforms`.
///
/// # Errors
/// A build fails, or a file can't be sealed.
pub fn build(
    workshop: &Workshop<'_>,
    platforms: &[&'static Platform],
    programs: &[&'static Program],
) -> Result<Vec<Built>> {
    let mut built = Vec::new();
    for (at, platform) in platforms.iter().enumerate() {
        eprintln!("[{}/{}] {}", at + 1, platforms.len(), platform.docker);
        let units: Vec<Unit<'_>> = programs.iter().map(|program| program.unit(platform)).collect();
        for (program, linked) in programs.iter().zip(workshop.build(platform, &units)?) {
            let context = || format!("{} for {}", program.name, platform.docker);
            let bytes = seal(fs::read(linked).with_context(context)?);
            built.push(Built { program, platform, bytes: bytes.with_context(context)? });
        }
    }
    // The tables are in this order.
    built.sort_by_key(|file| PROGRAMS.iter().position(|program| program == file.program));
    Ok(built)
}

/// Returns the seccomp profiles of `programs`.
fn profiles(programs: &[&'static Program]) -> Result<Vec<Profile>> {
    programs.iter().map(|program| Ok(Profile { program, bytes: seccomp::profile(program)? })).collect()
}

/// Returns the contents of `dist/` without the records.
fn outputs(files: &[Built], images: &[Images], profiles: &[Profile]) -> Result<Vec<Output>> {
    let mut outputs: Vec<Output> = files
        .iter()
        .map(|file| {
            let path = file.program.path(file.platform);
            Output { path, bytes: file.bytes.clone(), mode: 0o755 }
        })
        .collect();
    for one in images {
        outputs.push(Output { path: Images::path(one.program), bytes: one.layout()?, mode: 0o644 });
        for image in &one.platforms {
            let (path, bytes) = (image.path(one.program), image.docker_archive(one.program)?);
            outputs.push(Output { path, bytes, mode: 0o644 });
        }
    }
    outputs.extend(profiles.iter().map(|Profile { program, bytes }| {
        let path = seccomp::path(program);
        Output { path, bytes: bytes.clone(), mode: 0o644 }
    }));
    Ok(outputs)
}

/// Returns the sizes of files and of their images, which are in the same order.
fn measured(files: &[Built], images: &[Images]) -> Vec<Measured> {
    let images = images.iter().flat_map(|images| &images.platforms);
    let pairs = files.iter().zip(images).map(|(file, image)| Measured {
        program: file.program,
        platform: file.platform,
        bytes: file.bytes.len() as u64,
        image: image.size(),
    });
    pairs.collect()
}
