//! Conversations with the sandbox, byte by byte.

mod client;
mod faults;
mod latency;
mod protocol;
mod scripts;
mod sockets;
mod tls;
