import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { integer, optionalStructured, structured } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import type { WecomOptions } from '../clients/clients.ts'
import { type Corps, removeAgent } from '../corps.ts'
import { secretShape } from '../settings.ts'
import { allAgents } from '../store.ts'
import { addAgent, changeAgent } from '../tried-secrets.ts'
import { outcomeShape } from './corp-calls.ts'
import { agentSettingsShape } from './settings-shape.ts'

type Needs = Core & { corps: Corps; wecomOptions: WecomOptions }

const agentId = integer(
  { zh: '应用的 AgentId', en: 'AgentId of the application' },
  { min: 1, max: 2_147_483_647 },
)

export const adminAgents = adminCall({
  method: 'GET',
  path: '/api/admin/agents',
  summary: { zh: '企业微信应用', en: 'Agents of a corp' },
  scope: 'admin:read',
  point: 'agent:read',
  reach: 'corp',
  input: {},
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        agentId: Type.Number(),
        ...agentSettingsShape,
        secretAt: Type.Union([time, Type.Null()], {
          about: { zh: '密钥保存于', en: 'When the secret was stored' },
        }),
      }),
    ),
  }),
  errors: [],
  sample: {
    list: [
      {
        agentId: 1000002,
        name: '工作台',
        uses: ['signin', 'messages'],
        secretAt: '2026-11-26T08:00:00.000Z',
      },
    ],
  },
  async handle(ctx: Core, { corpId }) {
    const rows = await allAgents(ctx.db, corpId)
    return { list: rows.map(({ agentId, name, uses, secretAt }) => ({ agentId, name, uses, secretAt })) }
  },
})

export const adminSetAgent = adminCall({
  method: 'POST',
  path: '/api/admin/agent/set',
  summary: { zh: '登记或修改企业微信应用', en: 'Add or change an agent' },
  description: {
    zh: '已登记的应用不写 secret 则沿用现有的；新登记的必须写。',
    en: 'An agent that is known keeps its secret when none is given; a new one needs one.',
  },
  scope: 'admin:apps',
  point: 'agent:edit',
  reach: 'corp',
  outgoing: 'handler',
  input: {
    agentId,
    name: structured({ zh: '名称', en: 'Name' }, Type.String({ maxLength: 64 })),
    uses: structured(
      {
        zh: '用途：names 读取姓名，signin 登录，messages 消息',
        en: 'What it is used for: names, signin, messages',
      },
      agentSettingsShape.uses,
    ),
    secret: optionalStructured({ zh: '应用的 Secret', en: 'Secret of the application' }, secretShape),
  },
  output: outcomeShape,
  errors: ['upstream'],
  sample: { saved: true, checks: [] },
  sampleInput: { agentId: '{agentId}', name: '工作台', uses: ['signin', 'messages'] },
  async handle(ctx: Needs, { corpId, input, caller, language, goOut }) {
    const attempt = { language, force: false }
    const { secret, ...agent } = input
    const isKnown = ctx.corps.get(corpId).agents.some(one => one.agentId === agent.agentId)
    if (secret !== undefined) await goOut()
    if (isKnown) return changeAgent(ctx, caller.actor, corpId, { ...agent, secret }, undefined, attempt)
    return addAgent(ctx, caller.actor, corpId, { ...agent, secret: secret ?? '' }, attempt)
  },
})

export const adminRemoveAgent = adminCall({
  method: 'POST',
  path: '/api/admin/agent/remove',
  summary: { zh: '移除企业微信应用', en: 'Remove an agent' },
  scope: 'admin:apps',
  point: 'agent:edit',
  reach: 'corp',
  input: { agentId },
  output: Type.Object({}),
  errors: [],
  sample: {},
  sampleInput: { agentId: '{agentId}' },
  async handle(ctx: Core, { corpId, input, caller }) {
    await removeAgent(ctx, caller.actor, corpId, input.agentId)
    return {}
  },
})
