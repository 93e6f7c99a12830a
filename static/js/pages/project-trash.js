/** The page of the images removed from a project. */

import { pageApi } from "./shared/account/session.js";
import { dropSkeleton, readProjectBoot } from "./shared/boot.js";
import { createTheme } from "./shared/theme.js";
import { createImagesTrashPage } from "./trash/images-page.js";

const parts = { api: pageApi(), theme: createTheme(), ...readProjectBoot() };
dropSkeleton();
createImagesTrashPage(parts);
