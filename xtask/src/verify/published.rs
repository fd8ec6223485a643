//! Reading what was published: files, the list of their checksums, the record of their build.

use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::{
    claim::Claim,
    name::{self, Need},
};
use crate::{
    platform::{PLATFORMS, Platform},
    program::{PROGRAMS, Program},
    record::{RECORD, SUMS, sha256},
    release,
    source::Source,
};

/// How many folders up a file's list of checksums is looked for: `dist/linux/arm/v7/pid1` has it in `dist/`.
const DEPTH: usize = 4;

/// What a record tells about how its files were built.
#[derive(Debug, Deserialize)]
pub(super) struct Recorded {
    pub(super) source: Option<Source>,
    pub(super) compiler: String,
    pub(super) linker: String,
    pub(super) date: u64,
}

/// Files that were published together.
#[derive(Debug, Default)]
pub(super) struct Published {
    /// The files in question.
    pub(super) claims: Vec<Claim>,
    /// How all of them were built, if there is a record of it.
    pub(super) recorded: Option<Recorded>,
    /// The checksums by name, those of files that are not in question, too.
    sums: BTreeMap<String, String>,
}

/// What was published of each of `files`; and those of which nothing can be said, with the reason.
pub(super) fn read(files: &[PathBuf]) -> (Vec<Published>, Vec<(String, String)>) {
    let mut sets: BTreeMap<PathBuf, Published> = BTreeMap::new();
    let mut unreadable = Vec::new();
    for file in files {
        if let Err(error) = add(&mut sets, file) {
            unreadable.push((file.display().to_string(), format!("{error:#}")));
        }
    }
    (sets.into_values().collect(), unreadable)
}

fn add(sets: &mut BTreeMap<PathBuf, Published>, file: &Path) -> Result<()> {
    let list = if file.is_dir() { file.join(SUMS) } else { file.to_owned() };
    if list.file_name().is_some_and(|name| name == SUMS) {
        let folder = list.parent().unwrap_or(Path::new("")).to_owned();
        let set = Published::of_list(&folder, parse(&list)?)?;
        sets.insert(folder, set);
        return Ok(());
    }
    let bytes = fs::read(file).context("it can't be read")?;
    let whole = file.canonicalize().context("it can't be found")?;
    let home = whole.ancestors().skip(1).take(DEPTH).find_map(|folder| Home::of(folder, &whole));
    let name = home.as_ref().map_or_else(|| whole.display().to_string(), |home| home.name.clone());
    let product = name::find(&name).map(|(product, _)| product).or_else(|| {
        let bare = whole.file_name()?.to_str()?;
        name::of_bare(bare, &bytes)
    });
    let product = product.context(
        "no file of this source has such a name: call it what it was published as, such as linux/amd64/pid1 or \
         pid1-linux-amd64",
    )?;
    let published = home.as_ref().and_then(|home| home.published.clone());
    let here = Some(sum_of(&product, &bytes)?);
    let set = match home {
        None => sets.entry(PathBuf::new()).or_default(),
        Some(home) => sets.entry(home.folder).or_insert(home.set),
    };
    set.claims.push(Claim { name: file.display().to_string(), product, here, published });
    Ok(())
}

/// The folder that a file was published in.
struct Home {
    folder: PathBuf,
    set: Published,
    /// What the file is called in it.
    name: String,
    /// The file's checksum.
    published: Option<String>,
}

impl Home {
    /// `folder`, if its list of checksums has `file`, or it has the record of a build.
    fn of(folder: &Path, file: &Path) -> Option<Self> {
        let name = file.strip_prefix(folder).ok()?.to_str()?.to_owned();
        let sums = parse(&folder.join(SUMS)).unwrap_or_default();
        let set = Published::new(folder, sums);
        let published = set.sums.get(&name).cloned();
        let knows = published.is_some() || set.recorded.is_some();
        knows.then(|| Self { folder: folder.to_owned(), set, name, published })
    }
}

impl Published {
    fn new(folder: &Path, sums: BTreeMap<String, String>) -> Self {
        let record = fs::read(folder.join(RECORD)).ok();
        let recorded = record.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { claims: Vec::new(), recorded, sums }
    }

