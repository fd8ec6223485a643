//! Which of this source's files a name stands for.

use object::{Architecture, Object};

use crate::{
    image::Images,
    platform::{PLATFORMS, Platform},
    program::{PROGRAMS, Program},
    record::RECORD,
    release, sbom, seccomp,
};

/// What has to be built to make a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// A program for one platform.
    One(&'static Program, &'static Platform),
    /// A program for every platform that was published with it.
    Every(&'static Program),
    /// Everything that was published with it.
    All,
}

/// The file in `dist/` that a name ends in, in the form of `dist/` or of a release, and what it needs.
pub(super) fn find(name: &str) -> Option<(String, Need)> {
    let known = catalogue().into_iter().find(|(path, _)| {
        let is = |known: &str| {
            name.strip_suffix(known).is_some_and(|folder| folder.is_empty() || folder.ends_with('/'))
        };
        is(path) || is(&release::name(path))
    });
    // What describes all files has no program or platform in its name.
    let rest = || {
        let file = name.rsplit('/').next().unwrap_or(name);
        release::is_further(file).then(|| (file.to_owned(), Need::All))
    };
    known.or_else(rest)
}

/// Files and images.
fn catalogue() -> Vec<(String, Need)> {
    let mut names = Vec::new();
    for program in PROGRAMS {
        for platform in &PLATFORMS {
            let need = Need::One(program, platform);
            names.push((program.path(platform), need));
            names.push((Images::path_on(program, platform), need));
        }
        names.push((Images::path(program), Need::Every(program)));
    }
    names.push((RECORD.to_owned(), Need::All));
    names.push((sbom::PATH.to_owned(), Need::All));
    names.extend(PROGRAMS.iter().map(|program| (seccomp::path(program), Need::All)));
    names
}

/// The file in `dist/` that one is which only has a program's name: its architecture tells.
pub(super) fn of_bare(name: &str, bytes: &[u8]) -> Option<String> {
    let program = PROGRAMS.iter().find(|program| program.name == name)?;
    let docker = match object::File::parse(bytes).ok()?.architecture() {
        Architecture::X86_64 => "linux/amd64",
        Architecture::I386 => "linux/386",
        Architecture::Aarch64 => "linux/arm64",
        Architecture::Arm => "linux/arm/v7",
        Architecture::Riscv64 => "linux/riscv64",
        _ => return None,
    };
    Some(program.path(Platform::named(docker).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_dist_and_of_a_release_stand_for_the_same_file() {
        for name in [
            "linux/arm/v7/pid1",
            "/home/someone/dist/linux/arm/v7/pid1",
            "pid1-linux-armv7",
            "x/pid1-linux-armv7",
        ] {
            let (path, need) = find(name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(path, "linux/arm/v7/pid1");
            assert!(
                matches!(need, Need::One(program, platform) if program.name == "pid1" && platform.arch == "armv7")
            );
        }
    }

    #[test]
    fn an_image_of_all_platforms_needs_them() {
        for name in ["images/pause.oci.tar", "pause.oci.tar"] {
            let found = find(name);
            assert!(matches!(found, Some((_, Need::Every(program))) if program.name == "pause"), "{name}");
        }
        assert!(matches!(find("images/pause-386.docker.tar"), Some((_, Need::One(..)))));
    }

    #[test]
    fn a_name_is_taken_whole() {
        for wrong in
            ["", "pid1", "my-pid1-linux-armv7", "xlinux/amd64/pid1", "linux/amd64/pid1.old", "README.md"]
        {
            assert!(find(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_bare_program_is_told_by_its_architecture() {
        let mut header = [0; 64];
        header[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
        header[16] = 2;
        header[18] = 183;
        header[20] = 1;
        header[52] = 64;
        assert_eq!(of_bare("pause", &header).as_deref(), Some("linux/arm64/pause"));
        assert_eq!(of_bare("pose", &header), None);
        assert_eq!(of_bare("pause", b"#!/bin/sh"), None);
    }
}
