//! A walk over an audience on all cores, its order kept.

use std::{
    collections::VecDeque,
    iter,
    num::NonZero,
    panic,
    sync::mpsc::{self, Receiver, Sender},
    thread::{self, JoinHandle},
};

/// Items that change hands together: alone, each would cost more on its way than in work.
const BATCH: usize = 256;

/// Batches that may wait for one thread.
const AHEAD: usize = 2;

/// Does `work` on each item, on all cores, and hands over what comes of it in the order of the
/// items. The first error of `take` ends it all, and so does a panic anywhere.
pub(super) fn in_order<T: Send, U: Send, E>(
    items: impl Iterator<Item = T>,
    work: impl Fn(T) -> U + Sync,
    take: impl FnMut(U) -> Result<(), E>,
) -> Result<(), E> {
    match thread::available_parallelism().map_or(1, NonZero::get) {
        1 => items.map(work).try_for_each(take),
        cores => spread(items, cores, &work, take),
    }
}

/// The batches go round the threads, so their results are ready in the order of the batches.
fn spread<T: Send, U: Send, E>(
    items: impl Iterator<Item = T>,
    threads: usize,
    work: &(impl Fn(T) -> U + Sync),
    mut take: impl FnMut(U) -> Result<(), E>,
) -> Result<(), E> {
    thread::scope(|scope| {
        let lanes: Vec<Lane<T, U>> = (0..threads)
            .map(|_| {
                let (give, given) = mpsc::channel::<Vec<T>>();
                let (done, results) = mpsc::channel();
                scope.spawn(move || {
                    let mut batches = given.into_iter();
                    batches.try_for_each(|batch| done.send(batch.into_iter().map(work).collect()))
                });
                Lane { give, results }
            })
            .collect();
        let mut take_all = |lane: &Lane<T, U>| {
            let results = lane.results.recv().expect("a worker only ends before us in a panic");
            results.into_iter().try_for_each(&mut take)
        };
        let mut waiting = VecDeque::with_capacity(lanes.len() * AHEAD);
        for (batch, lane) in batches(items).zip(lanes.iter().cycle()) {
            if waiting.len() == lanes.len() * AHEAD {
                waiting.pop_front().map_or(Ok(()), &mut take_all)?;
            }
            // If nobody is there any more, the results say so.
            drop(lane.give.send(batch));
            waiting.push_back(lane);
        }
        waiting.into_iter().try_for_each(take_all)
    })
}

/// The way to a worker and back.
struct Lane<T, U> {
    give: Sender<Vec<T>>,
    results: Receiver<Vec<U>>,
}

/// The same items, made on a thread of their own, a few batches ahead of whoever takes them. A
/// panic there comes after the last item.
pub(super) fn ahead<T: Send + 'static>(
    items: impl Iterator<Item = T> + Send + 'static,
) -> impl Iterator<Item = T> + Send + 'static {
    let (give, given) = mpsc::sync_channel(AHEAD);
    let mut maker = Some(thread::spawn(move || {
        // Whoever takes them may want no more.
        drop(batches(items).try_for_each(|batch| give.send(batch)));
    }));
    let ended = iter::from_fn(move || {
        if let Some(Err(panicked)) = maker.take().map(JoinHandle::join) {
            panic::resume_unwind(panicked);
        }
        None
    });
    given.into_iter().flatten().chain(ended)
}

fn batches<T>(mut items: impl Iterator<Item = T>) -> impl Iterator<Item = Vec<T>> {
    iter::from_fn(move || {
        let batch: Vec<T> = items.by_ref().take(BATCH).collect();
        (!batch.is_empty()).then_some(batch)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use super::*;

    const MANY: usize = 50 * BATCH + 1;

    /// On three threads, however many cores there are.
    fn doubled(items: impl Iterator<Item = usize>, most: usize) -> Result<Vec<usize>, usize> {
        let mut taken = Vec::new();
        let take = |doubled| {
            taken.push(doubled);
            if doubled > most { Err(doubled) } else { Ok(()) }
        };
        spread(items, 3, &|item| 2 * item, take).map(|()| taken)
    }

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for many in [0, 1, BATCH, BATCH + 1, MANY] {
            let expected = (0..many).map(|item| 2 * item).collect();
            assert_eq!(doubled(0..many, usize::MAX), Ok(expected));
        }
        let mut expected = 0..MANY;
        let take = |item| if expected.next() == Some(item) { Ok(()) } else { Err(item) };
        assert_eq!(in_order(0..MANY, |item| item, take), Ok(()));
        assert_eq!(expected.next(), None);
    }

    #[test]
    fn the_first_error_ends_it_and_little_more_is_asked_for() {
        let mut asked = 0;
        let items = (0..MANY).inspect(|_| asked += 1);
        assert_eq!(doubled(items, 10), Err(12));
        assert!(asked <= (3 * AHEAD + 1) * BATCH, "{asked}");
    }

    #[test]
    #[should_panic(expected = "only ends before us in a panic")]
    fn a_panic_of_a_worker_is_ours() {
        let work = |item: usize| assert_ne!(item, MANY / 2);
        let _ = spread(0..MANY, 2, &work, Ok::<(), ()>);
    }

    #[test]
    fn items_are_made_ahead_in_their_order() {
        assert!(ahead(0..MANY).eq(0..MANY));
        assert!(ahead(iter::empty::<usize>()).eq(0..0));
    }

    #[test]
    fn nothing_is_made_for_somebody_who_has_gone() {
        let made = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&made);
        let items = iter::repeat_with(move || counted.fetch_add(1, Ordering::SeqCst));
        assert_eq!(ahead(items).take(3).collect::<Vec<_>>(), [0, 1, 2]);
        // The thread lets go of the iterator, which has no end.
        while Arc::strong_count(&made) > 1 {
            thread::yield_now();
        }
        assert!(made.load(Ordering::SeqCst) <= (AHEAD + 3) * BATCH);
    }

    #[test]
    fn a_list_that_ends_in_a_panic_is_never_taken_for_whole() {
        let items = (0..MANY).inspect(|item| assert_ne!(*item, MANY - 1));
        let mut taken = 0;
        let all = panic::AssertUnwindSafe(|| ahead(items).for_each(|_| taken += 1));
        assert!(panic::catch_unwind(all).is_err());
        assert!(taken < MANY);
    }
}
