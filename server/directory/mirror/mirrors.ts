import { ApiError } from '../../http/errors.ts'
import { describeError, type Log } from '../../operation/log.ts'
import { type Bus, persistently } from '../../storage/bus.ts'
import type { Db } from '../../storage/db.ts'
import { createSettler } from '../write/settle.ts'
import type { AvatarLinks } from './fragments.ts'
import { applyPatch, followFeed, loadMirror, type Mirror, type Patch } from './mirror.ts'

/** The mirrors of all corps of this node. */
export type Mirrors = {
  /** Throws 9999 while the corp is being loaded. */
  of(corpId: string): Mirror
  loaded(): Mirror[]
  load(corpId: string): Promise<void>
  drop(corpId: string): void
  /** Brings a mirror up to the database. */
  refresh(corpId: string): Promise<void>
  /** After a commit here: `from` is the number that the writer saw, `to` the one it wrote last. */
  applied(corpId: string, patch: Patch, from: number, to: number): Promise<void>
  /** One writer of a corp at a time on this node; the others wait here and not with a connection in their hands. */
  alone<T>(corpId: string, write: () => Promise<T>): Promise<T>
}

export type MirrorsOptions = {
  db: Db
  bus: Bus
  log: Log
  nodeId: string
  capacity: number
  links: AvatarLinks
  stopping: AbortSignal
}

export async function createMirrors({
  db,
  bus,
  log,
  nodeId,
  capacity,
  links,
  stopping,
}: MirrorsOptions): Promise<Mirrors> {
  const mirrors = new Map<string, Mirror>()
  const queues = new Map<string, Promise<void>>()
  const writers = new Map<string, Promise<unknown>>()

  // One step at a time per corp; a step that failed does not hold up the next.
  function inTurn(corpId: string, step: () => Promise<void>): Promise<void> {
    const turn = (queues.get(corpId) ?? Promise.resolve()).then(step, step)
    queues.set(corpId, turn)
    return turn
  }

  async function follow(corpId: string) {
    const mirror = mirrors.get(corpId)
    if (!mirror) return
    if (await followFeed(db, mirror)) settleLater(corpId)
    else mirrors.set(corpId, await loadMirror(db, corpId, capacity, links))
  }

  const settleLater = createSettler(corpId => mirrors.get(corpId)?.search, stopping)
  const refreshers = new Map<string, () => Promise<void>>()

  function refreshSoon(corpId: string): Promise<void> {
    return refreshers.getOrInsertComputed(corpId, () =>
      persistently(() => inTurn(corpId, () => follow(corpId)), {
        stopping,
        onFailure: error =>
          log.error({ corpId, ...describeError(error) }, 'address book in memory not refreshed'),
      }),
    )()
  }

  await bus.listen(
    'wisp_directory',
    payload => {
      const [corpId = '', seq, writer] = payload.split(' ')
      const mirror = mirrors.get(corpId)
      // What this node wrote it applies itself, without reading it back.
      if (mirror && writer !== nodeId && mirror.seq < Number(seq)) void refreshSoon(corpId)
    },
    async () => {
      await Promise.all([...mirrors.keys()].map(refreshSoon))
    },
  )

  return {
    of(corpId) {
      const mirror = mirrors.get(corpId)
      if (!mirror)
        throw new ApiError(
          'internal',
          { zh: '通讯录正在载入', en: 'the address book is being loaded' },
          { status: 503, retryAfterSeconds: 2 },
        )
      return mirror
    },
    loaded: () => [...mirrors.values()],
    load: corpId =>
      inTurn(corpId, async () => {
        if (!mirrors.has(corpId)) mirrors.set(corpId, await loadMirror(db, corpId, capacity, links))
      }),
    drop(corpId) {
      mirrors.delete(corpId)
      refreshers.delete(corpId)
    },
    alone(corpId, write) {
      const turn = (writers.get(corpId) ?? Promise.resolve()).then(write, write)
      writers.set(corpId, turn)
      return turn
    },
    refresh: corpId => inTurn(corpId, () => follow(corpId)),
    applied: (corpId, patch, from, to) =>
      inTurn(corpId, async () => {
        const mirror = mirrors.get(corpId)
        if (!mirror || mirror.seq >= to) return
        if (mirror.seq !== from) return follow(corpId)
        applyPatch(mirror, patch)
        mirror.seq = to
        settleLater(corpId)
      }),
  }
}
