/** The page of the segmenters that are trained on a project's objects. */

import { pageApi } from "./shared/account/session.js";
import { dropSkeleton, readProjectBoot } from "./shared/boot.js";
import { createTrainingPage } from "./project/training/page.js";
import { createTheme } from "./shared/theme.js";

const parts = { api: pageApi(), theme: createTheme(), ...readProjectBoot() };
dropSkeleton();
createTrainingPage(parts);
