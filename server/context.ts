import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { createDevelopers, type Developers } from './callers/developers/developers.ts'
import { handleScopeDecisions } from './callers/developers/owners/tell-decisions.ts'
import { createLimits, type Limits } from './callers/limits/limits.ts'
import { createOutgoingClicks, type OutgoingClicks } from './callers/limits/outgoing-clicks.ts'
import { createPackets, type Packets } from './callers/packets/packets.ts'
import { createRequests, type Requests } from './callers/requests/requests.ts'
import { endSessionsOfMembers } from './callers/sessions/end-sessions.ts'
import { createLenders } from './callers/sessions/lenders.ts'
import { createSessions, type Sessions } from './callers/sessions/sessions.ts'
import { createTickets, endTicketsOfMembers } from './callers/tickets/tickets.ts'
import { handleAlertChecks } from './features/alerts/jobs.ts'
import { handleAlerts } from './features/alerts/tell.ts'
import { type Apps, createApps } from './features/apps/catalog.ts'
import { createWorkbench, type Workbench } from './features/apps/workbench/workbench.ts'
import { examineCertificate } from './features/certificates/corp-check.ts'
import { handleNumbering } from './features/events/number.ts'
import { createStreams, type Streams } from './features/events/stream/streams.ts'
import { createDispatcher, type Dispatcher } from './features/messages/deliver/dispatcher.ts'
import { createMessages, type Messages } from './features/messages/fate/status.ts'
import { createMessageSettings, type MessageSettingsOfCorps } from './features/messages/settings/settings.ts'
import { type Accounts, createAccounts, type OfficialOptions } from './features/official/accounts/accounts.ts'
import type { Answers } from './features/official/callback/answer.ts'
import { handleInbound } from './features/official/callback/process-inbound.ts'
import { effectsOf } from './features/official/effects.ts'
import { handlePulls } from './features/official/followers/pull/pull.ts'
import { endLinks } from './features/official/links/end-links.ts'
import { codeReceipt } from './features/official/links/take-codes.ts'
import { handleMasses } from './features/official/mass/submit.ts'
import { createAnswers } from './features/official/replies/answers.ts'
import { handleTimeOuts } from './features/official/replies/flows/time-outs.ts'
import { createReplies, type Replies } from './features/official/replies/replies.ts'
import { handleSends } from './features/official/sends/sends.ts'
import { createTalk, type Talk } from './features/official/talk/talk.ts'
import { handleBillNotices } from './features/payments/bills/notices.ts'
import { createMerchants, type Merchants, type PayOptions } from './features/payments/merchants/merchants.ts'
import { createShortcut, type Shortcut } from './features/payments/payer/pay-ticket.ts'
import { handlePayments } from './features/payments/work.ts'
import { handleWebhooks } from './features/webhooks/deliver.ts'
import { type Corps, createCorps, type WecomOptions } from './organisation/corps/corps.ts'
import { examineCallback, examinePublicUrl } from './organisation/corps/doctor/callback.ts'
import type { CorpCheck } from './organisation/corps/doctor/check.ts'
import { handleExaminations } from './organisation/corps/doctor/doctor.ts'
import { createMirrors, type Mirrors } from './organisation/directory/mirror/mirrors.ts'
import { avatarLinks } from './organisation/directory/read/avatars.ts'
import { createRoles, type KeptRoles } from './organisation/people/roles.ts'
import { createHints, type Hints } from './organisation/sync/events/hints.ts'
import { examineMirroring } from './organisation/sync/examine.ts'
import { handleNightly } from './organisation/sync/nightly.ts'
import { createSync, type Sync } from './organisation/sync/sync.ts'
import type { Config } from './platform/config.ts'
import type { Core } from './platform/core.ts'
import { type BodiesInProgress, createBodiesInProgress } from './platform/http/bodies/in-progress.ts'
import type { Tickets } from './platform/http/visitor.ts'
import { createInbox, type Inbox } from './platform/inbox/inbox.ts'
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
import { sealedColumns } from './registry/sealed.ts'
import { createUpstreamPool, type UpstreamPool } from './upstream/transport/pool.ts'

const lastCallsMs = 3000

/** What the doctor of a corp looks at, in this order. */
const corpChecks = [examinePublicUrl, examineCertificate, examineCallback, examineMirroring]

/** What ends for members who leave, in this order. */
const accessEnds = [endTicketsOfMembers, endSessionsOfMembers, endLinks]

