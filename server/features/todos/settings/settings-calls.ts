import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { versionOf } from '../../../platform/http/form-version.ts'
import { structured, text } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Apps } from '../../apps/catalog.ts'
import { placeOf } from '../wecom-workbench/workbench-store.ts'
import type { TodoSettings } from './catalog.ts'
import { setTodoAppSettings, todoApp } from './settings.ts'
import type { TodoAppSettings } from './settings-store.ts'

type Needs = Core & { apps: Apps; todoSettings: TodoSettings }

const minutes = Type.Integer()
/** Their ranges are the rule's, which says what is wrong with which. */
export const todoAppShape = {
  remindMinutes: Type.Array(minutes, {
    maxItems: 20,
    about: {
      zh: '提醒：截止后多少分钟，负数为截止前；最多 6 个',
      en: 'Reminders: minutes after due, negative ones before; 6 at most',
    },
  }),
  escalateMinutes: Type.Union([minutes, Type.Null()], {
    about: {
      zh: '超时多少分钟后告诉上级；null 不告诉',
      en: 'Minutes overdue until the leader is told; null: never',
    },
  }),
  mayPassOn: Type.Boolean({
    about: { zh: '待办可以委托和移交', en: 'Its to-dos may be delegated and passed on' },
  }),
  inWecom: Type.Boolean({
    about: { zh: '在企业微信工作台显示待办数', en: "WeCom's workbench shows how many there are" },
  }),
  notify: Type.Boolean({
    about: { zh: '每条新待办都发企业微信卡片', en: 'Everybody gets a card in WeCom for each new to-do' },
  }),
}
export const todoAppChange = Type.Partial(Type.Object(todoAppShape), { additionalProperties: false })

export const todoAppSettingsCall = pageCall({
  method: 'GET',
  path: '/web/apps/todos',
  range: 'app',
  access: administrator('super'),
  point: 'todo:read',
  input: { id: text('应用', { max: 64 }) },
  output: Type.Object({
    appId: Type.String(),
    version: Type.String(),
    ...todoAppShape,
    /** Whether it is linked to an agent, without which WeCom has no place for it. */
    hasAgent: Type.Boolean(),
    wecom: Type.Object({
      /** What WeCom's workbench does: nothing, not yet, shows it, refused it. */
      state: Type.Enum(['off', 'waiting', 'shown', 'refused']),
      failure: Type.String(),
    }),
  }),
  async handle(ctx: Needs, { input, corpId }) {
    const app = todoApp(ctx, corpId, input.id)
    const settings = ofApp(ctx, app.id)
    const place = settings.inWecom ? await placeOf(ctx.db, corpId, app.id) : undefined
    const shown = place?.failure ? 'refused' : place?.templateAt ? 'shown' : 'waiting'
    return {
      appId: app.id,
      version: versionOf(settings),
      ...settings,
      hasAgent: app.agentId !== null,
      wecom: { state: settings.inWecom ? shown : 'off', failure: place?.failure ?? '' },
    } as const
  },
})

/** In the order in which a version is made of them. */
export function ofApp({ todoSettings }: { todoSettings: TodoSettings }, appId: string): TodoAppSettings {
  const { remindMinutes, escalateMinutes, mayPassOn, inWecom, notify } = todoSettings.of(appId)
  return { remindMinutes, escalateMinutes, mayPassOn, inWecom, notify }
}

export const saveTodoAppSettings = pageCall({
  method: 'POST',
  path: '/web/apps/todos/save',
  range: 'app',
  access: administrator('super'),
  point: 'todo:settings',
  input: {
    id: text('应用', { max: 64 }),
    version: text('打开表单时的 version', { max: 64 }),
    settings: structured('设置', todoAppChange),
  },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await setTodoAppSettings(ctx, visitor.actor, corpId, input.id, input.settings, input.version)
    return {}
  },
})
