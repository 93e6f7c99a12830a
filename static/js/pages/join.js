/** The page where links lead that somebody was sent. */

import { createApi } from "../net/api.js";
import { readBoot } from "./shared/boot.js";
import { createTheme } from "./shared/theme.js";
import { createJoinPage, takeSecret } from "./people/join-page.js";

const secret = takeSecret();
const { provider = null } = readBoot();
void createJoinPage({ api: createApi(), secret, provider, theme: createTheme() });