    /// Everything that a list of checksums names, and the record beside it.
    fn of_list(folder: &Path, sums: BTreeMap<String, String>) -> Result<Self> {
        let mut set = Self::new(folder, sums);
        let record = set.recorded.as_ref().map(|_| (RECORD.to_owned(), None));
        let names = set.sums.iter().map(|(name, sum)| (name.clone(), Some(sum.clone())));
        let unlisted = record.filter(|_| !set.sums.contains_key(RECORD));
        for (name, published) in names.chain(unlisted).collect::<Vec<_>>() {
            let file = folder.join(&name);
            let here = match fs::read(&file) {
                Ok(bytes) if published.is_none() => Some(sum_of(&name, &bytes)?),
                Ok(bytes) => Some(sha256(&bytes)),
                Err(error) if error.kind() == ErrorKind::NotFound => None,
                Err(error) => return Err(error).with_context(|| format!("{} can't be read", file.display())),
            };
            let product = name::find(&name).map_or_else(|| name.clone(), |(product, _)| product);
            set.claims.push(Claim { name, product, here, published });
        }
        Ok(set)
    }

    /// Whether files are in question that only a release has.
    pub(super) fn is_release(&self) -> bool {
        self.claims.iter().any(|claim| release::is_further(&claim.product))
    }

    /// What has to be built to make the files in question, in the order of the tables.
    pub(super) fn selection(&self) -> (Vec<&'static Platform>, Vec<&'static Program>) {
        let needs = |names: &mut dyn Iterator<Item = &String>| -> Vec<Need> {
            names.filter_map(|name| Some(name::find(name)?.1)).collect()
        };
        let listed = needs(&mut self.sums.keys());
        let asked = needs(&mut self.claims.iter().map(|claim| &claim.product));
        let platform = |platform: &Platform| {
            let one =
                |needs: &[Need]| needs.iter().any(|need| matches!(need, Need::One(_, p) if *p == platform));
            // A list without a single file, or no list at all: whatever there is.
            let published = one(&listed) || !listed.iter().any(|need| matches!(need, Need::One(..)));
            one(&asked) || (published && asked.iter().any(|need| !matches!(need, Need::One(..))))
        };
        let program = |program: &Program| {
            let of = |needs: &[Need]| {
                let is = |need: &Need| match need {
                    Need::One(of, _) | Need::Every(of) => *of == program,
                    Need::All => false,
                };
                needs.iter().any(is)
            };
            let published = of(&listed) || !listed.iter().any(|need| *need != Need::All);
            of(&asked) || (published && asked.contains(&Need::All))
        };
        let platforms = PLATFORMS.iter().filter(|candidate| platform(candidate)).collect();
        (platforms, PROGRAMS.iter().filter(|candidate| program(candidate)).collect())
    }
}

/// A file's checksum. The record says where the compiler came from, which changes nothing that it made.
pub(super) fn sum_of(product: &str, bytes: &[u8]) -> Result<String> {
    if product != RECORD {
        return Ok(sha256(bytes));
    }
    let mut record: serde_json::Value =
        serde_json::from_slice(bytes).context("it is no record of a build")?;
    record.as_object_mut().context("it is no record of a build")?.remove("route");
    Ok(sha256(&serde_json::to_vec(&record)?))
}

/// The checksums in a list, by name.
fn parse(list: &Path) -> Result<BTreeMap<String, String>> {
    let text = fs::read_to_string(list).with_context(|| format!("{} can't be read", list.display()))?;
    let entry = |(number, line): (usize, &str)| {
        let (sum, name) = line.split_once(' ').unwrap_or((line, ""));
        let name = name.strip_prefix([' ', '*']).unwrap_or(name);
        if sum.len() != 64 || !sum.chars().all(|c| c.is_ascii_hexdigit()) || name.is_empty() {
            bail!(
                "line {} is no checksum and name, as sha256sum writes them; get the list again",
                number + 1
            );
        }
        Ok((name.to_owned(), sum.to_ascii_lowercase()))
    };
    let sums: BTreeMap<_, _> = text.lines().enumerate().map(entry).collect::<Result<_>>()?;
    if sums.is_empty() {
        bail!("it lists nothing; get the list again");
    }
    Ok(sums)
}

#[cfg(test)]
mod tests;
