import { Type } from 'typebox'
import { pushCalls } from '../../../platform/inbox/push-calls.ts'
import { accountCall } from '../accounts/account-call.ts'
import type { PushReply } from '../callback/answer.ts'
import { accountPushes } from './pushes.ts'

/** What WeChat pushed to an account, for everyone who may work with it, because they see the same messages in 会话. */
export const accountPushCalls = pushCalls(accountCall, accountPushes, {
  fields: {
    /** What was answered, and which rule decided it; null when nothing was. */
    answer: Type.Union([
      Type.Object({
        by: Type.String(),
        /** The type of the passive reply; '' without one. */
        passive: Type.String(),
        /** How many customer-service messages followed. */
        later: Type.Number(),
        /** Handed to a person in 会话. */
        person: Type.Boolean(),
      }),
      Type.Null(),
    ]),
  },
  read(stored) {
    if (!stored) return { answer: null }
    const { by, passive, later, person } = stored as PushReply
    return {
      answer: {
        by: by ?? '',
        passive: passive?.type ?? '',
        later: later.length,
        person: person ?? false,
      },
    }
  },
})
