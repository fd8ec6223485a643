//! Links from page to page.

use std::path::{Component, Path, PathBuf};

use anyhow::{Result, ensure};
use xtask::workspace;

use crate::page::{self, Page};

/// Links to files, directories and titles of this tree; others are not followed.
pub(crate) fn lead_somewhere() -> Result<()> {
    let mut wrong = Vec::new();
    for page in page::all()? {
        for (place, target) in page.links() {
            if !target.contains("://") && !leads_somewhere(&page, &target)? {
                wrong.push(format!("{place}: {target}"));
            }
        }
    }
    ensure!(wrong.is_empty(), "links that lead nowhere:\n{}", wrong.join("\n"));
    Ok(())
}

fn leads_somewhere(page: &Page, target: &str) -> Result<bool> {
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let path = if path.is_empty() { PathBuf::from(&page.path) } else { beside(&page.path, path) };
    let Some(anchor) = anchor else { return Ok(workspace::root().join(path).exists()) };
    let Some(path) = path.to_str().filter(|path| workspace::root().join(path).is_file()) else {
        return Ok(false);
    };
    Ok(Page::read(path)?.anchors().contains(anchor))
}

/// Resolves `target` relative to the directory of `page`.
fn beside(page: &str, target: &str) -> PathBuf {
    let mut path = PathBuf::new();
    for part in Path::new(page).parent().unwrap_or(Path::new("")).join(target).components() {
        match part {
            Component::ParentDir => drop(path.pop()),
            part => path.push(part),
        }
    }
    path
}
