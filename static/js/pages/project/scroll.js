/** The place in the list one comes back to: kept in the browser's history, for a list that is not there at first. */

/** @param {() => Promise<unknown>} ready  when the list has its height */
export function keepScroll(ready) {
  history.scrollRestoration = "manual";
  window.addEventListener("pagehide", () => history.replaceState({ scroll: scrollY }, ""));
  return {
    restore() {
      const { scroll = 0 } = history.state ?? {};
      void ready().then(() => scrollTo(0, scroll));
    },
  };
}
