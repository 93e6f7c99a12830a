/** The page of all projects. */

import { createApi } from "../net/api.js";
import { readBoot } from "./shared/boot.js";
import { createHomePage } from "./home/page.js";
import { createTheme } from "./shared/theme.js";

createHomePage({ api: createApi(), limits: readBoot().limits, theme: createTheme() });
