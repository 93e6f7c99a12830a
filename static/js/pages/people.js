/** The page of all accounts, for administrators. */

import { createPeoplePage } from "./people/people-page.js";
import { pageApi } from "./shared/account/session.js";
import { dropSkeleton, readBoot } from "./shared/boot.js";
import { createTheme } from "./shared/theme.js";

readBoot();
dropSkeleton();
createPeoplePage({ api: pageApi(), theme: createTheme() });
