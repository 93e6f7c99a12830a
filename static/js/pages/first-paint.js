/** Sets the chosen theme before anything is painted. A plain script in the head: modules run too late for it. */

(() => {
  const root = document.documentElement;
  let stored = null;
  try {
    stored = localStorage.getItem("samphire.theme");
  } catch {
    // Forbidden storage: as the system.
  }
  root.dataset.theme = stored ?? "system";
})();
