import pg from 'pg'
import { asDatabaseAway, DatabaseAway } from '../availability.ts'
import { nameOf } from './kept-plans.ts'

/** The server became a standby. */
const readOnly = '25006'

/**
 * PostgreSQL says this of a commit that stopped to wait for its standbys: it is done here, and lost if another server takes over now. By
 * the function that says it, because its text is translated.
 */
const unreplicated = 'SyncRepWaitForLSN'

export type ClientListener = {
  /** Gets each error of a statement. */
  onError(error: unknown): void
  /** The server takes no writes any more. */
  onReadOnly(): void
  /** Whether its connection leads to PostgreSQL itself, so that statements can be kept in it. */
  keepsPlans: boolean
}

/** The driver's client with our errors. */
export function clientTelling({ onError, onReadOnly, keepsPlans }: ClientListener): typeof pg.Client {
  return class extends pg.Client {
    private unsure: string | undefined

    constructor(config?: string | pg.ClientConfig) {
      super(config)
      // A checked-out client has no error listener; without this one, a dropped connection would end the process. The next
      // statement on it fails with the error.
      this.on('error', () => undefined)
      this.on('notice', ({ routine, message }) => {
        if (routine === unreplicated) this.unsure = message ?? unreplicated
      })
    }

    override query = ((query: unknown, ...rest: unknown[]) => {
      const run = super.query.bind(this) as (...args: unknown[]) => unknown
      if (typeof query !== 'string' || rest.some(one => typeof one === 'function')) return run(query, ...rest)
      const name = keepsPlans ? nameOf(query) : undefined
      const asked = name === undefined ? [query, ...rest] : [{ name, text: query, values: rest[0] }]
      return (run(...asked) as Promise<unknown>).then(
        result => {
          this.refuseUnsure()
          return result
        },
        error => {
          this.unsure = undefined
          onError(error)
          if ((error as { code?: unknown }).code === readOnly) onReadOnly()
          throw asDatabaseAway(error)
        },
      )
    }) as pg.Client['query']

    /** Whoever was told that it is done would be told a lie if the server dies now. */
    private refuseUnsure(): void {
      const why = this.unsure
      this.unsure = undefined
      if (why !== undefined) throw new DatabaseAway(why)
    }
  }
}
