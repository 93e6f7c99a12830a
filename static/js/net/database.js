/** IndexedDB as promises, for the stores of this folder. */

/**
 * @param {string} name @param {number} version @param {(db: IDBDatabase) => void} upgrade
 * @returns {Promise<IDBDatabase|null>} null where storage is blocked
 */
export async function openDatabase(name, version, upgrade) {
  try {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => upgrade(request.result);
    const db = await answer(request);
    db.onversionchange = () => db.close();
    return db;
  } catch {
    return null;
  }
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
