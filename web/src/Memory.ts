/** One text that outlives the page, or at least lasts as long as it where the browser forbids storage. */
export class Memory {
  readonly #storage: Storage | undefined;
  readonly #name: string;
  #value: string | undefined;

  constructor(storage: () => Storage, name: string) {
    this.#name = name;
    try {
      this.#storage = storage();
      this.#value = this.#storage.getItem(name) ?? undefined;
    } catch {
      // Storage is switched off for this page.
    }
  }

  get value(): string | undefined {
    return this.#value;
  }

  set value(text: string) {
    this.#value = text;
    try {
      this.#storage?.setItem(this.#name, text);
    } catch {
      // Full: the next page begins without it.
    }
  }
}
