import type { Call, CallStage } from "./Call.ts";
import type { Page } from "./Page.ts";
import { Quantity } from "./Quantity.ts";

const stages: Record<CallStage, string> = {
  preparing: "Preparing",
  calling: "Calling",
  ringing: "Ringing",
  incoming: "is calling you",
  joining: "Finding a path",
  talking: "Talking",
  ended: "Ended",
};

/** Shows the call that is going on, or else the field to dial in. */
export class CallView {
  readonly #page: Page;
  #shown: CallStage | undefined;

  constructor(page: Page) {
    this.#page = page;
  }

  /** @param now milliseconds since 1970 */
  show(last: Call | undefined, now: number): void {
    const page = this.#page;
    const call = last?.over ? undefined : last;
    page.hide("dial", call !== undefined);
    page.hide("call", call === undefined);

    const audio = page.element<HTMLAudioElement>("remote-audio");
    const heard = call?.remoteAudio ?? null;
    if (audio.srcObject !== heard) audio.srcObject = heard;

    if (call) this.#showPresent(call, now);
    this.#moveFocus(call?.stage);
  }

  #showPresent(call: Call, now: number): void {
    const page = this.#page;
    const box = page.element("call");
    box.dataset.stage = call.stage;
    box.style.setProperty("--level", String(call.figures?.level ?? 0));
    page.write("text", "peer", call.peer);
    page.write("text", "peer-initial", initial(call.peer));
    page.write("text", "peer-note", call.outgoing ? "" : call.asserted ? "asserted by the network" : "not asserted by the network");
    page.write("text", "stage", stages[call.stage]);
    page.write("text", "duration", call.talkingSince ? Quantity.clock((now - call.talkingSince) / 1000) : "");

    const incoming = call.stage === "incoming";
    for (const id of ["answer", "decline"]) page.hide(id, !incoming);
    for (const id of ["mute", "hang-up"]) page.hide(id, incoming);
    page.element("mute").dataset.muted = String(call.muted);
    page.set(page.element("mute"), call.muted ? "Unmute" : "Mute");
  }

  /** A control that goes away takes the focus with it; the one that takes its place gets it. */
  #moveFocus(stage: CallStage | undefined): void {
    const before = this.#shown;
    if (stage === before) return;
    this.#shown = stage;
    if (stage === "incoming") this.#page.element("answer").focus();
    else if (stage && (before === undefined || before === "incoming")) this.#page.element("hang-up").focus();
    else if (!stage) this.#page.element("callee").focus();
  }
}

/** The letter that stands for a person. */
export const initial = (name: string): string => [...name][0]?.toUpperCase() ?? "";
