/**
 * What happens in a project, each thing once and in order: told by the socket as it happens, and what was missed while it
 * was away is asked for by number.
 */

/** @typedef {import("../../net/socket.js").Happened} Happened */
/** @typedef {ReturnType<typeof createNews>} News */

const KINDS = Object.freeze(
  /** @type {const} */ ([
    "annotation:changed",
    "annotation:deleted",
    "annotations:imported",
    "annotations:agreed",
    "annotations:segmented",
    "comment:changed",
    "comment:deleted",
    "image:changed",
    "images:changed",
    "labels:changed",
  ]),
);
const MOST_ANSWERS = 4; // of 500 events each: where more was missed, all is read anew

/**
 * @param {object} parts
 * @param {Pick<import("../../net/api.js").Api, 'events'>} parts.api
 * @param {Pick<import("../../net/socket.js").Live, 'on'>} parts.socket
 * @param {() => string} parts.project  id
 * @param {() => string|undefined} parts.image  id of the opened one
 * @param {number|null} parts.known  the last that what the page began with holds; null: not known
 * @param {(happened: Happened) => void} parts.apply  may be called again with what is known
 * @param {() => void} parts.reload  reads everything anew
 */
export function createNews({ api, socket, project, image, known, apply, reload }) {
  /** Whether the socket tells of everything about the opened image since `known`. */
  let joined = false;
  let visit = 0; // of the image, and of the connection
  let turn = Promise.resolve();
  /** What it tells while what was missed is asked for. @type {Happened[]|null} */
  let later = null;

  /** @param {Happened} happened */
  function hear(happened) {
    if (happened.project !== project()) return;
    if (later) later.push(happened);
    else take(happened);
  }

  /** @param {Happened} happened */
  function take(happened) {
    apply(happened);
    if (joined && known !== null) known = Math.max(known, happened.seq);
  }

  /** From here on the socket tells all of the opened image. @param {number} seq  the project's last event */
  function join(seq) {
    const mine = visit;
    turn = turn.then(async () => {
      if (mine !== visit) return;
      if (known === null) known = seq;
      else if (seq !== known) await catchUp(known, seq);
      if (mine === visit) joined = true;
    });
  }

  function leave() {
    joined = false;
    visit += 1;
  }

  /** Asks for what was missed. @param {number} from @param {number} seq */
  async function catchUp(from, seq) {
    const held = (later = /** @type {Happened[]} */ ([]));
    try {
      for (let answers = 0, last = Infinity; from < last; answers++) {
        if (answers === MOST_ANSWERS) throw new Error("too many");
        const answer = await api.events(project(), from);
        for (const happened of condensed(/** @type {Happened[]} */ (answer.events))) apply(happened);
        last = answer.seq;
        from = known = answer.events.at(-1)?.seq ?? last;
      }
    } catch (error) {
      const { status, detail } = /** @type {import("../../core/errors.js").ApiError} */ (error);
      if (status === 0) return leave(); // it is away again: the next connection asks
      known = status === 410 && typeof detail?.seq === "number" ? detail.seq : seq;
      reload();
    } finally {
      later = null;
      held.forEach(take);
    }
  }

  const stops = [
    ...KINDS.map((kind) => socket.on(kind, (news) => hear(/** @type {Happened} */ ({ ...news, event: kind })))),
    socket.on("watched", (news) => {
      if (news.image === image() && news.project === project()) join(news.seq);
    }),
    socket.on("disconnect", leave),
  ];

  return {
    /** Another image is opened: of that the socket does not tell yet. */
    leave,
    close: () => stops.forEach((stop) => stop()),
  };
}

/** The labels are read anew once, whatever was changed of them. @param {readonly Happened[]} events @returns {readonly Happened[]} */
function condensed(events) {
  const ofLabels = events.flatMap((each) => (each.event === "labels:changed" ? [each] : []));
  const last = ofLabels.at(-1);
  if (!last) return events;
  const merged = Object.assign({}, ...ofLabels.map((each) => each.merged));
  return events.filter((each) => each === last || each.event !== "labels:changed").map((each) => (each === last ? { ...last, merged } : each));
}
