import type { Call } from "./Call.ts";
import type { Candidate } from "./Figures.ts";
import type { Phone, Registration } from "./Phone.ts";
import { Quantity } from "./Quantity.ts";

/** What the reader can ask for. */
export interface Wishes {
  signIn(name: string, password: string, turnRealm: string): void;
  signOut(): void;
  dial(typed: string, relayOnly: boolean): void;
  answer(relayOnly: boolean): void;
  hangUp(): void;
  mute(muted: boolean): void;
}

type Tone = "quiet" | "busy" | "good" | "bad";

const registrations: Record<Registration, readonly [text: string, tone: Tone]> = {
  connecting: ["Connecting", "busy"],
  registering: ["Registering", "busy"],
  registered: ["Registered", "good"],
  lost: ["Reconnecting", "bad"],
  leaving: ["Signing out", "busy"],
  gone: ["Signed out", "quiet"],
};

const stages: Record<Call["stage"], string> = {
  preparing: "Preparing",
  calling: "Calling",
  ringing: "Ringing",
  incoming: "is calling you",
  joining: "Finding a path",
  talking: "Talking",
  ended: "Ended",
};

const none = "–";

/** The page: shows a phone as it is now and passes on what the reader does. It keeps no state of its own but what is typed. */
export class View {
  readonly #page: Document;
  readonly #texts = new Map<string, HTMLElement[]>();
  #shown: Call["stage"] | undefined;

  constructor(page: Document, wishes: Wishes) {
    this.#page = page;
    for (const element of page.querySelectorAll<HTMLElement>("[data-text], [data-figure], [data-credential]")) {
      const { text, figure, credential } = element.dataset;
      const name = text ?? (figure ? `figure ${figure}` : `credential ${credential}`);
      this.#texts.set(name, [...this.#texts.get(name) ?? [], element]);
    }
    this.#listen(wishes);
  }

  /** Fills in what is known before anyone signs in and puts the cursor where typing is needed. */
  open(realm: string, user: string, turnRealm: string): void {
    this.#write("realm", realm);
    this.#input("user").value = user;
    this.#input("turn-realm").value = turnRealm;
    this.#element<HTMLDetailsElement>("more").open = turnRealm !== "";
    this.#input(user ? "password" : "user").focus();
  }

  /** Shows a sentence where nobody is signed in. */
  say(sentence: string): void {
    this.#notice(sentence, "bad");
  }

  /** Adds a line to what happened. */
  tell(line: string): void {
    const item = this.#page.createElement("li");
    const time = this.#page.createElement("time");
    time.textContent = new Date().toLocaleTimeString("en-GB");
    item.append(time, line);
    const list = this.#element("told");
    list.prepend(item);
    while (list.childElementCount > 100) list.lastElementChild!.remove();
  }

  /** @param now milliseconds since 1970 */
  show(phone: Phone, now: number): void {
    const signedIn = phone.registration !== "gone";
    const [registration, tone] = registrations[phone.registration];
    const pill = this.#element("registration");
    this.#set(pill, registration);
    pill.dataset.tone = tone;

    const arrived = this.#element("desk").hidden && signedIn;
    const left = this.#element("sign-in").hidden && !signedIn;
    this.#element("sign-in").hidden = signedIn;
    this.#element("desk").hidden = !signedIn;
    this.#element("page").dataset.place = signedIn ? "desk" : "door";
    if (arrived) this.#input("callee").focus();
    if (left) this.#input("password").focus();

    this.#write("me", phone.name);
    this.#write("me-initial", initial(phone.name));
    this.#write("me-address", `sip:${phone.name}@${phone.home.realm}`);
    this.#page.title = title(phone);

    this.#showCall(phone, now);
    this.#showPath(phone.name, phone.call);
    this.#showCredential(phone, now);

    const { call } = phone;
    if (call?.ending && !phone.notice) this.#notice(call.ending.sentence, call.ending.well ? "quiet" : "bad");
    else this.#notice(phone.notice ?? "", "bad");
  }

