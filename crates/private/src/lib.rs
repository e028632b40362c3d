//! Files and folders for their owner alone. One rule for all that tieout keeps (state folder, database, lock, a job's
//! reports): what is ours and open to others is closed, with a warning that names it; what belongs to another user is
//! refused, for that user could put anything there. Root is no exception: what it left, the owner could not write the
//! next night.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use rustix::fs::OFlags;
use rustix::process::geteuid;

pub const FOLDER_MODE: u32 = 0o700;
pub const FILE_MODE: u32 = 0o600;

/// What group and others may do.
const OTHERS: u32 = 0o077;
const OTHERS_WRITE: u32 = 0o022;
/// In such a folder only the owner of an entry may replace it.
const STICKY: u32 = 0o1000;
const ROOT: u32 = 0;
/// Stands for every user whom a container does not know.
const UNKNOWN: u32 = 65_534;
const MODE: u32 = 0o7777;
/// A mode without the set-user-id and set-group-id bits, which a hardened service may not set.
const RIGHTS: u32 = 0o1777;

/// What can't be made private; somebody has to look. A command exits 2.
#[derive(Debug, thiserror::Error)]
pub enum NotPrivate {
    #[error(
        "{path} belongs to user {owner}, and this is user {us}: run tieout as user {owner}, give it to user {us} with \
         `chown`, or name another folder in the job"
    )]
    Foreign { path: PathBuf, owner: u32, us: u32 },
    #[error("{path} is a link, or no file: expected the file itself; put what it leads to in its place, or remove it")]
    NoFile { path: PathBuf },
    #[error(
        "others may use {path} (mode {mode:04o}), and its file system does not let that be changed: mount it for its \
         owner alone (modes 0700 and 0600), or name another folder in the job"
    )]
    Open { path: PathBuf, mode: u32 },
}

/// Creates a folder for its owner alone, parents too; one that is there is closed to others. Errors: [`NotPrivate`], or
/// a folder that can't be created. The folder itself may be a link: it counts what is behind it.
pub fn folder(path: &Path) -> anyhow::Result<()> {
    let meta = created(path)?;
    ours(path, &meta)?;
    close(path, &meta, OTHERS)
}

/// Creates a folder that holds folders of several jobs and readers. It may belong to another user, such as the one who
/// mounted it; if it is ours, nobody else may replace what is in it.
pub fn shared_folder(path: &Path) -> anyhow::Result<()> {
    let meta = created(path)?;
    match meta.uid() == us() && meta.mode() & STICKY == 0 {
        true => close(path, &meta, OTHERS_WRITE),
        false => Ok(()),
    }
}

/// Closes a file to others if it is there, and says whether it is. Never opens it: to close a file again would end the
/// locks that SQLite holds on it. Errors: [`NotPrivate`].
pub fn existing(path: &Path) -> anyhow::Result<bool> {
    let meta = match fs::symlink_metadata(path) {
        Ok(meta) => meta,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error).with_context(|| format!("look at {}", path.display())),
    };
    if !meta.is_file() {
        return Err(NotPrivate::NoFile { path: path.to_owned() }.into());
    }
    ours(path, &meta)?;
    close(path, &meta, OTHERS)?;
    Ok(true)
}

/// Opens a file to read and write, or creates it; never through a link, and never empties it.
pub fn open(path: &Path) -> anyhow::Result<File> {
    existing(path)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(FILE_MODE);
    let no_links = i32::try_from(OFlags::NOFOLLOW.bits()).context("a flag that no system call takes")?;
    let file = options.custom_flags(no_links).open(path);
    file.with_context(|| format!("create or open {}", path.display()))
}

/// The folders above this one that belong to neither us nor root, with their owners: who owns a folder may put another
/// thing in the place of each that is in it.
pub fn foreign_above(path: &Path) -> Vec<(PathBuf, u32)> {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut parents = whole.ancestors().skip(1);
    let Some(nearest) = parents.find_map(|parent| fs::canonicalize(parent).ok()) else { return Vec::new() };
    let owner = |folder: &Path| Some((folder.to_owned(), fs::metadata(folder).ok()?.uid()));
    let owners = nearest.ancestors().filter_map(owner);
    owners.filter(|(_, owner)| ![us(), ROOT, UNKNOWN].contains(owner)).collect()
}

fn created(path: &Path) -> anyhow::Result<Metadata> {
    let made = DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path);
    let meta = made.and_then(|()| fs::metadata(path));
    meta.with_context(|| format!("creating the folder {}; check that its parent is writable", path.display()))
}

fn us() -> u32 {
    geteuid().as_raw()
}

