/** The document by its names: elements with an id, and places for text named by `data-text`, `data-figure` or `data-credential`. */
export class Page {
  static readonly none = "–";

  readonly #document: Document;
  readonly #places = new Map<string, HTMLElement[]>();

  constructor(document: Document) {
    this.#document = document;
    for (const kind of ["text", "figure", "credential"])
      for (const element of document.querySelectorAll<HTMLElement>(`[data-${kind}]`)) {
        const name = `${kind} ${element.dataset[kind]}`;
        this.#places.set(name, [...this.#places.get(name) ?? [], element]);
      }
  }

  element<T extends Element = HTMLElement>(id: string): T {
    return this.#document.getElementById(id) as unknown as T;
  }

  input(id: string): HTMLInputElement {
    return this.element<HTMLInputElement>(id);
  }

  /** @param value nothing known: a dash */
  write(kind: "text" | "figure" | "credential", name: string, value: string | undefined): void {
    for (const element of this.#places.get(`${kind} ${name}`)!) this.set(element, value ?? Page.none);
  }

  /** Writes only what differs: a screen reader announces a live region once, and a selection stays. */
  set(element: HTMLElement, text: string): void {
    if (element.textContent !== text) element.textContent = text;
  }

  hide(id: string, hidden: boolean): void {
    this.element(id).hidden = hidden;
  }

  set title(text: string) {
    if (this.#document.title !== text) this.#document.title = text;
  }
}
