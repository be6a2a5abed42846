import type { Developers } from '../../../callers/developers/developers.ts'
import { userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Core } from '../../../platform/core.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { textIn } from '../../../upstream/wecom/agent-push.ts'
import type { Apps } from '../../apps/catalog.ts'
import { tellDevelopers } from '../../events/outbox-store.ts'
import { developersOf } from '../api/linked.ts'
import { insertMedia } from '../api/media-store.ts'
import { isLocation } from '../api/push-wire.ts'
import type { StoredPush } from '../heard.ts'
import { isOwnCard } from '../replies/answer.ts'
import { entityOf } from './take-in.ts'

type Needs = Core & { apps: Apps; developers: Developers }

/** What wisp itself tells, to those who may know of it: the address book, and approvals of the whole corp. */
const notTold: ReadonlySet<string | undefined> = new Set(['change_contact', 'sys_approval_change'])

/** Tells the developers of the apps that are linked to the agent. What somebody replays is told again, under its old id. */
export async function tellHeard(ctx: Needs, tx: Db, heard: readonly StoredPush[]): Promise<void> {
  const told = heard.filter(one => !notTold.has(one.push.event) && !isOwnCard(one.kind))
  const first = told[0]
  if (!first || !ctx.developers.listen(first.corpId)) return
  const { corpId, agentId } = first
  const devIds = [...developersOf(ctx, corpId, agentId)]
  const at = new Date(ctx.now())
  const mayHear = devIds.filter(devId => ctx.developers.get(devId)?.scopes.has('agent:read'))
  await insertMedia(
    tx,
    told.flatMap(({ push }) =>
      mediaIn(push.fields).flatMap(mediaId =>
        mayHear.map(devId => ({ corpId, devId, mediaId, agentId, userKey: userKey(push.fromUserName) })),
      ),
    ),
    at,
  )
  const events = told.flatMap(({ id, push }) =>
    devIds.map(devId => ({
      corpId,
      devId,
      data: { id, agentId },
      entity: `agent:${agentId}:${entityOf(push)}`,
      type: push.event ? 'agent.event' : 'agent.message',
      scope: isLocation(push) ? ('agent:location' as const) : ('agent:read' as const),
    })),
  )
  await tellDevelopers(tx, events, at)
}

function mediaIn(fields: StoredPush['push']['fields']): string[] {
  return ['MediaId', 'ThumbMediaId'].map(name => textIn(fields, name)).filter(id => id !== '')
}