  #showCall({ call, registration }: Phone, now: number): void {
    const present = call && !call.over ? call : undefined;
    this.#element("dial").hidden = present !== undefined;
    const box = this.#element("call");
    box.hidden = present === undefined;
    box.dataset.stage = present?.stage ?? "none";
    box.style.setProperty("--level", String(present?.figures?.level ?? 0));
    for (const button of this.#page.querySelectorAll<HTMLButtonElement>("#dial button")) button.disabled = registration !== "registered";

    const audio = this.#element<HTMLAudioElement>("remote-audio");
    if (audio.srcObject !== (call?.remoteAudio ?? null)) audio.srcObject = call?.remoteAudio ?? null;

    if (present) {
      const incoming = present.stage === "incoming";
      this.#write("peer", present.peer);
      this.#write("peer-initial", initial(present.peer));
      this.#write("peer-note", present.outgoing ? "" : present.asserted ? "asserted by the network" : "not asserted by the network");
      this.#write("stage", stages[present.stage]);
      this.#write("duration", present.talkingSince ? Quantity.clock((now - present.talkingSince) / 1000) : "");
      for (const id of ["answer", "decline"]) this.#element(id).hidden = !incoming;
      for (const id of ["mute", "hang-up"]) this.#element(id).hidden = incoming;
      const mute = this.#element("mute");
      mute.setAttribute("aria-pressed", String(present.muted));
      this.#set(mute, present.muted ? "Unmute" : "Mute");
    }
    this.#moveFocus(present?.stage);
  }

  /** A control that goes away takes the focus with it; the one that takes its place gets it. */
  #moveFocus(stage: Call["stage"] | undefined): void {
    if (stage === this.#shown) return;
    const before = this.#shown;
    this.#shown = stage;
    if (stage === "incoming") this.#element("answer").focus();
    else if (stage && (before === undefined || before === "incoming")) this.#element("hang-up").focus();
    else if (!stage && before) this.#input("callee").focus();
  }

  #showPath(me: string, call: Call | undefined): void {
    const figures = call?.figures;
    const path = this.#element("path");
    path.dataset.flow = call?.stage === "talking" && (figures?.receiveRate ?? 0) > 0 ? "both" : "none";
    this.#write("path-me", me);
    this.#write("path-peer", call?.peer ?? none);
    for (const [end, candidate] of [["local", figures?.local], ["remote", figures?.remote]] as const) {
      this.#write(`figure ${end}-type`, candidate?.type ?? none);
      this.#write(`figure ${end}-address`, candidate?.address ?? "");
      path.querySelector<HTMLElement>(`[data-end=${end}]`)!.dataset.type = candidate?.type ?? "none";
    }

