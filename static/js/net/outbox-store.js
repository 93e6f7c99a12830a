/** Where changes wait until the server has them: IndexedDB, or this page's memory where the browser keeps nothing. */

import { OUTBOX } from "./account.js";
import { answer, databaseOf, done } from "./database.js";

const SCHEMA = 1;
const CHANGES = "changes";

/** @typedef {{key: string, seq: number, tab: string}} Kept  what is stored has at least these; seq: its place in the order; tab: whose it is */

/** @template {Kept} T */
export function createOutboxStore() {
  const database = databaseOf(OUTBOX, SCHEMA, (db) => void db.createObjectStore(CHANGES, { keyPath: "key" }));

  /**
   * @template R
   * @param {R} otherwise  where storage is blocked, full, closed by the browser or does not answer
   * @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => R|Promise<R>} work @returns {Promise<R>}
   */
  async function using(otherwise, mode, work) {
    try {
      const db = await database.open();
      if (!db) return otherwise;
      const transaction = db.transaction(CHANGES, mode, { durability: "strict" });
      const finished = done(transaction);
      finished.catch(() => {}); // looked at below; a failing request may come first
      const result = await database.soon(Promise.resolve(work(transaction.objectStore(CHANGES))));
      await database.soon(finished);
      return result;
    } catch {
      return otherwise;
    }
  }

  /** @param {IDBObjectStore} store @returns {Promise<T[]>} */
  const everything = (store) => answer(store.getAll());

  return {
    /** In order. @returns {Promise<T[]>} */
    all: async () => (await using(/** @type {T[]} */ ([]), "readonly", everything)).sort((a, b) => a.seq - b.seq),
    /** @param {readonly T[]} changes @returns {Promise<boolean>} whether they will outlive the page */
    put: (changes) =>
      using(false, "readwrite", (store) => {
        changes.forEach((change) => store.put(change));
        return true;
      }),
    /** @param {readonly string[]} keys @returns {Promise<boolean>} */
    remove: (keys) =>
      using(false, "readwrite", (store) => {
        keys.forEach((key) => store.delete(key));
        return true;
      }),
    /** Whose a change is; null: nobody's, or that cannot be told. @param {string} key @returns {Promise<string|null>} */
    tabOf: (key) =>
      using(/** @type {string|null} */ (null), "readonly", async (store) => (await answer(store.get(key)))?.tab ?? null),
    /**
     * Makes the changes of one page those of another: of several that ask for them at once, one has them.
     * @param {string} from @param {string} to @returns {Promise<T[]>} in order, as they are now
     */
    claim: (from, to) =>
      using(/** @type {T[]} */ ([]), "readwrite", async (store) => {
        const theirs = (await everything(store)).filter(({ tab }) => tab === from);
        const claimed = theirs.map((each) => ({ ...each, tab: to })).sort((a, b) => a.seq - b.seq);
        for (const each of claimed) store.put(each);
        return claimed;
      }),
  };
}

/**
 * @template {Kept} T
 * @typedef {object} OutboxStore
 * @property {() => Promise<T[]>} all
 * @property {(changes: readonly T[]) => Promise<boolean>} put
 * @property {(keys: readonly string[]) => Promise<boolean>} remove
 * @property {(key: string) => Promise<string|null>} tabOf
 * @property {(from: string, to: string) => Promise<T[]>} claim
 */
