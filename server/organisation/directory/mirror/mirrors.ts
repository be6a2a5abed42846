import { ApiError } from '../../../platform/http/errors.ts'
import type { NamedMembers } from '../../../platform/http/gate.ts'
import { describeError, type Log } from '../../../platform/operation/log.ts'
import { type Bus, persistently } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Homes } from '../../../platform/storage/nodes/homes.ts'
import { createSettler } from '../search/settle.ts'
import { type AvatarLinks, fragmentBytes } from './fragments.ts'
import { createGroupSetsOfCorps, type GroupSetsOfCorps } from './group-sets.ts'
import { createMeanwhile, type InterimMirrors } from './meanwhile.ts'
import {
  applyPatch,
  emptyMirror,
  followFeed,
  largeFrom,
  loadMirror,
  type Mirror,
  type Patch,
} from './mirror.ts'
import { createMirrorCache, type MirrorCache } from './mirror-cache.ts'
import type { Snapshots } from './snapshot/snapshots.ts'

/** The address books that this node has in memory: each from its first use until it is the least recently used of too many. */
export type Mirrors = {
  /** In memory already: behind `during` or `load`; with `about`, perhaps no more of it than that. Throws 1013 (503) otherwise. */
  of(corpId: string): Mirror
  /** Undefined when it is not in memory. */
  find(corpId: string): Mirror | undefined
  /** The corp's address book, read from the database at its first use. Uses that come together share one reading. */
  load(corpId: string): Promise<Mirror>
  /**
   * Runs `work` with the address book in memory, where it stays at least until `work` has ended. When it is there already
   * `work` runs at once, and what it answers is answered as it is. Work that is about no other members than those whom `about` names
   * does not wait for a large address book.
   */
  during<T>(corpId: string, work: () => T | Promise<T>, about?: NamedMembers): T | Promise<T>
  /**
   * To be awaited before a member is looked up whom `about` of the use could not name. Undefined when nobody needs to wait, which is
   * always so for a use that has the whole address book.
   */
  need(corpId: string, about: NamedMembers): Promise<void> | undefined
  loaded(): Mirror[]
  /** How many were read since the start, from a snapshot or the database. */
  reads(): number
  drop(corpId: string): void
  /** Brings a mirror in memory up to the database. */
  refresh(corpId: string): Promise<void>
  /** Applies a commit of this node: `from` is the change number that the writer saw, `to` the last one it wrote. */
  applied(corpId: string, patch: Patch, from: number, to: number): Promise<void>
  /** Reads again who is in the groups that visibility and data scopes name. */
  refreshGroups(corpId: string): Promise<void>
  /** Serialises writers per corp on this node, so that waiting ones hold no connection. */
  alone<T>(corpId: string, write: () => Promise<T>): Promise<T>
}

export type MirrorsOptions = {
  db: Db
  bus: Bus
  log: Log
  nodeId: string
  homes: Pick<Homes, 'isHere'>
  /** What all address books together may take. One that is in use stays, whatever it takes. */
  bytes: number
  links: AvatarLinks
  now(): number
  /** From how many members on nobody waits for an address book who needs only some of them. */
  membersAtLeast?: number
  snapshots: Pick<Snapshots, 'read'>
  stopping: AbortSignal
}

export async function createMirrors(options: MirrorsOptions): Promise<Mirrors> {
  const { db, bytes, stopping } = options
  const steps = createQueues()
  const writers = createQueues()
  const groupSets = createGroupSetsOfCorps(db)
  const readOne = readerOf(options, groupSets)
  let reads = 0
  const read = (corpId: string) => {
    reads++
    return readOne(corpId)
  }
  const settleLater = createSettler(
    corpId => cache.peek(corpId)?.search,
    corpId => cache.grown(corpId),
    stopping,
  )
  const meanwhile = createMeanwhile({ membersAtLeast: largeFrom, ...options, groupsOf: groupSets.of })
  const cache = createMirrorCache({
    bytes,
    isAtHome: options.homes.isHere,
    inTurn: steps.add,
    async read(corpId) {
      const mirror = await read(corpId).finally(() => meanwhile.forget(corpId))
      settleLater(corpId)
      return mirror
    },
  })

  async function follow(corpId: string) {
    const mirror = cache.peek(corpId)
    if (!mirror) return
    if (await followFeed(db, mirror)) settleLater(corpId)
    else cache.replace(await read(corpId))
    cache.grown(corpId)
  }

  const refresh = (corpId: string) => steps.add(corpId, () => follow(corpId))
  const refreshGroups = groupRefresher(cache, groupSets)
  await followSignals(options, cache, { refresh, refreshGroups })

  return {
    of(corpId) {
      const mirror = meanwhile.current(corpId) ?? cache.find(corpId)
      if (!mirror) throw notInMemory()
      return mirror
    },
    find: cache.find,
    load: cache.load,
    during(corpId, work, about) {
      if (!about || cache.peek(corpId)) return cache.during(corpId, () => meanwhile.whole(work))
      return duringReading(cache, meanwhile, corpId, work, about)
    },
    need: meanwhile.need,
    loaded: cache.all,
    reads: () => reads,
    drop: cache.drop,
    alone: writers.add,
    refresh,
    refreshGroups,
    applied: (corpId, patch, from, to) =>
      steps.add(corpId, async () => {
        const mirror = cache.peek(corpId)
        if (!mirror || mirror.seq >= to) return
        if (mirror.seq !== from) return follow(corpId)
        applyPatch(mirror, patch)
        mirror.seq = to
        settleLater(corpId)
        cache.grown(corpId)
      }),
  }
}

