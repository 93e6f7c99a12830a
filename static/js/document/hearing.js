/** What others do to the opened image and its project, done here too; and being back after the socket was away. */

import { createNews } from "./sync/news.js";

/** @typedef {import("../core/types.js").ImageInfo} ImageInfo */

/**
 * @param {object} parts
 * @param {import("../net/api.js").Api} parts.api
 * @param {import("../net/socket.js").Live} parts.socket
 * @param {() => string} parts.projectId
 * @param {import("../core/signals.js").Signal<ImageInfo|null>} parts.image  the opened one
 * @param {import("./objects/annotations.js").Annotations} parts.objects
 * @param {number|null} parts.seq  the number of the event that the page begins after
 * @param {(merged: Readonly<Record<string, string>>) => Promise<void>} parts.followLabels
 * @param {(imageId: string) => Promise<void>} parts.loadAnnotations
 * @param {() => void} parts.commented  somebody wrote about the opened image
 * @param {() => void} parts.back  the socket is there, the first time too
 * @param {() => void} parts.returned  it is there again
 * @param {() => boolean} parts.elsewhere  whether somebody's independent work is shown, of which nothing is told
 */
export function createHearing({ api, socket, projectId, image, objects, seq, followLabels, loadAnnotations, commented, back, returned, elsewhere }) {
  let connected = socket.connected; // it may have come before the document

  /** @param {import("../net/socket.js").Happened} news */
  function apply(news) {
    const opened = image.peek();
    const here = opened !== null && "image" in news && news.image === opened.id;
    if (news.event === "labels:changed") {
      void followLabels(news.merged);
      if (opened && Object.keys(news.merged).length) void loadAnnotations(opened.id); // they have new versions
    } else if (news.event === "images:changed") {
      if (opened && news.images.includes(opened.id)) image.value = { ...opened, state: news.state };
    } else if (!here || (elsewhere() && news.event !== "image:changed")) return;
    else if (news.event === "annotation:changed") objects.adopt(news.annotation);
    else if (news.event === "annotation:deleted") objects.drop(news.id, news.version);
    else if (news.event === "comment:changed" || news.event === "comment:deleted") commented();
    else if (news.event === "annotations:imported" || news.event === "annotations:agreed" || news.event === "annotations:segmented") void loadAnnotations(opened.id);
    else if (news.event === "image:changed" && news.state) image.value = { ...opened, state: news.state };
  }

  function reload() {
    const opened = image.peek();
    if (opened) void loadAnnotations(opened.id);
    commented();
    void followLabels({});
  }

  const news = createNews({ api, socket, project: projectId, image: () => image.peek()?.id, known: seq, apply, reload });
  const stop = socket.on("connect", () => {
    back();
    const opened = image.peek();
    if (connected && opened) {
      if (!objects.loaded.peek()) reload();
      returned();
    }
    connected = true;
  });

  return {
    /** Another image is being opened. */
    leave: news.leave,
    close() {
      stop();
      news.close();
    },
  };
}
