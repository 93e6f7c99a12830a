/** The page of the deleted projects. */

import { createApi } from "../net/api.js";
import { readBoot } from "../ui/boot.js";
import { createTheme } from "../ui/theme.js";
import { createProjectsTrashPage } from "../ui/trash/projects-page.js";

readBoot();
createProjectsTrashPage({ api: createApi(), theme: createTheme() });
