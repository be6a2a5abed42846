import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { optionalChoice, optionalInteger, optionalText, structured } from '../../../platform/http/input.ts'
import { paging, requiredId } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageOf, storedWords, wordsIn } from '../../../platform/http/words.ts'
import { agentOwner, type Owner } from '../../auto-replies/conversation-owner.ts'
import { addRules, removeRule, setRule } from '../../auto-replies/edit.ts'
import { oneRule, ruleList, ruleListOf } from '../../auto-replies/views.ts'
import type { Agents } from '../callbacks/callbacks.ts'
import { agentId } from '../menus/menu-calls.ts'
import { agentOf } from '../menus/menus.ts'
import { type AgentReplies, agentKind, newRuleSchema, ruleFields } from './agent-rules.ts'
import { type Content, contentSchema } from './content.ts'
import { unsentSince } from './send-store.ts'

type Needs = Core & { corps: Corps }

const access = administrator('super')
const dayMs = 86_400_000

/** Throws 1000 for an agent that the corp does not have. */
export function ownerOf(ctx: Needs, corpId: string, agentId: number): Owner {
  agentOf(ctx, corpId, agentId)
  return agentOwner(corpId, agentId)
}

/** The rules in the order in which they are asked. */
export const listAgentRules = pageCall({
  method: 'GET',
  path: '/web/agents/replies/rules',
  point: 'agent:read',
  access,
  input: {
    agentId,
    search: optionalText('名称、关键词或回复中的文字', { max: 64 }),
    kind: optionalChoice('种类', agentKind.ruleKinds),
    ...paging,
  },
  output: Type.Object({
    ...ruleListOf(contentSchema),
    /** Whether WeCom tells wisp what is written to the agent; nothing is answered otherwise. */
    hears: Type.Boolean(),
    /** Messages of the last day that did not go out, and why the last of them did not. */
    unsent: Type.Object({ count: Type.Number(), why: Type.String() }),
  }),
  async handle(ctx: Needs & { agentReplies: AgentReplies; agents: Agents }, { input, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const owner = ownerOf(ctx, corpId, input.agentId)
    const { agentId } = input
    const [rules, unsent] = await Promise.all([
      ruleList<Content>(ctx.db, ctx.agentReplies.of(owner), owner, input, language),
      unsentSince(ctx.db, { corpId, agentId }, new Date(ctx.now() - dayMs)),
    ])
    const { count, reason } = unsent
    return {
      ...rules,
      hears: Boolean(ctx.agents.callbackOf(corpId, agentId)?.verifiedAt),
      unsent: { count, why: reason === null ? '' : wordsIn(language, storedWords(reason)) },
    }
  },
})

export const getAgentRule = pageCall({
  method: 'GET',
  path: '/web/agents/replies/rule',
  point: 'agent:read',
  access,
  input: { agentId, id: requiredId('规则') },
  output: Type.Object({ ...ruleFields, id: Type.Number(), version: Type.String() }),
  async handle(ctx: Needs, { input, corpId }) {
    return oneRule<Content>(ctx.db, ownerOf(ctx, corpId, input.agentId), input.id)
  },
})

export const saveAgentRule = pageCall({
  method: 'POST',
  path: '/web/agents/replies/rules/save',
  point: 'agent:content',
  access,
  input: {
    agentId,
    id: optionalInteger('规则；空为新建', { min: 1, max: Number.MAX_SAFE_INTEGER }),
    version: optionalText('打开表单时的版本', { max: 64 }),
    rule: structured('规则', newRuleSchema),
  },
  output: Type.Object({ id: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const by = {
      actor: visitor.actor,
      kind: agentKind,
      owner: ownerOf(ctx, corpId, input.agentId),
    }
    if (input.id === undefined) {
      const [id] = await addRules(ctx, by, [input.rule])
      return { id: id as number }
    }
    await setRule(ctx, by, input.id, input.rule, input.version)
    return { id: input.id }
  },
})

export const removeAgentRule = pageCall({
  method: 'POST',
  path: '/web/agents/replies/rules/remove',
  point: 'agent:content',
  access,
  input: { agentId, id: requiredId('规则') },
  output: Type.Object({ id: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const owner = ownerOf(ctx, corpId, input.agentId)
    await removeRule(ctx, { actor: visitor.actor, kind: agentKind, owner }, input.id)
    return { id: input.id }
  },
})
