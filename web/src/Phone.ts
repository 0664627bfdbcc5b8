import { UA, URI } from "jssip";
import type { RTCSessionEvent } from "jssip/lib/UA";
import type { IncomingRequest, IncomingResponse } from "jssip/lib/SIPMessage";
import { post, type Bearer } from "./Bearer.ts";
import { Call, type Relay } from "./Call.ts";
import type { Home } from "./Home.ts";
import { isRemote } from "./Originator.ts";
import { Reasons } from "./Reasons.ts";
import { Renewal, type Carrier } from "./Renewal.ts";
import { TurnCredential, type CredentialOrigin } from "./TurnCredential.ts";
import { TurnCredentialRequest } from "./TurnCredentialRequest.ts";
import { W2Socket } from "./W2Socket.ts";
import type { Scenario, Way } from "./Way.ts";

/** Where the registration stands. `lost`: the WebSocket is gone and being opened again. */
export type Registration = "connecting" | "registering" | "registered" | "lost" | "leaving" | "gone";

/** Who signs in: by a password in SIP Digest, or by an access token in every request. */
export type Subscriber =
  | { readonly scenario: "S1"; readonly name: string; readonly password: string }
  | { readonly scenario: "S2" | "S3"; readonly name: string; readonly bearer: Bearer };

/** How long a sign-out waits for its 200, in milliseconds. */
const farewellPatience = 2000;

