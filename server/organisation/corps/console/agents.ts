import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { flag, integer, optionalIds, optionalText, text } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { WecomOptions } from '../clients/clients.ts'
import type { Corps } from '../corps.ts'
import { agentUses, removeAgent, unknownAgent } from '../corps.ts'
import { tryAgentSecret } from '../doctor/doctor.ts'
import { purposes } from '../sealed.ts'
import { allAgents } from '../store.ts'
import { addAgent as addTriedAgent, changeAgent } from '../tried-secrets.ts'
import {
  agentView,
  agentViewSchema,
  languageAsked,
  type SecretOutcome,
  secretOutcomeSchema,
} from './corps.ts'

type Needs = Core & { corps: Corps; wecomOptions: WecomOptions }

/** The self-built WeCom applications that a corp lets wisp use. */
const access = administrator('super')

const agentId = integer('企业微信自建应用的 AgentId', { min: 1, max: 2_147_483_647 })
const agentInput = {
  agentId,
  name: text('名称', { max: 64 }),
  uses: optionalIds('用途', { max: agentUses.length }),
  force: flag('1: 企业微信拒绝时也保存'),
}

export const listAgents = pageCall({
  method: 'GET',
  path: '/web/corps/agents',
  point: 'agent:read',
  access,
  input: {},
  output: Type.Object({
    list: Type.Array(agentViewSchema),
    total: Type.Number(),
  }),
  async handle(ctx: Core, { corpId }) {
    const list = (await allAgents(ctx.db)).filter(row => row.corpId === corpId).map(agentView)
    return { list, total: list.length }
  },
})

export const addAgent = pageCall({
  method: 'POST',
  path: '/web/corps/agents/add',
  point: 'agent:edit',
  access,
  outgoing: true,
  input: { ...agentInput, secret: text('Secret', { max: 256 }) },
  output: secretOutcomeSchema,
  handle(ctx: Needs, { corpId, input, visitor, request }): Promise<SecretOutcome> {
    const { force, ...agent } = input
    return addTriedAgent(ctx, visitor.actor, corpId, agent, { force, language: languageAsked(request) })
  },
})

/** Saves a WeCom app. If the secret is left out, the present one stays. */
export const saveAgent = pageCall({
  method: 'POST',
  path: '/web/corps/agents/save',
  point: 'agent:edit',
  access,
  outgoing: true,
  input: {
    ...agentInput,
    version: text('页面所见的版本', { max: 64 }),
    secret: optionalText('新的 Secret，空为不变', { max: 256 }),
  },
  output: secretOutcomeSchema,
  handle(ctx: Needs, { corpId, input, visitor, request }): Promise<SecretOutcome> {
    const { version, force, ...agent } = input
    const attempt = { force, language: languageAsked(request) }
    return changeAgent(ctx, visitor.actor, corpId, agent, version, attempt)
  },
})

export const dropAgent = pageCall({
  method: 'POST',
  path: '/web/corps/agents/remove',
  point: 'agent:edit',
  access,
  input: { agentId },
  output: Type.Object({}),
  async handle(ctx: Core, { corpId, input, visitor }) {
    await removeAgent(ctx, visitor.actor, corpId, input.agentId)
    return {}
  },
})

/** Whether WeCom accepts the agent's stored secret, and whom the agent sees. */
export const testAgent = pageCall({
  method: 'POST',
  path: '/web/corps/agents/test',
  point: 'agent:edit',
  access,
  outgoing: true,
  input: { agentId },
  output: secretOutcomeSchema,
  async handle(
    ctx: Core & { wecomOptions: WecomOptions },
    { corpId, input, request },
  ): Promise<SecretOutcome> {
    const row = (await allAgents(ctx.db)).find(one => one.corpId === corpId && one.agentId === input.agentId)
    if (!row) throw unknownAgent(input.agentId)
    const secret = ctx.seal.open(row.secret, purposes.agentSecret)
    const { checks } = await tryAgentSecret(ctx, corpId, row, secret, languageAsked(request))
    return { saved: false, checks }
  },
})
