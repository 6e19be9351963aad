// Fetches what the page shows: the view first, the report once the mail is on screen.

/** Starts to follow the state. */
export function mount(_root, app) {
  const flights = new Map();
  let reported = null;
  let isListOld = false;

  /** Asks for `path`, drops any earlier question of that name, and hands the answer on. */
  async function ask(name, path, then) {
    flights.get(name)?.abort();
    const flight = new AbortController();
    flights.set(name, flight);
    let answer = null;
    let status = 200;
    try {
      answer = await app.get(path, { signal: flight.signal });
    } catch (error) {
      status = error.status ?? 0;
    }
    if (flights.get(name) !== flight) return;
    flights.delete(name);
    if (answer || status === 404) then(answer);
    else if (name === "report") reported = null; // what was lost on the way is asked for again
  }

  function draftPath(person) {
    const query = person ? `?${new URLSearchParams({ person })}` : "";
    return `api/drafts/${encodeURIComponent(app.state.slug)}${query}`;
  }

  function loadView() {
    const { view, slug, mail, person } = app.state;
    if (view === "sandbox" ? mail === null : !slug) {
      app.set({ current: null, isMissing: false });
      return loadRest();
    }
    const path = view === "sandbox" ? `api/sandbox/${mail}` : draftPath(person);
    return ask("view", path, (current) => {
      app.set({ current, isMissing: !current });
      if (current?.generation < app.state.generation) loadView();
      else if (!app.stage.isComing()) loadRest();
    });
  }

  /** What can wait until the mail is on screen. */
  function loadRest() {
    loadReport();
    if (!isListOld) return;
    isListOld = false;
    loadDrafts();
  }

  function loadBeside() {
    const { view, slug, other } = app.state;
    if (view !== "draft" || !slug || !other) {
      flights.get("beside")?.abort();
      return app.set({ beside: null });
    }
    return ask("beside", draftPath(other), (beside) => app.set({ beside }));
  }

  function loadReport() {
    const { view, slug, current } = app.state;
    if (view !== "draft" || !current?.draft || current.draft.slug !== slug) return;
    const wanted = `${slug} ${current.generation}`;
    if (reported === wanted) return;
    reported = wanted;
    ask("report", `api/drafts/${encodeURIComponent(slug)}/report`, (report) => app.set({ report }));
  }

  const loadDrafts = () => ask("drafts", "api/drafts", (answer) => {
    // While the settings cannot be read nothing is known of the drafts: the list stays as it was.
    const isUnknown = answer.trouble.length > 0 && answer.drafts.length === 0 && app.state.drafts;
    const drafts = isUnknown ? { ...app.state.drafts, trouble: answer.trouble } : answer;
    app.set({ drafts });
    const { view, slug } = app.state;
    if (view === "draft" && !slug && drafts.drafts.length > 0) app.set({ slug: drafts.drafts[0].slug });
  });
  const loadSandbox = () => ask("sandbox", "api/sandbox", (sandbox) => {
    app.set({ sandbox });
    const { view, mail } = app.state;
    if (view === "sandbox" && mail === null && sandbox.mails.length > 0) app.set({ mail: sandbox.mails[0].number });
  });

  app.subscribe((_, changed) => {
    const has = (...keys) => keys.some((key) => changed.has(key));
    if (has("slug", "view")) {
      reported = null;
      flights.get("report")?.abort();
      app.set({ report: null });
    }
    if (has("changed")) isListOld = true;
    if (has("view", "slug", "mail", "person", "changed")) loadView();
    if (has("view", "slug", "other", "changed")) loadBeside();
    if (has("framed")) loadRest();
    if (has("started")) loadDrafts();
    if (has("caught", "started")) loadSandbox();
    // A new rehearsal begins its numbers again: the mail that is open may be another one now.
    if (has("caught") && app.state.view === "sandbox") loadView();
  });
}
