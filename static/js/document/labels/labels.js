/**
 * The project's label classes: a list that everybody in the project shares. Changes are shown at once and written as what
 * was meant, onto the list as the server has it by then.
 */

import { ApiError } from "../../core/errors.js";
import { batch, computed, signal } from "../../core/signals.js";
import { counted, t } from "../../core/text.js";
import { byFreeDigits, freeKey, renumbered } from "./label-keys.js";
import { freeColor } from "./palette.js";

/** @typedef {import("../../core/types.js").LabelClass} Label */
/** @typedef {import("../../core/types.js").LabelList} LabelList */
/** @typedef {Label & {replaces?: string[]}} Wanted  replaces: ids of labels that become this one */
/** @typedef {(labels: readonly Label[]) => readonly Wanted[]} Meaning  what a person wants of whatever list there is */
/**
 * @typedef {{state: 'failed'|'kept'|'refused', message: string, retry: () => void}} LabelsFailure
 *   failed: the list could not be read; kept: what was changed waits for the server; refused: it is given up
 */
/** @typedef {ReturnType<typeof createLabels>} Labels */

const MOST_ATTEMPTS = 5;

/** @param {string} name @param {string} color @param {string|null} [key] @returns {Label} */
function labelOf(name, color, key = null) {
  return { name, color, key, description: "", group: "", attributes: [] };
}

/** What an annotation has of its label. @param {Label} label @returns {Pick<import("../../core/types.js").Annotation, 'label_id'|'label'|'color'>} */
export function labelled({ id, name, color }) {
  return { label_id: id ?? null, label: name, color };
}

/**
 * @param {object} room
 * @param {import("../../net/api.js").Api} room.api
 * @param {{peek: () => {id: string}}} room.project
 * @param {{readonly value: readonly import("../../core/types.js").Annotation[]}} room.annotations  of the opened image
 * @param {() => Promise<void>} room.idle
 *   idle: resolves when objects on their way to the server have arrived, with which it learns their labels
 */
