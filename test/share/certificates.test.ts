import assert from "node:assert/strict";
import { test } from "node:test";
import { toHex } from "#sdk/base/bytes.ts";
import { Certificates, certificatePrint } from "#sdk/client/share/certificates.ts";
import { DISGUISES, printLine } from "./support/disguised-prints.ts";

const hex = (fill: string) => fill.repeat(32);
const described = (...lines: readonly string[]) => ({
  type: "answer",
  sdp: `v=0\r\n${lines.join("\r\n")}\r\n`,
});
const printOf = (...lines: readonly string[]) => {
  const print = certificatePrint(described(...lines));
  return print && toHex(print);
};

test("a description's certificate is the one that all its fingerprints name", () => {
  assert.equal(printOf(printLine("ab")), hex("ab"));
  assert.equal(printOf(printLine("ab").toLowerCase()), hex("ab"));
  assert.equal(
    printOf(printLine("ab"), "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", printLine("ab")),
    hex("ab"),
  );
  assert.equal(certificatePrint({ type: "answer", sdp: `v=0\n${printLine("ab")}\n` })?.[0], 0xab);
});

test("one that names none, several, or another kind counts for nothing", () => {
  assert.equal(printOf("s=-"), undefined);
  assert.equal(printOf(printLine("ab"), printLine("cd")), undefined);
  assert.equal(printOf(`a=fingerprint:sha-1 ${Array(20).fill("AB").join(":")}`), undefined);
  assert.equal(printOf(printLine("ab"), `a=fingerprint:sha-1 ${Array(20).fill("AB").join(":")}`), undefined);
  assert.equal(printOf(`${printLine("ab")}:AB`), undefined);
  assert.equal(certificatePrint({ type: "answer" }), undefined);
  assert.equal(certificatePrint({ type: "answer", sdp: 5 }), undefined);
});

test("one with a second fingerprint that only some browser takes for one counts for nothing", () => {
  for (const [name, disguised] of Object.entries(DISGUISES))
    assert.equal(
      printOf(printLine("ab"), "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", disguised("cd")),
      undefined,
      name,
    );
});

test("only what describes an end of the connection names its certificate, and that once", () => {
  const certificates = new Certificates();
  const named = () => Object.values(certificates.prints).map((print) => print && toHex(print));
  // A candidate is no description, whatever else it says.
  certificates.note("answerer", { type: "candidate", ...{ sdp: `${printLine("cd")}\r\n` } });
  certificates.note("answerer", { ...described(printLine("cd")), type: "offer" });
  assert.deepEqual(named(), [undefined, undefined]);
  certificates.note("answerer", described(printLine("ab")));
  certificates.note("answerer", described(printLine("cd")));
  assert.deepEqual(named(), [undefined, hex("ab")]);
  assert.equal(certificates.exchanged, false);
  certificates.note("dialler", { ...described(printLine("ef")), type: "offer" });
  assert.equal(certificates.exchanged, true);
});