fn ours(path: &Path, meta: &Metadata) -> Result<(), NotPrivate> {
    match (meta.uid(), us()) {
        (owner, us) if owner == us => Ok(()),
        (owner, us) => Err(NotPrivate::Foreign { path: path.to_owned(), owner, us }),
    }
}

/// Takes rights away, and gives none: a folder that its owner may not write to stays so.
fn close(path: &Path, meta: &Metadata, rights: u32) -> anyhow::Result<()> {
    let mode = meta.mode() & MODE;
    if mode & rights == 0 {
        return Ok(());
    }
    let closed = mode & !rights & RIGHTS;
    let done = fs::set_permissions(path, Permissions::from_mode(closed)).and_then(|()| fs::metadata(path));
    if !done.is_ok_and(|meta| meta.mode() & rights == 0) {
        return Err(NotPrivate::Open { path: path.to_owned(), mode }.into());
    }
    let (from, to) = (format!("{mode:04o}"), format!("{closed:04o}"));
    tracing::warn!(path = %path.display(), from, to, "others could use this; it is closed to them now");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{chown, symlink};

    use super::*;

    /// A user who owns nothing here.
    const NOBODY: u32 = 65_534;
    const SOMEBODY: u32 = 12_345;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("is there").mode() & MODE
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("ours");
    }

    #[track_caller]
    fn check_closed(before: u32, after: u32, close: impl Fn(&Path) -> anyhow::Result<()>) {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = dir.path().join("folder");
        fs::create_dir(&folder).expect("made");
        set_mode(&folder, before);
        close(&folder).expect("ours");
        assert_eq!(mode(&folder), after, "{before:o}");
    }

    #[test]
    fn a_folder_of_ours_is_closed_and_never_opened_further() {
        for (before, after) in [(0o700, 0o700), (0o777, 0o700), (0o750, 0o700), (0o2770, 0o700), (0o555, 0o500)] {
            check_closed(before, after, folder);
        }
    }

    #[test]
    fn a_shared_folder_of_ours_keeps_its_readers_and_loses_those_who_could_replace_what_is_in_it() {
        for (before, after) in [(0o755, 0o755), (0o777, 0o755), (0o770, 0o750), (0o1777, 0o1777)] {
            check_closed(before, after, shared_folder);
        }
    }

    #[test]
    fn a_file_of_ours_is_closed_to_others() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("file");
        assert!(!existing(&path).expect("looks"));
        drop(open(&path).expect("created"));
        assert_eq!(mode(&path), FILE_MODE);
        set_mode(&path, 0o666);
        assert!(existing(&path).expect("ours"));
        assert_eq!(mode(&path), FILE_MODE);
    }

    #[test]
    fn what_belongs_to_another_user_is_refused_with_what_to_do() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("theirs");
        fs::create_dir(&path).expect("made");
        // Who may not give a folder away has root's at hand.
        let theirs = if chown(&path, Some(NOBODY), None).is_ok() { path.as_path() } else { Path::new("/") };
        let error = folder(theirs).expect_err("refused");
        assert!(matches!(error.downcast_ref(), Some(NotPrivate::Foreign { .. })), "{error:#}");
        assert!(error.to_string().contains("chown"), "{error:#}");
        shared_folder(theirs).expect("its owner decides");
    }

    #[test]
    fn an_outer_folder_of_another_user_is_found_wherever_it_stands() {
        let dir = tempfile::tempdir().expect("a folder");
        let dir = dir.path().canonicalize().expect("there");
        let outer = dir.join("outer");
        fs::create_dir_all(outer.join("state")).expect("made");
        let before = foreign_above(&outer.join("state/acme"));
        assert!(before.iter().all(|(folder, _)| !folder.starts_with(&dir)), "{before:?}");
        // Only root can give a folder away.
        if chown(&outer, Some(SOMEBODY), None).is_ok() {
            let found = foreign_above(&outer.join("state/acme"));
            assert_eq!(found.first(), Some(&(outer, SOMEBODY)), "{found:?}");
        }
    }

    #[test]
    fn a_link_in_the_place_of_a_file_is_refused_and_what_it_leads_to_is_left_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        let (victim, link) = (dir.path().join("victim"), dir.path().join("link"));
        fs::write(&victim, "kept").expect("written");
        symlink(&victim, &link).expect("linked");
        for error in [open(&link).expect_err("refused"), existing(&link).expect_err("refused")] {
            assert!(matches!(error.downcast_ref(), Some(NotPrivate::NoFile { .. })), "{error:#}");
        }
        assert_eq!(fs::read_to_string(&victim).expect("there"), "kept");
    }
}
