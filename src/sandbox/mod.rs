//! SMTP on loopback.
