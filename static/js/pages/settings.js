/** The page of a project's settings. */

import { pageApi } from "./shared/account/session.js";
import { dropSkeleton, readProjectBoot } from "./shared/boot.js";
import { createSettingsPage } from "./project/settings/page.js";
import { createTheme } from "./shared/theme.js";

const parts = { api: pageApi(), theme: createTheme(), ...readProjectBoot() };
dropSkeleton();
createSettingsPage(parts);
