//! Where a message ends, as one server or another has understood it.

/// Each would let a second message behind it pass for one of ours (SMTP smuggling).
pub(crate) const ENDS: [&str; 12] = [
    "\n.\n",
    "\n.\r\n",
    "\r.\r",
    "\r.\r\n",
    "\r\n.\n",
    "\r\n.\r",
    "\r\n.\r\n",
    "\r\n\0.\r\n",
    "\n\n.\r\r\n",
    "\r\n.\0\r\n",
    "\r\n\r.\r\n",
    "\u{85}.\u{85}\u{2028}.\u{2028}",
];
