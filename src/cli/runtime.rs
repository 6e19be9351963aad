//! What drives the asynchronous part of a verb: made for it, gone with it.

use tokio::runtime::{Builder, Runtime};

use super::Fault;

/// For what waits for one thing after the other, as with the books.
pub(super) fn block_on<T>(future: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    drive(Builder::new_current_thread(), future)
}

/// For a run: its connections keep all cores busy.
pub(super) fn block_on_all_cores<T>(
    future: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    drive(Builder::new_multi_thread(), future)
}

/// The same for several runs, one after the other, that share what is open.
pub(super) fn all_cores() -> Result<Runtime, Fault> {
    Builder::new_multi_thread().enable_all().build().map_err(Fault::io)
}

/// For a server: what it still does when the future ends is let go.
pub(super) fn serve_on_all_cores<T>(
    future: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let runtime = Builder::new_multi_thread().enable_all().build().map_err(Fault::io)?;
    let ended = runtime.block_on(future);
    runtime.shutdown_background();
    ended
}

fn drive<T>(
    mut builder: Builder,
    future: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    builder.enable_all().build().map_err(Fault::io)?.block_on(future)
}
