/** The dialog that makes links is fetched when somebody opens it first. */

import { staticUrl } from "../../../core/address.js";
import { sentenceOf } from "../../../core/errors.js";
import { reaches } from "../../../core/roles.js";
import { t } from "../../../core/text.js";
import { ACCOUNT } from "../../../net/account.js";
import { styled } from "../styled.js";

/** @typedef {import("./dialog.js").Shared} Shared */

const DIALOG = staticUrl("js/later/share.js");
const STYLE = "css/later/share.css";

/** Whether whose page it is makes links there; where people have no accounts nobody does. @param {import("../../../core/types.js").Project} project */
export const mayShare = ({ role }) => ACCOUNT !== null && reaches(role, "manager");

/**
 * @param {object} parts
 * @param {import("../../../net/api.js").Api} parts.api
 * @param {(toast: import("../popups/toasts.js").Toast) => void} parts.toast
 * @param {() => Shared} parts.what  can be shared now
 * @param {() => Promise<unknown>} [parts.copyView]  where there is a view to copy the address of
 * @returns {() => Promise<void>} opens it
 */
export function createSharing({ api, toast, what, copyView }) {
  let asked = /** @type {Promise<import("./dialog.js").ShareDialog>|null} */ (null);

  async function fetched() {
    /** @type {[Pick<typeof import("./dialog.js"), "createShareDialog">, unknown]} */
    const [{ createShareDialog }] = await Promise.all([import(DIALOG), styled(STYLE)]);
    return createShareDialog({ api, copyView });
  }

  return async function open() {
    try {
      asked ??= fetched();
      (await asked).open(what());
    } catch (error) {
      asked = null;
      toast({ text: t("Couldn't open the dialog. {reason}", { reason: sentenceOf(error) }) });
    }
  };
}
