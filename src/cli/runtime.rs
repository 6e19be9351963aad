//! What drives the asynchronous part of a verb: made for it, gone with it.

use tokio::runtime::Builder;

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

fn drive<T>(
    mut builder: Builder,
    future: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    builder.enable_all().build().map_err(Fault::io)?.block_on(future)
}
