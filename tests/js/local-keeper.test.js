import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { LocalKeeper } from "../../static/js/segment/local-keeper.js";

test("a decoder that cannot be started is tried again and again, after pauses that grow", async () => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  let starts = 0;
  const keeper = new LocalKeeper({
    choice: { where: "wasm", threads: 1 },
    graphs: async () => {
      starts += 1;
      throw new Error("The server cannot be reached.");
    },
    onChange: () => {},
  });
  await keeper.started;
  assert.deepEqual([starts, keeper.state, keeper.failure], [1, "failed", "The server cannot be reached"]);
  for (const [pause, wanted] of [
    [500, 2],
    [2_000, 3],
    [8_000, 4],
    [32_000, 5],
    [60_000, 6],
    [60_000, 7],
  ]) {
    mock.timers.tick(pause - 1);
    await keeper.started;
    assert.equal(starts, wanted - 1);
    mock.timers.tick(1);
    await keeper.started;
    assert.equal(starts, wanted);
  }
  keeper.close();
  mock.timers.reset();
});
