/** What the page of the server holds for its script: the data to start from, and what was drawn in its place until now. */

import { watchPresses } from "./popups/outside-press.js";

/** What every page begins with. @returns {import("../../core/types.js").Boot} */
export function readBoot() {
  watchPresses();
  return JSON.parse(document.getElementById("boot")?.textContent ?? "{}");
}

/** As `readBoot`, of a page that is about a project. */
export function readProjectBoot() {
  const boot = readBoot();
  const { project } = boot;
  if (!project) throw new Error("This page is about a project, and the server named none.");
  // On a phone there is more of the navigation than fits.
  document.querySelector(".project-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  return { boot, project };
}

/** What the server drew where the scripts put the real thing now. */
export function dropSkeleton() {
  for (const bone of document.querySelectorAll("[data-skeleton]")) bone.remove();
}
