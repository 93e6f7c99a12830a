/** The page of the deleted projects. */

import { pageApi } from "./shared/account/session.js";
import { readBoot } from "./shared/boot.js";
import { createTheme } from "./shared/theme.js";
import { createProjectsTrashPage } from "./trash/projects-page.js";

readBoot();
createProjectsTrashPage({ api: pageApi(), theme: createTheme() });
