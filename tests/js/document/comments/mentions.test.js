import assert from "node:assert/strict";
import { test } from "node:test";
import { piecesOf, stored, suggested, written } from "../../../../static/js/document/comments/mentions.js";

const ANN = { id: "00000000000a", name: "Ann" };
const ANN_ASH = { id: "00000000000b", name: "Ann Ash" };
const ZOE = { id: "00000000000c", name: "Zoë 张" };
const ALL = [ANN, ANN_ASH, ZOE];
const nameOf = (/** @type {string} */ id) => ALL.find((each) => each.id === id)?.name ?? "";

test("names after an @ are stored as accounts, the longest that fits", () => {
  assert.equal(stored("@Ann and @ann ash, @ANN!", ALL), "<@00000000000a> and <@00000000000b>, <@00000000000a>!");
  assert.equal(stored("(@Zoë 张)", ALL), "(<@00000000000c>)");
});

test("what only looks like a mention stays as it is", () => {
  for (const text of ["@Anna", "me@Ann", "@", "@nobody", "Ann", "@ Ann", "_@Ann"]) assert.equal(stored(text, ALL), text);
});

test("what is stored is read and edited with names", () => {
  const text = "Ask <@00000000000b> or <@ffffffffffff>.";
  assert.equal(written(text, nameOf), "Ask @Ann Ash or <@ffffffffffff>.");
  assert.deepEqual(piecesOf(text), ["Ask ", { id: "00000000000b" }, " or ", { id: "ffffffffffff" }, "."]);
  assert.equal(stored(written(text, nameOf), ALL), text);
  assert.deepEqual(piecesOf("<@zz> <b>"), ["<@zz> <b>"]);
});

test("members are suggested as one types after an @", () => {
  const names = (/** @type {string} */ text, caret = text.length) => suggested(text, caret, ALL)?.members.map(({ name }) => name) ?? null;
  assert.deepEqual(names("@"), ["Ann", "Ann Ash", "Zoë 张"]);
  assert.deepEqual(names("hi @an"), ["Ann", "Ann Ash"]);
  assert.deepEqual(names("@ash"), ["Ann Ash"]);
  assert.deepEqual(names("@zo x", 3), ["Zoë 张"]);
  assert.equal(names("@x"), null);
  assert.equal(names("mail@an"), null);
  assert.equal(names("@Ann said"), null);
  assert.equal(suggested("say @an", 7, ALL)?.from, 4);
});
