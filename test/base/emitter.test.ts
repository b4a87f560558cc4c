import assert from "node:assert/strict";
import { test } from "node:test";
import { Emitter } from "#sdk/base/emitter.ts";

interface Events {
  readonly count: number;
  readonly name: string;
}

test("listeners hear their own event, in the order they came", () => {
  const emitter = new Emitter<Events>();
  const heard: unknown[] = [];
  emitter.on("count", (value) => heard.push(["first", value]));
  emitter.on("count", (value) => heard.push(["second", value]));
  emitter.on("name", (value) => heard.push(value));
  emitter.emit("count", 3);
  assert.deepEqual(heard, [
    ["first", 3],
    ["second", 3],
  ]);
});

test("a removed listener hears nothing more, whichever way it was removed", () => {
  const emitter = new Emitter<Events>();
  const heard: number[] = [];
  const listener = (value: number): void => void heard.push(value);
  const remove = emitter.on("count", listener);
  emitter.emit("count", 1);
  remove();
  remove();
  emitter.emit("count", 2);
  emitter.on("count", listener);
  emitter.off("count", listener);
  emitter.emit("count", 3);
  assert.deepEqual(heard, [1]);
  assert.ok(!emitter.has("count"));
});

test("listeners may come and go while an event is told", () => {
  const emitter = new Emitter<Events>();
  const heard: string[] = [];
  const removeFirst = emitter.on("count", () => {
    heard.push("first");
    removeFirst();
    emitter.on("count", () => heard.push("late"));
  });
  emitter.on("count", () => heard.push("second"));
  emitter.emit("count", 1);
  assert.deepEqual(heard, ["first", "second"]);
});

test("it knows whether anybody would hear, and forgets all when cleared", () => {
  const emitter = new Emitter<Events>();
  assert.ok(!emitter.has("name"));
  emitter.on("name", () => assert.fail());
  assert.ok(emitter.has("name"));
  emitter.clear();
  emitter.emit("name", "nobody");
  assert.ok(!emitter.has("name"));
});
