/** Sets the chosen theme before anything is painted. A plain script in the head: modules run too late for it. */

(() => {
  const root = document.documentElement;
  let stored = null;
  try {
    stored = localStorage.getItem("samphire.theme");
  } catch {
    // Forbidden storage: the page's own default.
  }
  root.dataset.theme = stored ?? (root.dataset.page === "annotate" ? "dark" : "system");
})();
