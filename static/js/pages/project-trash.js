/** The page of the images removed from a project. */

import { createApi } from "../net/api.js";
import { dropSkeleton, readProjectBoot } from "./shared/boot.js";
import { createTheme } from "./shared/theme.js";
import { createImagesTrashPage } from "./trash/images-page.js";

const parts = { api: createApi(), theme: createTheme(), ...readProjectBoot() };
dropSkeleton();
createImagesTrashPage(parts);
