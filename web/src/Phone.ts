import { UA, URI, WebSocketInterface } from "jssip";
import type { RTCSessionEvent } from "jssip/lib/UA";
import type { IncomingRequest, IncomingResponse } from "jssip/lib/SIPMessage";
import { Call, type Relay } from "./Call.ts";
import type { Home } from "./Home.ts";
import { isRemote } from "./Originator.ts";
import { Reasons } from "./Reasons.ts";
import { TurnCredential, type CredentialOrigin } from "./TurnCredential.ts";
import type { TurnCredentialRequest } from "./TurnCredentialRequest.ts";

/** Where the registration stands. `lost`: the WebSocket is gone and being opened again. */
export type Registration = "connecting" | "registering" | "registered" | "lost" | "leaving" | "gone";

/** Who signs in. */
export interface Subscriber {
  readonly name: string;
  readonly password: string;
}

/** How long the edge has for its answer to OPTIONS before a call goes on without it, in milliseconds. */
const optionsPatience = 2000;

/** How long a sign-out waits for its 200, in milliseconds. */
const farewellPatience = 2000;

/**
 * One subscriber's telephone on W2: it registers, keeps a TURN credential fresh, and holds at most one call. It fires `change`
 * whenever a property has a new value and `told` (a CustomEvent with a line of text) when something happened on the wire.
 */
export class Phone extends EventTarget {
  readonly name: string;
  readonly home: Home;
  registration: Registration = "connecting";
  /** What the reader should know about the registration, as a sentence. */
  notice: string | undefined;
  /** The newest credential, possibly expired. */
  credential: TurnCredential | undefined;
  /** The present call, or the last. */
  call: Call | undefined;

  readonly #ua: UA;
  readonly #request: string;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #asking: Promise<void> | undefined;