/** How long after a renewal of the access token that failed the next one is tried, in milliseconds. */
const renewalPause = 30_000;

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

  readonly scenario: Scenario;
  /** Why there is no credential, as a sentence, where somebody said so. */
  refusal: string | undefined;

  readonly #ua: UA;
  readonly #bearer: Bearer | undefined;
  readonly #turnRealm: string;
  readonly #renewal = new Renewal(() => this.#ask());
  #way: Way;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #keeping: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param turnRealm that credentials are asked for; empty for any
   * @param way by which they are asked for
   * @param instance RFC 5626 §4.1: the same for every registration of this window, a UUID
   */
  constructor(home: Home, who: Subscriber, turnRealm: string, way: Way, instance: string) {
    super();
    const { name } = who;
    this.home = home;
    this.name = name;
    this.scenario = who.scenario;
    this.#bearer = who.scenario === "S1" ? undefined : who.bearer;
    this.#turnRealm = turnRealm;
    this.#way = way;
    this.#ua = new UA({
      sockets: new W2Socket(home.w2),
      uri: new URI("sip", name, home.realm).toString(),
      authorization_user: `${name}@${home.realm}`,
      ...who.scenario === "S1" ? { password: who.password } : { authorization_jwt: who.bearer.value },
      instance_id: instance,
      connection_recovery_max_interval: 15,
      user_agent: "Portunus WIC (JsSIP)",
    });
    this.#ua.registrator().setExtraHeaders(this.#request());
    this.#listen();
  }

  /** By which the credential is asked for. */
  get way(): Way {
    return this.#way;
  }

  /** Asks for another credential by another way, and in each REGISTER from now on. */
  choose(way: Way): void {
    if (way === this.#way) return;
    this.#way = way;
    this.#told(`Solution: ${way.name}`);
    this.#ua.registrator().setExtraHeaders(this.#request());
    if (this.registration !== "registered") return this.#changed();
    this.#renewal.forget();
    this.#excuse(undefined);
    // The edge puts into an INVITE what the last REGISTER asked for. Afterwards: JsSIP shows no answer to a refresh.
    void this.#renewal.renew().then(() => way === this.#way && this.#ua.isRegistered() && this.#ua.register());
  }

  /** The newest credential, possibly expired. */
  get credential(): TurnCredential | undefined {
    return this.#renewal.credential;
  }

  start(): void {
    this.#told(`Opening ${this.home.w2}`);
    this.#ua.start();
    this.#keep();
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
    void this.#bearer?.end();
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
      this.#excuse(response);
      this.#become("registered");
      if (this.#way.carrier !== "header") void this.#renewal.renew();
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
    const isOfToken = this.scenario !== "S1" && (status === 401 || status === 403);
    this.notice = isOfToken
      ? Reasons.token(this.scenario, status, response?.reason_phrase)
      : Reasons.registration(status, response?.reason_phrase);
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
    const why = credential?.type === "oauth" ? this.#way.note : credential ? undefined : this.refusal;
    return { credential: expired ? undefined : credential, expired, only, why };
  }

  /** The lines by which SIP requests ask; none where the credential is asked for over HTTP. */
  #request(): string[] {
    const way = this.home.client ? this.#way : undefined;
    return this.#way.carrier === "header" ? [`${new TurnCredentialRequest(this.#turnRealm, way)}`] : [];
  }

  /** Asks for a credential by the way that was chosen. */
  async #ask(): Promise<void> {
    const way = this.#way;
    if (way.carrier === "header") return this.#askBySip();
    if (!this.#bearer) return this.#excuse(undefined);
    const path = way.carrier === "token" ? "/turn/token" : "/turn/credentials";
    const server = this.home.turnServer ?? "";
    const form = way.carrier === "token"
      ? { aud: server, grant_type: "implicit", token_type: "pop", alg: "HMAC-SHA-1" }
      : undefined;
    const [status, json] = await post(path, form, this.#bearer.value);
    // What was asked for before another way was chosen is not wanted any more.
    if (way !== this.#way || this.registration === "gone") return;
    const now = Date.now();
    const found = this.#renewal.keep(
      way.carrier === "token" ? TurnCredential.ofToken(json, server, now) : TurnCredential.ofServers(json, now));
    this.#told(`POST ${path}: ${status}${found ? "" : ` ${json.error ?? "without a credential"}`}`);
    this.#excuse(undefined);
  }

  /** Asks for a credential by OPTIONS to the home domain: of the answers to its own REGISTER refreshes JsSIP shows none. */
  #askBySip(): Promise<void> {
    const way = this.#way;
    return new Promise(resolve => {
      const done = (line: string) => {
        this.#told(line);
        resolve();
      };
      // A URI without a user part: a plain text would be a user's name to JsSIP.
      this.#ua.sendOptions(new URI("sip", null as unknown as string, this.home.realm), null, {
        extraHeaders: this.#request(),
        eventHandlers: {
          succeeded: ({ response }) => {
            if (way !== this.#way) return resolve();
            const line = this.#take(response, "200 to OPTIONS");
            this.#excuse(response);
            done(line);
          },
          failed: ({ response, cause }) => done(`OPTIONS: ${response?.status_code ?? cause}`),
        },
      });
    });
  }

  /** Keeps the credential of a message, if it carries one; the answer is a line that says so. */
  #take(message: Carrier, origin: CredentialOrigin): string {
    const found = this.#renewal.take(message, origin, this.#way.type);
    this.#changed();
    return `${origin} ${found ? "with" : "without"} ${TurnCredential.header}`;
  }

  /** Says why there is no credential, or nothing when there is one. */
  #excuse(response: IncomingResponse | undefined): void {
    const waits = this.#way.carrier !== "header" && this.#bearer && response;
    // RFC 3261 §20.43: 399 is for people.
    const warning = response?.getHeader("Warning")?.match(/^399 \S+ "(.*)"$/)?.[1];
    this.refusal = this.credential || waits ? undefined
      : this.#way.refusals[this.scenario] ?? (warning && `Refused: ${warning}.`);
    // A call that is under way says by itself what came of it.
    if (this.call && !this.call.over) return this.#changed();
    this.notice = this.credential || waits ? undefined
      : this.refusal ?? "Signed in, but the edge gave no TURN credential: a call that may only relay will fail.";
    this.#changed();
  }

  /** Has the access token renewed at half of its life, and registers with the new one. */
  #keep(): void {
    const bearer = this.#bearer;
    if (!bearer) return;
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(async () => {
      try {
        await bearer.renew();
      } catch (error) {
        this.notice = (error as Error).message;
        this.#told(this.notice);
        this.#keeping = setTimeout(() => this.#keep(), renewalPause);
        return;
      }
      if (this.registration === "gone") return;
      this.#told("The access token is renewed");
      this.#ua.set("authorization_jwt", bearer.value);
      if (this.#ua.isConnected()) this.#ua.register();
      this.#keep();
    }, Math.max(1000, bearer.renewAt - Date.now()));
  }

  #forget(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#keeping);
    this.#renewal.forget();
  }

  #close(): void {
    this.#forget();
    this.refusal = undefined;
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
