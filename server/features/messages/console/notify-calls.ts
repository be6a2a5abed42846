import { Type } from 'typebox'
import { operator } from '../../../callers/developers/operator.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import type { Values } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { noticeFields } from '../accept/notice-fields.ts'
import { type Notice, type NotifyNeeds, planNotice } from '../accept/notify.ts'
import { receiversIn } from '../accept/submission.ts'
import { timingOf } from '../accept/timing.ts'
import { notify } from '../waiting/notify.ts'
import type { WaitingNeeds } from '../waiting/open-call.ts'
import { pinField, sendPinned } from './pin.ts'

const { rows: _rows, ...fields } = noticeFields

function noticeOf(given: Values<typeof fields>): Notice {
  const { type, data, toList, link, requestId } = given
  const timing = timingOf(given)
  const receivers = receiversIn(given)
  return { type, data, toList, link, requestId, rows: [], receivers, ...(timing ? { timing } : {}) }
}

/** To how many persons a message of a type would go, in how many texts by which channels. */
export const foreseeNotice = pageCall({
  method: 'POST',
  path: '/web/messages/notify-foresee',
  access: administrator('super'),
  point: 'message:send',
  directory: true,
  input: fields,
  output: Type.Object({
    persons: Type.Number(),
    texts: Type.Number(),
    /** The receivers who are not there any more. */
    unknown: Type.Number(),
  }),
  async handle(ctx: NotifyNeeds, { input, corpId }) {
    const { texts, audience, accepted } = await planNotice(ctx, operator(corpId), noticeOf(input))
    const { users, parties, tags, groups = [] } = audience.invalid
    const unknown = [users, parties, tags, groups].flat().length
    return { persons: accepted, texts: texts.length, unknown }
  },
})

/** Sends like `message/notify`, for no developer. The administrator's name goes into the audit log and the timeline. */
export const notifyFromConsole = pageCall({
  method: 'POST',
  path: '/web/messages/notify',
  access: administrator('super'),
  point: 'message:send',
  directory: true,
  input: { ...fields, pin: pinField },
  output: Type.Object({ msgId: Type.String(), accepted: Type.Number() }),
  async handle(ctx: WaitingNeeds, { input: { pin, ...input }, visitor, corpId }) {
    if (!input.requestId) throw new ApiError('missingParameter', 'requestId')
    const { actor } = visitor
    // All corps share the operator's id, so their requestIds are kept apart by corp.
    const notice = { ...noticeOf(input), requestId: `${corpId} ${input.requestId}`, actor }
    const by = { actor, corpId }
    return sendPinned(ctx, by, { pin, receivers: notice.receivers }, async manner => {
      const { msgId, accepted } = await notify(ctx, operator(corpId), notice, manner)
      return { msgId, accepted }
    })
  },
})
