import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Developers } from '../developers/developers.ts'
import { openSessionCall, registerDeviceCall } from './api.ts'
import { packetCommands } from './commands.ts'
import * as devices from './device-calls.ts'
import { createPackets, type Packets } from './packets.ts'
import { packetRetention } from './retention.ts'
import { packetSealed } from './sealed.ts'
import { developersWhoNeedPackets } from './switched-off.ts'

type Needs = Core & { corps: Corps; developers: Developers; mirrors: Mirrors; offered: FeatureOffers }
type Services = { packets: Packets }

/** Encrypted calls: devices, sessions and nonces. */
export const packetsFeature = feature<Needs, Services>()({
  name: 'packets',
  optional: {
    title: { zh: '报文加密', en: 'Packet encryption' },
    brings: {
      zh: '请求与应答整体加密',
      en: "Developers' calls and answers can be encrypted as a whole (devices and session keys)",
    },
    whenOff: ['/web/developers/revoke-device'],
    keptOnBy: developersWhoNeedPackets,
  },
  calls: [registerDeviceCall, openSessionCall],
  pageCalls: [devices.listDevicesCall, devices.revokeDeviceCall],
  commands: packetCommands,
  tables: packetRetention,
  sealed: packetSealed,
  kept: [{ of: 'developer', table: 'packet_device', column: 'dev_id' }],
  create: ctx => ({ packets: createPackets(ctx) }),
})
