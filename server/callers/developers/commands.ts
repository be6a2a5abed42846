import type { LimitSettings } from '../../organisation/corps/call-limits.ts'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { optionsOf } from '../../platform/acts/settings.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, givenOnly, UsageError } from '../../platform/command/command.ts'
import { integerOr, integers, onlyOn, requiredText, text, toggle } from '../../platform/command/parts.ts'
import { facts, table, when } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { keptDays } from '../../platform/deleted/deleted.ts'
import { formatCount, formatMoney } from '../../platform/format.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { findCalls } from '../../upstream/catalogue/catalogue.ts'
import { type DeveloperSettings, developerSettings } from './admin/settings.ts'
import {
  addDeveloper,
  removeDeveloper,
  revokeOldSecret,
  rotateSecret,
  setDeveloper,
} from './developer-admin.ts'
import type { Developers } from './developers.ts'
import { type DeveloperView, describeDeveloper, developerUsage, listDevelopers } from './overview.ts'
import type { RefundLimits } from './scopes/refund-limits.ts'

type Needs = Core & {
  corps: Corps
  developers: Developers
  mirrors: Pick<Mirrors, 'load'>
  offered: FeatureOffers
}

const devId = requiredText('<devId>', '开发者 devId')

const { name: nameOption, ...rest } = optionsOf(developerSettings)
const options = {
  ...rest,
  departments: integers('--departments <ids>', '数据范围: 部门 id（含下级），逗号分隔'),
  tags: integers('--tags <ids>', '数据范围: 标签 id，逗号分隔'),
  groups: integers('--groups <ids>', '数据范围: 人群编号，逗号分隔'),
  approvePersonal: onlyOn('--approve-personal', '批准其中含个人信息的接口'),
}

type Ids = number[] | undefined

/** Three options make the data scope. */
function settingsGiven<T extends object>({
  departments,
  tags,
  groups,
  ...given
}: T & { departments: Ids; tags: Ids; groups: Ids }): DeveloperSettings {
  const isScoped = departments ?? tags ?? groups
  const dataScope = isScoped && {
    departments: departments ?? [],
    tags: tags ?? [],
    ...(groups ? { groups } : {}),
  }
  return givenOnly({ ...given, dataScope })
}

const add = command({
  path: 'developer add',
  point: 'developer:edit',
  summary: '创建开发者；devSecret 只显示这一次',
  parts: { corp: corpPart, name: requiredText('--name <text>', '名称'), ...options },
  async run(ctx: Needs, { corp, name, ...given }) {
    const corpId = corpOf(ctx, corp)
    const made = await addDeveloper(ctx, actor, corpId, { ...settingsGiven(given), name })
    const view = await describeDeveloper(ctx, made.devId)
    return {
      data: { ...view, devSecret: made.devSecret },
      text: `${secretText(made)}\n\n${describe(view)}`,
    }
  },
})

const listAll = command({
  path: 'developer list',
  point: 'developer:read',
  summary: '列出开发者',
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const developers = await listDevelopers(ctx, corpOf(ctx, corp))
    const rows = developers.map(one => [
      one.devId,
      one.name,
      one.enabled ? '启用' : '停用',
      one.membersVisible,
      when(one.lastCalledAt, '从未'),
      one.scopes.join(' '),
    ])
    const heads = ['devId', '名称', '状态', '可见成员', '最近调用', '权限']
    return { data: developers, text: table(heads, rows) }
  },
})

const rotate = command({
  path: 'developer rotate',
  point: 'developer:secret',
  summary: '再给一个 devSecret（只显示这一次）；旧的继续有效，至多两个',
  details: '不中断地更换: rotate → 应用换上新密钥 → developer revoke。',
  parts: { devId, revoke: toggle('--revoke', '立即吊销旧密钥及由它取得的 devToken') },
  async run(ctx: Needs, { devId, revoke }) {
    const made = await rotateSecret(ctx, actor, devId, revoke)
    const old = revoke ? `已吊销 ${made.revoked} 个旧密钥` : '旧密钥仍然有效'
    return { data: made, text: `${secretText(made)}\n${old}` }
  },
})

const revoke = command({
  path: 'developer revoke',
  point: 'developer:secret',
  summary: '吊销较旧的 devSecret 及由它取得的 devToken',
  parts: { devId },
  async run(ctx: Needs, { devId }) {
    const { revoked } = await revokeOldSecret(ctx, actor, devId)
    return { data: { devId, revoked }, text: `已吊销 ${revoked} 个旧密钥` }
  },
})

const remove = command({
  path: 'developer remove',
  point: 'developer:edit',
  summary: '删除开发者；30 天内可以用 deleted restore 恢复，devId 和密钥不变',
  details: '连同密钥、Webhook 和报文加密的设备；devToken 立即失效。只想暂停时用 developer disable。',
  parts: { devId },
  async run(ctx: Needs, { devId }) {
    const corpId = ctx.developers.get(devId)?.corpId ?? ''
    await removeDeveloper(ctx, actor, corpId, devId)
    const text = `已删除 ${devId}，${keptDays} 天内可以恢复: wisp deleted restore developer ${devId}`
    return { data: { devId, removed: true }, text }
  },
})

