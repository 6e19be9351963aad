//! What every [`Transport`] promises, run against each of them.

use std::sync::{Arc, Mutex};

use super::{Mark, MarkFailed, Outcome, Scope, Transport};
use crate::compose::Envelope;

/// A transport on a bench that sees what arrives.
pub(super) trait Bench {
    type Transport: Transport;

    /// The one transport of this bench.
    fn transport(&mut self) -> &mut Self::Transport;

    /// Lists the messages that were taken so far, in any order, also while the transport is busy.
    fn look(&self) -> impl Fn() -> Vec<Vec<u8>> + Send + 'static;

    fn taken(&self) -> Vec<Vec<u8>> {
        self.look()()
    }
}

/// Runs every promise against benches made by `$bench` (an expression), each as its own test.
macro_rules! promises {
    ($bench:expr) => {
        $crate::deliver::contract::promises! { $bench =>
            an_accepted_message_has_arrived_byte_for_byte
            the_mark_comes_once_and_before_anything_has_arrived
            without_the_mark_nothing_arrives_and_nothing_is_tried
            messages_go_one_after_another
            a_refused_address_is_neither_marked_nor_contagious
            after_good_bye_it_can_still_send
        }
    };
    ($bench:expr => $($promise:ident)*) => {
        $(
            #[tokio::test]
            async fn $promise() {
                $crate::deliver::contract::$promise($bench).await;
            }
        )*
    };
}
pub(super) use promises;

fn to(name: &str) -> Envelope {
    Envelope { from: "news@appg.example".to_owned(), to: format!("{name}@example.org") }
}

/// Counts commits.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks(Arc<Mutex<usize>>);

impl Marks {
    pub(super) fn count(&self) -> usize {
        *self.0.lock().unwrap()
    }
}

impl Mark for Marks {
    async fn commit(self) -> Result<(), MarkFailed> {
        *self.0.lock().unwrap() += 1;
        Ok(())
    }
}

/// A ledger that cannot write.
pub(super) struct NoMark;

impl Mark for NoMark {
    async fn commit(self) -> Result<(), MarkFailed> {
        Err(MarkFailed)
    }
}

/// Looks at the bench at the moment of the mark.
struct Watched<F>(F);

impl<F: FnOnce() + Send> Mark for Watched<F> {
    async fn commit(self) -> Result<(), MarkFailed> {
        (self.0)();
        Ok(())
    }
}

async fn accepted<T: Transport>(transport: &mut T, name: &str, message: &[u8]) {
    let outcome = transport.send(&to(name), message, Marks::default()).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
}

pub(super) async fn an_accepted_message_has_arrived_byte_for_byte(mut bench: impl Bench) {
    let message = b"Subject: x\r\n\r\n.\r\n..\r\n.dot\r\n\r\n".as_slice();
    accepted(bench.transport(), "ana", message).await;
    assert_eq!(bench.taken(), [message]);
}

pub(super) async fn the_mark_comes_once_and_before_anything_has_arrived(mut bench: impl Bench) {
    let look = bench.look();
    let seen = Arc::new(Mutex::new(None));
    let mark = Watched({
        let seen = Arc::clone(&seen);
        move || *seen.lock().unwrap() = Some(look().len())
    });
    let outcome = bench.transport().send(&to("ana"), b"x\r\n", mark).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    assert_eq!(*seen.lock().unwrap(), Some(0));
    assert_eq!(bench.taken().len(), 1);
}

pub(super) async fn without_the_mark_nothing_arrives_and_nothing_is_tried(mut bench: impl Bench) {
    let outcome = bench.transport().send(&to("ana"), b"x\r\n", NoMark).await;
    let Outcome::NotTried(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.scope, Scope::Setup);
    assert!(bench.taken().is_empty());
    accepted(bench.transport(), "bob", b"y\r\n").await;
    assert_eq!(bench.taken(), [b"y\r\n"]);
}

pub(super) async fn messages_go_one_after_another(mut bench: impl Bench) {
    for name in ["ana", "bob", "cem"] {
        accepted(bench.transport(), name, format!("for {name}\r\n").as_bytes()).await;
    }
    let mut taken = bench.taken();
    taken.sort();
    assert_eq!(taken, [b"for ana\r\n", b"for bob\r\n", b"for cem\r\n"]);
}

pub(super) async fn a_refused_address_is_neither_marked_nor_contagious(mut bench: impl Bench) {
    let marks = Marks::default();
    let bad = Envelope { to: "ana@example.org>\r\nRCPT TO:<bob@example.org".to_owned(), ..to("x") };
    let outcome = bench.transport().send(&bad, b"x\r\n", marks.clone()).await;
    assert!(matches!(outcome, Outcome::Rejected(_)), "{outcome:?}");
    assert!(!format!("{outcome:?}").contains('@'));
    assert_eq!((marks.count(), bench.taken().len()), (0, 0));
    accepted(bench.transport(), "bob", b"y\r\n").await;
}

pub(super) async fn after_good_bye_it_can_still_send(mut bench: impl Bench) {
    accepted(bench.transport(), "ana", b"x\r\n").await;
    bench.transport().close().await;
    bench.transport().close().await;
    accepted(bench.transport(), "bob", b"y\r\n").await;
    assert_eq!(bench.taken().len(), 2);
}
