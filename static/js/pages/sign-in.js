/** The page where people sign in. */

import { createApi } from "../net/api.js";
import { readBoot } from "./shared/boot.js";
import { createTheme } from "./shared/theme.js";
import { createSignInPage } from "./people/sign-in-page.js";

const { next = "/" } = readBoot();
createSignInPage({ api: createApi(), next, theme: createTheme() });