export function createLabels({ api, project, annotations, idle }) {
  /** As this page shows them: the server's, with what is wanted of them. */
  const own = signal(/** @type {readonly Label[]} */ ([]));
  const activeName = signal("");
  const previousName = signal("");
  const failure = signal(/** @type {LabelsFailure|null} */ (null));
  /** Not written yet, in order. */
  const wishes = signal(/** @type {readonly Meaning[]} */ ([]));
  /** Whether the project's are there. */
  const loaded = signal(false);
  let shownVersion = 0;
  let writing = /** @type {Promise<void>|null} */ (null);

  /** The project's, then those that annotations bring. At least one. */
  const all = computed(() => {
    const known = new Map(own.value.map((label) => [label.name, label]));
    for (const { label, color } of annotations.value)
      if (!known.has(label)) known.set(label, labelOf(label, color));
    return known.size ? [...known.values()] : [labelOf("object", freeColor([]), "1")];
  });
  const active = computed(() => all.value.find(({ name }) => name === activeName.value) ?? all.value[0]);
  /** By the key that takes them: their own, and the free digits for those that have none. */
  const keyed = computed(() => {
    /** @type {Map<string, Label>} */
    const found = new Map();
    for (const label of all.value) if (label.key) found.set(label.key, label);
    const others = all.value.filter(({ key }) => !key);
    return new Map([...found, ...byFreeDigits(others, found)]);
  });

  /** One that is older than what is shown came late. @param {LabelList} list */
  function show({ labels, version }) {
    if (version < shownVersion) return;
    shownVersion = version;
    const before = own.peek();
    batch(() => {
      own.value = wishes.peek().reduce(plain, labels);
      rename(before, (id) => id);
      loaded.value = true;
    });
  }

  /**
   * The labels in use stay in use, whatever they are called now.
   * @param {readonly Label[]} before  the list in which they have the names that they were chosen by
   * @param {(id: string) => string|undefined} became
   */
  function rename(before, became) {
    for (const chosen of [activeName, previousName]) {
      const id = became(before.find(({ name }) => name === chosen.peek())?.id ?? "");
      const now = id && own.peek().find((label) => label.id === id);
      if (now) chosen.value = now.name;
    }
  }

  /**
   * Reads the list as somebody changed it. What is chosen while it is read stays chosen.
   * @param {Readonly<Record<string, string>>} merged  by the id of a label that is gone, that of the one it became
   */
  async function follow(merged) {
    const before = own.peek();
    await load();
    rename(before, (id) => merged[id]);
  }

  /** Reads the project's list. */
  async function load() {
    try {
      show(await api.labels(project.peek().id));
      failure.value = null;
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      failure.value = { state: "failed", message, retry: () => void load() };
    }
    await write();
  }

  /** Writes what is wanted, one wish after the other, each onto the list as it is by then. */
  async function write() {
    if (wishes.peek().length) await (writing ??= writeAll());
  }

  /** There is at least one wish. */
  async function writeAll() {
    let refusal = /** @type {LabelsFailure|null} */ (null);
    for (let wish = wishes.peek()[0]; wish; wish = wishes.peek()[0]) {
      try {
        const list = await written(wish);
        wishes.value = wishes.peek().slice(1);
        show(list);
      } catch (error) {
        const { message, status } = /** @type {ApiError} */ (error);
        const refused = status >= 400 && status < 500 && status !== 429;
        failure.value = { state: refused ? "refused" : "kept", message, retry: () => void load() };
        if (!refused) break; // it waits for the connection
        refusal = failure.value;
        wishes.value = wishes.peek().slice(1); // it would be refused again
        const list = await api.labels(project.peek().id).catch(() => null);
        if (list) show(list);
      }
    }
    if (!wishes.peek().length) failure.value = refusal;
    writing = null; // in one breath with the last look for wishes: one that comes now begins anew
  }

  /** @param {Meaning} wish @returns {Promise<LabelList>} */
  async function written(wish) {
    const { id } = project.peek();
    await idle();
    let list = await api.labels(id);
    for (let attempt = 1; ; attempt++) {
      const labels = wish(list.labels);
      if (labels === list.labels) return list;
      try {
        return await api.replaceLabels(id, { labels: [...labels], version: list.version });
      } catch (error) {
        const current = error instanceof ApiError && error.status === 409 ? error.detail.current : null;
        if (!current || attempt === MOST_ATTEMPTS) throw error;
        list = /** @type {LabelList} */ (current);
      }
    }
  }

  /** @param {Meaning} wish */
  function want(wish) {
    wishes.value = [...wishes.peek(), wish];
    own.value = plain(own.peek(), wish);
    return write();
  }

  /** @param {string} name */
  function select(name) {
    const before = active.peek().name;
    batch(() => {
      if (name !== before) previousName.value = before;
      activeName.value = name;
    });
  }

  /** @param {string} name @returns {Label} the new label, or the one of that name */
  function add(name) {
    const known = all.peek().find((label) => label.name === name);
    const label = known ?? labelOf(name, freeColor(all.peek().map(({ color }) => color)));
    batch(() => {
      if (!own.peek().some((other) => other.name === name)) {
        void want((labels) =>
          labels.some((other) => other.name === name) ? labels : [...labels, { ...label, key: freeKey(labels) }],
        );
      }
      select(name);
    });
    return label;
  }

  /**
   * Renames or recolours; a name that another label has merges the two. Objects follow, on the server those of every image.
   * @param {string} name @param {Partial<Label>} change
   */
  function change(name, change) {
    const stands = all.peek().find((label) => label.name === name);
    return batch(() => {
      if (activeName.peek() === name && change.name) select(change.name);
      return want((labels) => {
        const old = labels.find(({ id }) => id && id === stands?.id) ?? labels.find((label) => label.name === name);
        const other = labels.find((label) => label.name === change.name && label !== old);
        if (!old) return stands && !other ? [...labels, { ...stands, ...change, id: undefined, key: freeKey(labels) }] : labels;
        if (!other) return labels.map((label) => (label === old ? { ...label, ...change } : label));
        const replaces = old.id ? [old.id] : [];
        const left = renumbered(labels, labels.filter((label) => label !== old));
        return left.map((label) => (label.id === other.id && label.name === other.name ? { ...label, replaces } : label));
      });
    });
  }

  /** How many objects have a label, on all images; null: that cannot be known now. @param {string} name @returns {Promise<number|null>} */
  async function uses(name) {
    await idle();
    const id = own.peek().find((label) => label.name === name)?.id;
    const found = await api.labelUses(project.peek().id).catch(() => null);
    return found && (found[id ?? ""] ?? 0);
  }

  /** Removes a label that no object has, on no image: else it stays, and why is told. @param {string} name */
  async function forget(name) {
    const used = await uses(name);
    if (used === 0) {
      const written = want((labels) => renumbered(labels, labels.filter((label) => label.name !== name)));
      if (activeName.peek() === name) select(all.peek()[0].name);
      return written;
    }
    const message =
      used === null
        ? t("Only the server knows whether other images use {label}, and it can't be reached. The label stays.", { label: name })
        : counted(
            used,
            "{label} stays: {count} object has it, counting all images and the trash. Give it another label first, or rename {label} to another label to merge them.",
            "{label} stays: {count} objects have it, counting all images and the trash. Give them another label first, or rename {label} to another label to merge them.",
            { label: name },
          );
    failure.value = { state: "refused", message, retry: () => void load() };
  }

  return {
    all,
    active,
    /** The one in use before; null when there was none, or it is gone. */
    previous: computed(() => all.value.find(({ name }) => name === previousName.value) ?? null),
    keyed,
    failure,
    loaded,
    /** Whether something of the list is not written yet. */
    unsaved: computed(() => wishes.value.length > 0),
    /** How many of its changes are not. */
    waiting: computed(() => wishes.value.length),
    load,
    follow,
    select,
    add,
    change,
    uses,
    forget,
  };
}

/** @param {readonly Label[]} labels @param {Meaning} wish @returns {readonly Label[]} */
function plain(labels, wish) {
  return wish(labels).map(({ replaces: _, ...label }) => label);
}
