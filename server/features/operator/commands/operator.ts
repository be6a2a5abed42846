import {
  type QuotaChange,
  type QuotaName,
  quotaAtMost,
  quotaNames,
  quotaWords,
} from '../../../organisation/corps/quotas/quotas.ts'
import { setQuotas } from '../../../organisation/corps/quotas/set-quotas.ts'
import { actor } from '../../../platform/command/actor.ts'
import { type CommandPart, command, givenOnly, UsageError } from '../../../platform/command/command.ts'
import { choice, integerOr, requiredText, text, toggle } from '../../../platform/command/parts.ts'
import { facts, table, when } from '../../../platform/command/text.ts'
import { formatCount } from '../../../platform/format.ts'
import { csvText } from '../../../platform/http/answers/csv.ts'
import type { NeedsAttention } from '../../../platform/manifest/attention.ts'
import { attentionTable } from '../../../platform/manifest/attention-table.ts'
import { corpTable, healthWords, stateWords } from '../corp-table.ts'
import { healths } from '../health.ts'
import {
  type CorpFigures,
  corpsAsked,
  figuresOf,
  type OperatorNeeds,
  orderAsked,
  orders,
  quotaFilters,
} from '../list.ts'
import { oneCorp } from '../one-corp.ts'
import { type QuotaUse, quotaUse } from '../quota-use.ts'

const corpId = requiredText('<corpId>', '企业 ID')

const list = command({
  path: 'operator list',
  point: 'operator:read',
  summary: '列出全部企业：状态、成员、调用、消息、最近同步与配额',
  parts: {
    search: text('--search <text>', '名称、拼音或企业 ID 的一部分'),
    health: choice('--health <state>', '只列出这种状态的企业', healths),
    quota: choice('--quota <which>', 'near 用了八成以上，full 有用完的，set 设了配额', quotaFilters),
    suspended: toggle('--suspended', '只列出已暂停的'),
    sort: text('--sort <field>', `按哪一列排序，前加 - 为降序: ${orders.join('、')}`),
    limit: integerOr(100, '--limit <n>', '最多列出几个', { min: 1, max: 1_000_000 }),
    csv: toggle('--csv', '输出 CSV，含全部列'),
  },
  async run(ctx: OperatorNeeds, { sort, limit, csv, health, suspended, ...given }) {
    const asked = { ...given, health: health && [health], suspended: suspended || undefined }
    const { corpIds, total } = await corpsAsked(ctx, asked, orderAsked(sort), { limit, offset: 0 })
    const corps = await figuresOf(ctx, corpIds, 'zh')
    const data = { total, corps }
    if (csv) {
      const { head, cells } = corpTable('zh')
      return { data, text: csvText([head, ...corps.map(cells)]).trimEnd() }
    }
    const left = total - corps.length
    const rest = left > 0 ? `\n\n另有 ${left} 个企业没有列出（--limit）` : ''
    return { data, text: `${table(heads, corps.map(rowOf), '没有这样的企业')}${rest}` }
  },
})

const heads = [
  '企业 ID',
  '名称',
  '状态',
  '成员',
  '开发者',
  '今日调用',
  '30 天调用',
  '今日消息',
  '30 天消息',
  '最近同步',
  '配额',
]

function rowOf(corp: CorpFigures): (string | number)[] {
  const { corpId, name, health, members, developers, callsToday, calls, messagesToday, messages } = corp
  const { quotas, suspendedAt } = corp
  return [
    ...[
      corpId,
      name,
      suspendedAt ? '已暂停' : healthWords[health].zh,
      members,
      developers,
      callsToday,
      calls,
      messagesToday,
      messages,
    ],
    lastSyncOf(corp),
    quotas.map(one => `${quotaWords[one.name].zh} ${percentOf(one)}`).join(' ') || '—',
  ]
}

function lastSyncOf({ lastSync }: CorpFigures): string {
  return lastSync ? `${when(lastSync.at)} ${stateWords[lastSync.state].zh}` : '从未'
}

const percentOf = ({ used, quota }: QuotaUse) => `${Math.floor((used / quota) * 100)}%`

