/** A call to wisp, as the application's own page displays it. */
export interface LoggedCall {
  n: number
  visit: string
  at: string
  method: 'GET' | 'POST'
  path: string
  query: string
  /** The bodies of request and answer as JSON, cut when they are long. */
  body: string
  answer: string
  retCode: string
  retMessage: string
  ms: number
}

const kept = 300
const bodyKept = 1500
const secrets = new Set(['devSecret', 'devToken', 'jessionId', 'ticket'])

/** The latest calls. Secrets are removed before a call is stored. */
export class CallLog {
  readonly #calls: LoggedCall[] = []
  #last = 0

  begin(call: { visit: string; path: string; query: string; body?: object | undefined }): {
    end(answer: { retCode: string; retMessage: string; body?: unknown }): void
  } {
    const startedAt = performance.now()
    const at = new Date().toISOString()
    const { visit, path, body } = call
    const query = call.query.replaceAll(/(jessionId)=[^&]+/g, '$1=…')
    return {
      end: ({ retCode, retMessage, body: answer }) => {
        this.#calls.push({
          n: ++this.#last,
          visit,
          at,
          method: body === undefined ? 'GET' : 'POST',
          path,
          query,
          body: shown(body),
          answer: shown(answer),
          retCode,
          retMessage,
          ms: Math.round(performance.now() - startedAt),
        })
        if (this.#calls.length > kept) this.#calls.shift()
      },
    }
  }

  /** The calls of one visit, the latest first. */
  of(visit: string): LoggedCall[] {
    return this.#calls.filter(call => call.visit === visit).reverse()
  }
}

function shown(value: unknown): string {
  if (value === undefined) return ''
  const text = JSON.stringify(value, (key, item) => (secrets.has(key) ? '…' : item), 2)
  return text.length > bodyKept ? `${text.slice(0, bodyKept)}\n…` : text
}
