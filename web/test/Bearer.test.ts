import { strict as assert } from "node:assert";
import { test } from "node:test";
import { nameIn } from "../src/Bearer.ts";
import { impuOf } from "../src/WebLogin.ts";

const token = (payload: unknown) => `x.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.y`;

test("The identity of an access token is its first public one", () => {
  assert.equal(impuOf(token({ ims_impu: ["sip:alice@x", "tel:+1"], text: "ÿþ>?" })), "sip:alice@x");
  for (const broken of [undefined, "", "a.b", "a.!.c", token({}), token(7), token({ ims_impu: [] })])
    assert.equal(impuOf(broken), undefined);
});

test("Only a sip URI of the home domain has a name here", () => {
  assert.equal(nameIn("sip:guest1@ims.localhost", "IMS.localhost"), "guest1");
  for (const other of [undefined, 7, "sip:guest1@elsewhere", "tel:+1", "sip:@ims.localhost", "sip:a@b@ims.localhost"])
    assert.equal(nameIn(other, "ims.localhost"), undefined);
});

test("Of what is asked without an answer nothing is known", async () => {
  const { post } = await import("../src/Bearer.ts");
  const native = globalThis.fetch;
  try {
    globalThis.fetch = () => Promise.reject(new TypeError("down"));
    assert.deepEqual(await post("/x"), [0, {}, null]);
    globalThis.fetch = async () => new Response("no json", { status: 503, headers: { "Retry-After": "5" } });
    assert.deepEqual(await post("/x"), [503, {}, "5"]);
  } finally {
    globalThis.fetch = native;
  }
});
