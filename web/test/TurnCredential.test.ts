import { strict as assert } from "node:assert";
import { test } from "node:test";
import { HeaderParameters } from "../src/HeaderParameters.ts";
import { TurnCredential } from "../src/TurnCredential.ts";
import { TurnCredentialRequest } from "../src/TurnCredentialRequest.ts";
import { wayOf } from "../src/Way.ts";

const whole =
  'password;uris="turn:turn1.ims.example.net:3478?transport=udp turns:turn1.ims.example.net:443?transport=tcp"' +
  ';username="1700003600:4f9c2d7e1b6a";credential="abc+/==";realm="ims.example.net";ttl=3600';
const read = (...values: string[]) => TurnCredential.read(values, "200 to REGISTER", 1_000_000);

test("A header's value is read whole", () => {
  const credential = read(whole)!;
  assert.deepEqual(credential.iceServers(), [{
    urls: ["turn:turn1.ims.example.net:3478?transport=udp", "turns:turn1.ims.example.net:443?transport=tcp"],
    username: "1700003600:4f9c2d7e1b6a",
    credential: "abc+/==",
  }]);
  assert.equal(credential.realm, "ims.example.net");
  assert.equal(credential.ttl, 3600);
});

test("Semicolons, commas, equals signs and escapes inside quotes are content", () => {
  const parameters = HeaderParameters.parse('password ; a = "x;y,z=\\"q\\\\" ;B=token;c;d=[2001:db8::1]')!;
  assert.equal(parameters.get("A"), 'x;y,z="q\\');
  assert.equal(parameters.get("b"), "token");
  assert.equal(parameters.get("c"), "");
  assert.equal(parameters.get("d"), "[2001:db8::1]");
  assert.equal(parameters.get("e"), undefined);
});

test("The order of parameters is free, their names have no case, unknown ones are ignored", () => {
  const credential = read('PASSWORD;Ttl=60;new=thing;Credential="c";USERNAME="u";x;Uris="turn:[::1]:3478"');
  assert.deepEqual(credential?.uris, ["turn:[::1]:3478"]);
  assert.equal(credential?.realm, undefined);
});

for (const broken of [
  "", ";", "password;", "password;;ttl=1", 'password;a="', 'password;a="\\"', "password;a=", "password a=1", 'password;a="b"c',
  "password;a=1;A=2", "password, oauth", 'password;a="\x00"', "password;=1", "pass(word", 'password;a="x\r\ny"',
])
  test(`Malformed: ${JSON.stringify(broken)} has no value`, () => assert.equal(HeaderParameters.parse(broken), undefined));

for (const [name, unfit] of Object.entries({
  "no uris": 'password;username="u";credential="c";ttl=60',
  "no usable uri": 'password;uris="stun:a http://b turn: turn:a:b";username="u";credential="c";ttl=60',
  "no username": 'password;uris="turn:a";credential="c";ttl=60',
  "an empty credential": 'password;uris="turn:a";username="u";credential="";ttl=60',
  "a ttl of zero": 'password;uris="turn:a";username="u";credential="c";ttl=0',
  "a ttl that is no number": 'password;uris="turn:a";username="u";credential="c";ttl=1e3',
  "another type": 'oauth;uris="turn:a";kid="k";mac-key="m";access-token="t";ttl=60',
}))
  test(`A credential with ${name} is none`, () => assert.equal(read(unfit), undefined));

test("Of several lines the first fitting one counts", () => {
  const credential = read('oauth;kid="k";ttl=1', "password;ttl", whole, 'password;uris="turn:b";username="v";credential="d";ttl=5');
  assert.equal(credential?.username, "1700003600:4f9c2d7e1b6a");
});

test("Life counts down from arrival and is old at half", () => {
  const credential = read(whole)!;
  assert.equal(credential.remaining(1_000_000), 3600);
  assert.equal(credential.isOld(1_000_000 + 1_799_000), false);
  assert.equal(credential.isOld(1_000_000 + 1_800_000), true);
  assert.equal(credential.remaining(1_000_000 + 9_000_000), 0);
});

