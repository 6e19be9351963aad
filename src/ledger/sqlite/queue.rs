//! One thread writes. It commits whatever is waiting together, so that the marks of all
//! connections share one fsync.

use std::{
    collections::VecDeque,
    iter,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

use rusqlite::Connection;
use tokio::{
    runtime::{Handle, RuntimeFlavor},
    sync::oneshot,
};

use super::{open::Files, readers::Readers};
use crate::ledger::Error;

/// More than any number of connections; bounds how long the first job waits for the last.
const BATCH: usize = 256;

/// Handed a connection within a transaction, or an error where there is none.
type Work = Box<dyn FnOnce(Result<&Connection, Error>) -> Settled + Send>;

/// What is to be done within a transaction.
pub(super) struct Job {
    work: Work,
    /// It may fail when it has written something.
    divisible: bool,
}

/// What a job leaves: whether its changes stand, and its reply, kept back until the commit.
pub(super) struct Settled {
    keep: bool,
    reply: Box<dyn FnOnce(Result<(), Error>) + Send>,
}

/// The way to the database.
#[derive(Debug)]
pub(super) enum Queue {
    /// A thread that owns the connection, and readers beside it.
    Thread {
        readers: Arc<Readers>,
        /// Taken when the queue is dropped.
        jobs: Option<mpsc::Sender<Job>>,
        thread: Option<thread::JoinHandle<()>>,
    },
    /// The caller's own task.
    Inline(Arc<Mutex<Connection>>),
}

impl Queue {
    /// Hands the connection to a thread of its own.
    pub(super) fn spawn(files: Files, connection: Connection) -> Result<Self, Error> {
        let readers = Arc::new(Readers::open(files)?);
        let (jobs, waiting) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || work(&connection, &waiting, || ()))
            .map_err(|error| Error::Storage { action: "opened", reason: error.to_string() })?;
        Ok(Self::Thread { readers, jobs: Some(jobs), thread: Some(thread) })
    }

    /// Runs a job in a transaction and answers once that is on disk. A job that fails leaves
    /// nothing behind, and its neighbours alone.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.ask(job, true).await
    }

    /// The same, cheaper, for a job that checks first and then writes. Should it fail all the same
    /// when it has written something, its neighbours fail with it.
    pub(super) async fn step<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.ask(job, false).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
        divisible: bool,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let job = Job { work: package(job, reply), divisible };
        match self {
            Self::Thread { jobs, .. } => {
                let jobs = jobs.as_ref().ok_or_else(gone)?;
                jobs.send(job).map_err(|_| gone())?;
            }
            Self::Inline(connection) => {
                let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                commit_together(&connection, VecDeque::from([job]), || None);
            }
        }
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Reads what is committed at one instant, beside the writer and other processes.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        match self {
            Self::Thread { readers, .. } => {
                let readers = Arc::clone(readers);
                let read =
                    move || readers.with(|connection| job(&*connection.unchecked_transaction()?));
                // On a single thread there is nobody whom a read would keep waiting.
                if Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread {
                    return read();
                }
                tokio::task::spawn_blocking(read).await.unwrap_or_else(|_| Err(gone()))
            }
            Self::Inline(connection) => {
                job(&connection.lock().unwrap_or_else(PoisonError::into_inner))
            }
        }
    }
}

impl Queue {
    /// What readers open, where there is a file that is read beside the writer.
    pub(super) fn files(&self) -> Option<&Files> {
        match self {
            Self::Thread { readers, .. } => Some(readers.files()),
            Self::Inline(_) => None,
        }
    }

    /// Reads a row or two on the caller's own task: microseconds, where a thread would cost more.
    pub(super) fn glance<T>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self {
            Self::Thread { readers, .. } => readers.with(job),
            Self::Inline(connection) => {
                job(&connection.lock().unwrap_or_else(PoisonError::into_inner))
            }
        }
    }
}

