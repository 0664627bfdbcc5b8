import type { UA } from "jssip";
import type { IncomingRequest, IncomingResponse } from "jssip/lib/SIPMessage";
import type { EndEvent, RTCSession } from "jssip/lib/RTCSession";
import { Figures } from "./Figures.ts";
import { isRemote } from "./Originator.ts";
import { Reasons, type GatheringError } from "./Reasons.ts";
import type { TurnCredential } from "./TurnCredential.ts";

/** Where a call stands. `joining`: answered, and the media path is being found, or found again. */
export type CallStage = "preparing" | "calling" | "ringing" | "incoming" | "joining" | "talking" | "ended";

/** What a call relays with, chosen when its peer connection is made. */
export interface Relay {
  readonly credential: TurnCredential | undefined;
  /** There was a credential, but it ran out. */
  readonly expired: boolean;
  /** Why there can be none, as a sentence, where that is known beforehand. */
  readonly why?: string | undefined;
  /** No candidate but relayed ones. */
  readonly only: boolean;
}

/** JsSIP's cause for a call it ends because ICE found or kept no path. */
const pathLost = "RTP Timeout";

/** How long a client that may only relay waits for its first relay candidate, in milliseconds. The browser itself gives up later. */
const relayPatience = 10_000;

/** RFC 7675 §5.1: consent to send lasts 30 s without an answer, in milliseconds. */
const mediaPatience = 30_000;

/**
 * One call with one peer, from the wish or the INVITE to its end. It fires `change` whenever a property has a new value and
 * `told` (a CustomEvent with a line of text) when something happened on the wire.
 */
export class Call extends EventTarget {
  readonly peer: string;
  /** The network vouches for the caller (P-Asserted-Identity, RFC 3325). */
  readonly asserted: boolean;
  readonly outgoing: boolean;
  stage: CallStage;
  /** Why it ended, as a sentence, and whether that is the expected way. */
  ending: { readonly sentence: string; readonly well: boolean } | undefined;
  muted = false;
  /** When media first flowed, in milliseconds since 1970. */
  talkingSince: number | undefined;
  /** How many candidates of each type this end found. */
  readonly gathered = new Map<string, number>();
  figures: Figures | undefined;
  /** Receive and send rates of the last minute, a pair for each second. */
  readonly history: (readonly [received: number, sent: number])[] = [];
  /** What the peer says. */
  remoteAudio: MediaStream | undefined;

  #session: RTCSession | undefined;
  #microphone: MediaStream | undefined;
  #relay: Relay | undefined;
  #errors: GatheringError[] = [];
  #reading: ReturnType<typeof setInterval> | undefined;
  #expecting: ReturnType<typeof setTimeout> | undefined;

  private constructor(peer: string, asserted: boolean, outgoing: boolean) {
    super();
    this.peer = peer;
    this.asserted = asserted;
    this.outgoing = outgoing;
    this.stage = outgoing ? "preparing" : "incoming";
  }

  static to(peer: string): Call {
    return new Call(peer, false, true);
  }

  static from(session: RTCSession, request: IncomingRequest): Call {
    const asserted = request.getHeader("P-Asserted-Identity")?.match(/sips?:([^@>;]+)@/i)?.[1];
    const call = new Call(asserted ?? request.from.uri.user ?? "unknown", asserted !== undefined, false);
    call.#follow(session);
    return call;
  }

  get over(): boolean {
    return this.stage === "ended";
  }

