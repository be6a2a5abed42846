import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { choice, optionalText, structured, text } from '../../../platform/http/input.ts'
import { noType, setTypeState } from '../change-type.ts'
import { type Definition, definitionSchema } from '../definition.ts'
import { putType, type TypeNeeds } from '../put-type.ts'
import { typeSchema, viewOf, wholeTypeSchema, wholeViewOf } from '../type-view.ts'
import { listTypes } from '../types-store.ts'

export const keyInput = text({ zh: '消息类型的 key', en: 'Key of the message type' }, { max: 64 })

const sample = {
  key: 'leave-approved',
  name: '请假审批',
  level: 'normal',
  channels: ['wecom'],
  devId: '',
  state: 'live',
  version: 1,
  newest: 1,
  waitsForApproval: false,
  variables: ['name', 'days'],
  optional: [],
  madeAt: '2026-12-01T02:00:00.000Z',
}
const sampleDefinition = {
  name: '请假审批',
  level: 'normal',
  channels: ['wecom'],
  templates: { wecom: { zh: { content: '{{ name }}，你的 {{ days }} 天假已批准。' } } },
}

/** Throws 1000. */
export async function wholeType(ctx: Core, corpId: string, key: string) {
  const found = (await listTypes(ctx.db, corpId)).find(one => one.key === key)
  if (!found) throw noType(key)
  return wholeViewOf(found)
}

export const adminTypes = adminCall({
  method: 'GET',
  path: '/api/admin/messageTypes',
  summary: { zh: '列出消息类型', en: 'List message types' },
  scope: 'admin:read',
  point: 'message:read',
  reach: 'corp',
  input: {},
  output: Type.Object({ list: Type.Array(typeSchema) }),
  errors: [],
  sample: { list: [sample] },
  handle: async (ctx: Core, { corpId }) => ({ list: (await listTypes(ctx.db, corpId)).map(viewOf) }),
})

export const adminType = adminCall({
  method: 'GET',
  path: '/api/admin/messageType',
  summary: { zh: '查看一个消息类型', en: 'Get a message type' },
  scope: 'admin:read',
  point: 'message:read',
  reach: 'corp',
  input: { key: keyInput },
  output: wholeTypeSchema,
  errors: [],
  sample: { ...sample, templates: sampleDefinition.templates },
  sampleInput: { key: sample.key },
  handle: (ctx: Core, { corpId, input }) => wholeType(ctx, corpId, input.key),
})

export const adminPutType = adminCall({
  method: 'POST',
  path: '/api/admin/messageType/put',
  summary: { zh: '写入消息类型', en: 'Put a message type' },
  description: {
    zh: '新建或写入新版本；与最新版本相同时不变。必达、紧急和含短信的版本须超级管理员在控制台批准后生效。',
    en: 'Makes a type or a new version of it; nothing changes if it equals the newest. Versions that must arrive, are urgent or use SMS come into force when a super administrator approves them in the console.',
  },
  scope: 'admin:apps',
  point: 'message:type',
  reach: 'corp',
  input: {
    key: keyInput,
    devId: optionalText(
      {
        zh: '新类型所属的开发者；不填为企业自己的',
        en: "Developer whose a new type is; the corp's own without it",
      },
      { max: 64 },
    ),
    definition: structured(
      { zh: '名称、级别、渠道与模板', en: 'Name, level, channels and templates' },
      definitionSchema,
    ),
  },
  output: wholeTypeSchema,
  errors: ['unknownDeveloper'],
  sample: { ...sample, templates: sampleDefinition.templates },
  sampleInput: { key: sample.key, definition: sampleDefinition },
  async handle(ctx: TypeNeeds, { corpId, input, caller }) {
    const { key, devId = null, definition } = input
    await putType(ctx, { actor: caller.actor, devId }, corpId, key, definition as Definition)
    return wholeType(ctx, corpId, key)
  },
})

export const adminSetTypeState = adminCall({
  method: 'POST',
  path: '/api/admin/messageType/state',
  summary: {
    zh: '试用、暂停、停用或恢复消息类型',
    en: 'Put a message type on trial, pause, revoke or resume it',
  },
  description: {
    zh: '试用的类型只发给定义中 testPeople 里的人。暂停和停用的类型不再接受发送，已接受的照常发出；停用的类型，其开发者不能再修改。',
    en: 'A type on trial reaches the testPeople of its definition alone. Sends by a paused or revoked type are refused, and what was accepted before is sent. The developer of a revoked type cannot change it.',
  },
  scope: 'admin:apps',
  point: 'message:type',
  reach: 'corp',
  input: {
    key: keyInput,
    state: choice(
      { zh: 'live 恢复；trial 试用；paused 暂停；revoked 停用', en: 'live, trial, paused or revoked' },
      ['live', 'trial', 'paused', 'revoked'],
    ),
  },
  output: wholeTypeSchema,
  errors: [],
  sample: { ...sample, templates: sampleDefinition.templates },
  sampleInput: { key: sample.key, state: 'paused' },
  async handle(ctx: TypeNeeds, { corpId, input, caller }) {
    await setTypeState(ctx, caller.actor, corpId, input.key, input.state)
    return wholeType(ctx, corpId, input.key)
  },
})
