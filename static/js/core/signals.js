/** The one state library, named once. */

export { Signal, batch, computed, effect, signal, untracked } from "../../vendor/signals-core/signals-core.mjs";
