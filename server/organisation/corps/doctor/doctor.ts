import type { Core } from '../../../platform/core.ts'
import { formatDuration } from '../../../platform/format.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { readSetting } from '../../../platform/storage/settings.ts'
import { type Language, type Words, wordsIn } from '../../../platform/words.ts'
import { acceptSecret } from '../../../upstream/transport/credentials.ts'
import type { WecomClient } from '../../../upstream/wecom/client.ts'
import { withOldAddresses } from '../addresses/ties.ts'
import { credentialOwner, type WecomOptions } from '../clients/clients.ts'
import type { WecomRoom } from '../clients/wecom-room.ts'
import type { Corp, Corps } from '../corps.ts'
import { noteRegime } from '../noted.ts'
import { purposes } from '../sealed.ts'
import { allAgents, allCorps, diagnosisKey, nodeAddresses, readVerdicts, readVerdictsOf } from '../store.ts'
import { type Greeting, greet, noteAddress } from './addresses.ts'
import { type AgentFindings, examineAgent, examineUses } from './agents.ts'
import { examineCallback, examinePublicUrl } from './callback.ts'
import { examineCertificate } from './certificate.ts'
import { type Check, type CorpCheck, checkIn, type Finding, failed, pages, passed, warning } from './check.ts'
import { type ContactFindings, examineContact, examineRange, explainRegime } from './contact.ts'
import { keepVerdict } from './keep-verdict.ts'
import { attempt, createProbe, type Probe, type Refusal } from './probe.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    doctor: true
  }
}

type Needs = Core & { wecomOptions: WecomOptions }
export type DoctorNeeds = Needs & {
  corps: Corps
  offered: FeatureOffers
  outbound: Outbound
  /** The checks of rooms above this one. */
  corpChecks: readonly CorpCheck[]
}

/** Checks that run beside the calls to WeCom, and are shown before those of others. */
const ownChecks: readonly CorpCheck[] = [examinePublicUrl, examineCertificate, examineCallback]

export type { Check }
export type Diagnosis = { ok: boolean; checks: Check[] }

/** The stored form, which can be read in any language. */
type StoredDiagnosis = { at: number; failed: (Words | string)[]; checks?: Finding[] }

/**
 * Tests what commonly goes wrong between wisp and a corp, and says what to change and where
 * (docs/interface/address-book.md#setup-doctor). It uses no cached token, and ends within 45 s whatever WeCom does. `ok` is false
 * when any check failed. Throws ApiError 1000 for an unknown corp.
 */
export async function runDoctor(
  ctx: DoctorNeeds,
  corpId: string,
  language: Language = 'zh',
): Promise<Diagnosis> {
  const corp = ctx.corps.get(corpId)
  const probe = createProbe(ctx, corpId)
  try {
    const greeting = await attempt(() => greet(ctx, probe))
    const upstream = greeting.value
      ? await examineUpstream(ctx, corp, probe, greeting.value)
      : [unreachable(ctx, greeting.text)]
    // The corp's regime or callback may have changed during the examination.
    const now = ctx.corps.get(corpId)
    const found = [...upstream]
    for (const check of [...ownChecks, ...ctx.corpChecks]) found.push(...[await check(ctx, now)].flat())
    const findings = await withOldAddresses(ctx, corpId, found)
    // A node that stops breaks its calls off, which says nothing about the corp.
    ctx.stopping.throwIfAborted()
    const failing = findings.filter(one => one.state === 'failed').map(one => one.title)
    const kept: StoredDiagnosis = { at: ctx.now(), failed: failing, checks: findings }
    await keepVerdict(ctx, corpId, diagnosisKey(corpId), kept)
    return { ok: findings.every(one => one.ok), checks: inLanguage(language, findings) }
  } finally {
    await probe.close()
  }
}

/** How many corps one node examines again at once. */
const corpsAtOnce = 2

