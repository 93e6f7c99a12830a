/** Pictures that come into a page: dropped anywhere on it, or pasted. Without this a browser would leave for the file. */

/**
 * @param {(files: File[], data: DataTransfer) => void} take  at least one file; data: what they came in, for folders
 * @param {(over: boolean) => void} [onOver]  files are held over the page, or no longer
 */
export function listenForFiles(take, onOver = () => {}) {
  let depth = 0; // dragenter and dragleave come for every element passed over

  /** @param {number} next */
  function setDepth(next) {
    depth = Math.max(0, next);
    onOver(depth > 0);
  }

  /** @param {DataTransfer|null} data */
  function takeFrom(data) {
    if (data?.files.length) take([...data.files], data);
  }

  document.addEventListener("dragenter", (event) => {
    if (event.dataTransfer?.types.includes("Files")) setDepth(depth + 1);
  });
  document.addEventListener("dragleave", () => setDepth(depth - 1));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    setDepth(0);
    takeFrom(event.dataTransfer);
  });
  document.addEventListener("paste", (event) => takeFrom(event.clipboardData));
}
