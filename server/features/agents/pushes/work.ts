import type { Developers } from '../../../callers/developers/developers.ts'
import { entityOf as contactEntity } from '../../../organisation/sync/events/callback.ts'
import type { Core } from '../../../platform/core.ts'
import type { DueEvent } from '../../../platform/inbox/event-store.ts'
import type { Inbox } from '../../../platform/inbox/inbox.ts'
import { applyGroups, finish, handleAccounts } from '../../../platform/inbox/work.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { parseContactEvent } from '../../../upstream/transport/xml.ts'
import { parseAgentPush } from '../../../upstream/wecom/agent-push.ts'
import type { Apps } from '../../apps/catalog.ts'
import type { StoredPush } from '../heard.ts'
import { noteLife } from '../life/life.ts'
import type { AgentAnswer } from '../replies/answer.ts'
import { putSends } from '../replies/sends.ts'
import { tellHeard } from './tell.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    agent: true
  }
}

type Needs = Core & {
  apps: Apps
  developers: Developers
  inbox: Inbox
  offered: FeatureOffers
  queue: Queue
}

const telling = { log: 'push of an agent postponed' }

/** Acts on what agents hear, also on what came for an agent that was removed since. */
export function handleHeard(ctx: Needs): void {
  handleAccounts(ctx, {
    name: 'agent',
    batchEvents: 400,
    accountOf: ({ corpId, key }) => ({ corpId, agentId: Number(key) }),
    work: (agent, events, { lease }) => {
      const groups = events.map(event => ({ events: [event] }))
      return applyGroups(ctx, lease, telling, groups, together =>
        ctx.db.transaction().execute(async tx => {
          const applied = together.flatMap(group => group.events)
          await act(
            ctx,
            tx,
            applied.map(event => heardOf(agent, event)),
          )
          await finish(tx, ctx, lease, applied)
        }),
      )
    },
  })
}

function heardOf(
  agent: { corpId: string; agentId: number },
  { id, changeType, plain, answer }: DueEvent,
): StoredPush {
  return {
    ...agent,
    id,
    kind: changeType,
    plain: plain ?? '',
    push: parseAgentPush(plain ?? ''),
    answer: (answer ?? null) as AgentAnswer | null,
  }
}

/** May be given a push again that somebody replays. */
async function act(ctx: Needs, tx: Db, heard: readonly StoredPush[]): Promise<void> {
  for (const one of heard) await sendLater(ctx, tx, one)
  await noteLife(ctx, tx, heard)
  await tellRooms(ctx, tx, heard)
  for (const one of heard) if (one.push.event === 'change_contact') await remindSync(ctx, tx, one)
  await tellHeard(ctx, tx, heard)
}

/** All of them are of one agent. */
async function tellRooms({ offered, now }: Needs, tx: Db, heard: readonly StoredPush[]): Promise<void> {
  const [first] = heard
  if (first)
    await offered.agentHeard(
      tx,
      first.corpId,
      heard.map(one => one.push),
      new Date(now()),
    )
}

/** What was decided with a push but could not go back with its answer. */
function sendLater(ctx: Core, tx: Db, { id, push, answer, ...agent }: StoredPush): Promise<void> {
  const later = (answer?.later ?? []).map((content, n) => ({
    userId: push.fromUserName,
    originKey: `${id} ${n}`,
    content,
  }))
  return putSends(tx, ctx, agent, later)
}

/**
 * WeCom tells agents of the address book what their range shows. The contacts callback tells all of it, so that here it only says
 * what to read again.
 */
async function remindSync({ inbox }: Needs, tx: Db, { corpId, plain }: StoredPush): Promise<void> {
  const event = parseContactEvent(plain)
  const entity = contactEntity(event)
  if (entity === 'other') return
  await inbox.remind(tx, { corpId, stream: 'directory', kind: event.changeType, entity, isHint: true })
}
