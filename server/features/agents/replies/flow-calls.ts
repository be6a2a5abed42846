import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import {
  optionalInteger,
  optionalStructured,
  optionalText,
  optionalTime,
  structured,
} from '../../../platform/http/input.ts'
import { requiredId } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageOf } from '../../../platform/http/words.ts'
import { addFlow, removeFlow, setFlow } from '../../auto-replies/edit.ts'
import {
  eventFields,
  flowList,
  flowListOf,
  placeSchema,
  simulatedFields,
  tryBook,
} from '../../auto-replies/views.ts'
import { agentId } from '../menus/menu-calls.ts'
import { type AgentReplies, agentKind, newFlowSchema } from './agent-rules.ts'
import { type Content, contentSchema } from './content.ts'
import { messageTypes } from './incoming.ts'
import { ownerOf } from './rule-calls.ts'

type Needs = Core & { corps: Corps }

const access = administrator('super')

export const listAgentFlows = pageCall({
  method: 'GET',
  path: '/web/agents/replies/flows',
  point: 'agent:read',
  access,
  input: { agentId },
  output: Type.Object(flowListOf(contentSchema)),
  async handle(ctx: Needs, { input, corpId }) {
    return flowList<Content>(ctx.db, ownerOf(ctx, corpId, input.agentId))
  },
})

export const saveAgentFlow = pageCall({
  method: 'POST',
  path: '/web/agents/replies/flows/save',
  point: 'agent:content',
  access,
  input: {
    agentId,
    id: optionalInteger('流程；空为新建', { min: 1, max: Number.MAX_SAFE_INTEGER }),
    version: optionalText('打开表单时的版本', { max: 64 }),
    flow: structured('流程', newFlowSchema),
  },
  output: Type.Object({ id: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const owner = ownerOf(ctx, corpId, input.agentId)
    const by = { actor: visitor.actor, kind: agentKind, owner }
    if (input.id === undefined) return { id: await addFlow(ctx, by, input.flow) }
    await setFlow(ctx, by, input.id, input.flow, input.version)
    return { id: input.id }
  },
})

export const removeAgentFlow = pageCall({
  method: 'POST',
  path: '/web/agents/replies/flows/remove',
  point: 'agent:content',
  access,
  input: { agentId, id: requiredId('流程') },
  output: Type.Object({ id: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const owner = ownerOf(ctx, corpId, input.agentId)
    await removeFlow(ctx, { actor: visitor.actor, kind: agentKind, owner }, input.id)
    return { id: input.id }
  },
})

const eventSchema = Type.Object({ ...eventFields, type: Type.Optional(Type.Enum(messageTypes)) })

/** What a member would be answered now, or at another time. Nothing is written. */
export const simulateAgentReply = pageCall({
  method: 'POST',
  path: '/web/agents/replies/simulate',
  point: 'agent:content',
  access,
  input: {
    agentId,
    event: structured('成员做了什么', eventSchema),
    at: optionalTime('什么时间，默认现在'),
    place: optionalStructured('在流程的哪一步', placeSchema),
  },
  output: Type.Object({
    /** The rule or flow that answers; '' when nothing does. */
    by: Type.String(),
    contents: Type.Array(contentSchema),
    ...simulatedFields,
  }),
  async handle(ctx: Needs & { agentReplies: AgentReplies }, { input, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const book = ctx.agentReplies.of(ownerOf(ctx, corpId, input.agentId))
    const { decision, told } = tryBook(agentKind, book, input, new Date(ctx.now()), language)
    return { by: decision.by, contents: [...decision.contents], ...told }
  },
})
