import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, directoryCommand, givenOnly, UsageError } from '../../../platform/command/command.ts'
import {
  anyId,
  choice,
  integerOr,
  integers,
  list,
  optionalSwitch,
  requiredText,
  text,
  time,
  toggle,
} from '../../../platform/command/parts.ts'
import { table, when } from '../../../platform/command/text.ts'
import { usualZone } from '../../../platform/time-zone.ts'
import type { QuietHoursOfCorps } from '../../quiet-hours/catalog.ts'
import { allDays, minuteWords, readMinute } from '../../quiet-hours/quiet-hours.ts'
import { setQuietHours } from '../../quiet-hours/set-quiet-hours.ts'
import { listForConsole } from '../console/list-store.ts'
import { personOf, stateWords } from '../console/todo-list-calls.ts'
import { listDelegations } from '../delegations/delegation-store.ts'
import { addDelegation, endDelegation } from '../delegations/delegations.ts'
import { estateOf, passOn } from '../delegations/pass-on.ts'
import type { SettleNeeds } from '../delegations/settle-holders.ts'
import { peopleOf } from '../people/people.ts'
import { setTodoCards } from '../settings/card-settings.ts'
import { setTodoAppSettings, todoApp } from '../settings/settings.ts'
import { ofApp } from '../settings/settings-calls.ts'

type Needs = SettleNeeds & { corps: Corps }

const states = ['open', 'overdue', 'done', 'withdrawn'] as const

const listTodos = directoryCommand({
  path: 'todo list',
  point: 'todo:read',
  summary: '列出待办，新的在前：在谁那里、什么时候截止',
  parts: {
    corp: corpPart,
    app: text('--app <id>', '应用 id'),
    user: text('--user <userId>', '处理人'),
    state: choice('--state <state>', '状态', states),
    words: text('--words <text>', '标题、流程、发起人或编号的一部分'),
    limit: integerOr(50, '--limit <n>', '最多几条', { min: 1, max: 1000 }),
  },
  async run(ctx: Needs, { corp, app, user, state, words = '', limit }) {
    const corpId = corpOf(ctx, corp)
    const holder = user === undefined ? undefined : await personOf(ctx, corpId, user)
    const filter = {
      appId: app,
      holderId: holder?.id,
      kind: undefined,
      words,
      states: state === undefined || state === 'overdue' ? undefined : [state],
      overdueAt: state === 'overdue' ? new Date(ctx.now()) : undefined,
    }
    const sort = { field: 'createdAt', descending: true } as const
    const { rows: data, total } = await listForConsole(ctx.db, corpId, filter, sort, { limit, offset: 0 })
    const person = await peopleOf(
      ctx,
      corpId,
      data.map(one => one.holderId),
    )
    const rows = data.map(one => [
      one.todoNo,
      ctx.apps.find(one.appId)?.name ?? one.appId,
      person(one.holderId).userId || '—',
      stateWords[one.state].zh,
      one.dueAt ? when(one.dueAt) : '—',
      one.title,
    ])
    const heads = ['编号', '应用', '处理人', '状态', '截止', '标题']
    return { data: { list: data, total }, text: table(heads, rows, '没有待办') }
  },
})

const delegate = directoryCommand({
  path: 'todo delegate',
  point: 'todo:delegate',
  summary: '一段时间里由别人处理一个人的待办；--end 提前结束，--list 列出',
  details: '只对开启了「可委托与移交」的应用有效；到期后未办的回到本人。',
  parts: {
    corp: corpPart,
    from: text('--from <userId>', '委托人'),
    to: text('--to <userId>', '受托人'),
    since: time('--since <time>', '从什么时候，默认现在；ISO 8601'),
    until: time('--until <time>', '到什么时候；ISO 8601'),
    end: integerOr(0, '--end <id>', '结束这个委托', anyId),
    list: toggle('--list', '列出没有结束的委托'),
  },
  async run(ctx: Needs, { corp, from, to, since, until, end, list }) {
    const corpId = corpOf(ctx, corp)
    if (list) return delegationsOf(ctx, corpId)
    if (end > 0) {
      const data = await endDelegation(ctx, actor, corpId, end)
      return { data, text: `已结束，${data.moved} 条未办的回到本人` }
    }
    if (!from || !to || !until) throw new UsageError('缺少 --from、--to 或 --until')
    const data = await addDelegation(ctx, actor, corpId, { from, to, startsAt: since, endsAt: until })
    return { data, text: `已委托，编号 ${data.id}，${data.moved} 条待办转给 ${to}` }
  },
})

async function delegationsOf(ctx: Needs, corpId: string) {
  const filter = { personId: undefined, now: new Date(ctx.now()) }
  const { rows } = await listDelegations(ctx.db, corpId, filter, { limit: 1000, offset: 0 })
  const person = await peopleOf(
    ctx,
    corpId,
    rows.flatMap(one => [one.fromId, one.toId]),
  )
  const shown = rows.map(one => [
    one.id,
    person(one.fromId).userId,
    person(one.toId).userId,
    when(one.startsAt),
    when(one.endsAt),
    one.createdBy,
  ])
  return { data: rows, text: table(['编号', '委托人', '受托人', '从', '到', '由谁设置'], shown, '没有委托') }
}

