/** What concerns whose page it is, in all their projects. */

import { createInboxPage } from "./people/inbox-page.js";
import { pageApi } from "./shared/account/session.js";
import { dropSkeleton, readBoot } from "./shared/boot.js";
import { createTheme } from "./shared/theme.js";

readBoot();
dropSkeleton();
createInboxPage({ api: pageApi(), theme: createTheme() });
