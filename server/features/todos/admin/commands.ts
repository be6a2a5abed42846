import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, directoryCommand, givenOnly, UsageError } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
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
  summary: {
    zh: '列出待办，新的在前：在谁那里、什么时候截止',
    en: 'List to-dos, newest first: whose they are, and when they are due',
  },
  parts: {
    corp: corpPart,
    app: text('--app <id>', { zh: '应用 id', en: 'app id' }),
    user: text('--user <userId>', { zh: '处理人', en: 'member who has it' }),
    state: choice('--state <state>', { zh: '状态', en: 'state' }, states),
    words: text('--words <text>', {
      zh: '标题、流程、发起人或编号的一部分',
      en: 'part of the title, the flow, the sender or the id',
    }),
    limit: integerOr(50, '--limit <n>', { zh: '最多几条', en: 'how many at most' }, { min: 1, max: 1000 }),
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
      said(stateWords[one.state]),
      one.dueAt ? when(one.dueAt) : '—',
      one.title,
    ])
    const heads = [
      said({ zh: '编号', en: 'ID' }),
      said({ zh: '应用', en: 'App' }),
      said({ zh: '处理人', en: 'member who has it' }),
      said({ zh: '状态', en: 'State' }),
      said({ zh: '截止', en: 'Due' }),
      said({ zh: '标题', en: 'Title' }),
    ]
    return { data: { list: data, total }, text: table(heads, rows, { zh: '没有待办', en: 'no to-dos' }) }
  },
})

