import { perform } from '../../platform/acts/perform.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkVersion } from '../../platform/http/form-version.ts'
import { checkRequired, checkText, checkTimeZone, readName } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import { knownZone, usualZone } from '../../platform/time-zone.ts'
import { forgetCredentials } from '../../upstream/transport/credentials.ts'
import type { Forward } from '../../upstream/transport/forward.ts'
import type { UpstreamPool } from '../../upstream/transport/pool.ts'
import { checkAesKey, checkCallbackToken, randomText } from '../../upstream/transport/push/callback-keys.ts'
import type { WecomClient } from '../../upstream/wecom/client.ts'
import type { WecomMessenger } from '../../upstream/wecom/messages.ts'
import type { WecomWorkbench } from '../../upstream/wecom/workbench.ts'
import { type LimitSettings, readLimits } from './call-limits.ts'
import { type Clients, credentialOwner, newClients, type WecomOptions } from './clients/clients.ts'
import type { JsTickets } from './clients/js-tickets.ts'
import { examineAgain } from './doctor/again.ts'
import type { Quotas } from './quotas/quotas.ts'
import { purposes } from './sealed.ts'
import type { CorpSettings } from './settings.ts'
import * as store from './store.ts'
import { checkOpen } from './suspension/check-open.ts'
import { type Closure, closureOf, closuresOf } from './suspension/closure.ts'
import { isInstallationLocked } from './suspension/restored-store.ts'

type Needs = Core & { corps: Corps }

/** What wisp uses an agent for: reading names that the contact secret may not read, sign-in, and messages. */
export const agentUses = ['names', 'signin', 'messages'] as const
export type AgentUse = (typeof agentUses)[number]

export type Agent = {
  readonly agentId: number
  readonly name: string
  readonly uses: readonly string[]
  readonly client: WecomClient
  readonly messenger: WecomMessenger
  readonly jsTickets: JsTickets
  readonly workbench: WecomWorkbench
  /** Passes on calls as they come. */
  readonly forward: Forward
}

export type Corp = {
  readonly corpId: string
  readonly name: string
  readonly publicUrl: string
  readonly callback: { readonly token: string; readonly encodingAesKey: string }
  readonly regime: 'unknown' | 'full' | 'restricted'
  readonly hintTokenRequired: boolean
  readonly callbackVerifiedAt: Date | null
  /** For how many days calls are logged; 0: not at all. */
  readonly requestLogDays: number
  /** For how many days it is kept at least whose data developers got. */
  readonly dataReadDays: number
  /** In which times are written to its people; a name of the IANA database. */
  readonly timeZone: string
  /** The limits of its developers who have none of their own. */
  readonly callLimits: LimitSettings
  /** What the operator allows it. */
  readonly quotas: Quotas
  /** The optional features that it has on, by the names of their manifests. */
  readonly features: ReadonlySet<string>
  /** Set while it is suspended. */
  readonly closure: Closure | undefined
  readonly contact: WecomClient
  readonly agents: readonly Agent[]
}

/** Those that are being deleted are not among them any more. */
export type Corps = {
  /** Rereads one corp, or all of them. */
  reload(corpId?: string): Promise<void>
  all(): Corp[]
  find(corpId: string): Corp | undefined
  /** Throws 1000 for an unknown corp. */
  get(corpId: string): Corp
  /** Why the corp is not served; also of one that is being deleted. */
  closureOf(corpId: string): Closure | undefined
  /** Those that are not served. */
  closures(): ReadonlyMap<string, Closure>
  /** Whether the installation was restored from a backup that two of its three administrators have yet to confirm. */
  isLocked(): boolean
}

