import { halfOf, nameIn, post, type Bearer, type Given } from "./Bearer.ts";
import type { Home } from "./Home.ts";

const path = "/wwsf/lease";

/** Scenario 3: an identity of the site's pool, lent for as long as it is used. The site knows its guest by a cookie. */
export class Lease implements Bearer {
  readonly name: string;
  value = "";
  renewAt = 0;
  readonly #home: Home;

  private constructor(home: Home, name: string, given: Given) {
    this.#home = home;
    this.name = name;
    this.#take(given);
  }

  /** @throws Error whose message is a sentence for the reader. */
  static async take(home: Home): Promise<Lease> {
    const [given, name] = await ask(home);
    return new Lease(home, name, given);
  }

  async renew(): Promise<void> {
    const [given, name] = await ask(this.#home);
    if (name !== this.name) throw new Error("The site has lent this identity to somebody else. Sign in again.");
    this.#take(given);
  }

  async end(): Promise<void> {
    await fetch(path, { method: "DELETE", headers: { Authorization: this.value } }).catch(() => undefined);
  }

  #take(given: Given): void {
    this.value = `Bearer ${given.access_token}`;
    this.renewAt = halfOf(given.expires_in);
  }
}

async function ask(home: Home): Promise<[Given, string]> {
  const [status, given, retryAfter] = await post(path);
  const name = status === 200 ? nameIn(given.impu, home.realm) : undefined;
  if (name) return [given, name];
  throw new Error(given.error === "pool_exhausted"
    ? `All identities of the pool are lent. Try again in ${retryAfter} s.`
    : `The site lends no identity just now (${given.error ?? status}).`);
}