/** Examines again what `examineAgain` was told of. */
export function handleExaminations(ctx: DoctorNeeds & { queue: Queue; wecomRoom: WecomRoom }): void {
  ctx.queue.handle({
    name: 'doctor',
    atOnce: corpsAtOnce,
    // Of a WeCom that answers nobody all corps would be told the same.
    room: ctx.wecomRoom,
    isBackground: true,
    async work({ corpId }) {
      // The change may come from another node, and its signal after the task.
      await ctx.reloadConfig(corpId)
      if (ctx.corps.find(corpId)) await runDoctor(ctx, corpId)
      return undefined
    },
  })
}

/** What failed in the last examination of a corp, for the readiness details. */
export async function lastDiagnosis(
  ctx: Core,
  corpId: string,
  language: Language = 'zh',
): Promise<{ at: number; failed: string[]; checks: Check[] } | undefined> {
  const kept = (await readSetting(ctx.db, diagnosisKey(corpId))) as StoredDiagnosis | undefined
  if (!kept) return undefined
  return {
    at: kept.at,
    failed: kept.failed.map(title => wordsIn(language, title)),
    checks: inLanguage(language, kept.checks ?? []),
  }
}

export type Verdict = { at: number; failed: string[] }

/** What failed in the last examination of each corp, or of each of these; corps that were never examined are left out. */
export async function lastVerdicts(
  ctx: Core,
  language: Language,
  corpIds?: readonly string[],
): Promise<Map<string, Verdict>> {
  const rows = corpIds
    ? await readVerdictsOf(ctx.db, corpIds.map(diagnosisKey))
    : await readVerdicts(ctx.db, diagnosisKey(''))
  return new Map(
    rows.map(row => {
      const { at, failed } = row as unknown as StoredDiagnosis
      const titles = failed.map(title => wordsIn(language, title))
      return [row.key.slice(diagnosisKey('').length), { at, failed: titles }]
    }),
  )
}

function inLanguage(language: Language, findings: readonly Finding[]): Check[] {
  return findings.map(one => checkIn(language, one))
}

/**
 * Whether WeCom accepts a contact secret, checked as the doctor does before the secret is stored. Takes at most 30 s.
 * `refused`: the secret is certainly wrong, rather than WeCom unreachable.
 */
export async function tryContactSecret(
  ctx: Needs,
  corpId: string,
  secret: string,
  language: Language = 'zh',
): Promise<{ refused: boolean; checks: Check[] }> {
  return withProbe(ctx, corpId, async probe => {
    const { checks } = await examineContact({ corpId }, probe.client(secret))
    return { refused: checks.some(check => !check.ok), checks: inLanguage(language, checks) }
  })
}

/** Like `tryContactSecret`, for an agent's secret. */
export async function tryAgentSecret(
  ctx: Needs,
  corpId: string,
  agent: { agentId: number; name: string },
  secret: string,
  language: Language = 'zh',
): Promise<{ refused: boolean; checks: Check[] }> {
  return withProbe(ctx, corpId, async probe => {
    const { check } = await examineAgent(agent, probe.client(secret))
    return { refused: !check.ok, checks: inLanguage(language, [check]) }
  })
}

async function withProbe<T>(ctx: Needs, corpId: string, work: (probe: Probe) => Promise<T>): Promise<T> {
  const probe = createProbe(ctx, corpId)
  try {
    return await work(probe)
  } finally {
    await probe.close()
  }
}

const network: Words = { zh: '连接企业微信', en: 'Connection to WeCom' }

function unreachable(ctx: Core, why: Words): Finding {
  const { wecomUrl, outboundProxy } = ctx.config
  const proxy = outboundProxy ? new URL(outboundProxy).host : ''
  return failed(
    'network',
    network,
    {
      zh: `${why.zh}，问的是 ${wecomUrl}。其余需要访问企业微信的检查没有进行`,
      en: `${why.en}, asked at ${wecomUrl}. The other checks that need WeCom were left out`,
    },
    proxy
      ? {
          zh: `请检查代理 ${proxy}（WISP_OUTBOUND_PROXY）能否访问 ${wecomUrl}。`,
          en: `Check whether the proxy ${proxy} (WISP_OUTBOUND_PROXY) reaches ${wecomUrl}.`,
        }
      : {
          zh: `请检查服务器的 DNS 和防火墙是否允许访问 ${wecomUrl}；须经代理上网时设置 WISP_OUTBOUND_PROXY。`,
          en: `Check whether the server's DNS and firewall let it reach ${wecomUrl}; where only a proxy leads out, set WISP_OUTBOUND_PROXY.`,
        },
  )
}

