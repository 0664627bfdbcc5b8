import { strict as assert } from "node:assert";
import { test } from "node:test";
import { Home } from "../src/Home.ts";

const home = new Home("ims.localhost", "ws://localhost:8080/w2");

test("W2 is found relative to the page, with the page's security", () => {
  const config = { realm: "ims.localhost", w2: "/w2" };
  assert.equal(Home.read(config, "http://localhost:8080/?user=a").w2, "ws://localhost:8080/w2");
  assert.equal(Home.read(config, "https://[::1]:8443/").w2, "wss://[::1]:8443/w2");
  assert.equal(Home.read({ realm: "r", w2: "wss://edge.example/w2" }, "https://page.example/").w2, "wss://edge.example/w2");
});

for (const config of [undefined, null, 1, {}, { realm: "" , w2: "/w2" }, { realm: "r" }, { realm: "r", w2: 3 }, { realm: "r", w2: "http://:::" }])
  test(`A configuration like ${JSON.stringify(config)} is refused in a sentence`, () =>
    assert.throws(() => Home.read(config, "http://localhost/"), /config\.json names no realm/));

test("A subscriber may be typed in three ways", () => {
  for (const typed of ["bob", " bob ", "bob@ims.localhost", "sip:bob@IMS.localhost", "SIP:bob"])
    assert.equal(home.subscriber(typed), "bob");
});

for (const typed of ["", "@ims.localhost", "bob@elsewhere", "bob@a@ims.localhost", "bo b", "bob;x=1", "bob\r\nX: y", "<bob>", "b".repeat(65)])
  test(`${JSON.stringify(typed)} names nobody here`, () => assert.equal(home.subscriber(typed), undefined));

test("A WAF is known where the server names the page as its client", () => {
  const home = Home.read({ realm: "r", w2: "/w2", client: "page", turnServer: "turn.r" }, "http://localhost:8080/");
  assert.deepEqual([home.client, home.turnServer], ["page", "turn.r"]);
  assert.equal(Home.read({ realm: "r", w2: "/w2", client: 7 }, "http://localhost:8080/").client, undefined);
});
