import { type Static, Type } from 'typebox'
import { perform } from '../../../../platform/acts/perform.ts'
import type { Core } from '../../../../platform/core.ts'
import { ApiError } from '../../../../platform/http/errors.ts'
import { text } from '../../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../../platform/http/page-call.ts'
import { told } from '../../../../platform/http/told.ts'
import { deleteStop, listStops, type Stop } from './bounce-store.ts'

/** The newest are shown. */
export const stopsShown = 200

const stopSchema = Type.Object({
  address: Type.String(),
  status: Type.String(),
  said: Type.String(),
  stoppedAt: Type.String(),
})

export async function stopsOf(ctx: Core, corpId: string): Promise<Static<typeof stopSchema>[]> {
  const stops: Stop[] = await listStops(ctx.db, corpId, stopsShown)
  return stops.map(one => ({ ...one, stoppedAt: one.stoppedAt.toISOString() }))
}

/** Mail goes to the address again. Throws 1000 for one that is not stopped. */
export async function freeAddress(ctx: Core, actor: string, corpId: string, given: string): Promise<void> {
  const address = given.trim().toLowerCase()
  await perform(ctx, { act: 'message.mail-free', actor, corpId }, async tx => {
    if (!(await deleteStop(tx, corpId, address)))
      throw new ApiError('badParameter', {
        zh: told`没有停止向 ${address} 发送邮件`,
        en: told`mail to ${address} is not stopped`,
      })
    return { target: address, detail: {}, answer: undefined }
  })
}

export const listStopped = pageCall({
  method: 'GET',
  path: '/web/messages/mail/stopped',
  access: administrator('super'),
  point: 'message:read',
  input: {},
  output: Type.Object({ list: Type.Array(stopSchema) }),
  handle: async (ctx: Core, { corpId }) => ({ list: await stopsOf(ctx, corpId) }),
})

export const freeStopped = pageCall({
  method: 'POST',
  path: '/web/messages/mail/free',
  access: administrator('super'),
  point: 'message:settings',
  input: { address: text('邮箱地址', { max: 320 }) },
  output: Type.Object({}),
  async handle(ctx: Core, { input, visitor, corpId }) {
    await freeAddress(ctx, visitor.actor, corpId, input.address)
    return {}
  },
})
