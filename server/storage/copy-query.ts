import type { PGlite, Transaction } from '@electric-sql/pglite'
import pg from 'pg'
import { copyMark } from './copy.ts'
import { scriptMark } from './migrate.ts'

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

/** The embedded database reads what is copied from a file of its own, which is handed over with the statement. */
export function withCopy(pglite: PGlite) {
  type Handle = Pick<PGlite, 'query' | 'exec'>
  const queryOf =
    (handle: Handle): Handle['query'] =>
    (query, params, options) => {
      if (query.startsWith(scriptMark)) return handle.exec(query).then(results => results.at(-1) as never)
      const copy = copyIn(query, params)
      if (!copy) return handle.query(query, params, options)
      const statement = copy.statement.replace('from stdin', "from '/dev/blob'")
      const parts = Array.from(copy.parts, part => new Uint8Array(part))
      return handle.query(statement, [], { ...options, blob: new Blob(parts) })
    }
  return {
    get closed() {
      return pglite.closed
    },
    get ready() {
      return pglite.ready
    },
    get waitReady() {
      return pglite.waitReady
    },
    close: () => pglite.close(),
    query: queryOf(pglite),
    transaction: <T>(work: (handle: Handle & Pick<Transaction, 'rollback'>) => Promise<T>) =>
      pglite.transaction(handle =>
        work({ query: queryOf(handle), exec: handle.exec, rollback: () => handle.rollback() }),
      ),
  }
}