function switchCommand(word: 'enable' | 'disable', done: string, details: string) {
  return command({
    path: `developer ${word}`,
    point: 'developer:edit',
    summary: `${done}开发者${details}`,
    parts: { devId },
    async run(ctx: Needs, { devId }) {
      await setDeveloper(ctx, actor, devId, { enabled: word === 'enable' })
      return { data: { devId, enabled: word === 'enable' }, text: `已${done} ${devId}` }
    },
  })
}

const set = command({
  path: 'developer set',
  point: 'developer:edit',
  summary: '修改开发者；显示数据范围内现有的成员数',
  parts: {
    devId,
    name: nameOption,
    ...options,
    wholeCorp: toggle('--whole-corp', '取消数据范围，可见整个企业'),
  },
  async run(ctx: Needs, { devId, wholeCorp, ...given }) {
    const change = settingsGiven(given)
    if (wholeCorp) {
      if (change.dataScope) throw new UsageError('--whole-corp 不能与 --departments、--tags、--groups 同用')
      change.dataScope = null
    }
    if (Object.keys(change).length === 0) throw new UsageError('没有要修改的设置')
    await setDeveloper(ctx, actor, devId, change)
    const view = await describeDeveloper(ctx, devId)
    return { data: view, text: `已保存\n\n${describe(view)}` }
  },
})

const usage = command({
  path: 'developer usage',
  point: 'developer:read',
  summary: '每天各接口的调用与失败次数，以及各密钥最近换取 devToken 的时间',
  parts: { devId, days: integerOr(7, '--days <n>', '最近几天', { min: 1, max: 366 }) },
  async run(ctx: Needs, { devId, days }) {
    const view = await describeDeveloper(ctx, devId)
    const calls = await developerUsage(ctx, devId, days)
    const rows = calls.map(one => [one.day, one.endpoint, one.calls, one.failures])
    const body = table(['日期', '接口', '调用', '失败'], rows, '（没有调用）')
    return { data: { secrets: view.secrets, usage: calls }, text: `${secretsText(view)}\n\n${body}` }
  },
})

const paths = command({
  path: 'developer paths',
  point: 'developer:read',
  summary: '列出可代调用的企业微信与公众号接口',
  parts: { search: text('--search <text>', '路径或说明中的字') },
  async run(_ctx: unknown, { search = '' }) {
    const found = findCalls(search)
    const rows = found.map(one => [
      one.name,
      one.methods.join('|'),
      one.isPersonal ? '含个人信息' : '',
      one.about.zh,
    ])
    return { data: found, text: table(['接口', '方法', '', '说明'], rows, '（没有找到）') }
  },
})

function secretText({ devId, devSecret }: { devId: string; devSecret: string }): string {
  const values = facts([
    ['devId', devId],
    ['devSecret', devSecret],
  ])
  return `${values}\n请立即保存 devSecret，它不会再次显示`
}

function describe(view: Awaited<ReturnType<typeof describeDeveloper>>): string {
  const { dataScope } = view
  const listOf = (ids: readonly number[] = []) => ids.join('、') || '无'
  const scope = dataScope
    ? `部门 ${listOf(dataScope.departments)}；标签 ${listOf(dataScope.tags)}；人群 ${listOf(dataScope.groups)}`
    : '整个企业'
  return facts([
    ['名称', view.name],
    ['权限', view.scopes.map(scope => scopeText(view, scope)).join(' ') || '无'],
    [
      '负责人',
      view.owners.map(one => `${one.name} ${one.userId}${one.mayAct ? '' : '（不在职）'}`).join('、') || '无',
    ],
    ['数据范围', `${scope}（现有成员 ${formatCount(view.membersVisible)} 人）`],
    ['IP 白名单', view.allowedIps.join(' ') || '不限'],
    ['公众号', view.accounts?.join(' ') ?? '全部'],
    ['代调用', view.upstreamPaths.join(' ') || '无'],
    ['返回形式', view.listStyle],
    ['未知参数', view.strictInputs ? '拒绝' : '仅提示'],
    ['企业微信应用', view.ownAgents ? '自己的应用关联的' : '全部'],
    ['嵌入的收件箱', view.wholeInbox ? '本人的全部消息' : '自己发出的消息'],
    ['每月短信预算', view.smsBudget === 0 ? '不限' : formatMoney(view.smsBudget)],
    ['调用限额', limitText(view.callLimits)],
    ['接口退款', refundText(view.refundLimits)],
  ])
}

function scopeText({ scopeDays }: DeveloperView, scope: string): string {
  return scopeDays[scope] ? `${scope}（至 ${scopeDays[scope]}）` : scope
}

function refundText({ each, day }: RefundLimits): string {
  return each === 0 ? '不允许' : `单笔最多 ${formatMoney(each)}，每天最多 ${formatMoney(day)}`
}

function limitText(limits: LimitSettings): string {
  const own = Object.entries(limits).map(
    ([group, { perMinute = '', perDay = '' }]) => `${group}=${perMinute}/${perDay}`,
  )
  return own.join(' ') || '沿用企业的'
}

function secretsText(view: DeveloperView): string {
  const rows = view.secrets.map(secret => [when(secret.createdAt), when(secret.lastUsedAt, '从未')])
  return table(['密钥创建于', '最近换取 devToken'], rows, '（没有有效密钥）')
}

export const developerCommands = [
  add,
  listAll,
  rotate,
  revoke,
  remove,
  switchCommand('disable', '停用', '，其 devToken 立即失效'),
  switchCommand('enable', '启用', ''),
  set,
  paths,
  usage,
]
