//! How a report gets on disk: written whole beside its place, then exchanged with what is there, so that a reader sees
//! the old pack or the new one and never half of either. Files 0600, folders 0700.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::Context;
use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::PackFile;
use super::earlier::Earlier;
use super::verify::SIGN_OFF_FILE;
use tieout_private::{self as private, FILE_MODE, FOLDER_MODE};

/// What a folder under construction is called: `.2026-03-31.partial`. One run a job at a time, so one name is enough.
const PARTIAL_SUFFIX: &str = ".partial";

/// What a pack is called while another takes its place in two steps: `.2026-03-31.old.partial`.
const OLD_SUFFIX: &str = ".old.partial";

/// What a report is called that says less than the one of the same day: `2026-03-31-incomplete`.
const INCOMPLETE_SUFFIX: &str = "-incomplete";

/// What a report is called whose day was signed before: `2026-03-31-unsigned`.
const UNSIGNED_SUFFIX: &str = "-unsigned";

/// Why a pack does not take the place of the one that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// It says less.
    Incomplete,
    /// Somebody signed the other.
    Unsigned,
}

impl Beside {
    /// Whether a folder is called after it.
    pub fn names(self, folder: &Path) -> bool {
        folder.file_name().is_some_and(|name| name.to_string_lossy().ends_with(self.suffix()))
    }

    fn suffix(self) -> &'static str {
        match self {
            Beside::Incomplete => INCOMPLETE_SUFFIX,
            Beside::Unsigned => UNSIGNED_SUFFIX,
        }
    }
}

/// A pack under construction. Dropped before it is finished, it is gone.
#[derive(Debug)]
pub struct Pack {
    dir: PathBuf,
    name: String,
    /// What it is called until then.
    partial: PathBuf,
    finished: bool,
}

impl Pack {
    /// Begins the pack that becomes `dir/name/`.
    pub fn begin(dir: &Path, name: &str) -> anyhow::Result<Pack> {
        create_dir(dir)?;
        let partial = dir.join(format!(".{name}{PARTIAL_SUFFIX}"));
        remove_dir(&partial)?;
        create_dir(&partial)?;
        Ok(Pack { dir: dir.to_owned(), name: name.to_owned(), partial, finished: false })
    }

    /// Where it is under construction, for files that are written while their rows come.
    pub fn under_construction(&self) -> &Path {
        &self.partial
    }

    /// Adds files; nobody sees them yet.
    pub fn write(&self, files: &[PackFile]) -> anyhow::Result<()> {
        write_files(&self.partial, files)
    }

    /// Puts the pack in its place and gives its path. What stood there before is replaced only now; a pack that stood
    /// beside it because it said less goes. Errors: that one is signed.
    pub fn finish(self) -> anyhow::Result<PathBuf> {
        let less = self.dir.join(format!("{}{INCOMPLETE_SUFFIX}", self.name));
        let target = self.dir.join(&self.name);
        let is_signed = target.join(SIGN_OFF_FILE).exists();
        anyhow::ensure!(!is_signed, "{} is signed, and nothing takes its place", target.display());
        self.put(&target)?;
        remove_dir(&less)?;
        Ok(target)
    }

    /// Puts the pack beside the one of its place, which stays, and gives its path.
    pub fn finish_beside(self, why: Beside) -> anyhow::Result<PathBuf> {
        let target = self.dir.join(format!("{}{}", self.name, why.suffix()));
        self.put(&target)?;
        Ok(target)
    }

    /// What stands in the place of this pack now; `None`: no pack that can be read.
    pub fn earlier(&self) -> Option<Earlier> {
        Earlier::read(&self.dir.join(&self.name))
    }

    fn put(mut self, target: &Path) -> anyhow::Result<()> {
        sync_dir(&self.partial)?;
        swap(&self.partial, target)?;
        self.finished = true;
        sync_dir(&self.dir)?;
        remove_dir(&self.partial)
    }
}

impl Drop for Pack {
    fn drop(&mut self) {
        if !self.finished
            && let Err(error) = remove_dir(&self.partial)
        {
            tracing::warn!(error = format!("{error:#}"), "an unfinished report stays until the next run");
        }
    }
}

