//! Tests of the program as people use it: its binary, real files, real SMTP on loopback.

mod architecture;
mod help;
mod readme;
mod refuse;
mod relay;
mod samples;
mod send;
mod workspace;
