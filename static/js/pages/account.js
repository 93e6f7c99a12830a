/** The page of one's own account. */

import { createAccountPage } from "./people/account-page.js";
import { pageApi } from "./shared/account/session.js";
import { dropSkeleton, readBoot } from "./shared/boot.js";
import { createTheme } from "./shared/theme.js";

const { provider = null } = readBoot();
dropSkeleton();
createAccountPage({ api: pageApi(), provider, theme: createTheme() });
