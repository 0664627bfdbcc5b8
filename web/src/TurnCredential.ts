import { HeaderParameters } from "./HeaderParameters.ts";

/** The SIP message a credential came in. */
export type CredentialOrigin = "200 to REGISTER" | "200 to OPTIONS" | "INVITE";

/** What a `Turn-Credential: password` header says: where to relay, as whom, and for how long. */
export class TurnCredential {
  static readonly header = "Turn-Credential";

  /** TURN URIs (RFC 7065) in the edge's order. */
  readonly uris: readonly string[];
  readonly username: string;
  /** The TURN realm, if the header names it. */
  readonly realm: string | undefined;
  /** Seconds from arrival to expiry. */
  readonly ttl: number;
  readonly origin: CredentialOrigin;
  /** When it arrived, in milliseconds since 1970. */
  readonly since: number;
  readonly #password: string;

  private constructor(
    uris: readonly string[], username: string, password: string, realm: string | undefined, ttl: number,
    origin: CredentialOrigin, since: number,
  ) {
    this.uris = uris;
    this.username = username;
    this.realm = realm;
    this.ttl = ttl;
    this.origin = origin;
    this.since = since;
    this.#password = password;
  }

  /**
   * The first of the header's values that is a whole password credential; others (`oauth`, malformed) are passed over.
   * @param now milliseconds since 1970
   */
  static read(values: readonly string[], origin: CredentialOrigin, now: number): TurnCredential | undefined {
    for (const value of values) {
      const parameters = HeaderParameters.parse(value);
      if (parameters?.token !== "password") continue;

      const uris = (parameters.get("uris") ?? "").split(" ").filter(uri => turnUri.test(uri));
      const username = parameters.get("username");
      const password = parameters.get("credential");
      const ttl = parameters.get("ttl") ?? "";
      if (uris.length > 0 && username && password && /^[1-9][0-9]{0,8}$/.test(ttl))
        return new TurnCredential(uris, username, password, parameters.get("realm"), Number(ttl), origin, now);
    }
    return undefined;
  }

  /** Seconds of life left at `now`, never below zero. */
  remaining(now: number): number {
    return Math.max(0, this.ttl - (now - this.since) / 1000);
  }

  /** Past half of its life: time for a new one. */
  isOld(now: number): boolean {
    return this.remaining(now) <= this.ttl / 2;
  }

  /** The form RTCPeerConnection takes. */
  iceServers(): RTCIceServer[] {
    return [{ urls: [...this.uris], username: this.username, credential: this.#password }];
  }
}

/** RFC 7065 §3.1. The browser throws on any other text, so it must not get that far. */
const turnUri = /^turns?:(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:\?transport=(?:udp|tcp))?$/i;
