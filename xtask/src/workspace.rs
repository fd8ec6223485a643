//! Where things lie in the source tree.

use std::{
    env,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// The workspace's root folder.
///
/// Cargo says at run time where the manifest is. A tool that was built in one clone may be run in another, if
/// they share a target folder.
#[must_use]
pub fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let here = Path::new(&manifest);
    // Every package that uses this lies in a folder of the root, or in one below such a folder.
    let root = here.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
    root.unwrap_or(here).to_path_buf()
}

/// The folder of finished files.
#[must_use]
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The folder for what this tool remembers and what the shipped files are built in. Below `target/`
/// whatever the user's own target folder is, so that no setting of theirs can move it.
#[must_use]
pub fn scratch() -> PathBuf {
    root().join("target/mote")
}

/// The outermost folder on the way to `path` that not every user may enter, such as a home.
#[must_use]
pub fn closed_to_others(path: &Path) -> Option<&Path> {
    let is_closed =
        |folder: &&Path| folder.metadata().is_ok_and(|folder| folder.permissions().mode() & 0o001 == 0);
    path.ancestors().filter(is_closed).last()
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use super::*;

    #[test]
    fn a_home_is_closed_to_others() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let (home, clone) = (folder.path().join("home"), folder.path().join("home/clone"));
        fs::create_dir_all(&clone)?;
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755))?;
        assert_eq!(closed_to_others(&clone), None);
        fs::set_permissions(&home, Permissions::from_mode(0o700))?;
        assert_eq!(closed_to_others(&clone), Some(home.as_path()));
        Ok(())
    }
}
