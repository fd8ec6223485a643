//! `cargo xtask verify`: whether published files come from this source.
//!
//! Files are built anew, in a folder of their own, with the compiler and linker that the record beside the published
//! ones names, if they are here. A checksum alone tells that a download is what was published; this tells that what
//! was published is what the source says.

mod claim;
mod judge;
mod name;
mod published;
mod rebuild;

use std::path::{Path, PathBuf};

use anyhow::Result;

use self::{
    judge::{Tally, Verdict, judge},
    published::Published,
    rebuild::{Rebuilt, rebuild},
};
use crate::exit::CannotStart;

/// Prints a line for each of `files`, or what the lists of checksums among them name; true if this source gives all of
/// them. A build that says nothing about a file, having another compiler, makes no file differ.
///
/// # Errors
/// No toolchain, or a failed build; [`CannotStart`] if nothing differs, but of some files it can't be told.
pub fn run(files: &[PathBuf]) -> Result<bool> {
    let (sets, unreadable) = published::read(files);
    let mut tally = Tally::default();
    for (name, reason) in unreadable {
        tally.say(&name, &Verdict::Unknown(reason));
    }
    let scratch = tempfile::Builder::new().prefix("mote-verify-").tempdir()?;
    for set in &sets {
        one_set(set, &mut tally, scratch.path())?;
    }
    println!("{tally}");
    if tally.differing == 0 && tally.unknown > 0 {
        return Err(CannotStart(tally.doubt()).into());
    }
    Ok(tally.differing == 0)
}

fn one_set(set: &Published, tally: &mut Tally, scratch: &Path) -> Result<()> {
    let (platforms, programs) = set.selection();
    let rebuilt =
        if programs.is_empty() { None } else { Some(rebuild(set, &platforms, &programs, scratch)?) };
    for claim in &set.claims {
        let found = rebuilt.as_ref().and_then(|rebuilt| rebuilt.sum(&claim.product));
        let obstacles = rebuilt.as_ref().map_or(&[][..], |rebuilt| &rebuilt.obstacles);
        tally.say(&claim.name, &judge(claim, found, obstacles));
    }
    if let Some(Rebuilt { made_with, .. }) = rebuilt {
        println!("rebuilt from {made_with}");
    }
    Ok(())
}
