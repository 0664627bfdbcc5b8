import { strict as assert } from "node:assert";
import { test } from "node:test";
import { Reasons, type GatheringError } from "../src/Reasons.ts";
import { TurnCredential } from "../src/TurnCredential.ts";

const credential = TurnCredential.read(['password;uris="turn:t:1";username="u";credential="c";ttl=60'], "INVITE", 0);
const server = "turn:t:1";
const silence: GatheringError = { server, code: 701, text: "" };

test("Every final status a caller can meet becomes a whole sentence", () => {
  for (let status = 300; status < 700; status++) {
    const sentence = Reasons.outgoing("bob", "SIP Failure Code", status, undefined);
    assert.match(sentence, /^[A-Zb].+\.$/);
    assert.doesNotMatch(sentence, /undefined|\s\.| {2}/);
  }
});

test("A declined call is not a busy one, and neither is an absent peer", () => {
  const sentences = [404, 408, 480, 486, 488, 603].map(status => Reasons.outgoing("bob", "", status, ""));
  assert.equal(new Set(sentences).size, sentences.length);
});

test("A missing relay is told from a refused, a silent, a full and an expired one", () => {
  const refused = { server, code: 401, text: "Unauthorized" };
  assert.match(Reasons.noRelay(undefined, false, []), /gave no TURN credential/);
  assert.match(Reasons.noRelay(undefined, true, []), /run out/);
  assert.match(Reasons.noRelay(credential, false, [silence]), /did not answer/);
  assert.match(Reasons.noRelay(credential, false, [silence, refused]), /refused the credential \(401\)/);
  assert.match(Reasons.noRelay(credential, false, [{ server, code: 486, text: "" }]), /all the relays it may/);
  assert.match(Reasons.noRelay(credential, false, [{ server, code: 442, text: "Unsupported" }]), /answered 442 Unsupported\.$/);
  assert.match(Reasons.noRelay(credential, false, []), /gave no relay address/);
});

test("A refused microphone is told from a missing and a taken one", () => {
  const sentences = ["NotAllowedError", "NotFoundError", "NotReadableError", ""].map(name => Reasons.microphone({ name }));
  assert.equal(new Set(sentences).size, 4);
});
