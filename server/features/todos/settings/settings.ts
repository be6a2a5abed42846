import { record } from '../../../platform/audit/audit.ts'
import { changesOf } from '../../../platform/audit/changes.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { checkVersion } from '../../../platform/http/form-version.ts'
import { own, told } from '../../../platform/http/told.ts'
import { enqueueEach } from '../../../platform/queue/queue-store.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { App } from '../../apps/app.ts'
import type { Apps } from '../../apps/catalog.ts'
import { prepareWorkbench } from '../wecom-workbench/prepare.ts'
import type { TodoSettings } from './catalog.ts'
import type { TodoAppSettings } from './settings-store.ts'
import * as store from './settings-store.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'todo-plan': true
  }
}

type Needs = Core & { apps: Apps; todoSettings: TodoSettings }

export const remindersAtMost = 6
/** Thirty days. */
export const minutesAtMost = 43_200
/** Who put to-dos at that moment may still have had the old settings. */
const againMs = 60_000

/** The app, which has to-dos of its own. Throws 1000. */
export function todoApp(ctx: { apps: Apps }, corpId: string, appId: string): App {
  const app = ctx.apps.get(corpId, appId)
  if (app.builtin !== null)
    throw new ApiError('badParameter', {
      zh: told`“${app.name}”是内置应用，没有待办`,
      en: told`“${app.name}” is a built-in app and has no to-dos`,
    })
  return app
}

/** `version` is that of the form that was filled (form-version.ts). Throws 1000. */
export async function setTodoAppSettings(
  ctx: Needs,
  actor: string,
  corpId: string,
  appId: string,
  change: Partial<TodoAppSettings>,
  version?: string,
): Promise<TodoAppSettings> {
  const app = todoApp(ctx, corpId, appId)
  const given = checked(change)
  if (given.inWecom && app.agentId === null)
    throw new ApiError('badParameter', {
      zh: told`“${app.name}”没有关联自建应用，不能在企业微信工作台显示待办；请先在应用中心关联`,
      en: told`“${app.name}” is not linked to a WeCom app, so it cannot show to-dos on WeCom's workbench: link one in the app centre first`,
    })
  const by = { actor, at: new Date(ctx.now()) }
  const after = await ctx.db.transaction().execute(async tx => {
    const before = await store.lockAppSettings(tx, corpId, appId, by)
    checkVersion(before, version)
    const after = { ...before, ...given }
    const changes = changesOf({ ...before }, given)
    if (changes.length === 0) return after
    await store.putAppSettings(tx, corpId, appId, after, by)
    const note = { act: 'todo.app-set', target: appId, targetName: app.name } as const
    await record(tx, ctx, { ...note, corpId, actor, detail: { changes } })
    if (given.remindMinutes || given.escalateMinutes !== undefined) await planAnew(tx, ctx, corpId, appId)
    if (after.inWecom !== before.inWecom) await prepareWorkbench(tx, ctx, corpId, appId, after.inWecom)
    await signal(tx, 'wisp_config', corpId)
    return after
  })
  await ctx.reloadConfig(corpId)
  return after
}

async function planAnew(tx: Core['db'], ctx: Core, corpId: string, appId: string): Promise<void> {
  const times = [0, againMs].map(ms => ({
    corpId,
    stream: 'todo-plan' as const,
    key: ms === 0 ? appId : `${appId} again`,
    dueAt: new Date(ctx.now() + ms),
  }))
  await enqueueEach(tx, times)
}

function checked(change: Partial<TodoAppSettings>): Partial<TodoAppSettings> {
  const { remindMinutes, escalateMinutes } = change
  if (remindMinutes && remindMinutes.length > remindersAtMost)
    throw new ApiError('badParameter', {
      zh: told`remindMinutes 最多 ${own(remindersAtMost)} 个，收到 ${own(remindMinutes.length)} 个`,
      en: told`remindMinutes takes at most ${own(remindersAtMost)}, got ${own(remindMinutes.length)}`,
    })
  remindMinutes?.forEach((minutes, at) => {
    checkMinutes(`remindMinutes[${at}]`, minutes, -minutesAtMost)
    if (remindMinutes.indexOf(minutes) !== at)
      throw new ApiError('badParameter', {
        zh: told`remindMinutes 中 ${own(minutes)} 重复`,
        en: told`remindMinutes has ${own(minutes)} twice`,
      })
  })
  if (escalateMinutes !== undefined && escalateMinutes !== null)
    checkMinutes('escalateMinutes', escalateMinutes, 1)
  return remindMinutes ? { ...change, remindMinutes: remindMinutes.toSorted((a, b) => a - b) } : change
}

function checkMinutes(name: string, minutes: number, least: number): void {
  if (!Number.isInteger(minutes) || minutes < least || minutes > minutesAtMost)
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 应为 ${own(least)} 到 ${own(minutesAtMost)} 的整数（分钟），收到 ${String(minutes)}`,
      en: told`${own(name)} should be a whole number of minutes from ${own(least)} to ${own(minutesAtMost)}, got ${String(minutes)}`,
    })
}
