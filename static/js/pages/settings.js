/** The page of a project's settings. */

import { createApi } from "../net/api.js";
import { dropSkeleton, readProjectBoot } from "./shared/boot.js";
import { createSettingsPage } from "./project/settings/page.js";
import { createTheme } from "./shared/theme.js";

const parts = { api: createApi(), theme: createTheme(), ...readProjectBoot() };
dropSkeleton();
createSettingsPage(parts);
