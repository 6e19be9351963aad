//! The newsroom as the preview sees it: each answer opens the workspace anew, as a command would
//! that is typed now.

mod edition;
pub(super) mod files;
mod remarkable;
mod report;
mod source;
mod written;

use std::{
    cmp::Reverse,
    fs,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::{Fault, Global, checked::check, newsroom::Newsroom};
use crate::{
    check::Level,
    config::Workspace,
    draft::{Draft, Publication},
    local_time::instant,
    preview::{Change, DraftLine, Drafts, SourceText, Studio, Trouble},
    sandbox,
};
pub(super) use edition::CopyDesk;
use written::Written;

/// Everything that the preview may ask.
pub(super) struct NewsroomStudio {
    global: Global,
    /// As it was when the preview began: a workspace does not move.
    root: PathBuf,
    sandbox: PathBuf,
    /// They say who is suppressed, and who got what: that of the workspace, that of rehearsals.
    ledgers: [Written; 2],
    /// A draft that was named by a path outside `drafts/`.
    elsewhere: Option<(String, PathBuf)>,
}

impl NewsroomStudio {
    /// Makes what a preview needs: the secret that the copies' tokens come from, so that they are
    /// those of the send, and the folder of the rehearsals.
    pub(super) fn new(global: &Global, newsroom: &Newsroom) -> Result<Self, Fault> {
        newsroom.keys(true)?;
        newsroom.state()?;
        let sandbox = newsroom.sandbox_folder();
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&sandbox);
        made.map_err(Fault::io)?;
        let root = newsroom.workspace().root().to_owned();
        let ledgers = [newsroom.state_path("ledger.db"), sandbox.join("ledger.db")];
        let ledgers = ledgers.map(Written::since_now);
        Ok(Self { global: global.clone(), root, sandbox, ledgers, elsewhere: None })
    }

    /// Takes a draft along that may lie anywhere in the workspace.
    pub(super) fn with_draft(mut self, slug: String, path: PathBuf) -> Self {
        if path != self.usual_path(&slug) {
            self.elsewhere = Some((slug, path));
        }
        self
    }

    pub(in crate::cli) fn open(&self, slug: &str) -> Result<CopyDesk, Fault> {
        let newsroom = Newsroom::open(&self.global)?;
        CopyDesk::open(newsroom, &self.shown(&self.path(slug)), slug)
    }

    fn path(&self, slug: &str) -> PathBuf {
        match &self.elsewhere {
            Some((known, path)) if known == slug => path.clone(),
            _ => self.usual_path(slug),
        }
    }

    fn usual_path(&self, slug: &str) -> PathBuf {
        self.root.join("drafts").join(format!("{slug}.md"))
    }

    fn slugs(&self, workspace: &Workspace) -> Result<Vec<String>, Fault> {
        let mut slugs = workspace.slugs().map_err(|fault| Fault::refused(vec![fault]))?;
        if let Some((slug, _)) = &self.elsewhere {
            slugs.push(slug.clone());
        }
        // The names of drafts begin with their dates. One without is as old as anything.
        let age = |slug: &String| (slug.starts_with(|c: char| c.is_ascii_digit()), slug.clone());
        slugs.sort_by_key(|slug| Reverse(age(slug)));
        slugs.dedup();
        Ok(slugs)
    }

    /// The path from the workspace, as shown.
    fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

impl Studio for NewsroomStudio {
    type Edition = CopyDesk;

    fn drafts(&self) -> Drafts {
        let read = || {
            let newsroom = Newsroom::open(&self.global)?;
            let templates = newsroom.templates();
            let slugs = self.slugs(newsroom.workspace())?;
            let (lines, trouble) = match &templates {
                Ok(templates) => {
                    let line = |slug: &String| match newsroom
                        .draft_at(&self.shown(&self.path(slug)), templates)
                    {
                        Ok(draft) => draft_line(&newsroom, &draft),
                        Err(fault) => self.unreadable(slug, &fault),
                    };
                    (slugs.iter().map(line).collect(), Vec::new())
                }
                Err(fault) => {
                    let line = |slug: &String| self.unreadable(slug, fault);
                    (slugs.iter().map(line).collect(), troubles(fault))
                }
            };
            let mut lines: Vec<DraftLine> = lines;
            lines.sort_by_key(|line| line.is_sent);
            Ok::<Drafts, Fault>(Drafts {
                newsroom: newsroom.settings().sender.name.clone(),
                rehearses: newsroom.rehearses(),
                server: newsroom.server_line(),
                drafts: lines,
                trouble,
            })
        };
        read().unwrap_or_else(|fault| Drafts {
            newsroom: String::new(),
            rehearses: false,
            server: String::new(),
            drafts: Vec::new(),
            trouble: troubles(&fault),
        })
    }

    fn draft(&self, slug: &str) -> DraftLine {
        let read = || {
            let newsroom = Newsroom::open(&self.global)?;
            let templates = newsroom.templates()?;
            let draft = newsroom.draft_at(&self.shown(&self.path(slug)), &templates)?;
            Ok::<DraftLine, Fault>(draft_line(&newsroom, &draft))
        };
        read().unwrap_or_else(|fault| self.unreadable(slug, &fault))
    }

    fn edition(&self, slug: &str) -> Result<CopyDesk, Vec<Trouble>> {
        self.open(slug).map_err(|fault| self.errors(slug).unwrap_or_else(|| troubles(&fault)))
    }

    fn source(&self, slug: &str, file: &str, line: Option<usize>) -> Option<SourceText> {
        let newsroom = Newsroom::open(&self.global).ok()?;
        // One that leads out of the workspace is no draft.
        let (_, path) = newsroom.draft_file(&self.shown(&self.path(slug))).ok()?;
        source::text(&newsroom, &path, file, line)
    }

    fn html_limits(&self) -> [usize; 2] {
        let newsroom = Newsroom::open(&self.global);
        let limits = newsroom.map(|newsroom| newsroom.settings().check.limits).unwrap_or_default();
        [limits.html.0, limits.html.1]
    }

    fn caught(&self) -> Vec<(u64, PathBuf)> {
        sandbox::caught(&self.sandbox).unwrap_or_default()
    }

    fn when(&self) -> impl Fn(SystemTime) -> String {
        let newsroom = Newsroom::open(&self.global).ok();
        move |moment| {
            let at = jiff::Timestamp::try_from(moment).ok();
            let words = newsroom.as_ref().zip(at).map(|(newsroom, at)| newsroom.when(at));
            words.unwrap_or_default()
        }
    }

    fn folders(&self) -> Vec<(PathBuf, bool)> {
        let mut folders = vec![
            (self.root.clone(), false),
            (self.root.join("drafts"), true),
            (self.root.join("templates"), true),
            (self.root.join(".announce"), false),
            (self.sandbox.clone(), false),
        ];
        if let Ok(newsroom) = Newsroom::open(&self.global) {
            let workspace = newsroom.workspace();
            let lists = newsroom.settings().lists.values();
            let named = lists.map(|list| workspace.path(&list.file));
            // A link does not change when the list does that it leads to.
            let files = named.flat_map(|path| [path.canonicalize().ok(), Some(path)]);
            let of_lists = files.flatten().filter_map(|path| Some(path.parent()?.to_owned()));
            folders.extend(of_lists.map(|folder| (folder, false)));
        }
        folders.extend(
            self.elsewhere.iter().filter_map(|(_, path)| Some((path.parent()?.to_owned(), false))),
        );
        folders.sort();
        folders.dedup_by(|(a, _), (b, _)| a == b);
        folders
    }

    fn concerns(&self, path: &Path) -> Option<Change> {
        let name = path.file_name()?.to_str()?;
        if path.starts_with(self.root.join(".announce")) {
            let is_mail = path.parent() == Some(&self.sandbox) && ends_in(path, "eml");
            return match path {
                // The folders themselves may be gone, or there again.
                _ if is_mail || self.sandbox.starts_with(path) => Some(Change::Caught),
                _ if self.ledgers.iter().any(|ledger| ledger.is_news(path)) => {
                    Some(Change::Everything { file: self.shown(path) })
                }
                _ => None,
            };
        }
        // What editors leave beside a file while they write it.
        let is_passing = name.starts_with('.') || name.ends_with('~') || name == "4913";
        if is_passing || ends_in(path, "swp") {
            return None;
        }
        let file = self.shown(path);
        let slug = name.strip_suffix(".md");
        match slug {
            Some(slug) if path == self.path(slug) => {
                Some(Change::Draft { slug: slug.to_owned(), file })
            }
            _ if path.parent() == Some(&self.root) && !self.is_watched_for(path) => None,
            _ => Some(Change::Everything { file }),
        }
    }
}

impl NewsroomStudio {
    /// Whether something in the root of the workspace matters to a draft.
    fn is_watched_for(&self, path: &Path) -> bool {
        let is_folder = || self.folders().iter().any(|(folder, _)| folder == path);
        if path == self.root.join("announce.toml") || is_folder() {
            return true;
        }
        Newsroom::open(&self.global).is_ok_and(|newsroom| {
            let mut lists = newsroom.settings().lists.values();
            lists.any(|list| newsroom.workspace().path(&list.file).starts_with(path))
        })
    }

    /// What `check` says against a draft that cannot be opened: no less, and in the same words.
    fn errors(&self, slug: &str) -> Option<Vec<Trouble>> {
        let newsroom = Newsroom::open(&self.global).ok()?;
        let file = self.shown(&self.path(slug));
        let checked = check(&newsroom, &|templates| newsroom.draft_at(&file, templates), false);
        let findings = checked.ok()?.verdict.findings;
        let errors = findings.iter().filter(|finding| finding.level == Level::Error);
        let errors: Vec<Trouble> = errors.map(Trouble::from).collect();
        (!errors.is_empty()).then_some(errors)
    }

    /// A draft of which only the name is known.
    fn unreadable(&self, slug: &str, fault: &Fault) -> DraftLine {
        DraftLine {
            slug: slug.to_owned(),
            file: self.shown(&self.path(slug)),
            subject: slug.to_owned(),
            status: "draft",
            trouble: troubles(fault).pop(),
            ..DraftLine::default()
        }
    }
}

fn ends_in(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|extension| extension == ending)
}

/// A draft as the list of drafts shows it.
fn draft_line(newsroom: &Newsroom, draft: &Draft) -> DraftLine {
    let front = &draft.front;
    let receipt = format!("drafts/{}.sent.toml", draft.slug);
    let send_at = front.send_at.as_ref().and_then(|at| instant(at.value, &newsroom.zone()));
    DraftLine {
        slug: draft.slug.clone(),
        file: draft.source.name.to_string(),
        subject: front.subject.value.clone(),
        kind: front.kind.value.clone(),
        status: match front.status {
            Publication::Draft => "draft",
            Publication::Ready => "ready",
        },
        lists: front.lists.iter().map(|list| list.value.clone()).collect(),
        send_at: send_at
            .map(|at| at.to_zoned(newsroom.zone()).strftime("%A %-d %B %Y, %H:%M").to_string()),
        is_sent: newsroom.workspace().root().join(receipt).exists(),
        trouble: None,
    }
}

/// All that a fault says.
fn troubles(fault: &Fault) -> Vec<Trouble> {
    fault.diagnostics.iter().map(Trouble::from).collect()
}
