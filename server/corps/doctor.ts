import type { Context } from '../context.ts'
import { syncStatus } from '../sync/sync.ts'
import type { WecomClient } from '../upstream/wecom/client.ts'
import { type Corp, purposes } from './corps.ts'
import { type Greeting, greet, noteAddress } from './doctor/addresses.ts'
import { type AgentFindings, examineAgent, examineUses } from './doctor/agents.ts'
import { examineCallback, examineEvents, examinePublicUrl } from './doctor/callback.ts'
import { type Check, failed, pages, passed, warning, words } from './doctor/check.ts'
import { type ContactFindings, examineContact, examineRange, explainRegime } from './doctor/contact.ts'
import { attempt, createProbe, type Probe } from './doctor/probe.ts'
import { examineInbox, examineSync } from './doctor/sync.ts'
import { allAgents, allCorps, nodeAddresses, putSetting, readSetting } from './store.ts'

export type { Check }
export type Diagnosis = { ok: boolean; checks: Check[] }

/**
 * Tests what really goes wrong between wisp and a corp, and says in words what to change and where (spec §4). It trusts no
 * token that was got before, and ends within 40 s whatever WeCom does. `ok` is false when any check failed.
 * @throws ApiError 1000 for an unknown corp
 */
export async function runDoctor(ctx: Context, corpId: string): Promise<Diagnosis> {
  const corp = ctx.corps.get(corpId)
  const probe = createProbe(ctx, corpId)
  try {
    const greeting = await attempt(() => greet(ctx, probe))
    const upstream = greeting.value
      ? await examineUpstream(ctx, corp, probe, greeting.value)
      : [
          failed(
            'network',
            '连接企业微信',
            `${greeting.text}。其余需要访问企业微信的检查没有进行`,
            networkFix(ctx),
          ),
        ]
    const status = await syncStatus(ctx, corpId)
    // The corp may have got another regime or callback while it was examined.
    const now = ctx.corps.get(corpId)
    const checks = [
      ...upstream,
      examinePublicUrl(ctx, now),
      examineCallback(ctx, now),
      examineEvents(ctx, status),
      ...examineSync(ctx, status),
      examineInbox(ctx, status),
    ]
    const diagnosis = { ok: checks.every(check => check.ok), checks }
    await putSetting(ctx.db, settingOf(corpId), {
      at: ctx.now(),
      failed: titlesOf(diagnosis, 'failed'),
      checks,
    })
    return diagnosis
  } finally {
    await probe.close()
  }
}

/** What the last examination of a corp found failing, for the readiness details. */
export async function lastDiagnosis(
  ctx: Context,
  corpId: string,
): Promise<{ at: number; failed: string[]; checks?: Check[] } | undefined> {
  return (await readSetting(ctx.db, settingOf(corpId))) as Awaited<ReturnType<typeof lastDiagnosis>>
}

/**
 * Whether WeCom takes a contact secret, before it is kept: what the doctor finds out about it. It waits for at most 30 s.
 * `refused`: it is wrong for certain, not merely out of reach.
 */
export async function tryContactSecret(
  ctx: Context,
  corpId: string,
  secret: string,
): Promise<{ refused: boolean; checks: Check[] }> {
  return withProbe(ctx, corpId, async probe => {
    const { checks } = await examineContact({ corpId }, probe.client(secret))
    return { refused: checks.some(check => !check.ok), checks }
  })
}

/** The same for an agent's secret. */
export async function tryAgentSecret(
  ctx: Context,
  corpId: string,
  agent: { agentId: number; name: string },
  secret: string,
): Promise<{ refused: boolean; checks: Check[] }> {
  return withProbe(ctx, corpId, async probe => {
    const { check } = await examineAgent(agent, probe.client(secret))
    return { refused: !check.ok, checks: [check] }
  })
}

async function withProbe<T>(ctx: Context, corpId: string, work: (probe: Probe) => Promise<T>): Promise<T> {
  const probe = createProbe(ctx, corpId)
  try {
    return await work(probe)
  } finally {
    await probe.close()
  }
}

const settingOf = (corpId: string) => `doctor ${corpId}`

function titlesOf(diagnosis: Diagnosis, state: Check['state']): string[] {
  return diagnosis.checks.filter(check => check.state === state).map(check => check.title)
}