  /** Calls the peer: microphone first, then the relay, because the INVITE leaves only when candidates are gathered. */
  async place(ua: UA, target: string, relay: () => Promise<Relay>): Promise<void> {
    if (!await this.#prepare(relay)) return;
    try {
      const session = ua.call(target, this.#media());
      this.#follow(session);
      this.#watch(session);
      this.#enter("calling");
    } catch (error) {
      this.#end(`The call failed: ${(error as Error).message}.`, false);
    }
  }

  async answer(relay: () => Promise<Relay>): Promise<void> {
    if (this.stage !== "incoming") return;
    this.#enter("joining");
    if (!await this.#prepare(relay)) return;
    this.#session!.answer(this.#media());
    this.#watch(this.#session!);
  }

  /** Cancels, declines or hangs up, whichever the stage asks for. */
  hangUp(): void {
    if (this.over) return;
    const session = this.#session;
    if (!session) return this.#end("You ended the call.", true);
    if (session.isEnded()) return;
    // RFC 3261 §21.6.2: 603 says that the person, not this device alone, does not want the call.
    session.terminate(this.stage === "incoming" ? { status_code: 603 } : {});
    // RFC 3261 §9.1: a 2xx may cross our CANCEL, and is then owed an ACK and a BYE. JsSIP 3.13.8 sends them only if this mark
    // is set, and does not set it once the peer rings: the peer would wait 32 s for its ACK.
    if (this.outgoing) (session as unknown as { _is_canceled: boolean })._is_canceled = true;
  }

  /** @throws nothing: a call without a session has nothing to mute. */
  mute(muted: boolean): void {
    this.muted = muted;
    for (const track of this.#microphone?.getAudioTracks() ?? []) track.enabled = !muted;
    this.#changed();
  }

  /** Opens the microphone and fetches the relay; false if the call is over before it began. */
  async #prepare(relay: () => Promise<Relay>): Promise<boolean> {
    try {
      this.#microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (error) {
      this.#refuse(480, "No microphone", Reasons.microphone(error));
      return false;
    }
    this.#relay = await relay();
    if (this.over) this.#silence();
    return !this.over;
  }

  #media() {
    const { credential, only } = this.#relay!;
    return {
      mediaStream: this.#microphone!,
      mediaConstraints: { audio: true, video: false },
      pcConfig: {
        iceServers: credential?.iceServers() ?? [],
        iceTransportPolicy: only ? "relay" : "all",
        bundlePolicy: "max-bundle",
      } satisfies RTCConfiguration,
    };
  }

  #follow(session: RTCSession): void {
    this.#session = session;
    session.on("progress", (event: { originator: string }) => {
      if (isRemote(event.originator) && this.stage === "calling") this.#enter("ringing");
    });
    session.on("accepted", () => {
      // Media may flow before this is told.
      if (this.stage !== "talking") this.#enter("joining");
    });
    session.on("confirmed", () => {
      this.#told("The call is set up");
      if (this.stage !== "talking") this.#expectMedia();
    });
    session.on("sdp", event => {
      if (event.originator === "local") this.#checkRelay();
    });
    session.on("icecandidate", ({ candidate, ready }) => {
      const type = candidate.type ?? "unknown";
      this.gathered.set(type, (this.gathered.get(type) ?? 0) + 1);
      if (type === "relay") this.#told(`Relay candidate ${candidate.address}:${candidate.port}`);
      // One relay candidate is enough to call; a second address family gets a moment, a dead server does not hold up the call.
      setTimeout(ready, type === "relay" ? 250 : 4000);
      this.#changed();
    });
    session.on("failed", event => this.#failed(event));
    session.on("ended", event => this.#ended(event));
  }

  #watch(session: RTCSession): void {
    const connection = session.connection;
    connection.addEventListener("track", ({ track, streams }) => {
      this.remoteAudio = streams[0] ?? new MediaStream([track]);
      this.#changed();
    });
    connection.addEventListener("icecandidateerror", ({ errorCode, errorText, url }) => {
      this.#errors.push({ server: (url ?? "").replace(/\?.*/, ""), code: errorCode, text: errorText });
    });
    connection.addEventListener("connectionstatechange", () => {
      if (this.over) return;
      if (connection.connectionState === "connected") {
        clearTimeout(this.#expecting);
        this.talkingSince ??= Date.now();
        this.#told("Media flows");
        this.#enter("talking");
      } else if (connection.connectionState === "disconnected") {
        // Consent is not answered (RFC 7675): it may come back, or JsSIP ends the call when the browser gives up.
        this.#told("Media has stopped");
        this.#enter("joining");
        this.#expectMedia();
      }
    });
    const read = async () => {
      const report = await connection.getStats().catch(() => undefined);
      if (!report || this.over) return;
      this.figures = Figures.read(report as unknown as Map<string, Record<string, any>>, Date.now(), this.figures);
      this.history.push([this.figures.receiveRate, this.figures.sendRate]);
      if (this.history.length > 60) this.history.shift();
      this.#changed();
    };
    this.#reading = setInterval(read, 1000);
    setTimeout(() => this.#checkRelay(), relayPatience);
  }

  /** Ends the call if no media flows for as long as consent lasts: a browser may say `disconnected` for minutes. */
  #expectMedia(): void {
    clearTimeout(this.#expecting);
    this.#expecting = setTimeout(() => {
      if (!this.#session!.isEnded())
        this.#session!.terminate({ cause: pathLost, status_code: 408, reason_phrase: pathLost });
    }, mediaPatience);
  }

  /** Gathering is over: a client that may only relay and has no relay would only make the peer wait for nothing. */
  #checkRelay(): void {
    if (this.#relay?.only && !this.gathered.get("relay") && !this.over)
      this.#refuse(488, "No relay candidate", this.#relay.why
        ? `No relay candidate. ${this.#relay.why}`
        : Reasons.noRelay(this.#relay.credential, this.#relay.expired, this.#errors));
  }

  /** Ends the call for a reason of our own, which the peer learns as a status if it waits for our answer. */
  #refuse(status: number, phrase: string, sentence: string): void {
    const session = this.#session;
    this.#end(sentence, false);
    if (session && !session.isEnded())
      session.terminate(this.outgoing ? {} : { status_code: status, reason_phrase: phrase });
  }

  #failed({ originator, message, cause }: EndEvent): void {
    const response = isRemote(originator) ? message as IncomingResponse | null : null;
    const status = this.outgoing ? response?.status_code : undefined;
    const sentence = this.outgoing
      ? Reasons.outgoing(this.peer, cause, status, response?.reason_phrase)
      : Reasons.incoming(this.peer, cause);
    this.#end(sentence, cause === "Canceled" || cause === "Rejected" && !this.outgoing);
  }

  #ended({ originator, message, cause }: EndEvent): void {
    // JsSIP names its own reason for a BYE in a Reason header (RFC 3326).
    if (isRemote(originator) && message?.getHeader("Reason")?.includes(pathLost)) cause = pathLost;
    if (cause === pathLost) return this.#end(Reasons.path(this.talkingSince !== undefined), false);
    this.#end(Reasons.ended(this.peer, isRemote(originator), cause), cause === "Terminated");
  }

  #end(sentence: string, well: boolean): void {
    if (this.over) return;
    this.ending = { sentence, well };
    this.#silence();
    this.#told(sentence);
    this.#enter("ended");
  }

  #silence(): void {
    clearInterval(this.#reading);
    clearTimeout(this.#expecting);
    for (const track of this.#microphone?.getTracks() ?? []) track.stop();
    this.remoteAudio = undefined;
  }

  #enter(stage: CallStage): void {
    if (this.over) return;
    this.stage = stage;
    this.#changed();
  }

  #told(line: string): void {
    this.dispatchEvent(new CustomEvent("told", { detail: line }));
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
