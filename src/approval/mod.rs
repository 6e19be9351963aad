//! What somebody has approved, and what has changed since.
//!
//! Owns: what an approval covers, and the readable difference between two of them. Does not know:
//! lists, mail, the ledger, printing.
