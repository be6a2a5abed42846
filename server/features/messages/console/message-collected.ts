import { type Static, Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { Core } from '../../../platform/core.ts'
import { text } from '../../../platform/http/input.ts'
import { pageOf, paging } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Setups } from '../../channels/channel.ts'
import { findOfCorp } from '../fate/status.ts'
import { subjectOf } from '../fate/subject.ts'
import { collectedPage } from './console-store.ts'
import { developerOf } from './message-list.ts'

const collectedRowSchema = Type.Object({
  msgId: Type.String(),
  createdAt: Type.String(),
  agentName: Type.String(),
  type: Type.String(),
  devId: Type.String(),
  developer: Type.String(),
  /** As in the list of messages; '' for what is private, and for what was collected before its words were kept. */
  subject: Type.String(),
})
export type CollectedRow = Static<typeof collectedRowSchema>

/** The messages that a digest carries, each of which has a page of its own. */
export const messageCollected = pageCall({
  method: 'GET',
  path: '/web/messages/collected',
  access: administrator('super'),
  point: 'message:read',
  input: { msgId: text('消息 id', { max: 64 }), ...paging },
  output: Type.Object({ list: Type.Array(collectedRowSchema), total: Type.Number() }),
  async handle(ctx: Core & { developers: Developers; messageSettings: Setups }, { input, corpId }) {
    const digest = await findOfCorp(ctx, corpId, input.msgId)
    const { rows, total } = await collectedPage(ctx.db, digest, pageOf(input))
    const list = rows.map(
      (row): CollectedRow => ({
        msgId: row.id,
        createdAt: row.createdAt.toISOString(),
        agentName: row.agentName,
        type: row.typeKey ?? '',
        ...developerOf(ctx, row.devId),
        subject: subjectOf(ctx, { ...row, corpId }),
      }),
    )
    return { list, total }
  },
})
