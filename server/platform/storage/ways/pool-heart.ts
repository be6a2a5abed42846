import type { Log } from '../../operation/log.ts'
import { createLine } from './line.ts'
import { isSameCluster, isSameServer, type ServerIdentity } from './server-identity.ts'
import type { DatabaseWay } from './way.ts'

/**
 * The heartbeat of the pool's way, where that is not the one over which signals come: a pooler in between can be paused, restarted, or
 * lead to another server, and the listening connection notices nothing of it.
 */
export type PoolHeart = {
  start(): void
  /** What the other way leads to; undefined while it leads nowhere. */
  compare(other: ServerIdentity | undefined): void
  /** Nothing is heard, or the two ways lead to different servers. */
  isLost(): boolean
  close(): Promise<void>
}

type Options = {
  way: DatabaseWay
  log: Log
  onSilence(): void
  onDiffer(why: string | undefined): void
  onLost(silentMs: number, why: string | undefined): void
  onBack(): void
}

/** A server that was restarted is heard of by one way a beat before the other; a foreign one is none. */
const differentBeats = 3

const differ =
  'WISP_DATABASE_URL and WISP_DATABASE_DIRECT_URL lead to different servers or databases, so that nothing is written'

export function createPoolHeart(options: Options): PoolHeart {
  const { way, log, onSilence, onDiffer, onLost, onBack } = options
  let isStarted = false
  let isHeard = true
  let here: ServerIdentity | undefined
  let there: ServerIdentity | undefined
  let differing = 0
  const isLost = () => !isHeard || differing >= differentBeats

  /** Each beat of either way counts. */
  function judge() {
    if (!here || !there) return
    const wasDifferent = differing >= differentBeats
    if (isSameServer(here, there)) differing = 0
    else differing += isSameCluster(here, there) ? 1 : differentBeats
    const isDifferent = differing >= differentBeats
    if (isDifferent === wasDifferent) return
    if (isDifferent) log.error({ error: differ }, 'database lost')
    onDiffer(isDifferent ? differ : undefined)
    if (isDifferent) onLost(0, differ)
    else if (!isLost()) onBack()
  }

  const line = createLine({
    way,
    name: 'wisp heart',
    what: 'the way of the pool',
    log,
    onHeard(server) {
      here = server
      judge()
    },
    onRestored() {
      isHeard = true
      log.info('the way of the pool restored')
      if (!isLost()) onBack()
    },
    onSilence,
    onLost(silentMs, why) {
      isHeard = false
      here = undefined
      onLost(silentMs, why && `WISP_DATABASE_URL: ${why}`)
    },
  })

  return {
    start() {
      if (isStarted) return
      isStarted = true
      line.open().catch(line.persist)
    },
    compare(other) {
      there = other
      judge()
    },
    isLost,
    close: line.close,
  }
}
