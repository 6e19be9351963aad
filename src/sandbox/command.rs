//! What the client says.

use super::{path::Path, reply::Reply};

/// A command that was understood (RFC 5321 §4.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    Helo,
    Ehlo,
    Mail { from: Path, parameters: Vec<Parameter> },
    Rcpt { to: Path, parameters: Vec<Parameter> },
    Data,
    Rset,
    Noop,
    Vrfy,
    Quit,
    Starttls,
    Auth { mechanism: String, initial: Option<String> },
}

/// `KEYWORD` or `KEYWORD=value` behind an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parameter {
    /// In capitals.
    pub(super) keyword: String,
    pub(super) value: Option<String>,
}

/// The longest line of any command with its CRLF: what AUTH may send (RFC 4954 §4).
pub(super) const LONGEST_LINE: usize = 12_288;

impl Command {
    /// Reads a line without its CRLF; an `Err` is what to answer.
    pub(super) fn parse(line: &[u8]) -> Result<Self, Reply> {
        let line = str::from_utf8(line)
            .map_err(|_| Reply::new(500, "5.5.2", "a command is ASCII or UTF-8"))?;
        let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
        let argument = argument.trim();
        let verb = verb.to_ascii_uppercase();
        let longest = match verb.as_str() {
            "AUTH" => LONGEST_LINE,
            // 512, and what SIZE, 8BITMIME, SMTPUTF8 and AUTH add.
            "MAIL" => 512 + 26 + 17 + 10 + 500,
            "RCPT" => 512 + 500,
            _ => 512,
        };
        if line.len() + 2 > longest {
            return Err(Reply::new(
                500,
                "5.5.2",
                format!("line too long, at most {longest} bytes"),
            ));
        }
        match verb.as_str() {
            "HELO" => is_host(argument).then_some(Self::Helo).ok_or_else(no_host),
            "EHLO" => is_host(argument).then_some(Self::Ehlo).ok_or_else(no_host),
            "MAIL" => {
                let (from, parameters) = path(argument, "FROM:")?;
                Ok(Self::Mail { from, parameters })
            }
            "RCPT" => {
                let (to, parameters) = path(argument, "TO:")?;
                Ok(Self::Rcpt { to, parameters })
            }
            "AUTH" => auth(argument),
            "NOOP" => Ok(Self::Noop),
            "VRFY" if !argument.is_empty() => Ok(Self::Vrfy),
            "VRFY" => Err(Reply::new(501, "5.5.4", "VRFY needs a name")),
            "DATA" => alone(Self::Data, argument),
            "RSET" => alone(Self::Rset, argument),
            "QUIT" => alone(Self::Quit, argument),
            "STARTTLS" => alone(Self::Starttls, argument),
            "EXPN" | "HELP" | "TURN" | "BDAT" | "ETRN" => {
                Err(Reply::new(502, "5.5.1", "not implemented here"))
            }
            _ => Err(Reply::new(500, "5.5.1", "unknown command")),
        }
    }

    /// Its verb in capitals.
    pub(super) fn verb(&self) -> &'static str {
        match self {
            Self::Helo => "HELO",
            Self::Ehlo => "EHLO",
            Self::Mail { .. } => "MAIL",
            Self::Rcpt { .. } => "RCPT",
            Self::Data => "DATA",
            Self::Rset => "RSET",
            Self::Noop => "NOOP",
            Self::Vrfy => "VRFY",
            Self::Quit => "QUIT",
            Self::Starttls => "STARTTLS",
            Self::Auth { .. } => "AUTH",
        }
    }

    /// Whether commands may follow it before it has been answered (RFC 2920 §3.1).
    pub(super) fn may_be_followed(&self) -> bool {
        matches!(self, Self::Mail { .. } | Self::Rcpt { .. } | Self::Rset)
    }
}

fn is_host(argument: &str) -> bool {
    let in_host = |c: char| c.is_ascii_alphanumeric() || "-.[]:_".contains(c);
    !argument.is_empty() && argument.chars().all(in_host)
}

fn no_host() -> Reply {
    Reply::new(501, "5.5.4", "say your host name: EHLO client.example")
}

fn alone(command: Command, argument: &str) -> Result<Command, Reply> {
    if argument.is_empty() {
        Ok(command)
    } else {
        Err(Reply::new(501, "5.5.4", "this command stands alone"))
    }
}

fn path(argument: &str, keyword: &'static str) -> Result<(Path, Vec<Parameter>), Reply> {
    let malformed = || Reply::new(501, "5.5.4", format!("write {keyword}<address>"));
    let (head, tail) = argument.split_at_checked(keyword.len()).ok_or_else(malformed)?;
    if !head.eq_ignore_ascii_case(keyword) || !tail.starts_with('<') {
        return Err(malformed());
    }
    let (path, rest) =
        Path::read(tail).ok_or_else(|| Reply::new(501, "5.1.3", "that is not an address"))?;
    let parameters = rest.split_ascii_whitespace().map(|parameter| {
        let (keyword, value) = match parameter.split_once('=') {
            Some((keyword, value)) => (keyword, Some(value.to_owned())),
            None => (parameter, None),
        };
        Parameter { keyword: keyword.to_ascii_uppercase(), value }
    });
    Ok((path, parameters.collect()))
}

fn auth(argument: &str) -> Result<Command, Reply> {
    let mut words = argument.split_ascii_whitespace().map(str::to_owned);
    match (words.next(), words.next(), words.next()) {
        (Some(mechanism), initial, None) => Ok(Command::Auth { mechanism, initial }),
        _ => Err(Reply::new(501, "5.5.4", "write AUTH and a mechanism")),
    }
}
