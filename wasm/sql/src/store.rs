//! What has been fetched of the lake and decoded of it.
//!
//! Queries ask for columns of files; what is not there is asked for from JavaScript, which answers
//! by feeding the file or saying why it cannot. Everything runs on one thread: the locks are never
//! contended, they are what DataFusion's types want.

use std::collections::{BTreeMap, HashMap};
use std::mem::take;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use arrow::array::ArrayRef;
use datafusion::error::{DataFusionError, Result};
use dataset::manifest::{FileEntry, Index, TableEntry, TableRef};
use engine::LakeFile;

use crate::column::array;
use crate::page::PageId;

/// Bytes of files and decoded columns that are kept for the next query: what is beyond is dropped,
/// the longest unused first.
const KEPT: usize = 384 << 20;

/// Bytes one query may have fetched, as of the engine.
const FETCH: u64 = 100_000_000;

/// Files asked for ahead of the one that is read.
const AHEAD: usize = 6;

/// How much the present query has read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Read {
    /// Files that were read.
    pub(crate) files: u64,
    /// Files of the tables it names.
    pub(crate) all: u64,
    /// Rows of the files that were read.
    pub(crate) rows: u64,
    /// Bytes that were asked for.
    pub(crate) bytes: u64,
}

/// A table whose manifest is known.
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) entry: TableEntry,
}

/// Fetched files and decoded columns.
pub(crate) struct Store {
    inner: Mutex<Inner>,
    page: Arc<PageId>,
}

struct Inner {
    page: Arc<PageId>,
    named: BTreeMap<String, TableRef>,
    open: BTreeMap<String, Arc<Table>>,
    files: HashMap<String, Slot>,
    columns: HashMap<(String, usize), Kept>,
    waiting: Vec<Waker>,
    read: Read,
    cancelled: bool,
    /// Counts uses, to know which are long ago.
    tick: u64,
    /// Bytes of files and columns.
    held: usize,
}

enum Slot {
    /// Asked for.
    Wanted(Arc<Table>, usize),
    Here {
        file: Box<LakeFile>,
        used: u64,
    },
    Failed(String),
}

struct Kept {
    array: ArrayRef,
    used: u64,
}