  /** @param instance RFC 5626 §4.1: the same for every registration of this window, a UUID */
  constructor(home: Home, { name, password }: Subscriber, request: TurnCredentialRequest, instance: string) {
    super();
    this.home = home;
    this.name = name;
    this.#request = `${request}`;
    this.#ua = new UA({
      sockets: new WebSocketInterface(home.w2),
      uri: new URI("sip", name, home.realm).toString(),
      authorization_user: `${name}@${home.realm}`,
      password,
      instance_id: instance,
      connection_recovery_max_interval: 15,
      user_agent: "Portunus WIC (JsSIP)",
    });
    this.#ua.registrator().setExtraHeaders([this.#request]);
    this.#listen();
  }

  start(): void {
    this.#told(`Opening ${this.home.w2}`);
    this.#ua.start();
  }

  /** Ends the call and the registration; resolves when the 200 to the deregistration has come, or has not in two seconds. */
  async signOut(): Promise<void> {
    this.call?.hangUp();
    this.call = undefined;
    this.notice = undefined;
    this.#forget();
    if (this.#ua.isRegistered()) {
      this.#become("leaving");
      const answered = new Promise<void>(resolve => this.#ua.on("unregistered", () => resolve()));
      this.#ua.unregister();
      await Promise.race([answered, wait(farewellPatience)]);
    }
    this.#close();
  }

  /** Ends everything without waiting for an answer: the page is going away. */
  leave(): void {
    this.#forget();
    this.#ua.stop();
  }

  /** @param typed a name as somebody typed it */
  dial(typed: string, relayOnly: boolean): void {
    if (this.call && !this.call.over) return;
    const peer = this.home.subscriber(typed);
    if (!peer) {
      this.notice = `“${typed.trim()}” is not a name in ${this.home.realm}.`;
      return this.#changed();
    }
    this.notice = undefined;
    const call = this.#adopt(Call.to(peer));
    this.#told(`Calling ${peer}`);
    void call.place(this.#ua, new URI("sip", peer, this.home.realm).toString(), () => this.#relay(relayOnly));
  }

  answer(relayOnly: boolean): void {
    void this.call?.answer(() => this.#relay(relayOnly));
  }

  #listen(): void {
    const ua = this.#ua;
    ua.on("connecting", ({ attempts }) => {
      if (attempts > 0) this.#told(`Opening W2 again, attempt ${attempts}`);
    });
    ua.on("connected", () => {
      this.notice = undefined;
      this.#told("W2 is open, registering");
      this.#become("registering");
    });
    ua.on("disconnected", ({ error, code }) => {
      if (this.registration === "leaving" || this.registration === "gone") return;
      const never = this.registration === "connecting";
      this.notice = never
        ? "The edge cannot be reached. Trying again until it can."
        : "The connection to the edge was lost. Trying to get it back.";
      if (error || !never) this.#told(`W2 closed${code ? ` (${code})` : ""}`);
      this.#become(never ? "connecting" : "lost");
    });
    ua.on("registered", ({ response }) => {
      this.credential = undefined;
      this.#told(`200 to REGISTER ${this.#take(response, "200 to REGISTER")}`);
      this.notice = this.credential
        ? undefined
        : "Signed in, but the edge gave no TURN credential: a call that may only relay will fail.";
      this.#become("registered");
    });
    ua.on("registrationFailed", ({ response, cause }) => this.#registrationFailed(response, cause));
    ua.on("newRTCSession", ({ originator, session, request }: RTCSessionEvent) => {
      if (!isRemote(originator)) return;
      if (this.call && !this.call.over) return session.terminate({ status_code: 486 });
      const invite = request as IncomingRequest;
      const found = this.#take(invite, "INVITE");
      const call = this.#adopt(Call.from(session, invite));
      this.notice = undefined;
      this.#told(`INVITE from ${call.peer} ${found}`);
      this.#changed();
    });
  }

  #registrationFailed(response: IncomingResponse | null, cause: string | undefined): void {
    // The WebSocket went while a REGISTER was under way: `disconnected` says so, and JsSIP registers again after it.
    if (cause === "Connection Error" || this.registration === "leaving") return;
    const status = response?.status_code;
    this.notice = Reasons.registration(status, response?.reason_phrase);
    this.#told(`REGISTER: ${status ?? cause}`);
    if (status !== undefined && [401, 403, 404, 407].includes(status)) return this.#close();

    const seconds = Number.parseInt(response?.getHeader("Retry-After") ?? "", 10);
    this.#retry = setTimeout(() => this.#ua.register(), 1000 * Math.min(60, Math.max(2, seconds || 5)));
    this.#become("registering");
  }

  #adopt(call: Call): Call {
    this.call = call;
    call.addEventListener("change", () => this.#changed());
    call.addEventListener("told", event => this.#told((event as CustomEvent<string>).detail));
    return call;
  }

  /** What a call made now relays with; a credential past half of its life is renewed first. */
  async #relay(only: boolean): Promise<Relay> {
    if (!this.credential || this.credential.isOld(Date.now())) await Promise.race([this.#renew(), wait(optionsPatience)]);
    const expired = this.credential !== undefined && this.credential.remaining(Date.now()) === 0;
    return { credential: expired ? undefined : this.credential, expired, only };
  }

  /**
   * Asks for a new credential by OPTIONS to the home domain. JsSIP shows the 200 to the first REGISTER only, so what its
   * own refreshes bring cannot be read.
   */
  #renew(): Promise<void> {
    if (this.#asking) return this.#asking;
    const asking = new Promise<void>(resolve => {
      const done = (line: string) => {
        this.#told(line);
        this.#schedule();
        resolve();
      };
      // A URI without a user part: to JsSIP a plain text would be a user's name.
      this.#ua.sendOptions(new URI("sip", null as unknown as string, this.home.realm), null, {
        extraHeaders: [this.#request],
        eventHandlers: {
          succeeded: ({ response }) => done(`200 to OPTIONS ${this.#take(response, "200 to OPTIONS")}`),
          failed: ({ response, cause }) => done(`OPTIONS: ${response?.status_code ?? cause}`),
        },
      });
    });
    this.#asking = asking;
    void asking.then(() => this.#asking = undefined);
    return asking;
  }

  /** Keeps the credential of a message, if it carries one; the answer is the end of a line that says so. */
  #take(message: IncomingRequest | IncomingResponse, origin: CredentialOrigin): "with Turn-Credential" | "without Turn-Credential" {
    const found = TurnCredential.read(message.getHeaders(TurnCredential.header), origin, Date.now());
    if (!found) return "without Turn-Credential";
    this.credential = found;
    this.#schedule();
    this.#changed();
    return "with Turn-Credential";
  }

  /** Renews at half life, and if that brought nothing, after each further half of what is left, but not more often than every 5 s. */
  #schedule(): void {
    clearTimeout(this.#renewal);
    const { credential } = this;
    const now = Date.now();
    if (!credential || this.registration === "gone" || credential.remaining(now) === 0) return;
    const left = credential.remaining(now);
    const seconds = credential.isOld(now) ? left / 2 : left - credential.ttl / 2;
    // A timer's delay is a signed 32-bit number of milliseconds.
    this.#renewal = setTimeout(() => void this.#renew(), Math.min(Math.max(5, seconds) * 1000, 0x7fffffff));
  }

  #forget(): void {
    clearTimeout(this.#renewal);
    clearTimeout(this.#retry);
    this.credential = undefined;
  }

  #close(): void {
    this.#forget();
    this.#become("gone");
    this.#ua.stop();
  }

  #become(registration: Registration): void {
    this.registration = registration;
    this.#changed();
  }

  #told(line: string): void {
    this.dispatchEvent(new CustomEvent("told", { detail: line }));
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}

const wait = (milliseconds: number) => new Promise<void>(resolve => setTimeout(resolve, milliseconds));