/// Waits until everything queued is written and the file is closed: what follows may open it,
/// copy it or look for traces in it.
impl Drop for Queue {
    fn drop(&mut self) {
        if let Self::Thread { readers, jobs, thread } = self {
            // The writer has to be the last: only it may empty the log and take it away.
            readers.close();
            drop(jobs.take());
            if let Some(thread) = thread.take() {
                // A panic of the thread has already reached every caller as an error.
                drop(thread.join());
            }
        }
    }
}

fn package<T: Send + 'static>(
    job: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    reply: oneshot::Sender<Result<T, Error>>,
) -> Work {
    Box::new(move |connection| {
        let result = connection.and_then(job);
        Settled {
            keep: result.is_ok(),
            // Nobody listens when the caller's future was dropped: the work stands anyway.
            reply: Box::new(move |committed| {
                drop(reply.send(result.and_then(|value| committed.map(|()| value))));
            }),
        }
    })
}

fn gone() -> Error {
    Error::Storage { action: "used", reason: "its writer has ended".to_owned() }
}

/// Ends when the last sender is gone. `committed` is called after each transaction.
fn work(connection: &Connection, waiting: &mpsc::Receiver<Job>, mut committed: impl FnMut()) {
    let more = || {
        waiting.try_recv().ok().or_else(|| {
            // Whoever is about to ask may have been kept from it by this thread alone.
            thread::yield_now();
            waiting.try_recv().ok()
        })
    };
    while let Ok(first) = waiting.recv() {
        if commit_together(connection, VecDeque::from([first]), more) {
            committed();
        }
    }
    // Old pages in the log still hold what has been erased. Another process may be reading;
    // then it is the one to empty the log when it closes.
    drop(connection.query_row("PRAGMA main.wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
}

/// Runs jobs in one transaction, taking those that arrive meanwhile along, and replies to all of
/// them once it is known how that ended. Says whether it was committed.
fn commit_together(
    connection: &Connection,
    mut jobs: VecDeque<Job>,
    mut more: impl FnMut() -> Option<Job>,
) -> bool {
    let mut settled = Vec::new();
    let begun = command(connection, "BEGIN IMMEDIATE");
    if begun.is_err() {
        // Whoever has queued up meanwhile has waited as long for the same process to let go.
        jobs.extend(iter::from_fn(&mut more));
    }
    let outcome = begun.and_then(|()| {
        while let Some(job) = jobs.pop_front() {
            isolate(connection, job, &mut settled)?;
            if settled.len() < BATCH {
                jobs.extend(more());
            }
        }
        command(connection, "COMMIT")
    });
    if outcome.is_err() && !connection.is_autocommit() {
        // If even this fails, the next BEGIN fails and says so.
        drop(connection.execute_batch("ROLLBACK"));
    }
    if let Err(error) = &outcome {
        settled.extend(jobs.into_iter().map(|job| (job.work)(Err(Error::clone(error)))));
    }
    for Settled { reply, .. } in settled {
        reply(outcome.clone());
    }
    outcome.is_ok()
}

/// Runs a job so that it leaves nothing behind when it fails. Fails itself when the whole
/// transaction is lost.
fn isolate(connection: &Connection, job: Job, settled: &mut Vec<Settled>) -> Result<(), Error> {
    let Job { work, divisible } = job;
    if divisible && let Err(error) = command(connection, "SAVEPOINT job") {
        settled.push(work(Err(error.clone())));
        return Err(error);
    }
    let before = connection.total_changes();
    let done = work(Ok(connection));
    let failed = !done.keep;
    settled.push(done);
    if connection.is_autocommit() {
        return Err(lost("the database gave up a transaction (disk full or failing?)"));
    }
    if divisible {
        if failed {
            command(connection, "ROLLBACK TO job")?;
        }
        return command(connection, "RELEASE job");
    }
    if failed && connection.total_changes() > before {
        return Err(lost("a step failed half-way"));
    }
    Ok(())
}

fn lost(reason: &str) -> Error {
    Error::Storage { action: "used", reason: reason.to_owned() }
}

fn command(connection: &Connection, sql: &str) -> Result<(), Error> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    type Answer = oneshot::Receiver<Result<(), Error>>;

    fn database() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (n INTEGER UNIQUE)").unwrap();
        connection
    }

    fn insert(connection: &Connection, n: i64) -> Result<(), Error> {
        connection.execute("INSERT INTO t VALUES (?1)", [n])?;
        Ok(())
    }

    fn rows(connection: &Connection) -> Vec<i64> {
        let mut statement = connection.prepare("SELECT n FROM t ORDER BY n").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    fn job(work: impl FnOnce(&Connection) -> Result<(), Error> + Send + 'static) -> (Job, Answer) {
        let (reply, answer) = oneshot::channel();
        (Job { work: package(work, reply), divisible: true }, answer)
    }

    fn step(work: impl FnOnce(&Connection) -> Result<(), Error> + Send + 'static) -> (Job, Answer) {
        let (job, answer) = job(work);
        (Job { divisible: false, ..job }, answer)
    }

    /// Lets the writer find all these jobs waiting; returns how often it committed.
    fn run_waiting(connection: &Connection, jobs: Vec<Job>) -> usize {
        let (sender, waiting) = mpsc::channel();
        for job in jobs {
            sender.send(job).unwrap();
        }
        drop(sender);
        let mut commits = 0;
        work(connection, &waiting, || commits += 1);
        commits
    }

    #[test]
    fn jobs_that_wait_together_share_one_commit() {
        let connection = database();
        let (jobs, answers): (Vec<_>, Vec<_>) =
            (0..16).map(|n| job(move |connection| insert(connection, n))).unzip();
        assert_eq!(run_waiting(&connection, jobs), 1);
        for mut answer in answers {
            assert_eq!(answer.try_recv(), Ok(Ok(())));
        }
        assert_eq!(rows(&connection), (0..16).collect::<Vec<_>>());
    }

    #[test]
    fn a_long_queue_is_committed_in_parts_so_that_the_first_need_not_wait_for_the_last() {
        let connection = database();
        let jobs = (0..600).map(|n| job(move |connection| insert(connection, n)).0).collect();
        assert_eq!(run_waiting(&connection, jobs), 3);
        assert_eq!(rows(&connection).len(), 600);
    }

    #[test]
    fn a_job_that_fails_half_way_leaves_nothing_and_its_neighbours_alone() {
        let connection = database();
        let (before, mut before_answer) = job(|connection| insert(connection, 1));
        let (failing, mut failing_answer) = job(|connection| {
            insert(connection, 2)?;
            insert(connection, 1)
        });
        let (after, mut after_answer) = job(|connection| insert(connection, 3));
        assert_eq!(run_waiting(&connection, vec![before, failing, after]), 1);
        assert_eq!(before_answer.try_recv(), Ok(Ok(())));
        assert!(failing_answer.try_recv().unwrap().is_err());
        assert_eq!(after_answer.try_recv(), Ok(Ok(())));
        assert_eq!(rows(&connection), [1, 3]);
    }

    #[test]
    fn a_step_that_fails_before_it_writes_leaves_its_neighbours_alone() {
        let connection = database();
        let (before, mut before_answer) = step(|connection| insert(connection, 1));
        let (refused, mut refused_answer) = step(|connection| insert(connection, 1));
        let (after, mut after_answer) = step(|connection| insert(connection, 2));
        assert_eq!(run_waiting(&connection, vec![before, refused, after]), 1);
        assert_eq!(before_answer.try_recv(), Ok(Ok(())));
        assert!(refused_answer.try_recv().unwrap().is_err());
        assert_eq!(after_answer.try_recv(), Ok(Ok(())));
        assert_eq!(rows(&connection), [1, 2]);
    }

    #[test]
    fn a_step_that_fails_half_way_leaves_nothing_and_whoever_wrote_with_it_hears_of_it() {
        let connection = database();
        let (before, mut before_answer) = step(|connection| insert(connection, 1));
        let (failing, mut failing_answer) = step(|connection| {
            insert(connection, 2)?;
            insert(connection, 1)
        });
        let (after, mut after_answer) = step(|connection| insert(connection, 3));
        assert_eq!(run_waiting(&connection, vec![before, failing, after]), 1);
        assert!(before_answer.try_recv().unwrap().is_err(), "its row is gone with the other's");
        assert!(failing_answer.try_recv().unwrap().is_err());
        assert_eq!(after_answer.try_recv(), Ok(Ok(())), "a transaction of its own");
        assert_eq!(rows(&connection), [3]);
    }

    #[test]
    fn when_the_transaction_is_lost_everyone_in_it_hears_of_it() {
        let connection = database();
        let (early, mut early_answer) = job(|connection| insert(connection, 1));
        // What SQLite does by itself on a full disk.
        let (losing, mut losing_answer) =
            job(|connection| Ok(connection.execute_batch("ROLLBACK")?));
        let (late, mut late_answer) = job(|connection| insert(connection, 3));
        assert_eq!(run_waiting(&connection, vec![early, losing, late]), 1);
        assert!(early_answer.try_recv().unwrap().is_err(), "its row is not on disk");
        assert!(losing_answer.try_recv().unwrap().is_err());
        assert_eq!(late_answer.try_recv(), Ok(Ok(())), "a transaction of its own");
        assert_eq!(rows(&connection), [3]);
    }

    #[test]
    fn a_commit_that_fails_reaches_every_caller() {
        let connection = database();
        connection
            .execute_batch(
                "CREATE TABLE child (n INTEGER REFERENCES t (n) DEFERRABLE INITIALLY DEFERRED)",
            )
            .unwrap();
        let (good, mut good_answer) = job(|connection| insert(connection, 1));
        let (orphan, mut orphan_answer) = job(|connection| {
            connection.execute("INSERT INTO child VALUES (7)", [])?;
            Ok(())
        });
        assert_eq!(run_waiting(&connection, vec![good, orphan]), 0);
        assert!(good_answer.try_recv().unwrap().is_err());
        assert!(orphan_answer.try_recv().unwrap().is_err());
        let (next, mut next_answer) = job(|connection| insert(connection, 1));
        assert_eq!(run_waiting(&connection, vec![next]), 1, "the queue goes on after it");
        assert_eq!(next_answer.try_recv(), Ok(Ok(())));
    }

    #[test]
    fn whoever_waits_for_another_process_waits_once_for_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.db");
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("CREATE TABLE t (n INTEGER UNIQUE)").unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        connection.busy_timeout(Duration::ZERO).unwrap();
        let (jobs, answers): (Vec<_>, Vec<_>) =
            (0..4).map(|n| job(move |connection| insert(connection, n))).unzip();
        let mut waiting = VecDeque::from(jobs);
        let first = VecDeque::from([waiting.pop_front().unwrap()]);
        assert!(!commit_together(&connection, first, || waiting.pop_front()));
        for mut answer in answers {
            let refused = answer.try_recv().unwrap().unwrap_err().to_string();
            assert!(refused.contains("another process has held it"), "{refused}");
        }
        other.execute_batch("COMMIT").unwrap();
        assert_eq!(rows(&connection), [] as [i64; 0]);
    }

    #[test]
    fn no_reply_is_given_before_the_commit() {
        let connection = database();
        let (first, answer) = job(|connection| insert(connection, 1));
        let (second, _) = job(move |_| {
            let mut answer = answer;
            assert!(answer.try_recv().is_err(), "the first job is done, but not yet on disk");
            Ok(())
        });
        assert_eq!(run_waiting(&connection, vec![first, second]), 1);
    }
}
