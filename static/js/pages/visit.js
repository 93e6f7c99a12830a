/** The page that a link leads to, before it is opened. */

import { createApi } from "../net/api.js";
import { createVisitPage } from "./people/visit-page.js";
import { readBoot } from "./shared/boot.js";
import { createTheme } from "./shared/theme.js";

const { token = "" } = readBoot();
createVisitPage({ api: createApi(), token, theme: createTheme() });
