import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { languageOf, storedWords, wordsIn } from '../../../platform/words.ts'
import { editsOf } from '../../auto-replies/edit.ts'
import { replyCalls, rulesInput, simulatorInput } from '../../auto-replies/reply-calls.ts'
import { ruleList, ruleListOf, simulatedFields, tryBook } from '../../auto-replies/views.ts'
import { type AgentOfCorp, agentCall, ownerOf } from '../agent.ts'
import type { Agents } from '../callbacks/callbacks.ts'
import { type AgentReplies, agentKind } from './agent-rules.ts'
import { type Content, contentSchema } from './content.ts'
import { messageTypes } from './incoming.ts'
import { unsentSince } from './send-store.ts'

type Needs = Core & { agentReplies: AgentReplies; agents: Agents }

const dayMs = 86_400_000

/** The rules in the order in which they are asked. */
const listRules = agentCall({
  method: 'GET',
  path: '/replies/rules',
  right: 'read',
  input: rulesInput(agentKind),
  output: Type.Object({
    ...ruleListOf(contentSchema),
    /** Whether WeCom tells wisp what is written to the agent; nothing is answered otherwise. */
    hears: Type.Boolean(),
    /** Messages of the last day that did not go out, and why the last of them did not. */
    unsent: Type.Object({ count: Type.Number(), why: Type.String() }),
  }),
  async handle(ctx: Needs, { input, of, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const owner = ownerOf(of)
    const { agentId } = of.agent
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

/** What a member would be answered now, or at another time. Nothing is written. */
const simulateReply = agentCall({
  method: 'POST',
  path: '/replies/simulate',
  right: 'content',
  input: simulatorInput({ messageTypes }),
  output: Type.Object({
    /** The rule or flow that answers; '' when nothing does. */
    by: Type.String(),
    contents: Type.Array(contentSchema),
    ...simulatedFields,
  }),
  async handle(ctx: Needs, { input, of, request }) {
    const language = languageOf(request.headers['accept-language'])
    const book = ctx.agentReplies.of(ownerOf(of))
    const { decision, told } = tryBook(agentKind, book, input, new Date(ctx.now()), language)
    return { by: decision.by, contents: [...decision.contents], ...told }
  },
})

type Editor = { actor: string; of: AgentOfCorp }
const edits = editsOf((_ctx: Core, { actor, of }: Editor) => ({ actor, kind: agentKind, owner: ownerOf(of) }))

export const agentReplyCalls = [
  listRules,
  ...replyCalls(agentCall, edits, contentSchema, { ownerOf, by: (actor, of) => ({ actor, of }) }),
  simulateReply,
] as const
