/** The page of a project's images. */

import { createApi } from "../net/api.js";
import { dropSkeleton, readProjectBoot } from "./shared/boot.js";
import { createProjectPage } from "./project/page.js";
import { createTheme } from "./shared/theme.js";

const parts = { api: createApi(), theme: createTheme(), ...readProjectBoot() };
dropSkeleton();
createProjectPage(parts);
