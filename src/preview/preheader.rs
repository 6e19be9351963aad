//! What an inbox shows beside the subject: the beginning of the mail, whether it can be seen in
//! the mail or not.

use super::markup::{Token, tokens};

/// More characters than an inbox shows.
const LONGEST: usize = 200;

/// So many blanks and invisible characters in a row are padding: it is there to keep what comes
/// after it out of the inbox.
const PADDING: usize = 12;

/// Elements inside a word or a line; all others stand apart from what is around them.
const INLINE: [&str; 24] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "kbd", "mark",
    "q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "wbr",
];

/// Of an HTML part. `decode` resolves character references in text that has no tags.
pub(super) fn of_html(html: &str, decode: impl Fn(&str) -> String) -> String {
    let (mut written, mut inside_head) = (String::new(), false);
    for token in tokens(html) {
        match token {
            Token::Text(span) if !inside_head => {
                written.push_str(&html[span].replace('<', "&lt;"));
            }
            Token::Tag(tag) if tag.name == "head" => inside_head = !tag.is_end,
            Token::Tag(tag) if tag.name == "body" => inside_head = false,
            Token::Tag(tag) if !INLINE.contains(&tag.name.as_str()) => written.push('\n'),
            _ => {}
        }
        // Padding may be long, and a reference has several characters.
        if written.len() > 40 * LONGEST {
            break;
        }
    }
    of_text(&decode(&written))
}

/// Of a text part.
pub(super) fn of_text(text: &str) -> String {
    let text = text.trim_start_matches(is_unseen);
    let (mut line, mut count, mut unseen) = (String::new(), 0_usize, String::new());
    for character in text.chars() {
        if is_unseen(character) {
            unseen.push(character);
            continue;
        }
        if is_padding(&unseen) {
            break;
        }
        let between = if unseen.contains(char::is_whitespace) { " " } else { &unseen };
        line.push_str(between);
        count += between.chars().count() + 1;
        if count > LONGEST {
            break;
        }
        line.push(character);
        unseen.clear();
    }
    line.truncate(line.trim_end().len());
    line
}

fn is_padding(unseen: &str) -> bool {
    // A paragraph's end has many line ends and blanks, none of them odd.
    unseen.chars().filter(|character| !character.is_ascii_whitespace()).count() >= PADDING
}

/// Blank, or of no width. The joiners among them matter between letters, so they are left there.
fn is_unseen(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
                | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(html: &str) -> String {
        of_html(html, |text| text.replace("&lt;", "<").replace("&nbsp;", "\u{A0}"))
    }

    #[test]
    fn it_begins_with_what_is_written_first_hidden_or_not() {
        let html = "<head><title>No</title><style>p{}</style></head><!-- no --><body>\n\
            <div style=\"display:none\">Come <b>so</b>on.</div><h1>News</h1><p>1 < 2</p>";
        assert_eq!(of(html), "Come soon. News 1 < 2");
    }

    #[test]
    fn padding_ends_it_and_joiners_in_words_stay() {
        let padding = "&nbsp;\u{200C}\u{34F} ".repeat(30);
        assert_eq!(
            of(&format!("<p>می\u{200C}خواهم {padding}</p><p>Masthead</p>")),
            "می\u{200C}خواهم"
        );
        assert_eq!(of(&format!("{padding}<p>a{}b</p>", " \n".repeat(40))), "a b");
    }

    #[test]
    fn it_is_no_longer_than_an_inbox_shows() {
        let text = of_text(&"word ".repeat(100));
        assert_eq!(text.chars().count(), 199);
        assert!(text.ends_with("word"));
    }
}
