/** IndexedDB as promises, for the stores of this folder. A browser may refuse storage, or leave a request unanswered. */

const PATIENCE_MS = 3000;
const REST_MS = 30_000; // after storage did not open

/**
 * A database that is opened when it is first needed, and again when the browser, or a newer page, has closed it.
 * @param {string} name @param {number} version @param {(db: IDBDatabase) => void} upgrade
 * @param {{patienceMs?: number, restMs?: number}} [limits]  restMs: until a next attempt to open it
 * @returns {{open: () => Promise<IDBDatabase|null>, soon: <T>(promise: Promise<T>) => Promise<T>}}
 *   open: null where storage is blocked or does not answer; soon: rejects what storage does not answer in time, and leaves it
 *   alone for a while
 */
export function databaseOf(name, version, upgrade, { patienceMs = PATIENCE_MS, restMs = REST_MS } = {}) {
  let opening = /** @type {Promise<IDBDatabase|null>|null} */ (null);
  let restsUntil = -Infinity;

  function open() {
    if (performance.now() < restsUntil) return Promise.resolve(null);
    if (opening) return opening;
    const forget = () => {
      if (opening === mine) opening = null;
    };
    const mine = opened(requested(name, version, upgrade), patienceMs, forget);
    opening = mine;
    void mine.then((db) => {
      if (db) return;
      restsUntil = performance.now() + restMs;
      forget();
    });
    return mine;
  }

  return {
    open,
    soon: (promise) =>
      within(promise, patienceMs).catch((error) => {
        if (error instanceof Unanswered) restsUntil = performance.now() + restMs;
        throw error;
      }),
  };
}

/** @param {string} name @param {number} version @param {(db: IDBDatabase) => void} upgrade @returns {IDBOpenDBRequest|null} */
function requested(name, version, upgrade) {
  try {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => upgrade(request.result);
    return request;
  } catch {
    return null; // there is none, or it is forbidden
  }
}

/** @param {IDBOpenDBRequest|null} request @param {number} patienceMs @param {() => void} onClosed @returns {Promise<IDBDatabase|null>} */
async function opened(request, patienceMs, onClosed) {
  if (!request) return null;
  let given = false;
  try {
    const success = answer(request);
    void success.then((db) => given && db.close(), () => {}); // too late
    const blocked = new Promise((_, reject) => {
      request.onblocked = () => reject(new Error("An older page keeps it open."));
    });
    const db = await within(Promise.race([success, /** @type {Promise<never>} */ (blocked)]), patienceMs);
    db.onversionchange = () => {
      db.close();
      onClosed();
    };
    db.onclose = onClosed;
    return db;
  } catch {
    given = true;
    return null;
  }
}

class Unanswered extends Error {}

/** Rejects what has no answer in time. @template T @param {Promise<T>} promise @param {number} ms @returns {Promise<T>} */
function within(promise, ms) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Unanswered("Storage does not answer.")), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
export function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
export function done(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}
