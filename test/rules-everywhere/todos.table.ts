import { allDays } from '../../server/features/quiet-hours/quiet-hours.ts'
import { setQuietHours } from '../../server/features/quiet-hours/set-quiet-hours.ts'
import { addDelegation } from '../../server/features/todos/delegations/delegations.ts'
import { passOn } from '../../server/features/todos/delegations/pass-on.ts'
import { setTodoAppSettings } from '../../server/features/todos/settings/settings.ts'
import type { TodoAppSettings } from '../../server/features/todos/settings/settings-store.ts'
import { type Attempt, command, feature, here, management, page, type Rule } from './ways.ts'

const at = (hours: number) => new Date(here.world.ctx.now() + hours * 3_600_000)
const corpId = () => here.world.corpId

function settings(settings: Partial<TodoAppSettings>, ...words: string[]): Attempt[] {
  return [
    feature(() => setTodoAppSettings(here.world.ctx, 'test', corpId(), here.appId, settings)),
    page('/web/apps/todos/save', async () => {
      const { version } = (await here.system.get('/web/apps/todos', { id: here.appId })).body
      return { id: here.appId, version, settings }
    }),
    command('todo', 'settings', '--app', () => here.appId, ...words),
    management('todo/settings/set', () => ({ appId: here.appId, settings })),
  ]
}

function quiet(from: string, to: string, timeZone = 'Asia/Shanghai', days = allDays): Attempt[] {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
  const hours = { days, from: minutes(from), to: minutes(to), timeZone }
  return [
    feature(() => setQuietHours(here.world.ctx, 'test', corpId(), hours)),
    page('/web/console/todos/quiet-hours/save', async () => {
      const { version } = (await here.system.get('/web/console/todos/quiet-hours')).body
      return { version, from, to, timeZone, days }
    }),
    command(
      ...[
        'todo',
        'settings',
        '--quiet',
        `${from}-${to}`,
        '--zone',
        timeZone,
        `--quiet-days=${days.join(',')}`,
      ],
    ),
    management('todo/quietHours', () => ({ quietHours: { days, from, to, timeZone } })),
  ]
}

function delegation(from: string, to: string, hours = 24): Attempt[] {
  const given = () => ({ from, to, endsAt: at(hours).toISOString() })
  return [
    feature(() =>
      here.world.ctx.mirrors.during(corpId(), () =>
        addDelegation(here.world.ctx, 'test', corpId(), { from, to, startsAt: undefined, endsAt: at(hours) }),
      ),
    ),
    page('/web/console/todos/delegations/add', given),
    command('todo', 'delegate', '--from', from, '--to', to, '--until', () => at(hours).toISOString()),
    management('todo/delegate', given),
  ]
}

function transfer(from: string, to: string): Attempt[] {
  return [
    feature(() =>
      here.world.ctx.mirrors.during(corpId(), () =>
        passOn(here.world.ctx, 'test', corpId(), { from: { userId: from }, to, appIds: undefined }),
      ),
    ),
    page('/web/console/todos/pass-on', () => ({ from, to, appIds: [here.appId] })),
    command('todo', 'transfer', from, '--to', to),
    management('todo/passOn', () => ({ from, to })),
  ]
}

const ofSettings: Rule[] = [
  [
    'seven reminders',
    '1000',
    /最多 6 个/,
    settings({ remindMinutes: [1, 2, 3, 4, 5, 6, 7] }, '--remind=1,2,3,4,5,6,7'),
  ],
  ['a reminder twice', '1000', /重复/, settings({ remindMinutes: [5, 5] }, '--remind=5,5')],
  [
    'a reminder in a year',
    '1000',
    /remindMinutes\[0\]/,
    settings({ remindMinutes: [525_600] }, '--remind=525600'),
  ],
  ['an escalation at once', '1000', /escalateMinutes/, settings({ escalateMinutes: 0 }, '--escalate', '0')],
]

const ofQuietHours: Rule[] = [
  ['of no length', '1000', /不能相同/, quiet('08:00', '08:00')],
  ['on an eighth day', '1000', /days/, quiet('22:00', '08:00', 'Asia/Shanghai', [1, 8])],
  ['on a day twice', '1000', /days/, quiet('22:00', '08:00', 'Asia/Shanghai', [3, 3])],
  ['of no zone', '1000', /Mars\/Olympus/, quiet('22:00', '08:00', 'Mars/Olympus')],
]

const ofDelegation: Rule[] = [
  ['to oneself', '1000', /自己/, delegation('lisi', 'lisi')],
  ['to nobody', '1007', /nobody/, delegation('lisi', 'nobody')],
  ['of nobody', '1007', /nobody/, delegation('nobody', 'lisi')],
  ['that has ended', '1000', /endsAt/, delegation('lisi', 'zhangsan', -1)],
]

const ofPassingOn: Rule[] = [
  ['of somebody who is there', '1000', /还在职/, transfer('lisi', 'zhangsan')],
  ['of nobody', '1007', /nobody/, transfer('nobody', 'zhangsan')],
]

export const everywhere: [of: string, rules: Rule[]][] = [
  ['settings of to-dos', ofSettings],
  ['quiet hours of the corp', ofQuietHours],
  ['a delegation of to-dos', ofDelegation],
  ['to-dos that are passed on', ofPassingOn],
]
