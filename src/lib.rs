//! `announce` sends one announcement to everyone on a list: once, privately, at the pace you set,
//! and keeps a record of every delivery.
//!
//! Data flows one way:
//!
//! ```text
//! drafts/x.md ─▶ draft ──┐
//! lists/*.csv ─▶ audience ┴▶ campaign::plan ─▶ render ─▶ compose ─▶ deliver ─▶ Outcome ─▶ ledger
//! ```
//!
//! | module | owns |
//! |---|---|
//! | [`cli`] | the command line: parse, call, print |
//! | [`config`] | `announce.toml`, the workspace's files, secrets |
//! | [`campaign`] | plan, freeze, the one loop that sends, its events |
//! | [`check`] | what is wrong with a mail that could be sent: findings with stable codes |
//! | [`draft`] | Markdown files with front matter, and the schema of each kind |
//! | [`audience`] | CSV lists, addresses, who gets it and who does not |
//! | [`render`] | Markdown and templates to subject, HTML and text for one person |
//! | [`calendar`] | an event as the readers' calendars know it |
//! | [`compose`] | the exact bytes of a message |
//! | [`deliver`] | one message over one SMTP session, and what the reply means |
//! | [`schedule`] | when a draft is due, and how late it may still go |
//! | [`approval`] | what somebody has approved, and what has changed since |
//! | [`preview`] | the page that shows every copy while it is written |
//! | [`ledger`] | what was planned, tried and done, durable before it matters |
//! | [`keys`] | the secret that hides people in the ledger and signs tokens |
//! | [`sandbox`] | the SMTP server on loopback that catches rehearsals |
//!
//! Drafts, audiences, plans, rendering and composing are synchronous and pure; only delivering,
//! the ledger and the loop are asynchronous. The clock comes in as an argument.

pub mod approval;
pub mod audience;
pub mod calendar;
pub mod campaign;
pub mod check;
pub mod cli;
pub mod clock;
pub mod compose;
pub mod config;
pub mod deliver;
pub mod diagnostic;
pub mod draft;
pub mod keys;
pub mod ledger;
pub mod local_time;
pub mod notice;
pub mod percent;
pub mod preview;
pub mod render;
pub mod sandbox;
pub mod schedule;
