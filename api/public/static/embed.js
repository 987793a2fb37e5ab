/**
 * <tolk-article src="https://api.example.org/v1/nl/articles/nekpijn">What stands there until it has come.</tolk-article>
 *
 * Shows the article as it is now, withdrawn advice as withdrawn. Without scripts, or where Tolk does not answer, what
 * stands inside the element stays: a link to the article is the best that it can be.
 */
class TolkArticle extends HTMLElement {
  static observedAttributes = ["src"];

  connectedCallback() {
    this.#show();
  }

  attributeChangedCallback(name, before, now) {
    if (this.isConnected && before !== now) this.#show();
  }

  async #show() {
    const source = this.getAttribute("src");
    if (!source) return;
    try {
      const answer = await fetch(`${source.replace(/\/+$/, "")}/embed?part=fragment`, { credentials: "omit" });
      // 410 says that the advice is withdrawn, in words: that is what is to be read then.
      if (!answer.ok && answer.status !== 410) throw new Error(`HTTP ${answer.status}`);
      const html = await answer.text();
      if (source !== this.getAttribute("src")) return;
      const made = new DOMParser().parseFromString(html, "text/html");
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      root.replaceChildren(...made.body.children);
      this.toggleAttribute("withdrawn", answer.status === 410);
      this.dispatchEvent(new CustomEvent("tolk:shown", { bubbles: true, detail: { status: answer.status } }));
    } catch (error) {
      this.dispatchEvent(new CustomEvent("tolk:failed", { bubbles: true, detail: { reason: String(error) } }));
    }
  }
}

customElements.define("tolk-article", TolkArticle);
