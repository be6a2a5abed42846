import { Type } from 'typebox'
import type { Developers } from '../../callers/developers/developers.ts'
import type { Core } from '../../platform/core.ts'
import { fieldsOf } from '../../platform/http/wire.ts'
import { type EventReader, entriesOf } from '../../platform/manifest/event-content.ts'
import type { EventTypes } from '../../platform/manifest/event-type.ts'
import type { Db } from '../../platform/storage/db.ts'
import { tellDevelopers } from '../events/outbox-store.ts'

const type = 'external.ended'

export const externalEvents = {
  [type]: {
    title: { zh: '外部人员结束', en: 'Somebody from outside WeCom ended' },
    when: {
      zh: '外部人员到期、被结束，或确认成为成员时；须有权限 directory:external。memberUserId 不为空时，此人今后使用该成员账号，30 天内旧账号仍指此人',
      en: 'When the end of somebody from outside WeCom came, an administrator ended them, or they became a member; needs the scope directory:external. With memberUserId the person has that userid from now on; the old one stands for them for 30 days',
    },
    scope: 'directory:external',
    data: Type.Object({
      userId: Type.String({ about: { zh: '外部人员的账号', en: 'Userid of the person from outside' } }),
      memberUserId: Type.String({
        about: {
          zh: '成为成员后的账号，否则为空',
          en: 'The userid as a member, if they became one; else empty',
        },
      }),
    }),
    sample: { userId: 'ext_k3v9x2m7q4w8a5bd', memberUserId: '' },
  },
} as const satisfies EventTypes

/** Tells the developers who may read them, in the transaction in which somebody ends. */
export async function tellEnded(
  tx: Db,
  ctx: Core & { developers: Developers },
  corpId: string,
  { userId, became }: { userId: string; became: string },
): Promise<void> {
  const told = ctx.developers
    .all()
    .filter(one => one.corpId === corpId && one.enabled && one.scopes.has('directory:external'))
  const data = { userId, became }
  const events = told.map(({ devId }) => ({
    corpId,
    devId,
    type,
    scope: 'directory:external' as const,
    entity: `external:${userId}`,
    data,
  }))
  await tellDevelopers(tx, events, new Date(ctx.now()))
}

export const readEnded: EventReader<unknown> = async (_ctx, caller, rows) => {
  if (caller.dataScope !== undefined) return []
  return entriesOf(
    rows.filter(row => row.type === type),
    ({ data }) => ({
      type,
      wire: fieldsOf({ userId: String(data['userId']), memberUserId: String(data['became']) }),
    }),
  )
}
