// What the page shows, in one place. Modules read `app.state` and change it with `app.set` only.

/** A store: `set` merges and then tells every subscriber which keys are new, one change after another. */
export function store(state) {
  const subscribers = [];
  const pending = new Set();
  let telling = false;

  function tell() {
    if (telling) return;
    telling = true;
    try {
      while (pending.size > 0) {
        const changed = new Set(pending);
        pending.clear();
        for (const subscriber of [...subscribers]) subscriber(state, changed);
      }
    } finally {
      telling = false;
    }
  }

  return {
    state,
    set(patch) {
      for (const [key, value] of Object.entries(patch)) {
        if (state[key] === value) continue;
        state[key] = value;
        pending.add(key);
      }
      tell();
    },
    /** Tells `keys` although nothing in the state is new: 'framed'. */
    fire(...keys) {
      for (const key of keys) pending.add(key);
      tell();
    },
    subscribe(subscriber) {
      subscribers.push(subscriber);
    },
  };
}
