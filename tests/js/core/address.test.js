/** Where files lie in a page that carries them in itself. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { onThisMachine, staticUrl } from "../../../static/js/core/address.js";

afterEach(() => Object.assign(globalThis, { samphireCarried: undefined, location: undefined }));

test("a server is on this machine by its loopback name alone", () => {
  assert.equal(onThisMachine(), false);
  for (const [hostname, here] of Object.entries({ localhost: true, "127.0.0.1": true, "[::1]": true, "127.example.org": false, "localhost.example.org": false, "10.0.0.1": false })) {
    Object.assign(globalThis, { location: { hostname } });
    assert.equal(onThisMachine(), here, hostname);
  }
});

test("a carried file has one address, however often it is asked for; what the page itself has, the page's", async () => {
  Object.assign(globalThis, { samphireCarried: { "js/a.js": new Blob(["a"]), "icons/icons.svg": null } });
  const address = staticUrl("js/a.js");
  assert.equal(await (await fetch(address)).text(), "a");
  assert.equal(staticUrl("js/a.js"), address);
  assert.equal(staticUrl("icons/icons.svg"), "");
});

test("a page that carries its files has no others", () => {
  Object.assign(globalThis, { samphireCarried: {} });
  for (const path of ["js/a.js", "constructor"]) assert.throws(() => staticUrl(path), new RegExp(path));
});

test("files beside the page have its address", () => {
  assert.match(staticUrl("js/a.js"), /^file:.*\/static\/js\/a\.js$/);
});
