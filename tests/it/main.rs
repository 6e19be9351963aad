//! Tests of the program as people use it: its binary, real files, real SMTP on loopback.

mod architecture;
mod help;
mod hostile;
mod leak;
mod mail;
mod readme;
mod refuse;
mod relay;
#[path = "../../src/campaign/tests/reliability.rs"]
mod reliability;
mod samples;
mod send;
mod workspace;
