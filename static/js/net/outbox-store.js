/** Where changes wait until the server has them: IndexedDB, or this page's memory where the browser keeps nothing. */

import { answer, done, openDatabase } from "./database.js";

const DATABASE = "samphire-outbox";
const SCHEMA = 1;
const CHANGES = "changes";

/** @typedef {{key: string, seq: number}} Kept  what is stored has at least these; seq: its place in the order */

/** @template {Kept} T */
export function createOutboxStore() {
  /** @type {Promise<IDBDatabase|null>|null} */
  let opening = null;
  const database = () =>
    (opening ??= openDatabase(DATABASE, SCHEMA, (db) => void db.createObjectStore(CHANGES, { keyPath: "key" })));

  /** @param {(store: IDBObjectStore) => void} write @returns {Promise<boolean>} whether it will outlive the page */
  async function write(write) {
    try {
      const db = await database();
      if (!db) return false;
      const transaction = db.transaction(CHANGES, "readwrite", { durability: "strict" });
      const finished = done(transaction);
      write(transaction.objectStore(CHANGES));
      await finished;
      return true;
    } catch {
      return false; // full, or closed by the browser
    }
  }

  return {
    /** In order. @returns {Promise<T[]>} */
    async all() {
      try {
        const db = await database();
        if (!db) return [];
        const found = /** @type {T[]} */ (await answer(db.transaction(CHANGES).objectStore(CHANGES).getAll()));
        return found.sort((a, b) => a.seq - b.seq);
      } catch {
        return [];
      }
    },
    /** @param {readonly T[]} changes @returns {Promise<boolean>} whether they will outlive the page */
    put: (changes) => write((store) => changes.forEach((change) => store.put(change))),
    /** @param {readonly string[]} keys @returns {Promise<boolean>} */
    remove: (keys) => write((store) => keys.forEach((key) => store.delete(key))),
  };
}

/**
 * @template {Kept} T
 * @typedef {{all: () => Promise<T[]>, put: (changes: readonly T[]) => Promise<boolean>, remove: (keys: readonly string[]) => Promise<boolean>}} OutboxStore
 */
