import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { OfficialOptions } from './features/official/accounts/accounts.ts'
import type { PayOptions } from './features/payments/merchants/merchants.ts'
import { allFeatures, features } from './features.ts'
import type { WecomOptions } from './organisation/corps/clients/clients.ts'
import type { Config } from './platform/config.ts'
import type { Core } from './platform/core.ts'
import { type BodiesInProgress, createBodiesInProgress } from './platform/http/bodies/in-progress.ts'
import { createInbox, type Inbox } from './platform/inbox/inbox.ts'
import { createMissed, type MissedPushes } from './platform/inbox/missed.ts'
import type { InOrder, Reader, ServicesOfAll } from './platform/manifest/feature.ts'
import { type FeatureOffers, offeredBy } from './platform/manifest/offered.ts'
import { createAnswering } from './platform/operation/answering.ts'
import { createDraining } from './platform/operation/draining.ts'
import { createLog, describeError } from './platform/operation/log.ts'
import { createMetrics } from './platform/operation/metrics.ts'
import { createOutages } from './platform/operation/outages.ts'
import { createJobs, type Jobs } from './platform/queue/jobs.ts'
import { createQueue, type Queue } from './platform/queue/queue.ts'
import { createOutbound, type Outbound, type OutboundOptions } from './platform/security/outbound.ts'
import { createSeal } from './platform/security/seal.ts'
import { checkSecretKey } from './platform/security/secret-key.ts'
import { createAvailability } from './platform/storage/availability.ts'
import { persistently } from './platform/storage/bus.ts'
import { type Database, type DatabaseUse, openDatabase } from './platform/storage/database.ts'
import { readKey } from './platform/storage/embedded/key-file.ts'
import { createHomes } from './platform/storage/nodes/homes.ts'
import { takeSilentNodes } from './platform/storage/nodes/node-store.ts'
import { type Allowance, createAllowance } from './upstream/transport/pace/allowance.ts'
import { createUpstreamPool, type UpstreamPool } from './upstream/transport/pool.ts'

const lastCallsMs = 3000

/** What the first feature already finds. */
type Base = Core & {
  database: Database
  jobs: Jobs
  upstreamPool: UpstreamPool
  wecomOptions: WecomOptions
  officialOptions: OfficialOptions
  payOptions: PayOptions
  outbound: Outbound
  bodies: BodiesInProgress
  inbox: Inbox
  missed: MissedPushes
  queue: Queue
  offered: FeatureOffers
}

/** All features together, as the server and the command line pass them to calls. */
export type Context = ServicesOfAll<Base, typeof features> & { close(): Promise<void> }

export type Overrides = Partial<
  Pick<Base, 'log' | 'now' | 'wecomOptions' | 'officialOptions' | 'payOptions' | 'nodeId'> & {
    /** Of the outgoing calls to addresses that people entered. */
    outboundOptions: OutboundOptions
    /** The machine's clock; `now` is the database's unless it is given. */
    wall: () => number
  }
>

/** Opens the database and builds all features on it. The caller must close the context. */
export async function createContext(
  config: Config,
  overrides: Overrides = {},
  use: DatabaseUse = 'node',
): Promise<Context> {
  const log = overrides.log ?? createLog(config.logLevel)
  const nodeId = overrides.nodeId ?? randomBytes(6).toString('hex')
  const database = await openDatabase(config, log, use, nodeId, overrides.wall)
  try {
    // The embedded database's key is in a file beside it.
    const seal = createSeal(config.secretKey || readKey(config.dataDir), config.secretKeyOld)
    return await build({ config, log, seal, database, nodeId }, overrides)
  } catch (error) {
    await database.close()
    throw error
  }
}

type Foundation = Pick<Base, 'config' | 'log' | 'seal' | 'database' | 'nodeId'>

/** Does not compile when a feature of the list needs what none before it makes. */
const inOrder: InOrder<Base, typeof features> = features

async function build(opened: Foundation, overrides: Overrides): Promise<Context> {
  const { config, log, database } = opened
  const stop = new AbortController()
  const configuration = createConfiguration()
  const core = {
    ...coreOf(opened, overrides, stop.signal),
    reloadConfig: configuration.reload,
    reloadSeldom: configuration.reloadSeldom,
  }
  const offered = offeredBy(allFeatures, () => context)
  await checkSecretKey(core, offered.sealed)
  const queue = await createQueue(core)
  const missed = createMissed(core, { takeSilent: takeSilentNodes, ask: offered.missed })
  // A command neither takes pushes nor waits for a database that is away.
  if (database.presence) core.availability.onBack(missed.away)
  const base: Base = {
    ...core,
    database,
    jobs: createJobs({ ...core, queue }),
    upstreamPool: createUpstreamPool({
      ...(config.outboundProxy && { proxyUrl: config.outboundProxy }),
      allowance: allowanceOf(core, database),
    }),
    wecomOptions: overrides.wecomOptions ?? {},
    officialOptions: overrides.officialOptions ?? {},
    payOptions: overrides.payOptions ?? {},
    outbound: createOutbound(config, { log, now: core.now, ...overrides.outboundOptions }),
    bodies: createBodiesInProgress(),
    inbox: createInbox(core),
    missed,
    queue,
    offered,
  }
  let made: object = base
  for (const { create } of inOrder as typeof allFeatures)
    if (create) made = { ...made, ...((await create(made as never)) as object) }
  const context = { ...made, close: () => close(context, stop) } as Context
  for (const { work } of allFeatures) work?.(context as never)
  configuration.follows(
    allFeatures.flatMap(one => one.readers?.(context as never) ?? []),
    () => {
      for (const { reloaded } of allFeatures) reloaded?.(context as never)
    },
  )
  await followConfig(core)
  return context
}