impl Store {
    pub(crate) fn new(index: Index, page: PageId) -> Self {
        let page = Arc::new(page);
        Self {
            page: Arc::clone(&page),
            inner: Mutex::new(Inner {
                page,
                named: index.tables,
                open: BTreeMap::new(),
                files: HashMap::new(),
                columns: HashMap::new(),
                waiting: Vec::new(),
                read: Read::default(),
                cancelled: false,
                tick: 0,
                held: 0,
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Names of all tables of the lake.
    pub(crate) fn names(&self) -> Vec<String> {
        self.lock().named.keys().cloned().collect()
    }

    /// Where a table is described; `None` if there is no such table.
    pub(crate) fn reference(&self, table: &str) -> Option<TableRef> {
        self.lock().named.get(table).cloned()
    }

    /// A table whose manifest has been fed.
    pub(crate) fn table(&self, name: &str) -> Option<Arc<Table>> {
        self.lock().open.get(name).cloned()
    }

    /// Takes a manifest of a table or a file that was asked for, and lets queries go on.
    ///
    /// # Errors
    /// If it is not what was published, or was not asked for.
    pub(crate) fn feed(&self, path: &str, bytes: Vec<u8>) -> std::result::Result<(), String> {
        let mut inner = self.lock();
        let named = inner.named.iter().find(|(_, t)| t.manifest.path == path);
        if let Some((name, reference)) = named {
            let entry = engine::table_manifest(&reference.manifest, &bytes);
            let table = Table {
                name: name.clone(),
                entry: entry.map_err(|error| error.to_string())?,
            };
            inner.open.insert(table.name.clone(), Arc::new(table));
            return Ok(());
        }
        let (table, file) = match inner.files.get(path) {
            Some(Slot::Wanted(table, file)) => (Arc::clone(table), *file),
            Some(Slot::Here { .. }) => return Ok(()),
            _ => return Err(format!("{path} was not asked for")),
        };
        let opened = LakeFile::open(&table.entry, &table.entry.files[file], bytes.into());
        let file = Box::new(opened.map_err(|error| error.to_string())?);
        let used = inner.tick;
        inner.held += file.memory() as usize;
        inner
            .files
            .insert(path.to_owned(), Slot::Here { file, used });
        inner.wake();
        Ok(())
    }

    /// Says why a file that was asked for does not come.
    pub(crate) fn fail(&self, path: &str, why: &str) {
        let mut inner = self.lock();
        if let Some(slot @ Slot::Wanted(..)) = inner.files.get_mut(path) {
            *slot = Slot::Failed(why.to_owned());
        }
        inner.wake();
    }

    /// Lets everything that waits look again.
    pub(crate) fn wake(&self) {
        self.lock().wake();
    }

    /// Waits until messages to the worker have been heard.
    pub(crate) fn breathe(&self, waker: &Waker) {
        self.lock().waiting.push(waker.clone());
        self.page.breathe();
    }

    /// Ends the present query at the next file it reads.
    pub(crate) fn cancel(&self) {
        let mut inner = self.lock();
        inner.cancelled = true;
        inner.wake();
    }

    /// A new query begins.
    pub(crate) fn begin(&self) {
        let mut inner = self.lock();
        inner.cancelled = false;
        inner.read = Read::default();
        // What failed is tried again; what is on its way still comes.
        let files = &mut inner.files;
        files.retain(|_, slot| !matches!(slot, Slot::Failed(_)));
    }

    /// How much the present query has read.
    pub(crate) fn read(&self) -> Read {
        self.lock().read
    }

    /// The present query names a table of this many files.
    pub(crate) fn names_files(&self, files: usize) {
        self.lock().read.all += files as u64;
    }

    /// Asks for files that will be read soon.
    pub(crate) fn ahead(
        &self,
        table: &Arc<Table>,
        files: &[usize],
        columns: &[usize],
    ) -> Result<()> {
        for file in files.iter().take(AHEAD) {
            let mut inner = self.lock();
            let path = &table.entry.files[*file].path;
            if !inner.has_columns(path, columns) && !inner.files.contains_key(path) {
                inner.want(table, *file)?;
            }
        }
        Ok(())
    }

    /// Columns of a file, and whether anything had to be decoded; pending until the file is there.
    pub(crate) fn columns(
        &self,
        table: &Arc<Table>,
        file: usize,
        columns: &[usize],
        waker: &Waker,
    ) -> Poll<Result<(Vec<ArrayRef>, bool)>> {
        let mut inner = self.lock();
        if inner.cancelled {
            return Poll::Ready(Err(DataFusionError::Execution("cancelled".to_owned())));
        }
        inner.tick += 1;
        let entry = &table.entry.files[file];
        let fresh = !inner.has_columns(&entry.path, columns);
        if fresh {
            match inner.decode(table, file, columns) {
                Ok(true) => {}
                Ok(false) => {
                    inner.waiting.push(waker.clone());
                    return Poll::Pending;
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        let arrays = columns
            .iter()
            .map(|column| inner.column(&entry.path, *column));
        let arrays = arrays.collect();
        inner.read.files += 1;
        inner.read.rows += entry.rows;
        inner.make_room();
        Poll::Ready(Ok((arrays, fresh)))
    }
}

impl Inner {
    fn wake(&mut self) {
        take(&mut self.waiting).into_iter().for_each(Waker::wake);
    }

    fn has_columns(&self, path: &str, columns: &[usize]) -> bool {
        columns
            .iter()
            .all(|column| self.columns.contains_key(&(path.to_owned(), *column)))
    }

    /// A column that has been decoded.
    fn column(&mut self, path: &str, column: usize) -> ArrayRef {
        let kept = self.columns.get_mut(&(path.to_owned(), column));
        let kept = kept.expect("columns are decoded before they are handed out");
        kept.used = self.tick;
        Arc::clone(&kept.array)
    }

    fn want(&mut self, table: &Arc<Table>, file: usize) -> Result<()> {
        let FileEntry {
            path,
            bytes,
            sha256,
            ..
        } = &table.entry.files[file];
        self.read.bytes += bytes;
        if self.read.bytes > FETCH {
            return Err(DataFusionError::Execution(format!(
                "the query reads more than {} MB of files: choose fewer years or fewer tables",
                FETCH / 1_000_000
            )));
        }
        self.files
            .insert(path.clone(), Slot::Wanted(Arc::clone(table), file));
        self.page.want(path, *bytes, sha256);
        Ok(())
    }

    /// Decodes what is missing; false if the file is not there yet.
    fn decode(&mut self, table: &Arc<Table>, file: usize, columns: &[usize]) -> Result<bool> {
        let path = &table.entry.files[file].path;
        match self.files.get_mut(path) {
            None => {
                self.want(table, file)?;
                Ok(false)
            }
            Some(Slot::Wanted(..)) => Ok(false),
            Some(Slot::Failed(why)) => Err(DataFusionError::Execution(why.clone())),
            Some(Slot::Here { file, used }) => {
                *used = self.tick;
                for column in columns {
                    let key = (path.clone(), *column);
                    if self.columns.contains_key(&key) {
                        continue;
                    }
                    let kind = table.entry.columns[*column].kind;
                    let decoded = file.column(*column);
                    let decoded = decoded.map_err(|e| DataFusionError::External(Box::new(e)))?;
                    let array = array(kind, decoded)?;
                    self.held += array.get_array_memory_size();
                    self.columns.insert(
                        key,
                        Kept {
                            array,
                            used: self.tick,
                        },
                    );
                }
                Ok(true)
            }
        }
    }

    /// Drops the longest unused beyond what may be kept.
    fn make_room(&mut self) {
        if self.held <= KEPT {
            return;
        }
        // Down to three quarters, so that it is not done for every file.
        let mut uses: Vec<u64> = self.columns.values().map(|kept| kept.used).collect();
        uses.extend(self.files.values().filter_map(|slot| match slot {
            Slot::Here { used, .. } => Some(*used),
            _ => None,
        }));
        uses.sort_unstable();
        uses.dedup();
        let held = &mut self.held;
        for limit in uses {
            if *held <= KEPT / 4 * 3 || limit == self.tick {
                return;
            }
            self.columns.retain(|_, kept| {
                let stays = kept.used > limit;
                *held -= if stays {
                    0
                } else {
                    kept.array.get_array_memory_size()
                };
                stays
            });
            self.files.retain(|_, slot| match slot {
                Slot::Here { file, used } if *used <= limit => {
                    *held -= file.memory() as usize;
                    false
                }
                _ => true,
            });
        }
    }
}
