//! Conversations with the sandbox, byte by byte.

mod client;
mod faults;
mod protocol;
mod scripts;
mod sockets;
mod tls;
