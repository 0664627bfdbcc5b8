/**
 * The value of a SIP header of the form `token *(SEMI generic-param)` (RFC 3261 §25.1), read whole or not at all:
 * what does not match the grammar to its last character has no value.
 */
export class HeaderParameters {
  /** The token before the first semicolon, in lower case (tokens compare without case, RFC 3261 §7.3.1). */
  readonly token: string;
  readonly #values: ReadonlyMap<string, string>;

  private constructor(token: string, values: ReadonlyMap<string, string>) {
    this.token = token;
    this.#values = values;
  }

  /** The value of a parameter with its quotes and escapes undone; `""` if it has none, `undefined` if it is absent. */
  get(name: string): string | undefined {
    return this.#values.get(name.toLowerCase());
  }

  static parse(text: string): HeaderParameters | undefined {
    const rest = new Scanner(text);
    const token = rest.token();
    if (!token) return undefined;

    const values = new Map<string, string>();
    while (rest.separator(";")) {
      const name = rest.token()?.toLowerCase();
      // RFC 3261 §7.3.1: a parameter name must not appear more than once.
      if (!name || values.has(name)) return undefined;
      const value = rest.separator("=") ? rest.quotedString() ?? rest.tokenOrHost() : "";
      if (value === undefined) return undefined;
      values.set(name, value);
    }
    return rest.ended() ? new HeaderParameters(token.toLowerCase(), values) : undefined;
  }
}

/** A place in a header value that only moves forward. Every pattern is sticky: it matches here or not at all. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  token(): string | undefined {
    return this.#take(/[A-Za-z0-9.!%*_+`'~-]+/y);
  }

  /** gen-value without quotes: a token, or a host, which may be an IPv6 reference. */
  tokenOrHost(): string | undefined {
    return this.#take(/\[[0-9A-Fa-f:.]+\]/y) ?? this.token();
  }

  /** SEMI, EQUAL: the character with linear white space on either side. */
  separator(character: ";" | "="): boolean {
    return this.#take(character === ";" ? /[ \t\r\n]*;[ \t\r\n]*/y : /[ \t\r\n]*=[ \t\r\n]*/y) !== undefined;
  }

  /** The content of a quoted-string. A quoted-pair stands for its second character, which is never CR or LF. */
  quotedString(): string | undefined {
    return this.#take(/"(?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[\x00-\x09\x0b\x0c\x0e-\x7f])*"/y)
      ?.slice(1, -1)
      .replace(/\\(.)/gs, "$1");
  }

  ended(): boolean {
    this.#take(/[ \t\r\n]*/y);
    return this.#at === this.#text.length;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at = pattern.lastIndex;
    return found;
  }
}
