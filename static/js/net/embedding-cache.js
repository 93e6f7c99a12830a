/**
 * Embeddings this browser has seen, by key: a few in memory, many in IndexedDB, the longest unused given up first.
 * Storage may be blocked, full, broken or silent: then the cache is merely smaller.
 */

import { answer, databaseOf, done } from "./database.js";

const DATABASE = "samphire-embeddings";
const SCHEMA = 1;
const BYTES = "bytes"; // key -> ArrayBuffer
const ENTRIES = "entries"; // {key, size, used}: what is stored, readable without its megabytes

/** @typedef {{key: string, size: number, used: number}} Entry  used: milliseconds since 1970 */

/** @param {{memoryBytes?: number, storedBytes?: number}} [limits] */
export function createEmbeddingCache({ memoryBytes = 16 << 20, storedBytes = 256 << 20 } = {}) {
  /** The latest used last. @type {Map<string, ArrayBuffer>} */
  const memory = new Map();
  const database = databaseOf(DATABASE, SCHEMA, (db) => {
    db.createObjectStore(BYTES);
    db.createObjectStore(ENTRIES, { keyPath: "key" });
  });

  /** @param {string} key @param {ArrayBuffer} bytes */
  function keep(key, bytes) {
    memory.delete(key);
    memory.set(key, bytes);
    let total = 0;
    for (const kept of memory.values()) total += kept.byteLength;
    for (const [oldest, kept] of memory) {
      if (total <= memoryBytes || oldest === key) break;
      memory.delete(oldest);
      total -= kept.byteLength;
    }
  }

  /** @param {string} key @param {ArrayBuffer} bytes @param {number} room  bytes that may be stored in all */
  async function store(key, bytes, room) {
    const db = await database.open();
    if (!db) return;
    const transaction = db.transaction([BYTES, ENTRIES], "readwrite");
    const finished = done(transaction);
    finished.catch(() => {}); // looked at below; a failing request may come first
    const entries = transaction.objectStore(ENTRIES);
    const all = /** @type {Entry[]} */ (await database.soon(answer(entries.getAll())));
    const others = all.filter((entry) => entry.key !== key).sort((a, b) => a.used - b.used);
    let total = bytes.byteLength + others.reduce((sum, entry) => sum + entry.size, 0);
    for (const oldest of others) {
      if (total <= room) break;
      entries.delete(oldest.key);
      transaction.objectStore(BYTES).delete(oldest.key);
      total -= oldest.size;
    }
    entries.put({ key, size: bytes.byteLength, used: Date.now() });
    transaction.objectStore(BYTES).put(bytes, key);
    await database.soon(finished);
  }

  return {
    /** @param {string} key @returns {Promise<ArrayBuffer|null>} */
    async get(key) {
      const held = memory.get(key);
      if (held) {
        keep(key, held);
        return held;
      }
      try {
        const db = await database.open();
        if (!db) return null;
        const bytes = await database.soon(answer(db.transaction(BYTES).objectStore(BYTES).get(key)));
        if (!(bytes instanceof ArrayBuffer)) return null;
        keep(key, bytes);
        const touched = { key, size: bytes.byteLength, used: Date.now() };
        db.transaction(ENTRIES, "readwrite").objectStore(ENTRIES).put(touched);
        return bytes;
      } catch {
        return null;
      }
    },

    /** Never rejects: what cannot be stored is kept in memory. @param {string} key @param {ArrayBuffer} bytes */
    async put(key, bytes) {
      keep(key, bytes);
      try {
        await store(key, bytes, storedBytes);
      } catch (error) {
        if (!(error instanceof DOMException) || error.name !== "QuotaExceededError") return;
        await store(key, bytes, 8 * bytes.byteLength).catch(() => {}); // the browser gives less: stay small
      }
    },

    /** Forgets one, as when it turned out to be damaged. @param {string} key */
    async drop(key) {
      memory.delete(key);
      try {
        const db = await database.open();
        if (!db) return;
        const transaction = db.transaction([BYTES, ENTRIES], "readwrite");
        transaction.objectStore(BYTES).delete(key);
        transaction.objectStore(ENTRIES).delete(key);
        await database.soon(done(transaction));
      } catch {
        return; // a damaged entry that stays is dropped again when it is next read
      }
    },
  };
}

/** @typedef {ReturnType<typeof createEmbeddingCache>} EmbeddingCache */
