import { UA, URI, WebSocketInterface } from "jssip";
import type { RTCSessionEvent } from "jssip/lib/UA";
import type { IncomingRequest, IncomingResponse } from "jssip/lib/SIPMessage";
import { Call, type Relay } from "./Call.ts";
import type { Home } from "./Home.ts";
import { isRemote } from "./Originator.ts";
import { Reasons } from "./Reasons.ts";
import { Renewal, type Carrier } from "./Renewal.ts";
import { TurnCredential, type CredentialOrigin } from "./TurnCredential.ts";
import type { TurnCredentialRequest } from "./TurnCredentialRequest.ts";

/** Where the registration stands. `lost`: the WebSocket is gone and being opened again. */
export type Registration = "connecting" | "registering" | "registered" | "lost" | "leaving" | "gone";

/** Who signs in. */
export interface Subscriber {
  readonly name: string;
  readonly password: string;
}

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
  /** The present call, or the last. */
  call: Call | undefined;

  readonly #ua: UA;
  readonly #request: string;
  readonly #renewal = new Renewal(() => this.#ask());
  #retry: ReturnType<typeof setTimeout> | undefined;

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

  /** The newest credential, possibly expired. */
  get credential(): TurnCredential | undefined {
    return this.#renewal.credential;
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
    if (!peer || peer === this.name) {
      this.notice = peer ? "That is your own name." : `“${typed.trim()}” is not a name in ${this.home.realm}.`;
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
      this.#renewal.forget();
      this.#told(this.#take(response, "200 to REGISTER"));
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
      const call = this.#adopt(Call.from(session, invite));
      this.notice = undefined;
      this.#told(`${call.peer} calls: ${this.#take(invite, "INVITE")}`);
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

  /** What a call made now relays with. */
  async #relay(only: boolean): Promise<Relay> {
    await this.#renewal.freshen();
    const { credential } = this;
    const expired = credential?.remaining(Date.now()) === 0;
    return { credential: expired ? undefined : credential, expired, only };
  }

  /** Asks for a credential by OPTIONS to the home domain: of the answers to its own REGISTER refreshes JsSIP shows none. */
  #ask(): Promise<void> {
    return new Promise(resolve => {
      const done = (line: string) => {
        this.#told(line);
        resolve();
      };
      // A URI without a user part: a plain text would be a user's name to JsSIP.
      this.#ua.sendOptions(new URI("sip", null as unknown as string, this.home.realm), null, {
        extraHeaders: [this.#request],
        eventHandlers: {
          succeeded: ({ response }) => done(this.#take(response, "200 to OPTIONS")),
          failed: ({ response, cause }) => done(`OPTIONS: ${response?.status_code ?? cause}`),
        },
      });
    });
  }

  /** Keeps the credential of a message, if it carries one; the answer is a line that says so. */
  #take(message: Carrier, origin: CredentialOrigin): string {
    const found = this.#renewal.take(message, origin);
    this.#changed();
    return `${origin} ${found ? "with" : "without"} ${TurnCredential.header}`;
  }

  #forget(): void {
    clearTimeout(this.#retry);
    this.#renewal.forget();
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
