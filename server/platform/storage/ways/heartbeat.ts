import type pg from 'pg'
import { DatabaseAway } from '../availability.ts'
import { cut } from './clients.ts'
import type { ServerIdentity } from './server-identity.ts'
import type { DatabaseWay } from './way.ts'

const beatMs = 1000
export type Beat = {
  /** An error that it throws is as good as no answer. */
  onHeard(server: ServerIdentity): void
  /** No answer came in time, or it was not to be accepted; the connection has been given up. */
  onSilence(why: Error | undefined): void
}

/**
 * Asks every second who answers. The third turn without an answer ends the connection, which then emits `end`. Turns are
 * counted instead of reading the clock, so that a pause of this process is not mistaken for silence.
 */
export function keepAsking(client: pg.Client, way: DatabaseWay, { onHeard, onSilence }: Beat): void {
  let overdue = 0
  let isAnswered = true
  const giveUp = (why?: Error) => {
    clearInterval(asking)
    cut(client)
    onSilence(why)
  }
  const ask = () => {
    if (!isAnswered) {
      if (++overdue >= 2) giveUp()
      return
    }
    isAnswered = false
    overdue = 0
    way.check(client).then(
      server => {
        try {
          onHeard(server)
          isAnswered = true
        } catch (error) {
          giveUp(error as Error)
        }
      },
      // Either the connection has ended, or the error is treated like a missing answer.
      error => {
        if (error instanceof DatabaseAway) giveUp(error)
      },
    )
  }
  const asking = setInterval(ask, beatMs)
  client.once('end', () => clearInterval(asking))
}
