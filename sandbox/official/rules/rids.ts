/** A failed call as openapi/rid/get tells it (docs/upstream/official-calls.md#diagnosis). */
export interface FailedCall {
  invoke_time: number
  cost_in_ms: number
  request_url: string
  request_body: string
  response_body: string
  client_ip: string
}

const kept = 1000

/** The latest failed calls by rid. They do not outlive the process. */
export class Rids {
  readonly #calls = new Map<string, FailedCall>()

  add(rid: string, call: FailedCall): void {
    this.#calls.set(rid, call)
    if (this.#calls.size > kept) this.#calls.delete(this.#calls.keys().next().value!)
  }

  get(rid: string): FailedCall | undefined {
    return this.#calls.get(rid)
  }
}
