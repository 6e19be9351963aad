//! Tests of the program as people use it: its binary, real files, real SMTP on loopback.

mod approve;
mod architecture;
mod books;
mod calendar;
mod check;
mod checks;
mod disk;
mod dispatch;
mod help;
mod history;
mod hostile;
mod leak;
mod lock;
mod mail;
mod manual;
mod preview;
mod readme;
mod refuse;
mod relay;
#[path = "../../src/campaign/tests/reliability.rs"]
mod reliability;
mod resolve;
mod samples;
mod sandbox;
mod schedule;
mod send;
mod server;
mod serving;
mod setup;
mod signals;
mod suppress;
mod synced;
mod terminal;
mod told;
mod unfit;
mod workspace;
