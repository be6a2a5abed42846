import { Type } from 'typebox'
import { record } from '../../../platform/audit/audit.ts'
import { changesOf } from '../../../platform/audit/changes.ts'
import type { Core } from '../../../platform/core.ts'
import { checkVersion, versionOf } from '../../../platform/http/form-version.ts'
import { flag, text } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { TodoSettings } from './catalog.ts'
import { lockInWechat, putInWechat } from './settings-store.ts'

/** `inWechat`: people read in WeChat (微信插件), which shows no cards that can change; they get plain ones instead. */
export type TodoCardSettings = { inWechat: boolean }

export const inWechatShape = Type.Boolean({
  about: {
    zh: '成员在微信里收消息：待办发普通卡片，不随状态改变',
    en: 'People read in WeChat: they are told of to-dos by plain cards, which do not change',
  },
})

/** `version` is that of the form that was filled (form-version.ts). */
export async function setTodoCards(
  ctx: Core,
  actor: string,
  corpId: string,
  settings: TodoCardSettings,
  version?: string,
): Promise<void> {
  const by = { actor, at: new Date(ctx.now()) }
  await ctx.db.transaction().execute(async tx => {
    const before = { inWechat: await lockInWechat(tx, corpId, by) }
    checkVersion(before, version)
    const changes = changesOf(before, settings)
    if (changes.length === 0) return
    await putInWechat(tx, corpId, settings.inWechat, by)
    await record(tx, ctx, { act: 'todo.cards-set', target: corpId, corpId, actor, detail: { changes } })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

export const todoCardsCall = pageCall({
  method: 'GET',
  path: '/web/console/todos/cards',
  access: administrator('super'),
  point: 'todo:read',
  input: {},
  output: Type.Object({ version: Type.String(), inWechat: Type.Boolean() }),
  async handle(ctx: { todoSettings: TodoSettings }, { corpId }) {
    const settings = { inWechat: ctx.todoSettings.inWechat(corpId) }
    return { version: versionOf(settings), ...settings }
  },
})

export const saveTodoCards = pageCall({
  method: 'POST',
  path: '/web/console/todos/cards/save',
  access: administrator('super'),
  point: 'todo:settings',
  input: {
    version: text('打开表单时的 version', { max: 64 }),
    inWechat: flag('1：成员在微信里收消息'),
  },
  output: Type.Object({}),
  async handle(ctx: Core, { input, visitor, corpId }) {
    const { version, inWechat } = input
    await setTodoCards(ctx, visitor.actor, corpId, { inWechat }, version)
    return {}
  },
})
