//! Directories of the source tree.

use std::{
    env,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// Returns the root of the workspace. Cargo sets the variable at run time: a tool that was built in one clone may run in
/// another with the same target directory.
#[must_use]
pub fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let here = Path::new(&manifest);
    let root = here.ancestors().find(|directory| directory.join("Cargo.lock").is_file());
    root.unwrap_or(here).to_path_buf()
}

/// Returns the directory of finished files.
#[must_use]
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Returns the directory that the shipped files are built in. It does not depend on the user's settings.
#[must_use]
pub fn scratch() -> PathBuf {
    root().join("target/mote")
}

/// Returns the outermost directory above `path` that not every user may enter, such as a home.
#[must_use]
pub fn closed_to_others(path: &Path) -> Option<&Path> {
    let is_closed =
        |path: &&Path| path.metadata().is_ok_and(|directory| directory.permissions().mode() & 0o001 == 0);
    path.ancestors().filter(is_closed).last()
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use super::*;

    #[test]
    fn home_is_closed_to_others() -> anyhow::Result<()> {
        let directory = tempfile::tempdir()?;
        let (home, clone) = (directory.path().join("home"), directory.path().join("home/clone"));
        fs::create_dir_all(&clone)?;
        fs::set_permissions(directory.path(), Permissions::from_mode(0o755))?;
        assert_eq!(closed_to_others(&clone), None);
        fs::set_permissions(&home, Permissions::from_mode(0o700))?;
        assert_eq!(closed_to_others(&clone), Some(home.as_path()));
        Ok(())
    }
}