async function examineUpstream(ctx: Core, corp: Corp, probe: Probe, greeting: Greeting): Promise<Finding[]> {
  if (greeting.fromIp) await noteAddress(ctx, greeting.fromIp)
  const { wecomUrl } = ctx.config
  const { contact, agents } = await openClients(ctx, corp, probe)
  const [found, ...agentsFound] = await Promise.all([
    examineContact(corp, contact),
    ...corp.agents.map(agent => examineAgent(agent, agents.get(agent.agentId) ?? agent.client)),
  ])
  await noteAcceptedSecrets(ctx, corp, found, agentsFound)
  if (found.regime) await noteRegime(ctx, corp, found.regime)
  const names = corp.agents.find(one => one.uses.includes('names'))
  const range = await examineRange(corp, found, names && agents.get(names.agentId))
  return [
    passed('network', network, {
      zh: `正常，问的是 ${wecomUrl}${greeting.fromIp ? `，出口地址 ${greeting.fromIp}` : ''}`,
      en: `Works, asked at ${wecomUrl}${greeting.fromIp ? `, outgoing address ${greeting.fromIp}` : ''}`,
    }),
    examineClock(greeting),
    ...found.checks,
    await examineTrust(ctx, found, agentsFound, greeting),
    ...(found.regime ? [explainRegime(corp, found.regime)] : []),
    ...(range ? [range] : []),
    examineUses(corp),
    ...agentsFound.map(one => one.check),
  ]
}

/** A check-up may be the first to ask again with a secret that was refused, and ends what is told of it. */
async function noteAcceptedSecrets(
  { db }: Core,
  { corpId, agents }: Corp,
  contact: ContactFindings,
  found: readonly AgentFindings[],
): Promise<void> {
  const accepted = agents.filter((_, index) => !found[index]?.refusal).map(one => `agent:${one.agentId}`)
  if (contact.refusals.length === 0) accepted.push('contact')
  for (const credential of accepted) await acceptSecret(db, corpId, credentialOwner(credential))
}

async function openClients(
  ctx: Core,
  corp: Corp,
  probe: Probe,
): Promise<{ contact: WecomClient; agents: Map<number, WecomClient> }> {
  const [row] = await allCorps(ctx.db, corp.corpId)
  const agents = await allAgents(ctx.db, corp.corpId)
  return {
    contact: row ? probe.client(ctx.seal.open(row.contactSecret, purposes.contactSecret)) : corp.contact,
    agents: new Map(
      agents.map(one => [one.agentId, probe.client(ctx.seal.open(one.secret, purposes.agentSecret))]),
    ),
  }
}

const clockWarningMs = 60_000
const clockFailureMs = 300_000

/**
 * wisp refuses callbacks whose time differs from its own by more than 5 minutes
 * (docs/interface/address-book.md#contact-callback).
 */
function examineClock({ clockOffsetMs }: Greeting): Finding {
  const [id, title] = ['clock', { zh: '服务器时间', en: "The server's clock" }]
  if (clockOffsetMs === undefined)
    return warning(id, title, {
      zh: '企业微信的应答没有时间，无法比较',
      en: "WeCom's answer has no time to compare with",
    })
  const off = Math.abs(clockOffsetMs)
  if (off <= clockWarningMs) return passed(id, title, { zh: '与企业微信一致', en: 'Agrees with WeCom' })
  const isSlow = clockOffsetMs > 0
  const detail = {
    zh: `比企业微信${isSlow ? '慢' : '快'} ${formatDuration(off).zh}`,
    en: `${formatDuration(off).en} ${isSlow ? 'behind' : 'ahead of'} WeCom`,
  }
  const fix = {
    zh: '请在服务器上启用时间同步（NTP，例如 timedatectl set-ntp true）。',
    en: 'Turn on time synchronisation on the server (NTP, such as timedatectl set-ntp true).',
  }
  if (off <= clockFailureMs) return warning(id, title, detail, fix)
  const refused = {
    zh: `${detail.zh}：相差超过 5 分钟的回调会被拒绝`,
    en: `${detail.en}: callbacks that are over 5 minutes off are refused`,
  }
  return failed(id, title, refused, fix)
}

