/** The vendored socket client, named once. */

export { io } from "../../vendor/socket.io-client/socket.io.esm.min.js";
