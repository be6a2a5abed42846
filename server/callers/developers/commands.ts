import type { LimitSettings } from '../../organisation/corps/call-limits.ts'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { optionsOf } from '../../platform/acts/settings.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, givenOnly, UsageError } from '../../platform/command/command.ts'
import { comma, said } from '../../platform/command/language.ts'
import { integerOr, integers, onlyOn, requiredText, text, toggle } from '../../platform/command/parts.ts'
import { facts, table, when } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { keptDays } from '../../platform/deleted/deleted.ts'
import { formatCount, formatMoney } from '../../platform/format.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Words } from '../../platform/words.ts'
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

const devId = requiredText('<devId>', { zh: '开发者 devId', en: 'devId of the developer' })

const { name: nameOption, ...rest } = optionsOf(developerSettings)
const options = {
  ...rest,
  departments: integers('--departments <ids>', {
    zh: '数据范围: 部门 id（含下级），逗号分隔',
    en: 'data scope: department ids (with their subdepartments), separated by commas',
  }),
  tags: integers('--tags <ids>', {
    zh: '数据范围: 标签 id，逗号分隔',
    en: 'data scope: tag ids, separated by commas',
  }),
  groups: integers('--groups <ids>', {
    zh: '数据范围: 人群编号，逗号分隔',
    en: 'data scope: group ids, separated by commas',
  }),
  approvePersonal: onlyOn('--approve-personal', {
    zh: '批准其中含个人信息的接口',
    en: 'approve those of the calls that carry personal data',
  }),
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
  summary: {
    zh: '创建开发者；devSecret 只显示这一次',
    en: 'Create a developer; its devSecret is shown only this once',
  },
  parts: { corp: corpPart, name: requiredText('--name <text>', { zh: '名称', en: 'name' }), ...options },
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
  summary: { zh: '列出开发者', en: 'List developers' },
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const developers = await listDevelopers(ctx, corpOf(ctx, corp))
    const rows = developers.map(one => [
      one.devId,
      one.name,
      one.enabled ? said({ zh: '启用', en: 'enabled' }) : said({ zh: '停用', en: 'disabled' }),
      one.membersVisible,
      when(one.lastCalledAt, said({ zh: '从未', en: 'never' })),
      one.scopes.join(' '),
    ])
    const heads = [
      'devId',
      said({ zh: '名称', en: 'Name' }),
      said({ zh: '状态', en: 'State' }),
      said({ zh: '可见成员', en: 'Visible members' }),
      said({ zh: '最近调用', en: 'Last call' }),
      said({ zh: '权限', en: 'Scopes' }),
    ]
    return { data: developers, text: table(heads, rows) }
  },
})

const rotate = command({
  path: 'developer rotate',
  point: 'developer:secret',
  summary: {
    zh: '再给一个 devSecret（只显示这一次）；旧的继续有效，至多两个',
    en: 'Add a devSecret, shown only this once; the old one stays valid, and at most two are',
  },
  details: {
    zh: '不中断地更换: rotate → 应用换上新密钥 → developer revoke。',
    en: 'To replace it without interruption: rotate, give the app the new secret, then developer revoke.',
  },
  parts: {
    devId,
    revoke: toggle('--revoke', {
      zh: '立即吊销旧密钥及由它取得的 devToken',
      en: 'revoke the old secrets, and the devTokens obtained with them, at once',
    }),
  },
  async run(ctx: Needs, { devId, revoke }) {
    const made = await rotateSecret(ctx, actor, devId, revoke)
    const old = revoke
      ? said({ zh: `已吊销 ${made.revoked} 个旧密钥`, en: `revoked ${made.revoked} old secrets` })
      : said({ zh: '旧密钥仍然有效', en: 'the old secret stays valid' })
    return { data: made, text: `${secretText(made)}\n${old}` }
  },
})

const revoke = command({
  path: 'developer revoke',
  point: 'developer:secret',
  summary: {
    zh: '吊销较旧的 devSecret 及由它取得的 devToken',
    en: 'Revoke the older devSecret and the devTokens obtained with it',
  },
  parts: { devId },
  async run(ctx: Needs, { devId }) {
    const { revoked } = await revokeOldSecret(ctx, actor, devId)
    return {
      data: { devId, revoked },
      text: said({ zh: `已吊销 ${revoked} 个旧密钥`, en: `revoked ${revoked} old secrets` }),
    }
  },
})

