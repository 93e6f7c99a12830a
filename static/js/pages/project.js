/** The page of a project's images. */

import { createApi } from "../net/api.js";
import { dropSkeleton, readProjectBoot } from "../ui/boot.js";
import { createProjectPage } from "../ui/project/page.js";
import { createTheme } from "../ui/theme.js";

const parts = { api: createApi(), theme: createTheme(), ...readProjectBoot() };
dropSkeleton();
createProjectPage(parts);
