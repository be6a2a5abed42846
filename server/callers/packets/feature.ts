import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { Offered } from '../../platform/manifest/offered.ts'
import type { Developers } from '../developers/developers.ts'
import { openSessionCall, registerDeviceCall } from './api.ts'
import { packetCommands } from './commands.ts'
import * as devices from './device-calls.ts'
import { createPackets, type Packets } from './packets.ts'
import { packetRetention } from './retention.ts'
import { packetSealed } from './sealed.ts'

type Needs = Core & { developers: Developers; mirrors: Mirrors; offered: Offered }
type Made = { packets: Packets }

/** Encrypted calls: devices, sessions and nonces. */
export const packetsFeature = feature<Needs, Made>()({
  name: 'packets',
  calls: [registerDeviceCall, openSessionCall],
  pageCalls: [devices.listDevicesCall, devices.revokeDeviceCall],
  commands: packetCommands,
  tables: packetRetention,
  sealed: packetSealed,
  create: ctx => ({ packets: createPackets(ctx) }),
})