export function createCorps(
  ctx: Core & { queue: Pick<Queue, 'holdBack'>; wecomOptions: WecomOptions; upstreamPool: UpstreamPool },
): Corps {
  let corps = new Map<string, Corp>()
  let closures = new Map<string, Closure>()
  let isLocked = false
  /** By corp, so that neither a secret that was changed nor those of a corp that is gone stay in memory. */
  const clients = new Map<string, Map<string, Clients>>()

  function open(row: store.CorpRow, agents: store.AgentRow[]): Corp {
    const { corpId } = row
    const before = clients.get(corpId)
    const used = new Map<string, Clients>()
    clients.set(corpId, used)
    return openCorp(ctx, row, agents, (credential, sealed, purpose) => {
      const key = `${credential} ${sealed}`
      const own = before?.get(key) ?? newClients(ctx, corpId, credential, ctx.seal.open(sealed, purpose))
      used.set(key, own)
      return own
    })
  }

  return {
    async reload(corpId) {
      const [rows, agents, locked] = await Promise.all([
        store.allCorps(ctx.db, corpId),
        store.allAgents(ctx.db, corpId),
        isInstallationLocked(ctx.db),
      ])
      isLocked = locked
      const agentsOf = Map.groupBy(agents, agent => agent.corpId)
      const read = rows
        .filter(row => row.removingAt === null)
        .map(row => open(row, agentsOf.get(row.corpId) ?? []))
      closures = closuresOf(rows, corpId === undefined ? new Map() : closures, corpId)
      if (corpId === undefined) corps = new Map(read.map(corp => [corp.corpId, corp]))
      else if (read[0]) corps.set(corpId, read[0])
      else corps.delete(corpId)
      for (const id of corpId === undefined ? clients.keys() : [corpId])
        if (!corps.has(id)) clients.delete(id)
      const kinds = [...closures].map(
        ([id, { kind }]) => [id, kind === 'removing' ? kind : 'suspended'] as const,
      )
      ctx.queue.holdBack(new Map(kinds))
    },
    all: () => [...corps.values()],
    find: corpId => corps.get(corpId),
    get(corpId) {
      const corp = corps.get(corpId)
      if (!corp) throw unknownCorp(corpId)
      return corp
    },
    closureOf: corpId => closures.get(corpId),
    closures: () => closures,
    isLocked: () => isLocked,
  }
}

export function unknownCorp(corpId: string): ApiError {
  return new ApiError('badParameter', { zh: told`没有企业 ${corpId}`, en: told`there is no corp ${corpId}` })
}

