/** The page of a project's images. */

import { pageApi } from "./shared/account/session.js";
import { dropSkeleton, readProjectBoot } from "./shared/boot.js";
import { createProjectPage } from "./project/page.js";
import { createTheme } from "./shared/theme.js";

const parts = { api: pageApi(), theme: createTheme(), ...readProjectBoot() };
dropSkeleton();
createProjectPage(parts);