    const write = (name: string, value: string | undefined) => this.#write(`figure ${name}`, value ?? none);
    write("received", figures && Quantity.bytes(figures.received));
    write("sent", figures && Quantity.bytes(figures.sent));
    this.#write("figure receive-rate", figures ? Quantity.rate(figures.receiveRate) : "");
    this.#write("figure send-rate", figures ? Quantity.rate(figures.sendRate) : "");
    write("relay", figures?.local?.type === "relay" ? figures.local.address : undefined);
    write("server", figures?.local?.server?.replace(/^turns?:|\?.*$/g, ""));
    write("protocol", figures?.local && figures.remote && protocol(figures.local, figures.remote));
    write("gathered", call && gathered(call));
    write("packets", figures && String(figures.packetsReceived));
    write("lost", figures && `${figures.lostHere ?? none}, ${figures.lostThere ?? none}`);
    write("jitter", figures?.jitter === undefined ? undefined : Quantity.milliseconds(figures.jitter));
    write("round-trip", figures?.roundTrip === undefined ? undefined : Quantity.milliseconds(figures.roundTrip));
    write("media", [figures?.codec, figures?.security].filter(Boolean).join(", ") || undefined);
    this.#showRates(call?.history ?? []);
  }

  #showRates(history: Call["history"]): void {
    // The scale holds at least 64 kbit/s, so that silence does not look like noise.
    const top = Math.max(64_000, ...history.flat());
    const x = (index: number) => ((60 - history.length + index) * 240 / 59).toFixed(1);
    const line = (which: 0 | 1) =>
      history.map((rates, index) => `${x(index)},${(47 - rates[which] * 44 / top).toFixed(1)}`).join(" ");
    // What is received is an area: its line goes on below the picture's edge and back to where it began.
    const area = history.length > 0 ? `${line(0)} ${x(history.length - 1)},50 ${x(0)},50` : "";
    this.#page.querySelector("#rates .received")!.setAttribute("points", area);
    this.#page.querySelector("#rates .sent")!.setAttribute("points", line(1));
  }

  #showCredential({ credential }: Phone, now: number): void {
    const remaining = credential?.remaining(now) ?? 0;
    const life = this.#element("life");
    life.setAttribute("stroke-dasharray", `${credential ? 100 * remaining / credential.ttl : 0} 100`);
    life.dataset.tone = remaining === 0 ? "bad" : credential!.isOld(now) ? "busy" : "good";

    const write = (name: string, value: string | undefined) => this.#write(`credential ${name}`, value ?? none);
    write("remaining", credential && (remaining > 0 ? Quantity.clock(remaining) : "expired"));
    write("renewal", !credential ? "none held"
      : credential.isOld(now) ? `of ${Quantity.clock(credential.ttl)}, due for renewal`
      : `of ${Quantity.clock(credential.ttl)}, renewal in ${Quantity.clock(remaining - credential.ttl / 2)}`);
    write("origin", credential && `${credential.origin}, ${new Date(credential.since).toLocaleTimeString("en-GB")}`);
    write("username", credential?.username);
    write("realm", credential?.realm);
    write("uris", credential?.uris.join("\n"));
  }

  #listen(wishes: Wishes): void {
    const relayOnly = this.#input("relay-only");
    this.#element("sign-in").addEventListener("submit", event => {
      event.preventDefault();
      const password = this.#input("password");
      wishes.signIn(this.#input("user").value, password.value, this.#input("turn-realm").value.trim());
      password.value = "";
    });
    this.#element("dial").addEventListener("submit", event => {
      event.preventDefault();
      wishes.dial(this.#input("callee").value, relayOnly.checked);
    });
    this.#click("sign-out", () => wishes.signOut());
    this.#click("answer", () => wishes.answer(relayOnly.checked));
    this.#click("decline", () => wishes.hangUp());
    this.#click("hang-up", () => wishes.hangUp());
    this.#click("mute", () => wishes.mute(this.#element("mute").getAttribute("aria-pressed") !== "true"));
  }

  #click(id: string, act: () => void): void {
    this.#element(id).addEventListener("click", act);
  }

  #notice(sentence: string, tone: Tone): void {
    const notice = this.#element("notice");
    this.#set(notice, sentence);
    notice.dataset.tone = tone;
  }

  #write(name: string, text: string): void {
    for (const element of this.#texts.get(name)!) this.#set(element, text);
  }

  /** Writes only what differs: a screen reader announces a live region once, and a selection stays. */
  #set(element: HTMLElement, text: string): void {
    if (element.textContent !== text) element.textContent = text;
  }

  #input(id: string): HTMLInputElement {
    return this.#element<HTMLInputElement>(id);
  }

  #element<T extends HTMLElement = HTMLElement>(id: string): T {
    return this.#page.getElementById(id) as T;
  }
}

const initial = (name: string) => [...name][0]?.toUpperCase() ?? "";

/** The title tells a window among many what it is about. */
function title({ name, registration, call }: Phone): string {
  if (registration === "gone") return "Portunus";
  if (call?.stage === "incoming") return `☎ ${call.peer} calls ${name}`;
  return call && !call.over ? `${name} – ${call.peer}` : `${name} – Portunus`;
}

/** To the TURN server, and on to the other end. */
function protocol(local: Candidate, remote: Candidate): string {
  const onward = `${local.protocol.toUpperCase()} to ${remote.type === "relay" ? "relay" : "peer"}`;
  return local.relayProtocol ? `${local.relayProtocol.toUpperCase()} to server, ${onward}` : onward;
}

function gathered({ gathered, stage }: Call): string {
  if (gathered.size > 0) return [...gathered].map(([type, count]) => `${count} ${type}`).join(", ");
  return stage === "preparing" || stage === "incoming" ? none : "none";
}
