import { halfOf, nameIn, post, type Bearer, type Given } from "./Bearer.ts";
import type { Home } from "./Home.ts";
import type { Memory } from "./Memory.ts";

/** What is asked for: to register, to relay, and to go on without typing the password again. */
const scope = "ims.register turn offline_access";

/**
 * Scenario 2: sign-in at the WAF by the code flow with PKCE (RFC 7636), in the page itself: no secret of a client is needed, and
 * the password is typed into the WAF's page and not into this one.
 */
export class WebLogin implements Bearer {
  readonly name: string;
  value = "";
  renewAt = 0;
  #refresh = "";
  readonly #client: string;

  private constructor(client: string, name: string, given: Given) {
    this.#client = client;
    this.name = name;
    this.#take(given);
  }

  /** Leaves for the WAF. @param memory keeps state and verifier until the WAF sends the browser back */
  static async leave(home: Home, memory: Memory): Promise<void> {
    const [state, verifier] = [random(), random()];
    memory.value = `${state} ${verifier}`;
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
    location.assign("/oauth/authorize?" + new URLSearchParams({
      response_type: "code", client_id: home.client!, redirect_uri: back(), scope, state,
      code_challenge: base64url(new Uint8Array(digest)), code_challenge_method: "S256",
      // Two windows of one browser share the WAF's cookie; each has a person of its own.
      prompt: "login",
    }));
  }

  /** Whether this page was opened by the WAF's answer. */
  static isAnswer = (query: URLSearchParams): boolean => query.has("state") && (query.has("code") || query.has("error"));

  /**
   * Takes the code of the WAF's answer to the token endpoint.
   * @throws Error whose message is a sentence for the reader.
   */
  static async finish(home: Home, query: URLSearchParams, memory: Memory): Promise<WebLogin> {
    const [state, verifier] = (memory.value ?? "").split(" ");
    memory.value = "";
    if (!verifier || query.get("state") !== state)
      throw new Error("This answer of the WAF belongs to no sign-in of this window. Sign in again.");
    if (query.has("error"))
      throw new Error(`The WAF did not sign you in: ${query.get("error_description") ?? query.get("error")}`);
    const [status, given] = await post("/oauth/token", {
      grant_type: "authorization_code", client_id: home.client!, redirect_uri: back(),
      code: query.get("code")!, code_verifier: verifier,
    });
    const name = status === 200 ? nameIn(impuOf(given.access_token), home.realm) : undefined;
    if (!name)
      throw new Error(`The WAF gave no token for an identity of ${home.realm} (${given.error ?? status}). Sign in again.`);
    return new WebLogin(home.client!, name, given);
  }

  async renew(): Promise<void> {
    const [status, given] = await post("/oauth/token", {
      grant_type: "refresh_token", client_id: this.#client, refresh_token: this.#refresh,
    });
    if (status !== 200) throw new Error("The WAF does not renew the sign-in. Sign in again.");
    this.#take(given);
  }

  async end(): Promise<void> {
    await post("/oauth/revoke", { client_id: this.#client, token: this.#refresh });
  }

  #take(given: Given): void {
    this.value = `Bearer ${given.access_token}`;
    // RFC 6749 §6: a new refresh token takes the place of the old one.
    if (typeof given.refresh_token === "string") this.#refresh = given.refresh_token;
    this.renewAt = halfOf(given.expires_in);
  }
}

/** The page without what was asked of it: the redirect URI that the WAF knows, byte for byte. */
const back = (): string => `${location.origin}/`;

/** 256 bits (RFC 7636 §4.1). */
const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** The first public identity of an access token. There is no id_token: this WAF's tokens say who is registered by them. */
export function impuOf(token: unknown): unknown {
  try {
    const payload = String(token).split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(payload)).ims_impu?.[0];
  } catch {
    return undefined;
  }
}