test("No way of printing a credential shows its password", () => {
  const credential = read(whole)!;
  assert.doesNotMatch(`${JSON.stringify(credential)} ${String(credential)}`, /abc\+/);
});

test("Any bytes give a value or none, and never an exception", () => {
  const alphabet = 'password;="\\ ,\t\r\n[]:ttl1uris\u00e9\u0000';
  let seed = 7;
  const next = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  for (let run = 0; run < 20_000; run++) {
    const text = Array.from({ length: next(40) }, () => alphabet[next(alphabet.length)]).join("");
    HeaderParameters.parse(text);
    read(text);
  }
});

test("A request names the realm as a quoted-string", () => {
  assert.equal(`${new TurnCredentialRequest()}`, "Turn-Credential-Request: password");
  assert.equal(`${new TurnCredentialRequest("")}`, "Turn-Credential-Request: password");
  assert.equal(
    `${new TurnCredentialRequest('a"b\\c\r\nX: y')}`, 'Turn-Credential-Request: password;realm="a\\"b\\\\cX: y"');
});

test("A request names its way and the type that the way has", () => {
  const request = (id: string) => `${new TurnCredentialRequest("r", wayOf(id))}`;
  assert.equal(request("a2-push"), 'Turn-Credential-Request: password;realm="r";way="a2-push"');
  assert.equal(request("combined"), 'Turn-Credential-Request: oauth;realm="r";way="combined"');
  assert.equal(wayOf("unheard of"), wayOf(undefined));
});

test("A token is read where one was asked for, and is nothing that a browser relays with", () => {
  const token = 'oauth;uris="turn:a turn:b";kid="k1";mac-key="m";access-token="t";server-name="turn.x";ttl=60';
  const credential = TurnCredential.read([whole, token], "200 to REGISTER", 1_000_000, "oauth")!;
  assert.deepEqual([credential.type, credential.username, credential.realm, credential.ttl], ["oauth", "k1", "turn.x", 60]);
  assert.deepEqual(credential.iceServers(), []);
  assert.equal(TurnCredential.read([whole], "200 to REGISTER", 1_000_000, "oauth"), undefined);
});

test("What HTTP answers is read whole or not at all", () => {
  const servers = { iceServers: [{ urls: ["turn:a:1?transport=udp"], username: "u", credential: "c" }], ttl: 60 };
  const credential = TurnCredential.ofServers(servers, 1_000_000)!;
  assert.deepEqual(credential.iceServers(), [{ urls: ["turn:a:1?transport=udp"], username: "u", credential: "c" }]);
  assert.equal(credential.origin, "200 to POST /turn/credentials");
  for (const broken of [
    {}, { iceServers: [] }, { iceServers: {} }, { ...servers, ttl: "60" }, { ...servers, ttl: 0 },
    { ...servers, iceServers: [{ urls: "turn:a", username: "u", credential: "c" }] },
    { ...servers, iceServers: [{ urls: [7, "http://a"], username: "u", credential: "c" }] },
  ])
    assert.equal(TurnCredential.ofServers(broken, 1_000_000), undefined);

  const token = { kid: "k1", access_token: "t", expires_in: 1800, key: "m", alg: "HMAC-SHA-1" };
  assert.equal(TurnCredential.ofToken(token, "turn.x", 1_000_000)?.realm, "turn.x");
  assert.equal(TurnCredential.ofToken({ error: "invalid_token" }, "turn.x", 1_000_000), undefined);
});

test("The kind of a password is seen by its name", () => {
  assert.match(read(whole)!.kind, /derived/);
  assert.match(read('password;uris="turn:a";username="4f9c2d7e1b6a4f9c";credential="c";ttl=5')!.kind, /made known/);
});
