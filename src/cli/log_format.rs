//! A try of the delivery log as people, spreadsheets and programs read it.

use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::json;

use super::spreadsheet;
use crate::{
    deliver::Stage,
    ledger::{AttemptStatus, LogEntry},
};

/// First line of a CSV log.
pub(super) const CSV_HEADER: &str =
    "at,campaign,recipient,address,attempt,status,stage,code,enhanced,reply,queue_id";

/// What a table shows besides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns {
    /// Of several campaigns: which.
    pub(super) campaign: bool,
    /// Where it was asked for.
    pub(super) address: bool,
}

impl Columns {
    /// Above a table.
    pub(super) fn header(self) -> String {
        let address = cell(self.address, "address", 32);
        let campaign = cell(self.campaign, "campaign", 24);
        format!("{:<19}  person    {address}try  status     {campaign}reply", "time")
    }
}

/// A cell of a column that may be left out.
fn cell(shown: bool, text: &str, width: usize) -> String {
    if shown { format!("{text:<width$}  ") } else { String::new() }
}

/// One line.
pub(super) struct Line<'a> {
    pub(super) entry: &'a LogEntry,
    /// Only when it was asked for.
    pub(super) address: Option<&'a str>,
    pub(super) columns: Columns,
    pub(super) zone: &'a TimeZone,
}

impl Line<'_> {
    pub(super) fn table(&self) -> String {
        let LogEntry { at, campaign, person, attempt, status, code, reply, .. } = self.entry;
        let time = at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S");
        let code = code.map(|code| format!("{code} ")).unwrap_or_default();
        let (person, status) = (person.short(), word(*status));
        let columns = self.columns;
        let address = cell(columns.address, self.address.unwrap_or("-"), 32);
        let campaign = if campaign.is_empty() { "(a test)" } else { campaign };
        let campaign = cell(columns.campaign, campaign, 24);
        format!("{time}  {person}  {address}{attempt:>3}  {status:<9}  {campaign}{code}{reply}")
    }

    pub(super) fn csv(&self) -> String {
        let LogEntry { at, campaign, person, attempt, status, code, enhanced, reply, .. } =
            self.entry;
        let stage = json!(self.entry.stage);
        let cells = [
            at.to_string(),
            campaign.clone(),
            person.to_string(),
            self.address.unwrap_or_default().to_owned(),
            attempt.to_string(),
            word(*status).to_owned(),
            stage.as_str().unwrap_or_default().to_owned(),
            code.map(|code| code.to_string()).unwrap_or_default(),
            enhanced.clone().unwrap_or_default(),
            reply.clone(),
            self.entry.queue_id.clone().unwrap_or_default(),
        ];
        spreadsheet::line(&cells)
    }

    pub(super) fn jsonl(&self) -> String {
        let LogEntry { at, campaign, person, attempt, status, code, enhanced, reply, .. } =
            self.entry;
        let document = Document {
            at: at.to_string(),
            campaign,
            recipient: person.to_string(),
            address: self.address,
            attempt: *attempt,
            status: word(*status),
            stage: self.entry.stage,
            code: *code,
            enhanced: enhanced.as_deref(),
            reply,
            queue_id: self.entry.queue_id.as_deref(),
        };
        serde_json::to_string(&document).unwrap_or_default()
    }
}

/// The line for programs, its keys in this order.
#[derive(Serialize)]
struct Document<'a> {
    at: String,
    campaign: &'a str,
    recipient: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    attempt: u32,
    status: &'a str,
    stage: Stage,
    code: Option<u16>,
    enhanced: Option<&'a str>,
    reply: &'a str,
    queue_id: Option<&'a str>,
}

fn word(status: AttemptStatus) -> &'static str {
    match status {
        AttemptStatus::Accepted => "accepted",
        AttemptStatus::Deferred => "deferred",
        AttemptStatus::Rejected => "rejected",
        AttemptStatus::Uncertain => "uncertain",
        AttemptStatus::Test => "test",
        AttemptStatus::Assumed => "assumed",
        AttemptStatus::Resend => "resend",
    }
}
