//! Sample messages, one for each shape a message can have.

use super::super::{
    Attachment, Calendar, Composer, Encoded, Message, Parts, Picture, Recipient, Sender, Stamp,
    Unsubscribe, media_type,
};
use crate::render::Rendered;

/// All that goes into one message.
#[derive(Clone)]
pub(super) struct Sample {
    pub(super) name: &'static str,
    pub(super) parts: Parts,
    pub(super) rendered: Rendered<'static, Encoded>,
    pub(super) to: Recipient<'static>,
    pub(super) stamp: Stamp<'static>,
}

impl Sample {
    /// The finished message.
    pub(super) fn message(&self) -> Message {
        let composer = Composer::new(self.parts.clone()).expect("sound parts");
        composer.compose(&self.rendered, &self.to, &self.stamp).expect("a sound sample")
    }
}

/// Every sample.
pub(super) fn all() -> [Sample; 8] {
    [
        plain(),
        korean(),
        pictures(),
        attachments(),
        https_and_bounces(),
        test(),
        calendar(),
        calendar_among_files(),
    ]
}

/// Text and HTML, nothing else.
pub(super) fn plain() -> Sample {
    Sample {
        name: "plain_event",
        parts: Parts {
            sender: Sender {
                name: "APPG on North Korea".to_owned(),
                address: "news@appg.example".to_owned(),
                reply_to: Some("secretariat@appg.example".to_owned()),
                domain: "appg.example".to_owned(),
            },
            unsubscribe: Unsubscribe {
                mailto: Some("unsubscribe@appg.example".to_owned()),
                url: None,
            },
            bounces: None,
            language: "en-GB".to_owned(),
            calendar: None,
            attachments: Vec::new(),
            pictures: Vec::new(),
        },
        rendered: Rendered {
            subject: "Event: North Korea’s Hidden Revolution".to_owned(),
            html: "<!doctype html>\n<html lang=\"en-GB\">\n<body style=\"margin:0\">\n\
                   <p>Dear Ana,</p>\n<p>Free admission &ndash; £0. \
                   Committee Room 20, Wednesday 2 November 2016, 5 pm.</p>\n</body>\n</html>\n"
                .to_owned()
                .into(),
            text: "Dear Ana,\n\nFrom smuggled films to radio: how a closed society learns about \
                   the world outside.\n\n.\nFrom 5 pm, Committee Room 20\n"
                .to_owned()
                .into(),
        },
        to: Recipient { address: "ana@example.org", name: Some("Ana O'Brien") },
        stamp: Stamp {
            message_id: "mmmmmmmmmmmmmmmmmmmmmmmmmm",
            boundary: "bbbbbbbbbbbbbbbbbbbbbbbbbb",
            return_path: "rrrrrrrrrrrrrrrrrrrrrrrrrr",
            unsubscribe: "uuuuuuuuuuuuuuuuuuuuuuuuuu",
            answers: None,
            date: "2016-10-26T08:00:00.25Z".parse().expect("a timestamp"),
            test: false,
        },
    }
}

/// Subject, names and texts in Korean.
pub(super) fn korean() -> Sample {
    let mut sample = Sample { name: "korean", ..plain() };
    sample.parts.sender.name = "북한에 관한 초당적 의원 모임".to_owned();
    sample.parts.language = "ko".to_owned();
    sample.to = Recipient { address: "minjun@example.org", name: Some("김민준") };
    sample.rendered = Rendered {
        subject: "민준 님께: 고향을 떠나온 모든 분들께 드리는 편지, 그리고 11월 2일 초대"
            .to_owned(),
        html: "<!doctype html>\n<html lang=\"ko\">\n<p>민준 님께,</p>\n</html>\n".to_owned().into(),
        text: "민준 님께,\n\n여러분의 이야기를 듣고 싶습니다.\n".to_owned().into(),
    };
    sample
}

/// Two pictures in the HTML.
pub(super) fn pictures() -> Sample {
    let mut sample = Sample { name: "pictures", ..plain() };
    sample.rendered.html = "<p><img src=\"cid:picture-1.roundup@appg.example\" alt=\"The panel\">\
        <img src=\"cid:picture-2.roundup@appg.example\" alt=\"The hall\"></p>\n"
        .to_owned()
        .into();
    let picture = |number: u8, file_name: &str, bytes: &[u8]| Picture {
        cid: format!("picture-{number}.roundup@appg.example"),
        file_name: file_name.to_owned(),
        media_type: media_type(file_name, bytes).to_owned(),
        bytes: bytes.to_vec(),
    };
    sample.parts.pictures = vec![
        picture(1, "panel.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        picture(2, "hall.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0 the hall, full of people who listen"),
    ];
    sample
}

/// Papers with all kinds of names, and a picture.
pub(super) fn attachments() -> Sample {
    let mut sample = Sample { name: "attachments", ..pictures() };
    sample.parts.pictures.truncate(1);
    let attachment = |file_name: &str, bytes: &[u8]| Attachment {
        file_name: file_name.to_owned(),
        media_type: media_type(file_name, bytes).to_owned(),
        bytes: bytes.to_vec(),
    };
    sample.parts.attachments = vec![
        attachment("programme.pdf", b"%PDF-1.7\r\n.\r\n%%EOF\n"),
        attachment("회의 프로그램과 발표자 명단 2016.pdf", b"%PDF-1.4\n%%EOF\n"),
        attachment("편지.txt", "여러분께\n".as_bytes()),
        attachment(
            "How to reach Westminster Hall, by train, by bus and on foot (final).odt",
            b"PK\x03\x04",
        ),
        attachment("empty", b""),
    ];
    sample
}

/// One-click unsubscription and a return path of one's own.
pub(super) fn https_and_bounces() -> Sample {
    let mut sample = Sample { name: "https_and_bounces", ..plain() };
    sample.parts.unsubscribe.url = Some("https://appg.example/u/".to_owned());
    sample.parts.bounces = Some("bounces@appg.example".to_owned());
    sample.parts.sender.reply_to = None;
    sample.to.name = None;
    sample
}

/// An event for the reader's calendar, and nothing else attached.
pub(super) fn calendar() -> Sample {
    let mut sample = Sample { name: "calendar", ..plain() };
    sample.parts.calendar = Some(Calendar {
        method: "PUBLISH",
        file_name: "hidden-revolution.ics".to_owned(),
        text: "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//announce//announce//EN\r\n\
               METHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:iiiiiiiiiiiiiiiiiiiiiiiiii\r\n\
               DTSTAMP:20161026T080000Z\r\nDTSTART:20161102T170000Z\r\n\
               SUMMARY:북한의 숨겨진 혁명\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            .to_owned(),
    });
    sample
}

/// A cancellation among pictures and papers, its name in Korean.
pub(super) fn calendar_among_files() -> Sample {
    let mut sample = Sample { name: "calendar_among_files", ..attachments() };
    let calendar = calendar().parts.calendar;
    sample.parts.calendar = calendar.map(|calendar| Calendar {
        method: "CANCEL",
        file_name: "숨겨진-혁명.ics".to_owned(),
        text: calendar.text.replace("METHOD:PUBLISH", "METHOD:CANCEL"),
    });
    sample
}

/// A test mail.
pub(super) fn test() -> Sample {
    let mut sample = Sample { name: "test_mail", ..https_and_bounces() };
    sample.stamp.test = true;
    sample.to = Recipient { address: "staff@appg.example", name: Some("Doe, Jane (press)") };
    sample
}