const remove = command({
  path: 'developer remove',
  point: 'developer:edit',
  summary: {
    zh: '删除开发者；30 天内可以用 deleted restore 恢复，devId 和密钥不变',
    en: 'Delete a developer; deleted restore brings it back within 30 days, with the same devId and secrets',
  },
  details: {
    zh: '连同密钥、Webhook 和报文加密的设备；devToken 立即失效。只想暂停时用 developer disable。',
    en: 'Its secrets, webhooks and packet devices go with it; its devTokens are revoked at once. Use developer disable to pause it only.',
  },
  parts: { devId },
  async run(ctx: Needs, { devId }) {
    const corpId = ctx.developers.get(devId)?.corpId ?? ''
    await removeDeveloper(ctx, actor, corpId, devId)
    const text = said({
      zh: `已删除 ${devId}，${keptDays} 天内可以恢复: wisp deleted restore developer ${devId}`,
      en: `deleted ${devId}; within ${keptDays} days it can be restored: wisp deleted restore developer ${devId}`,
    })
    return { data: { devId, removed: true }, text }
  },
})

function switchCommand(word: 'enable' | 'disable', summary: Words, done: Words) {
  return command({
    path: `developer ${word}`,
    point: 'developer:edit',
    summary,
    parts: { devId },
    async run(ctx: Needs, { devId }) {
      await setDeveloper(ctx, actor, devId, { enabled: word === 'enable' })
      return { data: { devId, enabled: word === 'enable' }, text: `${said(done)} ${devId}` }
    },
  })
}

const set = command({
  path: 'developer set',
  point: 'developer:edit',
  summary: {
    zh: '修改开发者；显示数据范围内现有的成员数',
    en: 'Change a developer; the number of members in its data scope is shown',
  },
  parts: {
    devId,
    name: nameOption,
    ...options,
    wholeCorp: toggle('--whole-corp', {
      zh: '取消数据范围，可见整个企业',
      en: 'remove the data scope: the developer sees the whole corp',
    }),
  },
  async run(ctx: Needs, { devId, wholeCorp, ...given }) {
    const change = settingsGiven(given)
    if (wholeCorp) {
      if (change.dataScope)
        throw new UsageError({
          zh: '--whole-corp 不能与 --departments、--tags、--groups 同用',
          en: '--whole-corp excludes --departments, --tags and --groups',
        })
      change.dataScope = null
    }
    if (Object.keys(change).length === 0)
      throw new UsageError({ zh: '没有要修改的设置', en: 'no setting to change was given' })
    await setDeveloper(ctx, actor, devId, change)
    const view = await describeDeveloper(ctx, devId)
    return { data: view, text: said({ zh: `已保存\n\n${describe(view)}`, en: `saved\n\n${describe(view)}` }) }
  },
})

const usage = command({
  path: 'developer usage',
  point: 'developer:read',
  summary: {
    zh: '每天各接口的调用与失败次数，以及各密钥最近换取 devToken 的时间',
    en: 'Show calls and failures by day and call, and when each secret last obtained a devToken',
  },
  parts: {
    devId,
    days: integerOr(7, '--days <n>', { zh: '最近几天', en: 'how many days back' }, { min: 1, max: 366 }),
  },
  async run(ctx: Needs, { devId, days }) {
    const view = await describeDeveloper(ctx, devId)
    const calls = await developerUsage(ctx, devId, days)
    const rows = calls.map(one => [one.day, one.endpoint, one.calls, one.failures])
    const body = table(
      [
        { zh: '日期', en: 'Day' },
        { zh: '接口', en: 'Call' },
        { zh: '调用', en: 'Calls' },
        { zh: '失败', en: 'Failures' },
      ],
      rows,
      { zh: '（没有调用）', en: '(no calls)' },
    )
    return { data: { secrets: view.secrets, usage: calls }, text: `${secretsText(view)}\n\n${body}` }
  },
})

const paths = command({
  path: 'developer paths',
  point: 'developer:read',
  summary: {
    zh: '列出可代调用的企业微信与公众号接口',
    en: 'List the calls of WeCom and official accounts that can be passed on',
  },
  parts: {
    search: text('--search <text>', { zh: '路径或说明中的字', en: 'text in the path or the explanation' }),
  },
  async run(_ctx: unknown, { search = '' }) {
    const found = findCalls(search)
    const rows = found.map(one => [
      one.name,
      one.methods.join('|'),
      one.isPersonal ? said({ zh: '含个人信息', en: 'personal data' }) : '',
      said(one.about),
    ])
    return {
      data: found,
      text: table(
        [{ zh: '接口', en: 'Call' }, { zh: '方法', en: 'Method' }, '', { zh: '说明', en: 'Explanation' }],
        rows,
        { zh: '（没有找到）', en: '(none found)' },
      ),
    }
  },
})

function secretText({ devId, devSecret }: { devId: string; devSecret: string }): string {
  const values = facts([
    ['devId', devId],
    ['devSecret', devSecret],
  ])
  return said({
    zh: `${values}\n请立即保存 devSecret，它不会再次显示`,
    en: `${values}\nSave the devSecret now: it is not shown again`,
  })
}