/** A corp that is not in memory costs nothing: its groups are read with its address book. */
function groupRefresher(cache: MirrorCache, sets: GroupSetsOfCorps) {
  return async (corpId: string) => {
    if (cache.peek(corpId) || cache.isLoading(corpId)) await sets.refresh(corpId)
    else sets.forget(corpId)
  }
}

async function duringReading<T>(
  cache: MirrorCache,
  meanwhile: InterimMirrors,
  corpId: string,
  work: () => T | Promise<T>,
  about: NamedMembers,
): Promise<T> {
  // Whoever needs the whole waits for it, and is told when it fails.
  cache.load(corpId).catch(() => undefined)
  const done = await meanwhile.run(corpId, about, work).finally(() => {
    // The reading may have ended while this began, or failed.
    if (!cache.isLoading(corpId)) meanwhile.forget(corpId)
  })
  return done ? done.result : cache.during(corpId, () => meanwhile.whole(work))
}

/** Reads an address book from this node's snapshot and the feed after it or, where that does not do, from the database. */
function readerOf(
  { db, bytes, links, snapshots }: MirrorsOptions,
  groupSets: GroupSetsOfCorps,
): (corpId: string) => Promise<Mirror> {
  // A single corp of a million members needs room for the members beside their ready answers.
  const fragmentsAtMost = Math.floor(bytes / 2 / fragmentBytes)
  return async corpId => {
    const groups = await groupSets.of(corpId)
    const mirror = emptyMirror(corpId, fragmentsAtMost, links)
    const isFresh = (await snapshots.read(mirror)) && (await followFeed(db, mirror))
    const whole = isFresh ? mirror : await loadMirror(db, corpId, fragmentsAtMost, links)
    whole.groups = groups
    return whole
  }
}

/** What other nodes write is read here when they tell of it; a corp that is not in memory costs nothing. */
async function followSignals(
  { bus, log, nodeId, stopping }: MirrorsOptions,
  cache: MirrorCache,
  { refresh, refreshGroups }: Record<'refresh' | 'refreshGroups', (corpId: string) => Promise<void>>,
): Promise<void> {
  const refreshers = new Map<string, () => Promise<void>>()

  function refreshSoon(corpId: string): Promise<void> {
    return refreshers.getOrInsertComputed(corpId, () =>
      persistently(() => refresh(corpId), {
        stopping,
        onFailure: error =>
          log.error({ corpId, ...describeError(error) }, 'address book in memory not refreshed'),
      }),
    )()
  }

  const groupRefreshers = new Map<string, () => Promise<void>>()
  const refreshGroupsSoon = (corpId: string) =>
    groupRefreshers.getOrInsertComputed(corpId, () =>
      persistently(() => refreshGroups(corpId), {
        stopping,
        onFailure: error => log.error({ corpId, ...describeError(error) }, 'groups in memory not refreshed'),
      }),
    )()
  await bus.listen(
    'wisp_group',
    corpId => void refreshGroupsSoon(corpId),
    () => Promise.all(cache.all().map(mirror => refreshGroupsSoon(mirror.corpId))),
  )
  await bus.listen(
    'wisp_directory',
    payload => {
      const [corpId = '', seq, writer] = payload.split(' ')
      const mirror = cache.peek(corpId)
      // What this node wrote it applies itself, without reading it back.
      const isBehind = mirror && writer !== nodeId && mirror.seq < Number(seq)
      if (isBehind || cache.isLoading(corpId)) void refreshSoon(corpId)
    },
    async () => {
      const corpIds = cache.all().map(mirror => mirror.corpId)
      await Promise.all([...corpIds, ...cache.loading()].map(refreshSoon))
    },
  )
}

function notInMemory(): ApiError {
  return new ApiError(
    'unavailable',
    {
      zh: '通讯录正在载入，请 2 秒后再试',
      en: 'the address book is being loaded: try again in 2 s',
    },
    { status: 503, retryAfterSeconds: 2 },
  )
}

/** One step at a time per corp; a step that failed does not hold up the next. */
function createQueues() {
  const last = new Map<string, Promise<unknown>>()
  return {
    add<T>(corpId: string, step: () => Promise<T>): Promise<T> {
      const turn = (last.get(corpId) ?? Promise.resolve()).then(step, step)
      last.set(corpId, turn)
      const end = () => {
        if (last.get(corpId) === turn) last.delete(corpId)
      }
      turn.then(end, end)
      return turn
    },
  }
}
