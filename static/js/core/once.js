/** What takes a moment and stays the same: made when it is first asked for. @template T @param {() => T} make @returns {() => T} */
export function once(make) {
  /** @type {{value: T}|null} */
  let made = null;
  return () => (made ??= { value: make() }).value;
}
