import assert from "node:assert/strict";
import { test } from "node:test";
import { contentNo, identity } from "../support/identities.ts";
import { ann, bob, content, dial, eve, messageOf, Stage, signal, told } from "../support/stage.ts";
import { escaped } from "../support/tracker-texts.ts";

test("a refused announce names its content", () => {
  const stage = new Stage({ maxRooms: 1 });
  const connection = stage.member(ann);
  const about = { content: contentNo(2) };
  const [delivery] = stage.say(connection, { type: "announce", ...about, want: 1, complete: false });
  const refused = messageOf(delivery);
  assert.ok(refused?.type === "error");
  assert.deepEqual([refused.code, refused.about], ["too-many-rooms", about]);
});

test("what cannot be read is answered with why, and the connection lives", () => {
  const stage = new Stage({ maxMessageBytes: 1000 });
  const connection = stage.member(ann);
  assert.deepEqual(told(stage.text(connection, "{")), ["1 error: malformed"]);
  assert.deepEqual(told(stage.text(connection, '{"type":"dance"}')), ["1 error: unknown-type"]);
  assert.deepEqual(told(stage.text(connection, "x".repeat(1001))), ["1 error: too-large"]);
  assert.deepEqual(told(stage.text(connection, '{"type":"ping"}', true)), ["1 error: malformed"]);
  assert.deepEqual(told(stage.join(connection)), ["1 peers"]);
});

test("a member that was offered as many connections as it takes is named no more, whatever else is relayed", () => {
  const stage = new Stage();
  const [asker, other] = [stage.member(ann), stage.member(eve)];
  const full = stage.connect();
  stage.hello(full, bob);
  stage.say(full, { type: "announce", content, want: 0, complete: false, free: 2 });
  const introduce = (type: string) =>
    stage.say(asker, { type: "introduce", to: bob.peer, content, dial, signal: { type } });
  const isNamed = () => {
    const answer = messageOf(stage.join(other)[0]);
    assert.ok(answer?.type === "peers");
    return answer.peers.some(({ peer }) => peer === bob.peer);
  };
  for (const type of ["offer", "candidate", "answer", "candidate"]) introduce(type);
  assert.equal(isNamed(), true);
  introduce("offer");
  assert.equal(isNamed(), false);
});

test("who is near, by its caller's group, and a token's super peer are named first", () => {
  const stage = new Stage({ randomPeersPercent: 0, maxPeersPerReply: 2 });
  for (let n = 10; n < 20; n++) stage.member(identity(n), { group: "far" });
  stage.member(bob, { group: "near" });
  stage.member(eve, { group: "far", grant: { role: "super-peer" } });
  const asker = stage.connect({ group: "near" });
  stage.hello(asker, ann);
  const answer = messageOf(stage.join(asker)[0]);
  assert.ok(answer?.type === "peers");
  assert.deepEqual(
    answer.peers.map(({ peer }) => peer),
    [bob.peer, eve.peer],
  );
});

test("an introduction with ids that are none, or are written with escapes, is read as the protocol says", () => {
  const stage = new Stage();
  const [sender, receiver] = [stage.member(ann), stage.member(bob)];
  const text = (fields: Readonly<Record<string, unknown>>) =>
    JSON.stringify({ type: "introduce", to: bob.peer, content, dial, signal, ...fields });
  for (const wrong of [
    { to: "" },
    { to: "x" },
    { to: bob.peer.toUpperCase() },
    { content: "" },
    { dial: "" },
    { to: null },
  ])
    assert.deepEqual(told(stage.text(sender, text(wrong))), [`${sender} error: malformed`]);
  const escapes = text({}).replace(bob.peer, escaped(bob.peer).slice(1, -1));
  assert.deepEqual(told(stage.text(sender, escapes)), [`${receiver} introduce`]);
  const twice = `${text({}).slice(0, -1)},"to":"${ann.peer}"}`;
  assert.deepEqual(told(stage.text(sender, twice)), [`${sender} error: unknown-peer`]);
});
