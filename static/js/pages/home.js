/** The page of all projects. */

import { pageApi } from "./shared/account/session.js";
import { readBoot } from "./shared/boot.js";
import { createHomePage } from "./home/page.js";
import { createTheme } from "./shared/theme.js";

createHomePage({ api: pageApi(), limits: readBoot().limits, theme: createTheme() });
