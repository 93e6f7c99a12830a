/** The page of people's work in a project, in numbers. */

import { pageApi } from "./shared/account/session.js";
import { dropSkeleton, readProjectBoot } from "./shared/boot.js";
import { createNumbersPage } from "./project/numbers/page.js";
import { createTheme } from "./shared/theme.js";

const parts = { api: pageApi(), theme: createTheme(), ...readProjectBoot() };
dropSkeleton();
createNumbersPage(parts);