/// Writes the files as `dir/name/` and gives that path.
pub fn write_pack(dir: &Path, name: &str, files: &[PackFile]) -> anyhow::Result<PathBuf> {
    let pack = Pack::begin(dir, name)?;
    pack.write(files)?;
    pack.finish()
}

/// Whether a pack can be written into this folder of one job: it is made, closed to others, cleared of what a killed
/// run left, and tried. Its parent holds the folders of all jobs.
pub fn prepare(dir: &Path) -> anyhow::Result<()> {
    private::folder(dir)?;
    if let Some(all_jobs) = dir.parent() {
        private::shared_folder(all_jobs)?;
    }
    discard_leftovers(dir)?;
    let probe = dir.join(format!(".probe{PARTIAL_SUFFIX}"));
    create_dir(&probe)?;
    remove_dir(&probe)
}

/// Removes what a killed run left half written, and puts back a pack that it had taken away to put another in its
/// place.
fn discard_leftovers(dir: &Path) -> anyhow::Result<()> {
    let Ok(entries) = fs::read_dir(dir) else { return Ok(()) };
    for entry in entries {
        let entry = entry.with_context(|| format!("listing {}", dir.display()))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let old = name.strip_prefix('.').and_then(|name| name.strip_suffix(OLD_SUFFIX)).map(|name| dir.join(name));
        if let Some(target) = old.filter(|target| !target.exists()) {
            let back = || format!("putting {} back in its place", target.display());
            fs::rename(entry.path(), &target).with_context(back)?;
            sync_dir(dir)?;
            continue;
        }
        if name.starts_with('.') && name.ends_with(PARTIAL_SUFFIX) {
            remove_dir(&entry.path())?;
        }
    }
    Ok(())
}

fn create_dir(path: &Path) -> anyhow::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(path)
        .with_context(|| format!("creating the folder {}; check that its parent is writable", path.display()))
}

fn remove_dir(path: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Side by side, for most of it is waiting for the disk.
fn write_files(dir: &Path, files: &[PackFile]) -> anyhow::Result<()> {
    thread::scope(|scope| {
        let write = |file: &PackFile| write_file(&dir.join(&*file.name), &file.bytes);
        let writing: Vec<_> = files.iter().map(|file| scope.spawn(move || write(file))).collect();
        let written = writing.into_iter().map(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic)));
        written.collect::<Vec<_>>().into_iter().collect()
    })
}

fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let attempt = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    attempt().with_context(|| format!("writing {}", path.display()))
}

fn sync_dir(path: &Path) -> anyhow::Result<()> {
    File::open(path).and_then(|dir| dir.sync_all()).with_context(|| format!("syncing {}", path.display()))
}

/// Puts `partial` in the place of `target` in one step; afterwards `partial` is the old pack, or gone.
fn swap(partial: &Path, target: &Path) -> anyhow::Result<()> {
    let context = || format!("moving {} to {}", partial.display(), target.display());
    if !target.exists() {
        return fs::rename(partial, target).with_context(context);
    }
    match renameat_with(CWD, partial, CWD, target, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {
            swap_in_two_steps(partial, target).with_context(context)
        }
        Err(error) => Err(error).with_context(context),
    }
}

