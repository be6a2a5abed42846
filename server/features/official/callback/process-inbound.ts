import type { Core } from '../../../platform/core.ts'
import type { DueEvent } from '../../../platform/inbox/event-store.ts'
import { applyGroups, finish, handleAccounts } from '../../../platform/inbox/work.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type Push, parsePush } from '../../../upstream/official/push.ts'
import type { Account, Accounts } from '../accounts/accounts.ts'
import type { PushReply } from './answer.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    official: true
  }
}

/** A push that was stored and answered, and is now acted on. */
export type StoredPush = { id: number; receivedAt: Date; push: Push; answer: PushReply | null }

/**
 * What a feature makes of pushes, in the transaction that finishes them and in the order in which they came. It may be
 * given a push again that somebody replays, so it writes under the push's id or sets a state.
 */
export type Effect = (tx: Db, account: Account, pushes: readonly StoredPush[]) => Promise<void>

type Needs = Core & { accounts: Accounts; queue: Queue }

const telling = { log: 'push of an official account postponed' }

export function handleInbound(ctx: Needs, effects: readonly Effect[]): void {
  handleAccounts(ctx, {
    name: 'official',
    batchEvents: 400,
    accountOf({ corpId, key }) {
      const account = ctx.accounts.find(key)
      return account?.corpId === corpId ? account : undefined
    },
    work: (account, events, { lease }) => {
      const groups = events.map(event => ({ events: [event] }))
      return applyGroups(ctx, lease, telling, groups, together =>
        ctx.db.transaction().execute(async tx => {
          const applied = together.flatMap(group => group.events)
          const pushes = applied.map(inboundOf)
          for (const effect of effects) await effect(tx, account, pushes)
          await finish(tx, ctx, lease, applied)
        }),
      )
    },
  })
}

function inboundOf({ id, receivedAt, plain, answer }: DueEvent): StoredPush {
  return { id, receivedAt, push: parsePush(plain ?? ''), answer: (answer ?? null) as PushReply | null }
}
