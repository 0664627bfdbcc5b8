import { HeaderParameters } from "./HeaderParameters.ts";

/** The message a credential came in. */
export type CredentialOrigin =
  "200 to REGISTER" | "200 to OPTIONS" | "INVITE" | "200 to POST /turn/credentials" | "200 to POST /turn/token";

/** A password, or a token of RFC 7635, which a browser can show but not use. */
export type CredentialType = "password" | "oauth";

/** What a credential says: where to relay, as whom, and for how long. */
export class TurnCredential {
  static readonly header = "Turn-Credential";

  readonly type: CredentialType;

  /** TURN URIs (RFC 7065) in the edge's order. */
  readonly uris: readonly string[];
  /** Of a token, the id of the key that it is sealed under: RFC 7635 §4.2 has it in USERNAME. */
  readonly username: string;
  /** The TURN realm, if it is named; of a token, the TURN server that it is for. */
  readonly realm: string | undefined;
  /** Seconds from arrival to expiry. */
  readonly ttl: number;
  readonly origin: CredentialOrigin;
  /** When it arrived, in milliseconds since 1970. */
  readonly since: number;
  readonly #password: string;

  private constructor(
    type: CredentialType, uris: readonly string[], username: string, password: string, realm: string | undefined, ttl: number,
    origin: CredentialOrigin, since: number,
  ) {
    this.type = type;
    this.uris = uris;
    this.username = username;
    this.realm = realm;
    this.ttl = ttl;
    this.origin = origin;
    this.since = since;
    this.#password = password;
  }

  /**
   * The first of the header's values that is a whole credential of the type; others are passed over.
   * @param now milliseconds since 1970
   */
  static read(
    values: readonly string[], origin: CredentialOrigin, now: number, type: CredentialType = "password",
  ): TurnCredential | undefined {
    for (const value of values) {
      const parameters = HeaderParameters.parse(value);
      if (parameters?.token !== type) continue;

      const [name, secret, place] = type === "password"
        ? ["username", "credential", "realm"] as const
        : ["kid", "access-token", "server-name"] as const;
      const uris = (parameters.get("uris") ?? "").split(" ");
      const ttl = parameters.get("ttl") ?? "";
      const found = /^[1-9][0-9]{0,8}$/.test(ttl) && TurnCredential.#of(
        type, uris, parameters.get(name), parameters.get(secret), parameters.get(place), Number(ttl), origin, now);
      if (found) return found;
    }
    return undefined;
  }

  /** The answer of POST /turn/credentials: one entry of an RTCPeerConnection's iceServers, and its life. */
  static ofServers(json: Record<string, any>, now: number): TurnCredential | undefined {
    const { urls, username, credential } = json["iceServers"]?.[0] ?? {};
    return Array.isArray(urls)
      ? TurnCredential.#of("password", urls, username, credential, undefined, json["ttl"], "200 to POST /turn/credentials", now)
      : undefined;
  }

  /** The answer of POST /turn/token (RFC 7635, appendix B). @param server that it is for */
  static ofToken(json: Record<string, any>, server: string, now: number): TurnCredential | undefined {
    const { kid, access_token: token, expires_in: ttl } = json;
    return TurnCredential.#of("oauth", [`turn:${server}`], kid, token, server, ttl, "200 to POST /turn/token", now);
  }

  static #of(
    type: CredentialType, uris: readonly unknown[], username: unknown, secret: unknown, realm: string | undefined, ttl: unknown,
    origin: CredentialOrigin, since: number,
  ): TurnCredential | undefined {
    const usable = uris.filter(uri => typeof uri === "string" && turnUri.test(uri)) as string[];
    return usable.length > 0 && typeof username === "string" && username && typeof secret === "string" && secret
        && Number.isSafeInteger(ttl) && (ttl as number) > 0
      ? new TurnCredential(type, usable, username, secret, realm, ttl as number, origin, since)
      : undefined;
  }

  /** What it is, in words. */
  get kind(): string {
    if (this.type === "oauth") return "token of RFC 7635";
    return /^\d{9,11}:/.test(this.username) ? "password, derived from a shared secret" : "password, made known to the TURN server";
  }

  /** Seconds of life left at `now`, never below zero. */
  remaining(now: number): number {
    return Math.max(0, this.ttl - (now - this.since) / 1000);
  }

  /** Past half of its life: time for a new one. */
  isOld(now: number): boolean {
    return this.remaining(now) <= this.ttl / 2;
  }

  /** The form RTCPeerConnection takes; it takes no token. */
  iceServers(): RTCIceServer[] {
    return this.type === "oauth" ? [] : [{ urls: [...this.uris], username: this.username, credential: this.#password }];
  }
}

/** RFC 7065 §3.1. The browser throws on any other text, so it must not get that far. */
const turnUri = /^turns?:(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:\?transport=(?:udp|tcp))?$/i;
