/** The page of the deleted projects. */

import { createApi } from "../net/api.js";
import { readBoot } from "./shared/boot.js";
import { createTheme } from "./shared/theme.js";
import { createProjectsTrashPage } from "./trash/projects-page.js";

readBoot();
createProjectsTrashPage({ api: createApi(), theme: createTheme() });