export function unknownAgent(agentId: number): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有自建应用 ${agentId}，请在“企业与体检 → 自建应用”添加`,
    en: told`there is no WeCom app ${agentId}: add it in the console under Corps and check-up → Applications`,
  })
}

export function corpExists(corpId: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`企业 ${corpId} 已存在`,
    en: told`corp ${corpId} exists already`,
  })
}

type ClientsFor = (credential: string, sealed: string, purpose: string) => Clients

function openCorp(ctx: Core, row: store.CorpRow, agents: store.AgentRow[], clientsFor: ClientsFor): Corp {
  return {
    corpId: row.corpId,
    name: row.name,
    publicUrl: row.publicUrl,
    callback: {
      token: ctx.seal.open(row.callbackToken, purposes.callbackToken),
      encodingAesKey: ctx.seal.open(row.callbackAesKey, purposes.callbackAesKey),
    },
    regime: row.regime,
    hintTokenRequired: row.hintTokenRequired,
    callbackVerifiedAt: row.callbackVerifiedAt,
    requestLogDays: row.requestLogDays,
    dataReadDays: row.dataReadDays,
    timeZone: knownZone(row.timeZone),
    callLimits: row.callLimits,
    quotas: row.quotas,
    features: new Set(row.features),
    closure: closureOf(row),
    contact: clientsFor('contact', row.contactSecret, purposes.contactSecret).client,
    agents: agents.map(agent => ({
      agentId: agent.agentId,
      name: agent.name,
      uses: agent.uses,
      ...clientsFor(`agent:${agent.agentId}`, agent.secret, purposes.agentSecret),
    })),
  }
}

/** The address at which people and WeCom reach wisp for this corp. */
export function publicUrlOf(ctx: Core, corp: Pick<Corp, 'publicUrl'> | undefined): string {
  return corp?.publicUrl || ctx.publicUrl()
}

/** The zone in which times are written to people of the corp; the usual one for what belongs to no corp. */
export function zoneOf({ corps }: { corps: Pick<Corps, 'find'> }, corpId: string | null | undefined): string {
  return corps.find(corpId ?? '')?.timeZone ?? usualZone
}

/** The values to paste into WeCom at 管理工具 → 通讯录同步 → 设置接收事件服务器. */
export function callbackSettings(
  ctx: Core,
  corp: Corp,
): { url: string; token: string; encodingAesKey: string } {
  return { url: `${publicUrlOf(ctx, corp)}/admin/syncController/addressBookChange`, ...corp.callback }
}

/** The fields that are edited on one form, whose version tells whether the form is outdated. */
export function corpForm(row: Partial<store.CorpRow>): object {
  const { name, publicUrl, hintTokenRequired, callbackToken, callbackAesKey, contactSecret } = row
  const { requestLogDays, timeZone, dataReadDays, callLimits } = row
  return {
    name,
    publicUrl,
    hintTokenRequired,
    callbackToken,
    callbackAesKey,
    contactSecret,
    requestLogDays,
    dataReadDays,
    timeZone,
    callLimits,
  }
}

export type NewCorp = CorpSettings & { corpId: string; name: string; contactSecret: string }

/** What can be said about a corp without asking WeCom. Throws 1000 and 1001. */
export function checkNewCorp(ctx: Needs, settings: NewCorp): void {
  checkSettings(settings)
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(settings.corpId))
    throw new ApiError('badParameter', {
      zh: 'corpId 只能含字母、数字、_ 和 -',
      en: 'corpId may contain letters, digits, _ and - only',
    })
  if (ctx.corps.find(settings.corpId)) throw corpExists(settings.corpId)
  // Until its last row is gone; then it is connected like a new one.
  checkOpen(ctx, settings.corpId)
}

export async function addCorp(ctx: Needs, actor: string, settings: NewCorp): Promise<Corp> {
  checkNewCorp(ctx, settings)
  const { seal } = ctx
  const { corpId } = settings
  await perform(ctx, { act: 'corp.add', actor, corpId }, async tx => {
    const isNew = await store.insertCorp(
      tx,
      {
        corpId,
        name: readName(settings.name),
        publicUrl: settings.publicUrl ?? '',
        contactSecret: seal.seal(settings.contactSecret, purposes.contactSecret),
        callbackToken: seal.seal(settings.callbackToken ?? randomText(24), purposes.callbackToken),
        callbackAesKey: seal.seal(settings.encodingAesKey ?? randomText(43), purposes.callbackAesKey),
      },
      new Date(ctx.now()),
    )
    if (!isNew) throw corpExists(corpId)
    return { target: corpId, detail: { name: readName(settings.name) }, answer: undefined }
  })
  return ctx.corps.get(corpId)
}

/**
 * Changes a corp. `expected` is the version that the form was filled from (form-version.ts); if it is no longer
 * current, throws 1000.
 */
export async function setCorp(
  ctx: Needs,
  actor: string,
  corpId: string,
  settings: CorpSettings,
  expected?: string,
): Promise<Corp> {
  ctx.corps.get(corpId)
  checkSettings(settings)
  const { seal } = ctx
  const change: store.CorpChange = {}
  if (settings.name !== undefined) change.name = readName(settings.name)
  if (settings.publicUrl !== undefined) change.publicUrl = settings.publicUrl
  if (settings.hintTokenRequired !== undefined) change.hintTokenRequired = settings.hintTokenRequired
  if (settings.timeZone !== undefined) change.timeZone = settings.timeZone
  if (settings.requestLogDays !== undefined) change.requestLogDays = settings.requestLogDays
  if (settings.dataReadDays !== undefined) change.dataReadDays = settings.dataReadDays
  if (settings.callLimits !== undefined) change.callLimits = readLimits(settings.callLimits)
  if (settings.callbackToken !== undefined)
    change.callbackToken = seal.seal(settings.callbackToken, purposes.callbackToken)
  if (settings.encodingAesKey !== undefined)
    change.callbackAesKey = seal.seal(settings.encodingAesKey, purposes.callbackAesKey)
  if (settings.contactSecret !== undefined) {
    change.contactSecret = seal.seal(settings.contactSecret, purposes.contactSecret)
    change.contactSecretAt = new Date(ctx.now())
    change.regime = 'unknown'
  }
  await perform(ctx, { act: 'corp.set', actor, corpId }, async tx => {
    const before = (await store.lockCorp(tx, corpId)) ?? {}
    checkVersion(corpForm(before), expected)
    await store.updateCorp(tx, corpId, change)
    if (change.contactSecret) await forgetCredentials(tx, corpId, credentialOwner('contact'))
    const { regime: _regime, contactSecretAt: _at, ...told } = change
    await examineAgain(ctx, tx, corpId)
    const changes = changesOf(before, told, ['contactSecret', 'callbackToken', 'callbackAesKey'])
    return { target: corpId, detail: { changes }, answer: undefined }
  })
  return ctx.corps.get(corpId)
}

export type NewAgent = { agentId: number; name: string; secret: string; uses: readonly string[] }

/** Adds an agent, or replaces what is known of it. Throws 1000 and 1001. */
export async function putAgent(ctx: Needs, actor: string, corpId: string, agent: NewAgent): Promise<void> {
  ctx.corps.get(corpId)
  const { agentId } = agent
  const { name, uses } = checkAgent(agent)
  const secret = ctx.seal.seal(agent.secret, purposes.agentSecret)
  const secretAt = new Date(ctx.now())
  await perform(ctx, { act: 'agent.put', actor, corpId }, async tx => {
    await store.putAgent(tx, { corpId, agentId, name, uses, secret, secretAt })
    await forgetCredentials(tx, corpId, credentialOwner(`agent:${agentId}`))
    await examineAgain(ctx, tx, corpId)
    return { target: String(agentId), detail: { uses }, answer: undefined }
  })
}

/** The name and the uses as they are stored. Throws 1000 and 1001. */
export function checkAgent(agent: { name: string; secret?: string | undefined; uses: readonly string[] }): {
  name: string
  uses: string[]
} {
  const name = readName(agent.name)
  if (agent.secret !== undefined) checkRequired(agent.secret, 'secret', secretAtMost)
  const unknown = agent.uses.filter(use => !agentUses.includes(use as AgentUse))
  if (unknown.length > 0)
    throw new ApiError('badParameter', {
      zh: told`用途 ${unknown.join('、')} 不存在；可用: ${own(agentUses.join('、'))}`,
      en: told`uses does not take ${unknown.join(', ')}; it takes ${own(agentUses.join(', '))}`,
    })
  return { name, uses: [...new Set(agent.uses)] }
}

export async function removeAgent(ctx: Core, actor: string, corpId: string, agentId: number): Promise<void> {
  await perform(ctx, { act: 'agent.remove', actor, corpId }, async tx => {
    const agent = await store.lockAgent(tx, corpId, agentId)
    if (!agent) throw unknownAgent(agentId)
    await store.deleteAgent(tx, corpId, agentId)
    await forgetCredentials(tx, corpId, credentialOwner(`agent:${agentId}`))
    await examineAgain(ctx, tx, corpId)
    return { target: String(agentId), targetName: agent.name, detail: {}, answer: undefined }
  })
}

const secretAtMost = 256
const publicUrlAtMost = 256

/** What can be said about settings without asking WeCom. Throws 1000 and 1001. */
export function checkSettings(settings: CorpSettings): void {
  if (settings.name !== undefined) readName(settings.name)
  if (settings.contactSecret !== undefined)
    checkRequired(settings.contactSecret, 'contactSecret', secretAtMost)
  if (settings.callbackToken !== undefined) checkCallbackToken(settings.callbackToken, 'callbackToken')
  if (settings.encodingAesKey !== undefined) checkAesKey(settings.encodingAesKey)
  if (settings.publicUrl) checkPublicUrl(settings.publicUrl)
  if (settings.timeZone !== undefined) checkTimeZone(settings.timeZone, 'timeZone')
  if (settings.requestLogDays !== undefined) checkLogDays(settings.requestLogDays)
  if (settings.dataReadDays !== undefined) checkDataReadDays(settings.dataReadDays)
  if (settings.callLimits !== undefined) readLimits(settings.callLimits)
}

const logDaysAtMost = 7

function checkLogDays(days: number): void {
  if (Number.isInteger(days) && days >= 0 && days <= logDaysAtMost) return
  throw new ApiError('badParameter', {
    zh: `接口日志保留 0 到 ${logDaysAtMost} 天，0 为不记录`,
    en: `the request log is kept for 0 to ${logDaysAtMost} days; 0 logs nothing`,
  })
}

const dataReadDaysAtMost = 400

function checkDataReadDays(days: number): void {
  if (Number.isInteger(days) && days >= 0 && days <= dataReadDaysAtMost) return
  throw new ApiError('badParameter', {
    zh: `数据读取保留 0 到 ${dataReadDaysAtMost} 天，0 为与接口日志一样长`,
    en: `data reads are kept for 0 to ${dataReadDaysAtMost} days; 0 is as long as the request log`,
  })
}

/** Paths are put behind it, and people open it: nothing but an http(s) address will do. */
function checkPublicUrl(url: string): void {
  checkText(url, 'publicUrl', publicUrlAtMost)
  const parsed = URL.parse(url)
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.search || parsed.hash || parsed.username)
    throw new ApiError('badParameter', {
      zh: 'publicUrl 应为 http(s) 地址，不带参数',
      en: 'publicUrl should be an http(s) address without parameters',
    })
  if (url.endsWith('/'))
    throw new ApiError('badParameter', {
      zh: 'publicUrl 末尾不能有 /，请去掉',
      en: 'publicUrl must not end with /: remove it',
    })
}
