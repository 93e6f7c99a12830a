/** The page of the images removed from a project. */

import { createApi } from "../net/api.js";
import { dropSkeleton, readProjectBoot } from "../ui/boot.js";
import { createTheme } from "../ui/theme.js";
import { createImagesTrashPage } from "../ui/trash/images-page.js";

const parts = { api: createApi(), theme: createTheme(), ...readProjectBoot() };
dropSkeleton();
createImagesTrashPage(parts);