const transfer = directoryCommand({
  path: 'todo transfer',
  point: 'todo:delegate',
  summary: '把离职人员的待办移交给接手人；没有 --to 时只显示各应用有几条',
  parts: {
    from: requiredText('<userId>', '离职人员'),
    corp: corpPart,
    to: text('--to <userId>', '接手人'),
    app: list('--app <id,…>', '应用，默认全部允许移交的'),
  },
  async run(ctx: Needs, { from, corp, to, app }) {
    const corpId = corpOf(ctx, corp)
    if (to === undefined) {
      const { apps } = await estateOf(ctx, corpId, { userId: from })
      const rows = apps.map(one => [one.appId, one.appName, one.count, one.mayPassOn ? '可移交' : '不可移交'])
      return { data: apps, text: table(['应用', '名称', '待处理', ''], rows, '没有待处理的待办') }
    }
    const data = await passOn(ctx, actor, corpId, { from: { userId: from }, to, appIds: app })
    return { data, text: `已移交 ${data.passedOn} 条` }
  },
})

const settings = command({
  path: 'todo settings',
  point: 'todo:settings',
  summary: '显示或修改一个应用的提醒、升级、委托、卡片与企业微信工作台，和全企业的免打扰',
  details: '没有写出的不变。分钟数从截止时算起，截止前为负数，例如 --remind=-1440,0。',
  parts: {
    corp: corpPart,
    app: text('--app <id>', '应用 id'),
    remind: integers('--remind <minutes,…>', '提醒：截止后多少分钟，负数为截止前；"" 不提醒'),
    escalate: text('--escalate <minutes>', '超时多少分钟后告诉上级；none 不告诉'),
    passOn: optionalSwitch('--pass-on [on|off]', '可委托与移交'),
    wecom: optionalSwitch('--wecom [on|off]', '在企业微信工作台显示待办数'),
    notify: optionalSwitch('--notify [on|off]', '每条新待办都发企业微信卡片'),
    wechat: optionalSwitch('--wechat [on|off]', '全企业：成员在微信里收消息，待办发普通卡片'),
    quiet: text('--quiet <from-to>', '全企业的免打扰，例如 22:00-08:00；none 去掉'),
    quietDays: integers('--quiet-days <1,…>', '免打扰从哪些天起，1 周一 … 7 周日，默认每天'),
    zone: text('--zone <name>', '免打扰的时区，默认 Asia/Shanghai'),
  },
  async run(
    ctx: Omit<Needs, 'mirrors'> & { quietHours: QuietHoursOfCorps },
    { corp, app, quiet, quietDays, zone, wechat, ...given },
  ) {
    const corpId = corpOf(ctx, corp)
    const change = changeGiven(given)
    if (Object.keys(change).length > 0) {
      if (!app) throw new UsageError('缺少 --app <id>')
      await setTodoAppSettings(ctx, actor, corpId, app, change)
    }
    if (wechat !== undefined) await setTodoCards(ctx, actor, corpId, { inWechat: wechat })
    if (quiet !== undefined) await setQuietHours(ctx, actor, corpId, quietGiven(quiet, quietDays, zone))
    const apps = app
      ? [todoApp(ctx, corpId, app)]
      : ctx.apps.ofCorp(corpId).filter(one => one.builtin === null)
    const data = {
      quietHours: ctx.quietHours.of(corpId) ?? null,
      inWechat: ctx.todoSettings.inWechat(corpId),
      apps: apps.map(({ id, name }) => ({ id, name, ...ofApp(ctx, id) })),
    }
    const rows = data.apps.map(one => [
      one.id,
      one.name,
      one.remindMinutes.join(',') || '—',
      one.escalateMinutes ?? '—',
      one.mayPassOn ? '可' : '—',
      one.inWecom ? '显示' : '—',
      one.notify ? '每条' : '—',
    ])
    const hours = data.quietHours
    const night = hours
      ? `免打扰 ${minuteWords(hours.from)}-${minuteWords(hours.to)} ${hours.timeZone}${hours.days.length < 7 ? `，周 ${hours.days.join('、')}` : ''}`
      : '没有免打扰'
    const heads = ['应用', '名称', '提醒（分钟）', '告诉上级（分钟）', '委托与移交', '企业微信工作台', '卡片']
    const reading = data.inWechat ? '成员在微信里收消息\n' : ''
    return { data, text: `${night}\n${reading}${table(heads, rows, '没有应用')}` }
  },
})

function changeGiven(given: {
  remind: number[] | undefined
  escalate: string | undefined
  passOn: boolean | undefined
  wecom: boolean | undefined
  notify: boolean | undefined
}) {
  const { remind: remindMinutes, escalate, passOn: mayPassOn, wecom: inWecom, notify } = given
  const escalateMinutes = escalate === undefined ? undefined : escalate === 'none' ? null : Number(escalate)
  return givenOnly({ remindMinutes, escalateMinutes, mayPassOn, inWecom, notify })
}

function quietGiven(quiet: string, days: readonly number[] = allDays, timeZone = usualZone) {
  if (quiet === 'none') return null
  const [from = '', to = '', ...more] = quiet.split('-')
  if (more.length > 0 || to === '') throw new UsageError('--quiet 应如 22:00-08:00，或 none')
  return { days: days.toSorted(), from: readMinute(from, '--quiet'), to: readMinute(to, '--quiet'), timeZone }
}

export const todoCommands = [listTodos, delegate, transfer, settings]