/** All features together, as the server and the command line pass them to calls. */
export type Context = Core & {
  database: Database
  jobs: Jobs
  upstreamPool: UpstreamPool
  wecomOptions: WecomOptions
  officialOptions: OfficialOptions
  payOptions: PayOptions
  outbound: Outbound
  corps: Corps
  corpChecks: readonly CorpCheck[]
  roles: KeptRoles
  developers: Developers
  requests: Requests
  limits: Limits
  bodies: BodiesInProgress
  outgoingClicks: OutgoingClicks
  packets: Packets
  apps: Apps
  mirrors: Mirrors
  inbox: Inbox
  queue: Queue
  hints: Hints
  sync: Sync
  messageSettings: MessageSettingsOfCorps
  messages: Messages
  dispatcher: Dispatcher
  accounts: Accounts
  merchants: Merchants
  shortcut: Shortcut
  replies: Replies
  answers: Answers
  talk: Talk
  streams: Streams
  sessions: Sessions
  tickets: Tickets
  workbench: Workbench
  close(): Promise<void>
}

export type Overrides = Partial<
  Pick<Context, 'log' | 'now' | 'wecomOptions' | 'officialOptions' | 'payOptions' | 'nodeId'> & {
    /** Of the outgoing calls to addresses that people entered. */
    outboundOptions: OutboundOptions
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
  const database = await openDatabase(config, log, use, nodeId)
  try {
    // The embedded database's key is in a file beside it.
    const seal = createSeal(config.secretKey || readKey(config.dataDir), config.secretKeyOld)
    return await buildFeatures({ config, log, seal, database, nodeId }, overrides)
  } catch (error) {
    await database.close()
    throw error
  }
}

type Base = Pick<Context, 'config' | 'log' | 'seal' | 'database' | 'nodeId'>

/** Builds the features in this order; each gets only what comes before it. */
async function buildFeatures(base: Base, overrides: Overrides): Promise<Context> {
  const { config, log, database } = base
  const stop = new AbortController()
  const configuration = createConfiguration()
  const core = { ...coreOf(base, overrides, stop.signal), reloadConfig: configuration.reload }
  await checkSecretKey(core, sealedColumns)
  const upstreamPool = createUpstreamPool(config.outboundProxy ? { proxyUrl: config.outboundProxy } : {})
  const wecomOptions = overrides.wecomOptions ?? {}
  const officialOptions = overrides.officialOptions ?? {}
  const payOptions = overrides.payOptions ?? {}
  const outbound = createOutbound(config, { log, now: core.now, ...overrides.outboundOptions })
  const corps = createCorps({ ...core, upstreamPool, wecomOptions })
  const roles = createRoles(core)
  const callers = createCallers({ ...core, corps })
  const { developers } = callers
  const packets = createPackets(core)
  const apps = createApps({ ...core, corps })
  const links = avatarLinks({ ...core, corps })
  const mirrors = await createMirrors({ ...core, bytes: config.mirrorBytes, links })
  const inbox = createInbox(core)
  const queue = await createQueue(core)
  const jobs = createJobs({ ...core, queue })
  const hints = createHints(core)
  const sync = createSync({ ...core, accessEnds, corps, mirrors, inbox, queue })
  handleNightly({ ...core, corps, queue })
  handleExaminations({ ...core, corps, corpChecks, outbound, queue, wecomOptions })
  const messageSettings = createMessageSettings(core)
  const messages = createMessages(core)
  const accounts = createAccounts({ ...core, upstreamPool, officialOptions })
  const merchants = createMerchants({ ...core, upstreamPool, payOptions })
  const delivery = { corps, mirrors, messageSettings, developers, queue, outbound, accounts }
  const dispatcher = createDispatcher({ ...core, ...delivery })
  const sending = { corps, mirrors, messageSettings, messages, dispatcher, queue }
  handleAlerts({ ...core, ...sending })
  handleAlertChecks({ ...core, corps, accounts, merchants, messageSettings, outbound, queue })
  handleBillNotices({ ...core, ...sending })
  handleScopeDecisions({ ...core, ...sending, developers })
  handleNumbering({ ...core, queue })
  handleWebhooks({ ...core, developers, mirrors, outbound, queue })
  const replies = createReplies(core)
  const answers = createAnswers({ ...core, inbox, replies }, (account, push) =>
    codeReceipt(core, account, push),
  )
  handleOfficial({ ...core, accounts, developers, queue })
  handlePayments({ ...core, corps, merchants, queue })
  const talk = await createTalk(core)
  const streams = await createStreams({ ...core, developers, mirrors })
  const sessions = await createSessions({ ...core, corps, mirrors, roles })
  developers.askAboutLent(createLenders({ sessions }))
  const workbench = await createWorkbench({ ...core, apps, mirrors })
  const upstream = { database, jobs, upstreamPool, wecomOptions, officialOptions, payOptions, outbound }
  const address = { corps, corpChecks, roles, ...callers, packets, apps, mirrors, inbox, queue, hints, sync }
  const official = { accounts, replies, answers, talk, streams, merchants, shortcut: createShortcut(core) }
  const tickets = createTickets({ ...core, mirrors, roles })
  const rest = { messageSettings, messages, dispatcher, sessions, tickets, workbench }
  configuration.follows([corps, roles, developers, messageSettings, apps, accounts, merchants, replies], () =>
    dropMirrors(corps, mirrors),
  )
  const close = closing({ ...core, ...upstream, ...callers, queue, dispatcher }, stop)
  await followConfig(core)
  return { ...core, ...upstream, ...address, ...official, ...rest, close }
}

