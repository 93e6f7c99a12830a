/** The page of how alike the people of a project segment. */

import { createAgreementPage } from "./agreement/page.js";
import { pageApi } from "./shared/account/session.js";
import { dropSkeleton, readProjectBoot } from "./shared/boot.js";
import { createTheme } from "./shared/theme.js";

const parts = { api: pageApi(), theme: createTheme(), ...readProjectBoot() };
dropSkeleton();
createAgreementPage(parts);