/** Of the address by which upstreams see this node, shared with the nodes beside it. */
function allowanceOf({ metrics }: Pick<Core, 'metrics'>, { presence }: Database): Allowance {
  const alone = { others: 0, calling: 0 }
  const allowance = createAllowance({ neighbours: () => presence?.neighbours() ?? alone, metrics })
  presence?.reports(allowance.takeIsCalling)
  return allowance
}

/** Ends what runs: what is due, then the features from the last to the first; the database goes last. */
async function close(ctx: Context, stop: AbortController): Promise<void> {
  const { queue, jobs, upstreamPool, outbound, database } = ctx
  stop.abort()
  await queue.stop()
  await jobs.stop()
  for (const one of allFeatures.toReversed()) await one.close?.(ctx as never)
  // An upstream may keep a call open for longer than anybody is willing to wait for the stop.
  await Promise.race([Promise.all([upstreamPool.close(), outbound.close()]), delay(lastCallsMs)])
  await database.close()
}

function coreOf(
  { config, log, seal, database, nodeId }: Foundation,
  overrides: Overrides,
  stopping: AbortSignal,
): Omit<Core, 'reloadConfig' | 'reloadSeldom'> {
  const now = overrides.now ?? database.clock.now
  return {
    config,
    log,
    now,
    // A command takes what begins with a dash for an option.
    newId: () => randomBytes(24).toString('base64url').replace(/^-/, '_'),
    nodeId,
    homes: database.presence?.homes ?? createHomes(''),
    leavesDue: () => database.presence?.leavesDue() === true,
    stopping,
    seal,
    db: database.db,
    direct: database.direct,
    bus: database.bus,
    availability: createAvailability(database.bus, now),
    draining: createDraining(),
    metrics: createMetrics(),
    outages: createOutages(log, now),
    answering: createAnswering(now),
    publicUrl: () => config.publicUrl,
  }
}

const seldomMs = 1000

/** One reading after the other: an older one must not be the last to arrive. */
function createConfiguration() {
  let readers: readonly Reader[] = []
  let afterwards = () => {}
  let last: Promise<void> = Promise.resolve()
  /** Corps that change many times at this moment, and whether there is something to read. */
  const busy = new Map<string, { isDue: boolean }>()

  function readNow(corpId?: string): Promise<void> {
    const read = async () => {
      await Promise.all(readers.map(reader => reader.reload(corpId)))
      afterwards()
    }
    last = last.then(read, read)
    return last
  }

  return {
    reload(corpId?: string): Promise<void> {
      const held = corpId === undefined ? undefined : busy.get(corpId)
      if (!held) return readNow(corpId)
      held.isDue = true
      return Promise.resolve()
    },
    async reloadSeldom<T>(corpId: string, work: () => Promise<T>): Promise<T> {
      if (busy.has(corpId)) return work()
      const held = { isDue: false }
      busy.set(corpId, held)
      // What others change, such as a secret that they revoke, is known within a second as well.
      const reading = setInterval(() => {
        if (!held.isDue) return
        held.isDue = false
        readNow(corpId).catch(() => {
          held.isDue = true
        })
      }, seldomMs)
      try {
        return await work()
      } finally {
        clearInterval(reading)
        busy.delete(corpId)
        await readNow(corpId)
      }
    },
    follows(given: readonly Reader[], then: () => void) {
      readers = given
      afterwards = then
    },
  }
}

const manyCorps = 20

/** Signals carry the corp; what may have been missed, and a signal without one, is everything. */
async function followConfig({ bus, log, reloadConfig, stopping }: Core): Promise<void> {
  let changed = new Set<string>()
  let isAllChanged = false
  async function reload() {
    const corpIds = changed
    const isAll = isAllChanged || corpIds.size > manyCorps
    changed = new Set()
    isAllChanged = false
    try {
      if (isAll) await reloadConfig()
      else for (const corpId of corpIds) await reloadConfig(corpId)
    } catch (error) {
      isAllChanged ||= isAll
      for (const corpId of corpIds) changed.add(corpId)
      throw error
    }
  }
  const reloadSoon = persistently(reload, {
    stopping,
    onFailure: error => log.error(describeError(error), 'configuration not reloaded'),
  })
  const note = (corpId: string) => {
    if (corpId) changed.add(corpId)
    else isAllChanged = true
    return reloadSoon()
  }
  await bus.listen('wisp_config', note, () => note(''))
  await reloadConfig()
}
