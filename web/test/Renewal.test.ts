import { strict as assert } from "node:assert";
import { mock, test } from "node:test";
import { Renewal } from "../src/Renewal.ts";

const message = (ttl: number) => ({
  getHeaders: () => [`password;uris="turn:t";username="u${ttl}";credential="c";ttl=${ttl}`],
});
const empty = { getHeaders: () => [] };

/** Runs a test in a time of its own, which `pass` moves on by seconds, one at a time. */
async function inTime(body: (pass: (seconds: number) => Promise<void>) => Promise<void>) {
  let now = 1_000_000;
  const timers: { at: number; act: () => void; id: number }[] = [];
  let ids = 0;
  const clock = mock.method(Date, "now", () => now);
  const set = mock.method(globalThis, "setTimeout", (act: () => void, delay: number) => {
    timers.push({ at: now + delay, act, id: ++ids });
    return ids;
  });
  const clear = mock.method(globalThis, "clearTimeout", (id: number) => {
    const index = timers.findIndex(timer => timer.id === id);
    if (index >= 0) timers.splice(index, 1);
  });
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  try {
    await body(async seconds => {
      for (let second = 0; second < seconds; second++) {
        now += 1000;
        for (const due of timers.filter(timer => timer.at <= now)) {
          timers.splice(timers.indexOf(due), 1);
          due.act();
        }
        await settle();
      }
    });
  } finally {
    for (const mocked of [clock, set, clear]) mocked.mock.restore();
  }
}

test("A credential is asked for anew at half of its life", () => inTime(async pass => {
  let asked = 0;
  const renewal = new Renewal(async () => { asked++; renewal.take(message(100), "200 to OPTIONS"); });
  renewal.take(message(60), "200 to REGISTER");
  await pass(29);
  assert.equal(asked, 0);
  await pass(1);
  assert.deepEqual([asked, renewal.credential?.ttl, renewal.credential?.origin], [1, 100, "200 to OPTIONS"]);
  await pass(50);
  assert.equal(asked, 2);
}));

test("An edge that gives none is asked ever after half of what is left, and at the end for the last time", () => inTime(async pass => {
  const asked: number[] = [];
  const renewal = new Renewal(async () => { asked.push(renewal.credential!.remaining(Date.now())); });
  renewal.take(message(80), "200 to REGISTER");
  await pass(200);
  assert.deepEqual(asked, [40, 20, 10, 5, 0]);
  assert.equal(renewal.credential!.remaining(Date.now()), 0);
}));

test("A fresh credential is used as it is; an old, an expired or a missing one is asked for first", () => inTime(async pass => {
  let asked = 0;
  const renewal = new Renewal(async () => { asked++; });
  await renewal.freshen();
  assert.equal(asked, 1);
  renewal.take(message(60), "INVITE");
  await renewal.freshen();
  assert.equal(asked, 1);
  await pass(31);
  await renewal.freshen();
  assert.equal(asked, 3);
}));

test("A silent edge holds up a call for two seconds, and two who want to know ask once", () => inTime(async pass => {
  let asked = 0;
  const renewal = new Renewal(() => { asked++; return new Promise(() => {}); });
  let done = 0;
  void renewal.freshen().then(() => done++);
  void renewal.freshen().then(() => done++);
  await pass(1);
  assert.equal(done, 0);
  await pass(1);
  assert.deepEqual([done, asked], [2, 1]);
}));

test("A message without the header changes nothing, and what is forgotten is not renewed", () => inTime(async pass => {
  let asked = 0;
  const renewal = new Renewal(async () => { asked++; });
  renewal.take(message(60), "INVITE");
  assert.equal(renewal.take(empty, "200 to OPTIONS"), false);
  assert.equal(renewal.credential?.ttl, 60);
  renewal.forget();
  await pass(100);
  assert.deepEqual([asked, renewal.credential], [0, undefined]);
}));
