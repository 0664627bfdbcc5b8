import type { Call } from "./Call.ts";
import type { Candidate } from "./Figures.ts";
import type { Page } from "./Page.ts";
import { Quantity } from "./Quantity.ts";

/** Shows the way the media takes and its live figures. */
export class PathView {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  show(me: string, call: Call | undefined): void {
    const page = this.#page;
    const figures = call?.figures;
    page.element("path").dataset.flow = call?.stage === "talking" && figures?.receiveRate ? "both" : "none";
    page.write("text", "path-me", me);
    page.write("text", "path-peer", call?.peer);
    this.#showEnd("local", figures?.local);
    this.#showEnd("remote", figures?.remote);

    const write = (name: string, value: string | undefined) => page.write("figure", name, value);
    write("received", figures && Quantity.bytes(figures.received));
    write("sent", figures && Quantity.bytes(figures.sent));
    write("receive-rate", figures ? Quantity.rate(figures.receiveRate) : "");
    write("send-rate", figures ? Quantity.rate(figures.sendRate) : "");
    write("relay", figures?.local?.type === "relay" ? figures.local.address : undefined);
    write("server", figures?.local?.server?.replace(/^turns?:|\?.*$/g, ""));
    write("protocol", figures?.local && figures.remote && protocol(figures.local, figures.remote));
    write("gathered", call && gathered(call));
    write("packets", figures && String(figures.packetsReceived));
    write("lost", figures && [figures.lostHere, figures.lostThere].map(lost => lost ?? "–").join(", "));
    write("jitter", milliseconds(figures?.jitter));
    write("round-trip", milliseconds(figures?.roundTrip));
    write("media", [figures?.codec, figures?.security].filter(Boolean).join(", ") || undefined);
    this.#showRates(call?.history ?? []);
  }

  #showEnd(end: "local" | "remote", candidate: Candidate | undefined): void {
    this.#page.write("figure", `${end}-type`, candidate?.type);
    this.#page.write("figure", `${end}-address`, candidate?.address ?? "");
    this.#page.element(`${end}-end`).dataset.type = candidate?.type ?? "none";
  }

  #showRates(history: Call["history"]): void {
    // The scale holds at least 64 kbit/s, so that silence does not look like noise.
    const top = Math.max(64_000, ...history.flat());
    const x = (index: number) => ((60 - history.length + index) * 240 / 59).toFixed(1);
    const y = (rate: number) => (47 - rate * 44 / top).toFixed(1);
    const line = (which: 0 | 1) => history.map((rates, index) => `${x(index)},${y(rates[which])}`).join(" ");
    // What is received is an area: its line goes on outside the picture and back to where it began.
    const area = history.length > 0 ? `${line(0)} 245,${y(history.at(-1)![0])} 245,50 ${x(0)},50` : "";
    this.#page.element("rate-received").setAttribute("points", area);
    this.#page.element("rate-sent").setAttribute("points", line(1));
  }
}

const milliseconds = (seconds: number | undefined) => seconds === undefined ? undefined : Quantity.milliseconds(seconds);

/** To the TURN server, and on to the other end. */
function protocol(local: Candidate, remote: Candidate): string {
  const onward = `${local.protocol.toUpperCase()} to ${remote.type === "relay" ? "relay" : "peer"}`;
  return local.relayProtocol ? `${local.relayProtocol.toUpperCase()} to server, ${onward}` : onward;
}

/** How many candidates of each type; nothing is known before gathering begins. */
function gathered({ gathered, stage }: Call): string | undefined {
  if (gathered.size > 0) return [...gathered].map(([type, count]) => `${count} ${type}`).join(", ");
  return stage === "preparing" || stage === "incoming" ? undefined : "none";
}
