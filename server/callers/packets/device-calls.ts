import { Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { optionalText, text } from '../../platform/http/input.ts'
import { pageOf, paging } from '../../platform/http/list-input.ts'
import { time } from '../../platform/http/output.ts'
import { owner, pageCall } from '../../platform/http/page-call.ts'
import { checkDeveloper } from '../developers/console/developers.ts'
import type { Developers } from '../developers/developers.ts'
import { listedDevices } from './device-store.ts'
import { revokeDevice } from './devices.ts'

type Needs = Core & { developers: Developers }

const devId = text('devId', { max: 64 })

export const listDevicesCall = pageCall({
  method: 'GET',
  path: '/web/developers/devices',
  access: owner,
  point: 'developer:read',
  input: { devId, search: optionalText('设备标识', { max: 64 }), ...paging },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        deviceId: Type.String(),
        /** When it got its present master key. */
        registeredAt: time,
        /** When it last opened a session. */
        usedAt: Type.Union([time, Type.Null()]),
        /** Sessions that are open now. */
        sessions: Type.Number(),
      }),
    ),
    total: Type.Number(),
  }),
  handle(ctx: Needs, { corpId, input }) {
    checkDeveloper(ctx, corpId, input.devId)
    const { devId, search = '' } = input
    return listedDevices(ctx.db, { corpId, devId, search, now: new Date(ctx.now()), ...pageOf(input) })
  },
})

export const revokeDeviceCall = pageCall({
  method: 'POST',
  path: '/web/developers/revoke-device',
  access: owner,
  point: 'developer:secret',
  input: { devId, deviceId: text('设备标识', { max: 64 }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, input: { devId, deviceId }, visitor }) {
    checkDeveloper(ctx, corpId, devId)
    await revokeDevice(ctx, visitor.actor, { corpId, devId }, deviceId)
    return {}
  },
})