function describe(view: Awaited<ReturnType<typeof describeDeveloper>>): string {
  const { dataScope } = view
  const listOf = (ids: readonly number[] = []) => ids.join(said(comma)) || said({ zh: '无', en: 'none' })
  const scope = dataScope
    ? said({
        zh: `部门 ${listOf(dataScope.departments)}；标签 ${listOf(dataScope.tags)}；人群 ${listOf(dataScope.groups)}`,
        en: `departments ${listOf(dataScope.departments)}; tags ${listOf(dataScope.tags)}; groups ${listOf(dataScope.groups)}`,
      })
    : said({ zh: '整个企业', en: 'the whole corp' })
  return facts([
    [{ zh: '名称', en: 'Name' }, view.name],
    [
      { zh: '权限', en: 'Scopes' },
      view.scopes.map(scope => scopeText(view, scope)).join(' ') || said({ zh: '无', en: 'none' }),
    ],
    [
      { zh: '负责人', en: 'Owners' },
      view.owners
        .map(
          one =>
            `${one.name} ${one.userId}${one.mayAct ? '' : said({ zh: '（不在职）', en: '(not employed)' })}`,
        )
        .join(said(comma)) || said({ zh: '无', en: 'none' }),
    ],
    [
      { zh: '数据范围', en: 'Data scope' },
      {
        zh: `${scope}（现有成员 ${formatCount(view.membersVisible)} 人）`,
        en: `${scope} (${formatCount(view.membersVisible)} members now)`,
      },
    ],
    [
      { zh: 'IP 白名单', en: 'Allowed addresses' },
      view.allowedIps.join(' ') || said({ zh: '不限', en: 'any' }),
    ],
    [{ zh: '公众号', en: 'Official accounts' }, view.accounts?.join(' ') ?? said({ zh: '全部', en: 'all' })],
    [{ zh: '代调用', en: 'Calls passed on' }, view.upstreamPaths.join(' ') || said({ zh: '无', en: 'none' })],
    [{ zh: '返回形式', en: 'Form of responses' }, view.listStyle],
    [
      { zh: '未知参数', en: 'Unknown inputs' },
      view.strictInputs ? { zh: '拒绝', en: 'refused' } : { zh: '仅提示', en: 'warned of' },
    ],
    [
      { zh: '企业微信应用', en: 'WeCom apps' },
      view.ownAgents ? { zh: '自己的应用关联的', en: 'those of its own apps' } : { zh: '全部', en: 'all' },
    ],
    [
      { zh: '嵌入的收件箱', en: 'Embedded inbox' },
      view.wholeInbox
        ? { zh: '本人的全部消息', en: 'all messages of the member' }
        : { zh: '自己发出的消息', en: 'its own messages' },
    ],
    [
      { zh: '每月短信预算', en: 'SMS budget of a month' },
      view.smsBudget === 0 ? { zh: '不限', en: 'any' } : formatMoney(view.smsBudget),
    ],
    [{ zh: '调用限额', en: 'Limits of calls' }, limitText(view.callLimits)],
    [{ zh: '接口退款', en: 'Refunds by API' }, refundText(view.refundLimits)],
  ])
}

function scopeText({ scopeDays }: DeveloperView, scope: string): string {
  return scopeDays[scope]
    ? said({ zh: `${scope}（至 ${scopeDays[scope]}）`, en: `${scope} (until ${scopeDays[scope]})` })
    : scope
}

function refundText({ each, day }: RefundLimits): string {
  return each === 0
    ? said({ zh: '不允许', en: 'not allowed' })
    : said({
        zh: `单笔最多 ${formatMoney(each)}，每天最多 ${formatMoney(day)}`,
        en: `at most ${formatMoney(each)} each, ${formatMoney(day)} a day`,
      })
}

function limitText(limits: LimitSettings): string {
  const own = Object.entries(limits).map(
    ([group, { perMinute = '', perDay = '' }]) => `${group}=${perMinute}/${perDay}`,
  )
  return own.join(' ') || said({ zh: '沿用企业的', en: 'those of the corp' })
}

function secretsText(view: DeveloperView): string {
  const rows = view.secrets.map(secret => [
    when(secret.createdAt),
    when(secret.lastUsedAt, said({ zh: '从未', en: 'never' })),
  ])
  return table(
    [
      { zh: '密钥创建于', en: 'Secret created' },
      { zh: '最近换取 devToken', en: 'Last devToken' },
    ],
    rows,
    { zh: '（没有有效密钥）', en: '(no valid secret)' },
  )
}

export const developerCommands = [
  add,
  listAll,
  rotate,
  revoke,
  remove,
  switchCommand(
    'disable',
    { zh: '停用开发者，其 devToken 立即失效', en: 'Disable a developer; its devTokens are revoked at once' },
    { zh: '已停用', en: 'disabled' },
  ),
  switchCommand('enable', { zh: '启用开发者', en: 'Enable a developer' }, { zh: '已启用', en: 'enabled' }),
  set,
  paths,
  usage,
]
