import { TurnCredential, type CredentialOrigin, type CredentialType } from "./TurnCredential.ts";

/** A SIP message, as far as a credential is looked for in it. */
export interface Carrier {
  getHeaders(name: string): string[];
}

/** How long the edge has for its answer before a call goes on without it, in milliseconds. */
const patience = 2000;

/** The least time between two questions, in seconds. */
const leastPause = 5;

/**
 * Holds the newest credential and has a new one asked for at half of its life; if that brought nothing, again after half of
 * what is left each time.
 */
export class Renewal {
  #credential: TurnCredential | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: Promise<void> | undefined;
  readonly #ask: () => Promise<void>;

  /** @param ask asks the edge and hands what comes back to `take`; never rejects */
  constructor(ask: () => Promise<void>) {
    this.#ask = ask;
  }

  /** The newest credential, possibly expired. */
  get credential(): TurnCredential | undefined {
    return this.#credential;
  }

  /** Keeps the credential of a message; false if it carries none. */
  take(message: Carrier, origin: CredentialOrigin, type: CredentialType = "password"): boolean {
    return this.keep(TurnCredential.read(message.getHeaders(TurnCredential.header), origin, Date.now(), type));
  }

  /** Keeps a credential, if there is one. */
  keep(found: TurnCredential | undefined): boolean {
    if (!found) return false;
    this.#credential = found;
    this.#schedule();
    return true;
  }

  /** Asks at once. */
  renew(): Promise<void> {
    return this.#renew();
  }

  /** Resolves when the credential is in the first half of its life or the edge had its chance to make it so. */
  async freshen(): Promise<void> {
    if (this.#credential && !this.#credential.isOld(Date.now())) return;
    await Promise.race([this.#renew(), new Promise(resolve => setTimeout(resolve, patience))]);
  }

  /** Lets go of the credential. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#credential = undefined;
  }

  /** One question at a time, whoever wants to know. */
  #renew(): Promise<void> {
    if (this.#asking) return this.#asking;
    const asking = this.#ask();
    this.#asking = asking;
    void asking.then(() => {
      this.#asking = undefined;
      this.#schedule();
    });
    return asking;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const now = Date.now();
    const left = this.#credential?.remaining(now) ?? 0;
    if (!this.#credential || left === 0) return;
    const seconds = this.#credential.isOld(now) ? left / 2 : left - this.#credential.ttl / 2;
    // A timer's delay is a signed 32-bit number of milliseconds.
    this.#timer = setTimeout(() => void this.#renew(), Math.min(Math.max(leastPause, seconds) * 1000, 0x7fffffff));
  }
}
