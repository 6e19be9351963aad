// Hears from the program what has changed, and says so when it is heard no more.

/** Starts to listen. Fires 'changed' after files changed, 'caught' after the sandbox got mail. */
export function mount(_root, app) {
  let isFirst = true;

  function listen() {
    const events = new EventSource("events");
    events.addEventListener("hello", (event) => {
      const { generation } = JSON.parse(event.data);
      const known = isFirst ? (app.state.current?.generation ?? generation) : app.state.generation;
      const wasLost = !app.state.connected;
      isFirst = false;
      app.set({ generation, connected: true });
      if (wasLost || known !== generation) news([]);
    });
    events.addEventListener("changed", (event) => {
      const { generation, paths } = JSON.parse(event.data);
      app.set({ generation });
      news(paths ?? []);
    });
    events.addEventListener("caught", (event) => {
      app.set({ generation: JSON.parse(event.data).generation });
      app.fire("caught");
    });
    events.addEventListener("error", () => {
      app.set({ connected: false });
      events.close();
      setTimeout(listen, 1000);
    });
  }

  /** Everything that was missed, or what these paths say. */
  function news(paths) {
    app.set({ touched: paths });
    if (paths.length === 0) app.fire("changed", "caught");
    else app.fire("changed");
  }

  listen();
}
