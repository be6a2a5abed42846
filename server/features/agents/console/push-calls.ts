import { Type } from 'typebox'
import { time } from '../../../platform/http/output.ts'
import { callsAbout } from '../../../platform/http/pages/calls-about.ts'
import { pushCalls } from '../../../platform/inbox/push-calls.ts'
import { wordsIn } from '../../../platform/words.ts'
import { agentPageKind } from '../agent.ts'
import { agentPushes } from '../pushes/pushes.ts'
import type { AgentAnswer } from '../replies/answer.ts'

/** Also of an agent that was removed. */
const agentCall = callsAbout({
  ...agentPageKind,
  find: (_ctx: unknown, { input, corpId }) => ({ corpId, agentId: input.agentId }),
})

/** What WeCom pushed to an agent. */
export const agentPushCalls = pushCalls(agentCall, agentPushes, {
  fields: {
    /** The passive reply in the clear; '' for none. */
    reply: Type.String(),
    /** What the system said that it was passed on to; null when it was not. */
    forwarded: Type.Union([
      Type.Object({
        at: time,
        /** Whether its reply is the answer. */
        replied: Type.Boolean(),
        ms: Type.Union([Type.Number(), Type.Null()]),
        problem: Type.String(),
      }),
      Type.Null(),
    ]),
  },
  read(answer, language) {
    const { xml = '', forwarded } = (answer ?? {}) as AgentAnswer
    if (!forwarded) return { reply: xml, forwarded: null }
    const { at, replied = false, ms = null, problem } = forwarded
    const why = problem ? wordsIn(language, problem) : ''
    return { reply: xml, forwarded: { at: new Date(at), replied, ms, problem: why } }
  },
})