/// For file systems that cannot exchange: the pack is missing for a moment, but never half there.
fn swap_in_two_steps(partial: &Path, target: &Path) -> std::io::Result<()> {
    let old = partial.with_extension("old.partial");
    fs::rename(target, &old)?;
    if let Err(error) = fs::rename(partial, target) {
        fs::rename(&old, target)?;
        return Err(error);
    }
    fs::remove_dir_all(old)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn file(name: &'static str, text: &str) -> PackFile {
        PackFile { name: name.into(), bytes: text.as_bytes().to_vec(), sha256: String::new(), rows: None }
    }

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir)
            .expect("a folder")
            .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_second_pack_replaces_the_first_as_a_whole() {
        let dir = tempfile::tempdir().expect("a folder");
        write_pack(dir.path(), "2026-03-31", &[file("a.csv", "1"), file("b.csv", "2")]).expect("written");
        let path = write_pack(dir.path(), "2026-03-31", &[file("a.csv", "3")]).expect("written");
        assert_eq!(names(dir.path()), ["2026-03-31"]);
        assert_eq!(names(&path), ["a.csv"]);
        assert_eq!(fs::read_to_string(path.join("a.csv")).expect("readable"), "3");
    }

    #[test]
    fn a_pack_that_is_not_finished_leaves_nothing_and_replaces_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = write_pack(dir.path(), "2026-03-31", &[file("a.csv", "1")]).expect("written");
        let pack = Pack::begin(dir.path(), "2026-03-31").expect("begun");
        pack.write(&[file("a.csv", "2")]).expect("written");
        drop(pack);
        assert_eq!(names(dir.path()), ["2026-03-31"]);
        assert_eq!(fs::read_to_string(path.join("a.csv")).expect("readable"), "1");
    }

    #[test]
    fn the_pack_is_for_its_owner_only() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = write_pack(&dir.path().join("reports"), "2026-03-31", &[file("a.csv", "1")]).expect("written");
        let mode = |p: &Path| fs::metadata(p).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&path.join("a.csv"))), (0o700, 0o600));
    }

    #[test]
    fn a_folder_is_made_ready_or_said_to_be_none() {
        let dir = tempfile::tempdir().expect("a folder");
        let reports = dir.path().join("reports/acme");
        prepare(&reports).expect("made");
        assert!(names(&reports).is_empty());
        fs::write(dir.path().join("file"), "").expect("written");
        let error = prepare(&dir.path().join("file/acme")).expect_err("a file is no folder");
        assert!(format!("{error:#}").contains("file/acme"), "{error:#}");
    }

    #[test]
    fn what_a_killed_run_left_is_removed_and_nothing_else() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::create_dir(dir.path().join(".2026-03-30.partial")).expect("created");
        fs::create_dir(dir.path().join("2026-03-30")).expect("created");
        fs::create_dir(dir.path().join(".2026-03-30.old.partial")).expect("created");
        discard_leftovers(dir.path()).expect("cleaned");
        assert_eq!(names(dir.path()), ["2026-03-30"]);
    }

    #[test]
    fn a_report_that_a_kill_between_two_renames_took_away_is_put_back() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = write_pack(dir.path(), "2026-03-31", &[file("a.csv", "1")]).expect("written");
        fs::rename(&path, dir.path().join(".2026-03-31.old.partial")).expect("taken away");
        fs::create_dir(dir.path().join(".2026-03-31.partial")).expect("created");
        discard_leftovers(dir.path()).expect("cleaned");
        assert_eq!(names(dir.path()), ["2026-03-31"]);
        assert_eq!(fs::read_to_string(path.join("a.csv")).expect("readable"), "1");
    }

    #[test]
    fn nothing_takes_the_place_of_a_signed_pack() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = write_pack(dir.path(), "2026-03-31", &[file("a.csv", "1")]).expect("written");
        fs::write(path.join(SIGN_OFF_FILE), "{}").expect("signed");
        let error = write_pack(dir.path(), "2026-03-31", &[file("a.csv", "2")]).expect_err("signed");
        assert!(format!("{error:#}").contains("is signed"), "{error:#}");
        let pack = Pack::begin(dir.path(), "2026-03-31").expect("begun");
        pack.write(&[file("a.csv", "2")]).expect("written");
        pack.finish_beside(Beside::Unsigned).expect("finished");
        assert_eq!(names(dir.path()), ["2026-03-31", "2026-03-31-unsigned"]);
        assert_eq!(fs::read_to_string(path.join("a.csv")).expect("readable"), "1");
    }

    #[test]
    fn a_pack_that_says_less_stands_beside_until_a_better_one_comes() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = write_pack(dir.path(), "2026-03-31", &[file("a.csv", "1")]).expect("written");
        let pack = Pack::begin(dir.path(), "2026-03-31").expect("begun");
        pack.write(&[file("a.csv", "2")]).expect("written");
        pack.finish_beside(Beside::Incomplete).expect("finished");
        assert_eq!(names(dir.path()), ["2026-03-31", "2026-03-31-incomplete"]);
        assert_eq!(fs::read_to_string(path.join("a.csv")).expect("readable"), "1");
        write_pack(dir.path(), "2026-03-31", &[file("a.csv", "3")]).expect("written");
        assert_eq!(names(dir.path()), ["2026-03-31"]);
    }
}
