/** Two people's work on one image, side by side or one after the other in the same place. */

import { signal } from "../core/signals.js";
import { online, status } from "../core/state.js";
import { createApi } from "../net/api.js";
import { createOutboxStore } from "../net/outbox-store.js";
import { createSocket } from "../net/socket.js";
import { createPreference } from "../document/prompt/preference.js";
import { createEngine } from "../engine/engine.js";
import { createComparePage } from "./compare/page.js";
import { createSide } from "./compare/side.js";
import { createSession } from "./shared/account/session.js";
import { readProjectBoot } from "./shared/boot.js";
import { createTheme } from "./shared/theme.js";

const { boot, project } = readProjectBoot();
const image = /** @type {import("../core/types.js").ImageInfo} */ (boot.image);
const session = createSession();
const api = createApi({ onSignedOut: session.ended });
const socket = createSocket({ online, project: project.id });
session.hold(socket);
const engine = createEngine({ api, socket, boot, status, search: location.search });
const seen = { ...project, role: /** @type {const} */ ("viewer") }; // nothing is changed here
const asked = new URLSearchParams(location.search);
const first = asked.size ? [] : (image.assigned ?? []).filter(({ state }) => state !== undefined); // nobody is named: those who made something

/** @param {'left'|'right'} name @param {string} [account]  who else */
function sideOf(name, account) {
  const layer = signal(asked.get(name) || account);
  const element = /** @type {HTMLElement} */ (document.getElementById(name));
  return createSide(element, {
    ...{ api, socket, engine, project: seen, seq: boot.seq, layer, image },
    store: createOutboxStore(),
    preference: createPreference(project.id),
  });
}

createComparePage({ left: sideOf("left", first[0]?.account), right: sideOf("right", first[1]?.account), api, project, theme: createTheme() });
