/** What an action is: one record that a key, a button, the help and a test share. */

/**
 * `begin`: one at this place of the image, null: about the whole image; `open`: a thread, by its id; `place`: one where the next
 * press is; `next`: the one after it that is not resolved.
 * @typedef {{begin: {x: number, y: number}|null} | {open: string} | {next: true} | {place: true}} CommentWish
 */
/**
 * @typedef {object} App  what actions act on
 * @property {import("../../document/document.js").Document} doc
 * @property {import("../editor.js").Editor} editor  how the document is looked at
 * @property {import("../../document/queue/queue.js").Queue} queue
 * @property {import("../../document/queue/review.js").Review} review
 * @property {import("../tools/index.js").Tools} tools
 * @property {import("../following.js").Following} following
 * @property {import("../../core/signals.js").Signal<boolean>} helpOpen
 * @property {import("../../core/signals.js").Signal<boolean>} paletteOpen
 * @property {import("../../core/signals.js").Signal<boolean>} historyOpen  who did what on the image
 * @property {import("../../core/signals.js").Signal<boolean>} guidelinesOpen  the project's, on how to annotate
 * @property {import("../../core/signals.js").Signal<'label'|'attributes'|null>} panelWish  where in the panels to type next
 * @property {import("../../core/signals.js").Signal<CommentWish|null>} commentWish  what is wanted of the comments next
 * @property {import("../../core/signals.js").Signal<boolean>} segmentersOpen  the list to choose from
 * @property {import("../../core/signals.js").Signal<'dark'|'light'|'system'>} theme
 * @property {() => void} copyView  the address of what is on show, for others to open
 * @property {(() => void)|null} share  makes links for strangers; null: whose page it is may not
 */
/**
 * @typedef {object} Action
 * @property {string} id
 * @property {string} title
 * @property {string} group  heading in the help
 * @property {readonly string[]} keys  as in "Mod+Z": Mod is Ctrl, or Command on a Mac
 * @property {string} [family]  one row of the help for several actions alike
 * @property {boolean} [onStage]  its keys mean this only while the picture has the focus
 * @property {(app: App) => string} [detail]  what exactly it would do now, for its tooltip
 * @property {(app: App) => boolean} enabled
 * @property {(app: App) => import("../../document/patch.js").Patch|void} perform  what it changes of the document's objects,
 *   which it leaves to `run`; what it does to the view, the tools, the prompt or the page it does itself
 */

export const always = () => true;

/** Does it. @param {Pick<Action, 'perform'>} action @param {App} app */
export function run({ perform }, app) {
  const patch = perform(app);
  if (patch) app.doc.change(patch);
}
