/** Puts the page together: what can be trained, how the latest training goes, and all of them. */

import { sentenceOf } from "../../../core/errors.js";
import { t } from "../../../core/text.js";
import { h } from "../../shared/dom.js";
import { confirming } from "../../shared/popups/confirming.js";
import { reading } from "../../shared/popups/notice.js";
import { createToasts } from "../../shared/popups/toasts.js";
import { appearance } from "../../shared/theme.js";
import { hearTrainings, isGoing, trainingsOf } from "./asking.js";
import { createForm } from "./form.js";
import { createGoing } from "./going.js";
import { createResult } from "./result.js";
import { createRounds } from "./rounds.js";

/** @typedef {import("../../../core/api-types.js").Training} Training */
/** @typedef {import("../../../core/api-types.js").TrainingDetails} TrainingDetails */

/**
 * @param {object} parts
 * @param {import("../../../net/api.js").Api} parts.api
 * @param {import("../../../core/types.js").Boot} parts.boot
 * @param {import("../../../core/types.js").Project} parts.project
 * @param {import("../../../core/signals.js").Signal<import("../../shared/theme.js").Theme>} parts.theme
 */
export function createTrainingPage({ api, boot, project, theme }) {
  document.getElementById("header")?.append(...appearance(theme));
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const toast = createToasts(document.body);
  const trainings = trainingsOf(api, project.id);
  let segmenters = boot.segmenters;
  let used = boot.segmenter;
  /** The newest first. @type {Training[]} */
  let listed = [];
  /** The one that is shown. @type {TrainingDetails|null} */
  let shown = null;
  let chosen = ""; // by the person; otherwise the newest is shown

  const wrong = h("div", { class: "notice", role: "alert", hidden: true });
  const form = createForm({ name: project.name, trainings, start });
  const result = createResult({ projectId: project.id, reportUrl: trainings.reportUrl, use: (segmenter) => void use(segmenter) });
  const going = createGoing({ act: (verb) => void act(verb), result: result.element });
  const rounds = createRounds({ choose: (id) => void choose(id) });
  const beginning = h(
    "section",
    { class: "training-part" },
    h("h2", {}, t("Train a model on your objects")),
    h("p", { class: "muted" }, t("The model learns from this project's objects and is evaluated on held-out images. It's installed only if it's better.")),
    form.element,
  );
  main.append(h("div", { class: "training" }, wrong, going.element, beginning, rounds.element));

  function show() {
    going.show(shown);
    if (shown) result.show(shown, { used, titles: new Map(segmenters.map(({ id, title }) => [id, title])) });
    else result.element.hidden = true;
    rounds.show(listed, shown?.id ?? "");
    beginning.hidden = listed.some(isGoing);
  }

  const load = reading(wrong, async (signal) => {
    const { trainings: found } = await trainings.list();
    const id = found.some((each) => each.id === chosen) ? chosen : found[0]?.id;
    const details = id === undefined ? null : await trainings.get(id);
    if (signal.aborted) return;
    [listed, shown] = [found, details];
    show();
  });

  /** A new segmenter may be installed, or another be the project's. */
  async function renew() {
    const [installed, { labels }, { settings }] = await Promise.all([api.segmenters(), api.labels(project.id), api.project(project.id)]);
    segmenters = installed;
    used = settings.segmenter ?? installed.find((each) => each.default)?.id ?? used;
    form.offer(segmenters, used, labels);
    show();
  }

  /** @param {Training} training  as it is now */
  function changed(training) {
    const was = listed.find(({ id }) => id === training.id);
    listed = was ? listed.map((each) => (each.id === training.id ? training : each)) : [training, ...listed];
    if (shown?.id === training.id) shown = { ...training, curve: shown.curve };
    if (!was || (isGoing(was) && !isGoing(training))) {
      void load();
      void renew().catch(() => {}); // the list says when the server is gone
    } else show();
  }

  /** @param {string} id @param {import("../../../core/api-types.js").TrainingPoint} point */
  function added(id, point) {
    if (shown?.id !== id) return;
    shown = { ...shown, curve: [...shown.curve.filter(({ step }) => step < point.step), point] };
    show();
  }

  /** @param {import("../../../core/api-types.js").NewTraining} asked */
  async function start(asked) {
    const begun = await trainings.start(asked);
    chosen = begun.id;
    await load();
    going.element.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} id */
  async function choose(id) {
    chosen = id;
    await load();
    going.element.scrollIntoView({ block: "nearest" });
  }

  /** @param {"pause"|"resume"|"finish"|"remove"} verb */
  async function act(verb) {
    const { id = "", title = "" } = shown ?? {};
    try {
      if (verb !== "remove") await trainings.to(id, verb);
      else if (await confirming({ title: t("Delete {title}?", { title }), text: t("This deletes the training, its curve and its report. Installed models are kept."), action: t("Delete") })) await trainings.remove(id);
    } catch (error) {
      toast({ text: sentenceOf(error) });
    }
    await load();
  }

  /** @param {string} segmenter */
  async function use(segmenter) {
    const before = used;
    try {
      await api.changeProject(project.id, { settings: { segmenter } });
      const title = segmenters.find(({ id }) => id === segmenter)?.title ?? segmenter;
      toast({ text: t("This project now uses {segmenter}.", { segmenter: title }), action: { title: t("Undo"), perform: () => void use(before) } });
    } catch (error) {
      toast({ text: sentenceOf(error) });
    }
    await renew().catch((error) => toast({ text: sentenceOf(error) }));
  }

  void load();
  void renew().catch((error) => toast({ text: sentenceOf(error) }));
  hearTrainings(project.id, { changed, point: added, missed: () => void load() });
  window.addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    void load();
    form.look(); // objects may be others by then
  });
}
