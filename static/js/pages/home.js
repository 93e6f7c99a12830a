/** The page of all projects. */

import { createApi } from "../net/api.js";
import { readBoot } from "../ui/boot.js";
import { createHomePage } from "../ui/home/page.js";
import { createTheme } from "../ui/theme.js";

createHomePage({ api: createApi(), limits: readBoot().limits, theme: createTheme() });
