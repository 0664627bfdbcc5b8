import { strict as assert } from "node:assert";
import { test } from "node:test";
import { Figures } from "../src/Figures.ts";
import { Quantity } from "../src/Quantity.ts";

type Report = [string, Record<string, any>][];

const relayed = (bytes: number): Report => [
  ["T", { type: "transport", selectedCandidatePairId: "P", tlsVersion: "FEFD", srtpCipher: "AEAD_AES_128_GCM" }],
  ["Q", { type: "candidate-pair", bytesSent: 9, bytesReceived: 9, localCandidateId: "L", remoteCandidateId: "L" }],
  ["P", {
    type: "candidate-pair", localCandidateId: "L", remoteCandidateId: "R", currentRoundTripTime: 0.002, bytesSent: bytes,
    bytesReceived: 2 * bytes,
  }],
  ["L", {
    type: "local-candidate", candidateType: "relay", address: "::1", port: 50001, protocol: "udp", relayProtocol: "udp",
    url: "turn:[::1]:3478?transport=udp",
  }],
  ["R", { type: "remote-candidate", candidateType: "relay", address: "127.0.0.1", port: 50002, protocol: "udp" }],
  ["I", {
    type: "inbound-rtp", kind: "audio", bytesReceived: 700, packetsReceived: 10, packetsLost: 1, jitter: 0.003, audioLevel: 0.5,
    codecId: "C",
  }],
  ["C", { type: "codec", mimeType: "audio/opus" }],
  ["S", { type: "remote-inbound-rtp", kind: "audio", packetsLost: 4, roundTripTime: 0.005 }],
];

test("The selected pair is read, not another one", () => {
  const figures = Figures.read(relayed(1000), 5000);
  assert.deepEqual([figures.sent, figures.received], [1000, 2000]);
  assert.equal(figures.local?.address, "[::1]:50001");
  assert.equal(figures.local?.server, "turn:[::1]:3478?transport=udp");
  assert.equal(figures.remote?.address, "127.0.0.1:50002");
  assert.deepEqual([figures.local?.type, figures.remote?.type], ["relay", "relay"]);
});

test("Audio, loss on either way, and the media's protection are read", () => {
  const figures = Figures.read(relayed(1000), 5000);
  assert.deepEqual([figures.audioReceived, figures.packetsReceived, figures.lostHere, figures.lostThere], [700, 10, 1, 4]);
  assert.deepEqual([figures.jitter, figures.roundTrip, figures.codec], [0.003, 0.005, "opus"]);
  assert.equal(figures.security, "DTLS 1.2, AEAD_AES_128_GCM");
});

test("Rates are differences over time, and a new pair's smaller count is no negative rate", () => {
  const first = Figures.read(relayed(1000), 5000);
  const second = Figures.read(relayed(3000), 7000, first);
  assert.deepEqual([second.sendRate, second.receiveRate], [8000, 16000]);
  assert.equal(Figures.read(relayed(10), 8000, second).sendRate, 0);
  assert.equal(Figures.read(relayed(4000), 7000, second).sendRate, 0);
});

test("A connection that has nothing to tell yet has empty figures", () => {
  const figures = Figures.read([["T", { type: "transport" }]], 1);
  assert.deepEqual([figures.local, figures.remote, figures.sent, figures.roundTrip], [undefined, undefined, 0, undefined]);
});

test("Quantities are short", () => {
  assert.deepEqual([0, 999, 1000, 12_345, 999_499, 999_500, 4_050_000].map(Quantity.bytes),
    ["0 B", "999 B", "1.00 kB", "12.3 kB", "999 kB", "1.00 MB", "4.05 MB"]);
  assert.deepEqual([0, 59.9, 61, 3661, -3].map(Quantity.clock), ["0:00", "0:59", "1:01", "1:01:01", "0:00"]);
  assert.deepEqual([0.0012, 0.025].map(Quantity.milliseconds), ["1.2 ms", "25 ms"]);
});
