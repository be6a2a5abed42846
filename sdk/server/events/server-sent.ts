/** One event of a `text/event-stream`. */
export type ServerSentEvent = {
  /** Of the last event that had one. */
  id: string
  data: string
}

export type ServerSentOptions = {
  lastId: string
  /** Told of the id to go on from, also where it comes without an event. */
  onId(id: string): void
  /** Told how long to wait, in ms, before connecting again. */
  onRetry(ms: number): void
  /** Told of every arrival, comments included. */
  onBytes(): void
}

/** Reads events as the HTML standard says; what ends in the middle of an event is dropped. */
export async function* serverSent(
  stream: ReadableStream<Uint8Array>,
  { lastId, onId, onRetry, onBytes }: ServerSentOptions,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  let id = lastId
  let data: string[] = []
  for await (const line of linesOf(stream, onBytes)) {
    if (line === '') {
      onId(id)
      if (data.length > 0) yield { id, data: data.join('\n') }
      data = []
      continue
    }
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
    if (field === 'data') data.push(value ?? '')
    else if (field === 'id' && !value?.includes('\0')) id = value ?? ''
    else if (field === 'retry' && /^\d+$/.test(value ?? '')) onRetry(Number(value))
  }
}

/** Lines end with CR, LF or both, and an arrival may end between the two. */
async function* linesOf(
  stream: ReadableStream<Uint8Array>,
  onBytes: () => void,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  const reader = stream.getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      onBytes()
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop() ?? ''
      yield* lines
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}