async function examineUpstream(ctx: Context, corp: Corp, probe: Probe, greeting: Greeting): Promise<Check[]> {
  if (greeting.fromIp) await noteAddress(ctx, greeting.fromIp)
  const { contact, agents } = await openClients(ctx, corp, probe)
  const [found, ...agentsFound] = await Promise.all([
    examineContact(corp, contact),
    ...corp.agents.map(agent => examineAgent(agent, agents.get(agent.agentId) ?? agent.client)),
  ])
  const names = corp.agents.find(one => one.uses.includes('names'))
  const range = await examineRange(corp, found, names && agents.get(names.agentId))
  return [
    passed('network', '连接企业微信', greeting.fromIp ? `正常，出口地址 ${greeting.fromIp}` : '正常'),
    examineClock(greeting),
    ...found.checks,
    await examineTrust(ctx, found, agentsFound, greeting),
    ...(found.regime ? [explainRegime(corp, found.regime)] : []),
    ...(range ? [range] : []),
    examineUses(corp),
    ...agentsFound.map(one => one.check),
  ]
}

async function openClients(
  ctx: Context,
  corp: Corp,
  probe: Probe,
): Promise<{ contact: WecomClient; agents: Map<number, WecomClient> }> {
  const row = (await allCorps(ctx.db)).find(one => one.corpId === corp.corpId)
  const agents = (await allAgents(ctx.db)).filter(one => one.corpId === corp.corpId)
  return {
    contact: row ? probe.client(ctx.seal.open(row.contactSecret, purposes.contactSecret)) : corp.contact,
    agents: new Map(
      agents.map(one => [one.agentId, probe.client(ctx.seal.open(one.secret, purposes.agentSecret))]),
    ),
  }
}

const clockWarningMs = 60_000
const clockFailureMs = 300_000

/** WeCom's callbacks are refused when their time is over 5 minutes off (spec §4.1). */
function examineClock({ clockOffsetMs }: Greeting): Check {
  const [id, title] = ['clock', '服务器时间']
  if (clockOffsetMs === undefined) return warning(id, title, '企业微信的应答没有时间，无法比较')
  const off = Math.abs(clockOffsetMs)
  if (off <= clockWarningMs) return passed(id, title, '与企业微信一致')
  const detail = `比企业微信${clockOffsetMs > 0 ? '慢' : '快'} ${words(off)}`
  const fix = '请在服务器上启用时间同步（NTP，例如 timedatectl set-ntp true）。'
  return off > clockFailureMs
    ? failed(id, title, `${detail}：相差超过 5 分钟的回调会被拒绝`, fix)
    : warning(id, title, detail, fix)
}

async function examineTrust(
  ctx: Context,
  contact: ContactFindings,
  agents: AgentFindings[],
  greeting: Greeting,
): Promise<Check> {
  const [id, title] = ['trustedIp', '可信 IP']
  const all = [
    ...contact.refusals.map(refusal => ({ name: '通讯录同步', refusal })),
    ...agents.map(({ name, refusal }) => ({ name, refusal })),
  ]
  const refused = all.filter(one => one.refusal?.errcode === 60020)
  for (const { refusal } of refused) if (refusal?.fromIp) await noteAddress(ctx, refusal.fromIp)
  const addresses = await nodeAddresses(ctx.db)
  if (refused.length === 0) {
    const list = addresses.join('、') || greeting.fromIp || '未知'
    return all.some(one => one.refusal)
      ? warning(id, title, `部分 Secret 未能验证；平台各节点的出口地址：${list}`)
      : passed(id, title, `已受信任；平台各节点的出口地址：${list}`)
  }
  const through = ctx.config.outboundProxy ? '（经 WISP_OUTBOUND_PROXY 的代理）' : ''
  const isContact = refused.some(one => one.name === '通讯录同步')
  const isAgent = refused.some(one => one.name !== '通讯录同步')
  const places = [
    ...(isContact ? [`${pages.contact}的「企业可信 IP」`] : []),
    ...(isAgent
      ? [`${pages.apps}中该应用的「企业可信 IP」（须先设置可信域名或接收消息服务器 URL，才能填写）`]
      : []),
  ]
  const from = refused.find(one => one.refusal?.fromIp)?.refusal?.fromIp ?? greeting.fromIp ?? '本机'
  return failed(
    id,
    title,
    `${refused.map(one => one.name).join('、')}拒绝了来自 ${from}${through} 的调用（60020）`,
    `请到${places.join('，以及')}，加入平台所有节点的出口地址：${addresses.join('、') || from}。` +
      '出口地址会变化时，请用 WISP_OUTBOUND_PROXY 指定一个地址固定的代理。',
  )
}

function networkFix(ctx: Context): string {
  const { wecomUrl, outboundProxy } = ctx.config
  return outboundProxy
    ? `请检查代理 ${new URL(outboundProxy).host}（WISP_OUTBOUND_PROXY）能否访问 ${wecomUrl}。`
    : `请检查服务器的 DNS 和防火墙是否允许访问 ${wecomUrl}；须经代理上网时设置 WISP_OUTBOUND_PROXY。`
}
