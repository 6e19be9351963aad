// The counts of errors and warnings beside the drafts: fetched one draft after another, while nothing else is asked.

/** Keeps `state.counts`: a map from slug to {errors, warnings}. */
export function mount(_root, app) {
  const stale = new Set();
  let flight = null;

  async function walk() {
    if (flight || !app.state.drafts) return;
    flight = new AbortController();
    const { signal } = flight;
    try {
      for (const { slug } of app.state.drafts.drafts) {
        if (app.state.counts.has(slug) && !stale.has(slug)) continue;
        keep(slug, await app.get(`api/drafts/${encodeURIComponent(slug)}/report`, { signal }));
      }
    } catch {
      // The next change or report asks again.
    }
    if (flight?.signal === signal) flight = null;
  }

  function keep(slug, { trouble, errors, warnings }) {
    stale.delete(slug);
    const counts = trouble.length > 0 ? { errors: trouble.length, warnings: 0 } : { errors, warnings };
    app.set({ counts: new Map(app.state.counts).set(slug, counts) });
  }

  /** A change of one draft makes its own counts old, any other change those of all. */
  function spoil() {
    flight?.abort();
    flight = null;
    const slugs = app.state.drafts?.drafts.map(({ slug }) => slug) ?? [];
    const touched = slugs.filter((slug) => app.state.touched.some((path) => path === `drafts/${slug}.md`));
    const isOnlyDrafts = app.state.touched.length > 0 && app.state.touched.every((path) => /^drafts\/[^/]+\.md$/.test(path));
    for (const slug of isOnlyDrafts ? touched : slugs) stale.add(slug);
  }

  app.subscribe(({ slug, report, view }, changed) => {
    if (changed.has("changed")) spoil();
    if (changed.has("report") && report && slug) keep(slug, report);
    const isIdle = (changed.has("report") && report) || (changed.has("drafts") && (view === "sandbox" || !slug));
    if (isIdle) walk();
  });
}