const show = command({
  path: 'operator show',
  point: 'operator:read',
  summary: '一个企业的数字、需要处理的事、管理员与配额',
  parts: { corpId },
  async run(ctx: OperatorNeeds & { needsAttention: NeedsAttention }, { corpId }) {
    const corp = await oneCorp(ctx, corpId, 'zh')
    const { needs, administrators, quotas } = corp
    const pairs: [string, string | number][] = [
      ['企业 ID', corp.corpId],
      ['名称', corp.name],
      ['状态', healthWords[corp.health].zh],
      ['成员', formatCount(corp.members)],
      ['部门', formatCount(corp.departments)],
      ['开发者', formatCount(corp.developers)],
      ['调用（今日 / 30 天）', `${formatCount(corp.callsToday)} / ${formatCount(corp.calls)}`],
      ['消息（今日 / 30 天）', `${formatCount(corp.messagesToday)} / ${formatCount(corp.messages)}`],
      ['最近同步', lastSyncOf(corp)],
      ['暂停', corp.suspendedAt ? `${when(corp.suspendedAt)} ${corp.suspendedReason}` : '没有'],
      ['最近体检', when(corp.examinedAt, '从未')],
      ['接入时间', when(corp.connectedAt)],
      ['管理员', administrators.map(one => `${one.userName}（${one.userId}）`).join('、') || '（无）'],
    ]
    const parts = [facts(pairs), quotaText(quotas), ...(needs.length > 0 ? [attentionTable(needs)] : [])]
    return { data: corp, text: parts.join('\n\n') }
  },
})

function quotaText(quotas: readonly QuotaUse[]): string {
  const rows = quotas.map(one => [
    quotaWords[one.name].zh,
    formatCount(one.quota),
    formatCount(one.used),
    percentOf(one),
  ])
  return table(['配额', '最多', '已用', ''], rows, '没有设置配额')
}

const showQuota = command({
  path: 'operator quota show',
  point: 'operator:read',
  summary: '一个企业的配额与用量',
  parts: { corpId },
  async run(ctx: OperatorNeeds, { corpId }) {
    ctx.corps.get(corpId)
    const quotas = (await quotaUse(ctx, [corpId])).get(corpId) ?? []
    return { data: { corpId, quotas }, text: quotaText(quotas) }
  },
})

/** A number, or `none` for no limit. */
function quotaPart(flags: string, name: QuotaName): CommandPart<number | null | undefined> {
  const words = text(`${flags} <n>`, `${quotaWords[name].zh}最多多少，none 为不限`)
  return {
    ...words,
    read(raw) {
      const given = words.read(raw)
      if (given === undefined || given === 'none') return given === undefined ? undefined : null
      if (!/^\d{1,10}$/.test(given) || Number(given) < 1 || Number(given) > quotaAtMost)
        throw new UsageError(
          `${flags} 应为 1 到 ${quotaAtMost} 的整数，或 none，收到 ${JSON.stringify(given)}`,
        )
      return Number(given)
    },
  }
}

const setQuota = command({
  path: 'operator quota set',
  point: 'operator:edit',
  summary: '设置一个企业的配额；没有给的不变',
  details: '成员超出配额时照常同步，只作提醒；其余超出时拒绝。用了八成以上会提醒。',
  parts: {
    corpId,
    members: quotaPart('--members', 'members'),
    developers: quotaPart('--developers', 'developers'),
    callsPerDay: quotaPart('--calls', 'callsPerDay'),
    messagesPerDay: quotaPart('--messages', 'messagesPerDay'),
  },
  async run(ctx: OperatorNeeds, { corpId, ...given }) {
    const change: QuotaChange = givenOnly(given)
    if (quotaNames.every(name => change[name] === undefined)) throw new UsageError('没有要修改的配额')
    await setQuotas(ctx, actor, corpId, change)
    const quotas = (await quotaUse(ctx, [corpId])).get(corpId) ?? []
    return { data: { corpId, quotas }, text: `已保存\n\n${quotaText(quotas)}` }
  },
})

export const operatorCommands = [list, show, showQuota, setQuota]
