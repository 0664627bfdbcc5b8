// node peers.mjs URI USER PASSWORD COUNT SIZE: two peer connections of werift that may use relays alone. One sends COUNT messages of SIZE
// bytes over a data channel, the other sends each back. Prints one line of JSON: the candidates of both, and what came back.
import { RTCPeerConnection } from "werift";

const [urls, username, credential, count, size] = process.argv.slice(2);
const given = { iceServers: [{ urls, username, credential }], iceTransportPolicy: "relay" };
const ends = [new RTCPeerConnection(given), new RTCPeerConnection(given)];
const [here, there] = ends;
const candidates = [];

const gathered = ends.map((end, i) => new Promise(resolve => {
  end.onIceCandidate.subscribe(candidate => {
    if (!candidate?.candidate) return;
    candidates.push(candidate.candidate);
    ends[1 - i].addIceCandidate(candidate);
  });
  end.iceGatheringStateChange.subscribe(state => state === "complete" && resolve());
}));

const channel = here.createDataChannel("echo");
there.onDataChannel.subscribe(other => other.onMessage.subscribe(message => other.send(message)));
let back = 0;
const echoed = new Promise(resolve => {
  channel.onMessage.subscribe(message => {
    if (message.length === Number(size) && message[0] === back % 256) back++;
    if (back === Number(count)) resolve();
  });
});
channel.stateChanged.subscribe(state => {
  if (state === "open") for (let i = 0; i < count; i++) channel.send(Buffer.alloc(Number(size), i % 256));
});

await here.setLocalDescription(await here.createOffer());
await there.setRemoteDescription(here.localDescription);
await there.setLocalDescription(await there.createAnswer());
await here.setRemoteDescription(there.localDescription);
await Promise.all(gathered);
if (candidates.length > 0) await echoed;
await Promise.all(ends.map(end => end.close()));
// It keeps timers of allocations that it has left.
process.stdout.write(JSON.stringify({ candidates, back }) + "\n", () => process.exit());