const delegate = directoryCommand({
  path: 'todo delegate',
  point: 'todo:delegate',
  summary: {
    zh: '一段时间里由别人处理一个人的待办；--end 提前结束，--list 列出',
    en: "Let someone else handle a person's to-dos for some time; --end ends it early, --list lists them",
  },
  details: {
    zh: '只对开启了“可委托与移交”的应用有效；到期后未办的回到本人。',
    en: 'It applies only to apps whose to-dos can be passed on; what is not done at the end goes back to the person.',
  },
  parts: {
    corp: corpPart,
    from: text('--from <userId>', { zh: '委托人', en: 'person whose to-dos they are' }),
    to: text('--to <userId>', { zh: '受托人', en: 'person who handles them' }),
    since: time('--since <time>', {
      zh: '从什么时候，默认现在；ISO 8601',
      en: 'from when, now by default; ISO 8601',
    }),
    until: time('--until <time>', { zh: '到什么时候；ISO 8601', en: 'until when; ISO 8601' }),
    end: integerOr(0, '--end <id>', { zh: '结束这个委托', en: 'end this delegation' }, anyId),
    list: toggle('--list', { zh: '列出没有结束的委托', en: 'list delegations that have not ended' }),
  },
  async run(ctx: Needs, { corp, from, to, since, until, end, list }) {
    const corpId = corpOf(ctx, corp)
    if (list) return delegationsOf(ctx, corpId)
    if (end > 0) {
      const data = await endDelegation(ctx, actor, corpId, end)
      return {
        data,
        text: said({
          zh: `已结束，${data.moved} 条未办的回到本人`,
          en: `ended; ${data.moved} open ones went back to the person`,
        }),
      }
    }
    if (!from || !to || !until)
      throw new UsageError({ zh: '缺少 --from、--to 或 --until', en: '--from, --to or --until is missing' })
    const data = await addDelegation(ctx, actor, corpId, { from, to, startsAt: since, endsAt: until })
    return {
      data,
      text: said({
        zh: `已委托，编号 ${data.id}，${data.moved} 条待办转给 ${to}`,
        en: `delegated with the ID ${data.id}; ${data.moved} to-dos went to ${to}`,
      }),
    }
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
  return {
    data: rows,
    text: table(
      [
        { zh: '编号', en: 'ID' },
        { zh: '委托人', en: 'person whose to-dos they are' },
        { zh: '受托人', en: 'person who handles them' },
        { zh: '从', en: 'From' },
        { zh: '到', en: 'Until' },
        { zh: '由谁设置', en: 'Set by' },
      ],
      shown,
      { zh: '没有委托', en: 'no delegations' },
    ),
  }
}

const transfer = directoryCommand({
  path: 'todo transfer',
  point: 'todo:delegate',
  summary: {
    zh: '把离职人员的待办移交给接手人；没有 --to 时只显示各应用有几条',
    en: 'Pass the to-dos of a leaver on to a successor; without --to only how many each app has',
  },
  parts: {
    from: requiredText('<userId>', { zh: '离职人员', en: 'leaver' }),
    corp: corpPart,
    to: text('--to <userId>', { zh: '接手人', en: 'successor' }),
    app: list('--app <id,…>', {
      zh: '应用，默认全部允许移交的',
      en: 'apps, by default all whose to-dos can be passed on',
    }),
  },
  async run(ctx: Needs, { from, corp, to, app }) {
    const corpId = corpOf(ctx, corp)
    if (to === undefined) {
      const { apps } = await estateOf(ctx, corpId, { userId: from })
      const rows = apps.map(one => [
        one.appId,
        one.appName,
        one.count,
        one.mayPassOn
          ? said({ zh: '可移交', en: 'Can be passed on' })
          : said({ zh: '不可移交', en: 'Cannot be passed on' }),
      ])
      return {
        data: apps,
        text: table(
          [{ zh: '应用', en: 'App' }, { zh: '名称', en: 'Name' }, { zh: '待处理', en: 'open' }, ''],
          rows,
          { zh: '没有待处理的待办', en: 'no open to-dos' },
        ),
      }
    }
    const data = await passOn(ctx, actor, corpId, { from: { userId: from }, to, appIds: app })
    return { data, text: said({ zh: `已移交 ${data.passedOn} 条`, en: `passed on ${data.passedOn}` }) }
  },
})

const settings = command({
  path: 'todo settings',
  point: 'todo:settings',
  summary: {
    zh: '显示或修改一个应用的提醒、升级、委托、卡片与企业微信工作台，和全企业的免打扰',
    en: 'Show or change reminders, escalation, delegation, cards and WeCom workbench of an app, and the quiet hours of the corp',
  },
  details: {
    zh: '没有写出的不变。分钟数从截止时算起，截止前为负数，例如 --remind=-1440,0。',
    en: 'What is not given stays. Minutes are counted from the due time and are negative before it, such as --remind=-1440,0.',
  },
  parts: {
    corp: corpPart,
    app: text('--app <id>', { zh: '应用 id', en: 'app id' }),
    remind: integers('--remind <minutes,…>', {
      zh: '提醒：截止后多少分钟，负数为截止前；"" 不提醒',
      en: 'reminders: minutes after the due time, negative before it; "" for none',
    }),
    escalate: text('--escalate <minutes>', {
      zh: '超时多少分钟后告诉上级；none 不告诉',
      en: 'minutes overdue after which the superior is told; none for never',
    }),
    passOn: optionalSwitch('--pass-on [on|off]', {
      zh: '可委托与移交',
      en: 'whether to-dos can be delegated and passed on',
    }),
    wecom: optionalSwitch('--wecom [on|off]', {
      zh: '在企业微信工作台显示待办数',
      en: 'show the number of to-dos on the WeCom workbench',
    }),
    notify: optionalSwitch('--notify [on|off]', {
      zh: '每条新待办都发企业微信卡片',
      en: 'send a WeCom card for each new to-do',
    }),
    wechat: optionalSwitch('--wechat [on|off]', {
      zh: '全企业：成员在微信里收消息，待办发普通卡片',
      en: 'for the corp: members receive messages in WeChat, to-dos are sent as plain cards',
    }),
    quiet: text('--quiet <from-to>', {
      zh: '全企业的免打扰，例如 22:00-08:00；none 去掉',
      en: 'quiet hours of the corp, such as 22:00-08:00; none takes them away',
    }),
    quietDays: integers('--quiet-days <1,…>', {
      zh: '免打扰从哪些天起，1 周一 … 7 周日，默认每天',
      en: 'days on which the quiet hours begin, 1 Monday … 7 Sunday, every day by default',
    }),
    zone: text('--zone <name>', {
      zh: '免打扰的时区，默认 Asia/Shanghai',
      en: 'time zone of the quiet hours, Asia/Shanghai by default',
    }),
  },
  async run(
    ctx: Omit<Needs, 'mirrors'> & { quietHours: QuietHoursOfCorps },
    { corp, app, quiet, quietDays, zone, wechat, ...given },
  ) {
    const corpId = corpOf(ctx, corp)
    const change = changeGiven(given)
    if (Object.keys(change).length > 0) {
      if (!app) throw new UsageError({ zh: '缺少 --app <id>', en: '--app <id> is missing' })
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
      one.mayPassOn ? said({ zh: '可', en: 'yes' }) : '—',
      one.inWecom ? said({ zh: '显示', en: 'shown' }) : '—',
      one.notify ? said({ zh: '每条', en: 'each' }) : '—',
    ])
    const hours = data.quietHours
    const night = hours
      ? said({
          zh: `免打扰 ${minuteWords(hours.from)}-${minuteWords(hours.to)} ${hours.timeZone}${hours.days.length < 7 ? `，周 ${hours.days.join('、')}` : ''}`,
          en: `quiet hours ${minuteWords(hours.from)}-${minuteWords(hours.to)} ${hours.timeZone}${hours.days.length < 7 ? `, on the days ${hours.days.join(', ')}` : ''}`,
        })
      : said({ zh: '没有免打扰', en: 'no quiet hours' })
    const heads = [
      said({ zh: '应用', en: 'App' }),
      said({ zh: '名称', en: 'Name' }),
      said({ zh: '提醒（分钟）', en: 'Reminders (minutes)' }),
      said({ zh: '告诉上级（分钟）', en: 'Superior told (minutes)' }),
      said({ zh: '委托与移交', en: 'Can be passed on' }),
      said({ zh: '企业微信工作台', en: 'WeCom workbench' }),
      said({ zh: '卡片', en: 'Cards' }),
    ]
    const reading = data.inWechat
      ? said({ zh: '成员在微信里收消息\n', en: 'members receive messages in WeChat\n' })
      : ''
    return { data, text: `${night}\n${reading}${table(heads, rows, { zh: '没有应用', en: 'no apps' })}` }
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
  if (more.length > 0 || to === '')
    throw new UsageError({
      zh: '--quiet 应如 22:00-08:00，或 none',
      en: '--quiet takes the form 22:00-08:00, or none',
    })
  return { days: days.toSorted(), from: readMinute(from, '--quiet'), to: readMinute(to, '--quiet'), timeZone }
}

export const todoCommands = [listTodos, delegate, transfer, settings]
