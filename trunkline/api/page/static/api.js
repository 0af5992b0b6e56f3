// Reads the API with the reader's own credential: an API key, or the cookie that the browser holds already.

import { base } from "./stacks.js";

const PATIENCE = 15_000; // milliseconds for an answer's start

/** An answer that is an error, or none at all (status 0). `request` names it in the service's log. */
export class Problem extends Error {
  constructor(status, title, detail, request = "") {
    super(detail ? `${title}: ${detail}` : title);
    Object.assign(this, { status, title, detail, request });
  }
}

/** The API as one reader sees it; `key` is "" for the cookie's. */
export class Api {
  constructor(key) {
    this.key = key;
  }

  /** Give the JSON of an answer, as it was `at` a moment where one is given. Raises Problem. */
  async json(path, at = "") {
    return (await this.#ask(at ? `${path}?at=${encodeURIComponent(at)}` : path)).json();
  }

  /** Give the JSON of an answer over all stacks, whichever is shown. Raises Problem. */
  async overAll(path) {
    return (await this.#ask(path, "")).json();
  }

  /** Give what is served and how old it is; an answer 503 says so too. */
  async ready() {
    const answer = await this.#send("/readyz");
    return answer.json();
  }

  /** Give every line of one version, in parts as they come: `take(lines)`. Gives the version. Raises Problem. */
  async lines(take, at = "") {
    const answer = await this.#ask(`/sip?format=ndjson${at ? `&at=${encodeURIComponent(at)}` : ""}`);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read().catch(unreachable);
      const texts = (rest + (value ?? "")).split("\n");
      rest = texts.pop();
      if (texts.length) take(texts.map((text) => JSON.parse(text)));
      if (done) return answer.headers.get("trunkline-version");
    }
  }

  async #ask(path, from = base) {
    const answer = await this.#send(path, from);
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({}));
    const request = answer.headers.get("x-request-id") ?? "";
    throw new Problem(answer.status, problem.title ?? `The answer was ${answer.status}`, detailOf(problem), request);
  }

  // A key goes alone: the cookie, which may be of another role, has no business in that request.
  #send(path, from = base) {
    const own = this.key ? { credentials: "omit", headers: { "X-API-Key": this.key } } : { credentials: "same-origin" };
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    return fetch(from + path, { ...own, redirect: "error", signal: stop.signal })
      .catch(unreachable)
      .finally(() => clearTimeout(timer));
  }
}

// What is wrong with each parameter says more than that something is.
const detailOf = ({ detail, errors }) => errors?.map((one) => `${one.parameter}: ${one.detail}`).join("; ") || (detail ?? "");

function unreachable() {
  throw new Problem(0, "The API cannot be reached", "it did not answer; it may be restarting, or the network is down");
}
