//! What `verify` says of files that are as they were published, and of such that are not.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use mote_tests::outcome::{same, text};
use mote_tests::{dist, require};
use tempfile::TempDir;
use xtask::{record, workspace};

/// Small and quickly built.
const FILE: &str = "linux/arm/v7/hello";

/// One file, as it was published.
pub(crate) struct Publication {
    directory: TempDir,
    /// The file's checksum.
    sum: String,
}

impl Publication {
    pub(crate) fn make() -> Result<Self> {
        require::release()?;
        let bytes = fs::read(dist::directory().join(FILE))?;
        let this = Self { directory: tempfile::tempdir()?, sum: record::sha256(&bytes) };
        for directory in ["good", "download", "list", "both", "compiler", "compiler-other-bytes"] {
            this.write(&format!("{directory}/{FILE}"), &bytes)?;
            this.write(&format!("{directory}/SHA256SUMS"), format!("{}  {FILE}\n", this.sum).as_bytes())?;
        }
        this.write("release/hello-linux-armv7", &bytes)?;
        this.write("container/hello", &bytes)?;
        Ok(this)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path(name);
        fs::create_dir_all(path.parent().context("no directory")?)?;
        Ok(fs::write(path, bytes)?)
    }

    /// Whether `verify` says `expected`, in which `/` at the beginning of a name stands for this directory, of these
    /// files, and ends with `status`.
    fn is(&self, files: &[&str], expected: &str, status: i32) -> Result<()> {
        let files = files.iter().map(|name| self.path(name));
        let output = crate::xtask(&workspace::root())?.arg("verify").args(files).output()?;
        let directory = format!("{}/", self.directory.path().display());
        let said = text(&output.stdout)?.replace(&directory, "/").replace(&self.sum, "SUM");
        let verdicts = said.lines().filter(|line| !line.starts_with("rebuilt from "));
        let verdicts: String = verdicts.map(|line| format!("{line}\n")).collect();
        same(verdicts.as_str(), expected)
            .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
        same(output.status.code(), Some(status))
    }
}

/// Files under each of the names that they may have; downloads, lists and both with each other that somebody has
/// tampered with; and other bytes of another compiler. Each is judged by itself, and one that differs decides.
pub(crate) fn each_file_by_itself(published: &Publication) -> Result<()> {
    let evil = record::sha256(b"evil");
    let list = format!("{evil}  {FILE}\n");
    published.write(&format!("download/{FILE}"), b"evil")?;
    published.write("list/SHA256SUMS", list.as_bytes())?;
    published.write(&format!("both/{FILE}"), b"evil")?;
    published.write("both/SHA256SUMS", list.as_bytes())?;
    let record = fs::read_to_string(dist::directory().join("build.json"))?;
    let mut record: serde_json::Value = serde_json::from_str(&record)?;
    let compiler = record["compiler"].as_str().context("no compiler")?.to_owned();
    record["compiler"] = "rustc 1.2.3 (abc 2015-01-01)".into();
    for directory in ["compiler", "compiler-other-bytes"] {
        published.write(&format!("{directory}/build.json"), record.to_string().as_bytes())?;
    }
    published.write(&format!("compiler-other-bytes/{FILE}"), b"evil")?;
    published.write("compiler-other-bytes/SHA256SUMS", list.as_bytes())?;

    let directories = ["good", "download", "list", "both", "compiler", "compiler-other-bytes"];
    let files = directories.map(|directory| format!("{directory}/{FILE}"));
    let mut files: Vec<&str> = files.iter().map(String::as_str).collect();
    files.extend(["release/hello-linux-armv7", "container/hello", "absent"]);
    let expected = format!(
        "unknown  /absent: it can't be read: No such file or directory (os error 2)\n\
         equal    /release/hello-linux-armv7\n\
         equal    /container/hello\n\
         differs  /both/{FILE}: it is {evil}, and this source gives SUM\n\
         equal    /compiler/{FILE}\n\
         unknown  /compiler-other-bytes/{FILE}: other bytes, which prove nothing: they were compiled by rustc 1.2.3 \
         (abc 2015-01-01) and here is {compiler}; run: rustup toolchain install 1.2.3 && cargo +1.2.3 xtask verify \
         FILE...\n\
         differs  /download/{FILE}: SHA256SUMS has what this source gives, but the file is another one: get it again\n\
         equal    /good/{FILE}\n\
         differs  /list/{FILE}: it is what this source gives, but SHA256SUMS has another sum\n\
         4 equal, 3 differing, 2 unknown\n"
    );
    published.is(&files, &expected, 1)
}

/// Nothing is built for these.
pub(crate) fn unknown(published: &Publication) -> Result<()> {
    published.write("notes.txt", b"")?;
    published.write("broken/SHA256SUMS", b"this is no list\n")?;
    let named = "call it what it was published as, such as linux/amd64/pid1 or pid1-linux-amd64";
    let expected = format!(
        "unknown  /notes.txt: no file of this source has such a name: {named}\n\
         unknown  /broken/SHA256SUMS: line 1 is no checksum and name, as sha256sum writes them; get the list again\n\
         unknown  /absent/SHA256SUMS: /absent/SHA256SUMS can't be read: No such file or directory (os error 2)\n\
         0 equal, 0 differing, 3 unknown\n"
    );
    published.is(&["notes.txt", "broken/SHA256SUMS", "absent/SHA256SUMS"], &expected, 2)
}
