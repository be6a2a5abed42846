import pg from 'pg'
import { copyMark } from './copy.ts'

type CopyParts = Iterable<Buffer<ArrayBuffer>>

/** The parts of a query made by `copyRows`; undefined for any other query. */
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

/** Sends the rows right after the statement without waiting; PostgreSQL discards them if it refuses the statement. */
export class CopyIn extends pg.Query {
  readonly #statement: string
  readonly #parts: CopyParts
  /** Why the rows could not be written; PostgreSQL's own error then only says that the copy failed. */
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
      // Without this message PostgreSQL would wait for the rest for ever; with it, the statement fails.
      to.sendCopyFail(String(error))
    }
  }

  handleCopyInResponse(): void {
    // The rows have already been sent; pg's own query would reject this message.
  }
}
