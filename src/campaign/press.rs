//! Makes one person's message from the frozen inputs: rendering and composing in one place, so
//! that a check, a preview, a test and a send run the same code.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Addressee, Inputs, Thread, thread::label};
use crate::{
    calendar::Entry,
    compose::{self, Calendar, Composer, Encoded, Message, Recipient, Stamp},
    keys::{Keys, PersonKey, TestNonce},
    render::{Hole, Person, Rendered, Renderer},
};

/// A campaign's inputs, compiled. A clone shares what does not change.
#[derive(Clone)]
pub struct Press {
    /// What tokens are made of.
    label: Arc<str>,
    /// The campaign that this one answers.
    follows: Option<Arc<str>>,
    keys: Arc<Keys>,
    composer: Arc<Composer>,
    calendar: Option<Arc<Entry>>,
    sequence: u32,
    renderer: Arc<Renderer<Encoded>>,
    columns: Arc<[String]>,
    titles: Arc<[String]>,
    unsubscribe: compose::Unsubscribe,
}

/// A message that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something that is printed is empty for this person.
    #[error("{}", .0.iter().map(|hole| format!("`{}` is empty", hole.column)).collect::<Vec<_>>().join(", "))]
    Holes(Vec<Hole>),
    /// The message would not be a valid one.
    #[error(transparent)]
    Compose(#[from] compose::Error),
}

impl Press {
    /// Compiles the templates and encodes what everybody shares.
    pub fn new(campaign: &str, inputs: &Inputs, keys: Arc<Keys>) -> Result<Self, Error> {
        let Thread { root, sequence, .. } = &inputs.thread;
        let uid = || keys.uid(root).to_string();
        let calendar = inputs.calendar.as_ref().map(|entry| written(entry, &uid(), *sequence));
        Ok(Self {
            label: label(campaign, inputs.thread.revision).into(),
            follows: inputs.thread.follows.as_deref().map(Into::into),
            keys,
            composer: Arc::new(Composer::new(inputs.parts(calendar))?),
            calendar: inputs.calendar.clone().map(Arc::new),
            sequence: *sequence,
            renderer: Arc::new(Renderer::new(&inputs.expanded, Encoded::new)?),
            columns: inputs.expanded.columns.iter().cloned().collect(),
            titles: inputs.titles.iter().cloned().collect(),
            unsubscribe: inputs.unsubscribe.clone(),
        })
    }

    /// The keys that tokens and seals come from.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The columns that are printed, in the order of [`Addressee::values`].
    pub fn columns(&self) -> &Arc<[String]> {
        &self.columns
    }

    /// The message of one person, the same bytes for the same `date`.
    pub fn message(
        &self,
        person: &PersonKey,
        addressee: &Addressee,
        date: Timestamp,
    ) -> Result<Message, Error> {
        self.proof(person, addressee, date, |_| ()).map(|(message, ())| message)
    }

    /// The same with what `read` makes of the copy before it is encoded.
    pub fn proof<T>(
        &self,
        person: &PersonKey,
        addressee: &Addressee,
        date: Timestamp,
        read: impl FnOnce(&Rendered<'_, Encoded>) -> T,
    ) -> Result<(Message, T), Error> {
        let tokens = Tokens {
            message_id: self.keys.message_id(&self.label, person).to_string(),
            boundary: self.keys.boundary(&self.label, person).to_string(),
            return_path: self.keys.return_path(&self.label, person).to_string(),
            unsubscribe: self.keys.unsubscribe(&self.label, person).to_string(),
            answers: self.answered(person, addressee),
        };
        self.print(addressee, &tokens, date, false, read)
    }

    /// What is filled in for one person, for another rendering of the same inputs.
    pub fn with_person<T>(
        &self,
        person: &PersonKey,
        addressee: &Addressee,
        fill: impl FnOnce(&Person<'_>) -> T,
    ) -> T {
        let unsubscribe = self.keys.unsubscribe(&self.label, person).to_string();
        self.fill(addressee, &unsubscribe, fill)
    }

    /// A test copy: its own ids (from `nonce`), `[TEST]` in the subject, nothing to unsubscribe. Its
    /// calendar entry is another than the real one, which it must not overwrite.
    pub fn test_message(
        &self,
        nonce: &TestNonce,
        addressee: &Addressee,
        date: Timestamp,
    ) -> Result<Message, Error> {
        let tokens = Tokens {
            message_id: self.keys.message_id_test(nonce).to_string(),
            boundary: self.keys.boundary_test(nonce).to_string(),
            return_path: self.keys.return_path_test(nonce).to_string(),
            unsubscribe: self.keys.unsubscribe_test(nonce).to_string(),
            answers: None,
        };
        let composer = match &self.calendar {
            None => Arc::clone(&self.composer),
            Some(entry) => {
                let uid = self.keys.uid_test(nonce).to_string();
                let calendar = written(entry, &uid, self.sequence);
                Arc::new(Composer::clone(&self.composer).with_calendar(&calendar)?)
            }
        };
        let press = Self { composer, ..self.clone() };
        press.print(addressee, &tokens, date, true, |_| ()).map(|(message, ())| message)
    }

    fn print<T>(
        &self,
        addressee: &Addressee,
        tokens: &Tokens,
        date: Timestamp,
        test: bool,
        read: impl FnOnce(&Rendered<'_, Encoded>) -> T,
    ) -> Result<(Message, T), Error> {
        let rendered =
            self.fill(addressee, &tokens.unsubscribe, |person| self.renderer.render(person));
        let rendered = rendered.map_err(Error::Holes)?;
        let recipient = Recipient { address: addressee.address(), name: None };
        let stamp = Stamp {
            message_id: &tokens.message_id,
            boundary: &tokens.boundary,
            return_path: &tokens.return_path,
            unsubscribe: &tokens.unsubscribe,
            answers: tokens.answers.as_deref(),
            date,
            test,
        };
        let message = self.composer.compose(&rendered, &recipient, &stamp)?;
        Ok((message, read(&rendered)))
    }

    /// The message that the person has of the campaign that this one follows.
    fn answered(&self, person: &PersonKey, addressee: &Addressee) -> Option<String> {
        let label = label(self.follows.as_deref()?, addressee.answers?);
        Some(self.keys.message_id(&label, person).to_string())
    }

    fn fill<T>(
        &self,
        addressee: &Addressee,
        unsubscribe: &str,
        fill: impl FnOnce(&Person<'_>) -> T,
    ) -> T {
        let unsubscribe = self.unsubscribe.link(unsubscribe).unwrap_or_default();
        let list_title = self.titles.get(addressee.list).map_or("", String::as_str);
        fill(&Person { values: &addressee.values, list_title, unsubscribe: &unsubscribe })
    }
}

fn written(entry: &Entry, uid: &str, sequence: u32) -> Calendar {
    let (method, file_name) = (entry.method.name(), entry.file_name.clone());
    Calendar { method, file_name, text: entry.write(uid, sequence) }
}

struct Tokens {
    message_id: String,
    boundary: String,
    return_path: String,
    unsubscribe: String,
    answers: Option<String>,
}
