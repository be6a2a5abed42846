import pg from 'pg'
import { copyMark } from './copy.ts'

type CopyParts = Iterable<Buffer<ArrayBuffer>>

/** What a query of `copyRows` copies; undefined: it is another one. */
export function copyIn(query: string, values: unknown): { statement: string; parts: CopyParts } | undefined {
  const end = query.indexOf(copyMark)
  if (end < 0) return undefined
  const [parts] = values as [CopyParts]
  return { statement: query.slice(0, end), parts }
}

type CopyConnection = {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(message: string): void
}

/** The rows follow the statement at once: PostgreSQL drops them if it refuses it. */
export class CopyIn extends pg.Query {
  readonly #statement: string
  readonly #parts: CopyParts
  /** Why the rows could not be written; what PostgreSQL then says of the statement is only that they were not. */
  failure: unknown

  constructor(statement: string, parts: CopyParts) {
    super(statement)
    this.#statement = statement
    this.#parts = parts
  }

  override submit = (connection: unknown) => {
    const to = connection as CopyConnection
    to.query(this.#statement)
    try {
      for (const part of this.#parts) to.sendCopyFromChunk(part)
      to.endCopyFrom()
    } catch (error) {
      this.failure = error
      // Without this PostgreSQL would wait for the rest for ever; with it the statement fails.
      to.sendCopyFail(String(error))
    }
  }

  handleCopyInResponse(): void {
    // They are on their way; pg's own query would refuse to send any.
  }
}