type Caller = { isContact: boolean; name: Words; refusal: Refusal | undefined }

async function examineTrust(
  ctx: Core,
  contact: ContactFindings,
  agents: AgentFindings[],
  greeting: Greeting,
): Promise<Finding> {
  const [id, title] = ['trustedIp', { zh: '可信 IP', en: 'Trusted IPs' }]
  const contacts = { zh: '通讯录同步', en: 'contacts sync' }
  const all: Caller[] = [
    ...contact.refusals.map(refusal => ({ isContact: true, name: contacts, refusal })),
    ...agents.map(({ name, refusal }) => ({ isContact: false, name, refusal })),
  ]
  const refused = all.filter(one => one.refusal?.errcode === 60020)
  for (const { refusal } of refused) if (refusal?.fromIp) await noteAddress(ctx, refusal.fromIp)
  const addresses = await nodeAddresses(ctx.db)
  if (refused.length > 0) return distrusted(ctx, refused, addresses, greeting)
  const list = {
    zh: addresses.join('、') || greeting.fromIp || '未知',
    en: addresses.join(', ') || greeting.fromIp || 'not known',
  }
  return all.some(one => one.refusal)
    ? warning(id, title, {
        zh: `部分 Secret 未能验证；平台各节点的出口地址：${list.zh}`,
        en: `Some secrets could not be tried; outgoing addresses of the platform's nodes: ${list.en}`,
      })
    : passed(id, title, {
        zh: `已受信任；平台各节点的出口地址：${list.zh}`,
        en: `Trusted; outgoing addresses of the platform's nodes: ${list.en}`,
      })
}

function distrusted(ctx: Core, refused: Caller[], addresses: string[], greeting: Greeting): Finding {
  const through = ctx.config.outboundProxy
    ? { zh: '（经 WISP_OUTBOUND_PROXY 的代理）', en: ' (through the proxy of WISP_OUTBOUND_PROXY)' }
    : { zh: '', en: '' }
  const where: Words[] = []
  if (refused.some(one => one.isContact)) {
    where.push({
      zh: `${pages.contact.zh}的「企业可信 IP」`,
      en: `Company's Trusted IP (企业可信 IP) in ${pages.contact.en}`,
    })
  }
  if (refused.some(one => !one.isContact)) {
    where.push({
      zh: `${pages.apps.zh}中该应用的「企业可信 IP」（须先设置可信域名或接收消息服务器 URL，才能填写）`,
      en: `Company's Trusted IP (企业可信 IP) of the application in ${pages.apps.en}, which takes one only after a trusted domain or the URL of a message server`,
    })
  }
  const from = refused.find(one => one.refusal?.fromIp)?.refusal?.fromIp ?? greeting.fromIp
  return failed(
    'trustedIp',
    { zh: '可信 IP', en: 'Trusted IPs' },
    {
      zh: `${refused.map(one => one.name.zh).join('、')}拒绝了来自 ${from ?? '本机'}${through.zh} 的调用（60020）`,
      en: `Calls from ${from ?? 'this machine'}${through.en} are refused (60020) for: ${refused.map(one => one.name.en).join(', ')}`,
    },
    {
      zh:
        `请到${where.map(one => one.zh).join('，以及')}，加入平台所有节点的出口地址：${addresses.join('、') || (from ?? '本机')}。` +
        '出口地址会变化时，请用 WISP_OUTBOUND_PROXY 指定一个地址固定的代理。',
      en:
        `Add the outgoing addresses of all nodes of the platform (${addresses.join(', ') || (from ?? 'this machine')}) to ${where.map(one => one.en).join('; and to ')}. ` +
        'Where the outgoing address changes, set WISP_OUTBOUND_PROXY to a proxy with a fixed one.',
    },
  )
}
