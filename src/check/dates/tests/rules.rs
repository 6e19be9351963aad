//! What each rule says, and where.
