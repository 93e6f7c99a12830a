/** The page of a project's settings. */

import { createApi } from "../net/api.js";
import { dropSkeleton, readProjectBoot } from "../ui/boot.js";
import { createSettingsPage } from "../ui/project/settings/page.js";
import { createTheme } from "../ui/theme.js";

const parts = { api: createApi(), theme: createTheme(), ...readProjectBoot() };
dropSkeleton();
createSettingsPage(parts);