/** Who calls the API, what is kept of their calls, and how many there may be. */
function createCallers(
  ctx: Core & { corps: Corps },
): Pick<Context, 'developers' | 'requests' | 'limits' | 'bodies' | 'outgoingClicks'> {
  const developers = createDevelopers(ctx)
  return {
    developers,
    requests: createRequests({ ...ctx, developers }),
    limits: createLimits(ctx),
    bodies: createBodiesInProgress(),
    outgoingClicks: createOutgoingClicks(ctx),
  }
}

type Closed = Pick<
  Context,
  | 'log'
  | 'queue'
  | 'dispatcher'
  | 'jobs'
  | 'developers'
  | 'requests'
  | 'limits'
  | 'upstreamPool'
  | 'outbound'
  | 'database'
>

/** Ends what runs, in this order; the database goes last. */
function closing(ctx: Closed, stop: AbortController): () => Promise<void> {
  const { log, queue, dispatcher, jobs, developers, requests, limits, upstreamPool, outbound, database } = ctx
  return async () => {
    stop.abort()
    await queue.stop()
    await dispatcher.stop()
    await jobs.stop()
    // Usage is only statistics, so losing it must not prevent an orderly stop while the database is away.
    await developers.flush().catch(error => log.warn(describeError(error), 'usage not written'))
    await requests.flush().catch(error => log.warn(describeError(error), 'request log not written'))
    await limits.share().catch(error => log.warn(describeError(error), 'use of limits not written'))
    // An upstream may keep a call open for longer than anybody is willing to wait for the stop.
    await Promise.race([Promise.all([upstreamPool.close(), outbound.close()]), delay(lastCallsMs)])
    await database.close()
  }
}

function handleOfficial(ctx: Core & { accounts: Accounts; developers: Developers; queue: Queue }): void {
  handleInbound(ctx, effectsOf(ctx))
  handleSends(ctx)
  handleTimeOuts(ctx)
  handlePulls(ctx)
  handleMasses(ctx)
}

function coreOf(
  { config, log, seal, database, nodeId }: Base,
  overrides: Overrides,
  stopping: AbortSignal,
): Omit<Core, 'reloadConfig'> {
  const now = overrides.now ?? Date.now
  return {
    config,
    log,
    now,
    newId: () => randomBytes(24).toString('base64url'),
    nodeId,
    stopping,
    seal,
    db: database.db,
    bus: database.bus,
    availability: createAvailability(database.bus, now),
    draining: createDraining(),
    metrics: createMetrics(),
    outages: createOutages(log, now),
    publicUrl: () => config.publicUrl,
  }
}

/** Without a corp everything is read anew. */
type Reader = { reload(corpId?: string): Promise<void> }

/** One reading after the other: an older one must not be the last to arrive. */
function createConfiguration() {
  let readers: readonly Reader[] = []
  let afterwards = () => {}
  let last: Promise<void> = Promise.resolve()
  return {
    reload(corpId?: string) {
      const read = async () => {
        await Promise.all(readers.map(reader => reader.reload(corpId)))
        afterwards()
      }
      last = last.then(read, read)
      return last
    },
    follows(given: readonly Reader[], then: () => void) {
      readers = given
      afterwards = then
    },
  }
}

function dropMirrors(corps: Corps, mirrors: Mirrors): void {
  for (const { corpId } of mirrors.loaded()) if (!corps.find(corpId)) mirrors.drop(corpId)
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
