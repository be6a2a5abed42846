import type { Corps } from '../../organisation/corps/corps.ts'
import { checkOn, checkPathOn } from '../../organisation/corps/features/check-on.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { actingAs } from '../../platform/audit/actor.ts'
import type { Gate } from '../../platform/http/gate.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { callerAddress } from '../../platform/security/caller-address.ts'
import { type Developer, type Developers, developerNamed } from '../developers/developers.ts'
import { groupOf } from '../limits/groups.ts'
import type { Limits } from '../limits/limits.ts'
import type { OutgoingClicks } from '../limits/outgoing-clicks.ts'
import { checkMayBeClear, checkMaySend, isPacket, type Packets } from '../packets/packets.ts'
import { badPacket } from '../packets/refusals.ts'
import type { Requests } from '../requests/requests.ts'
import { noteCall } from './note-call.ts'

type Needs = {
  corps: Corps
  developers: Developers
  limits: Limits
  mirrors: Mirrors
  offered: FeatureOffers
  outgoingClicks: OutgoingClicks
  packets: Packets
  requests: Requests
}

/** The gate of the API: a developer by its devToken. */
export function createGate(ctx: Needs): Gate<Developer> {
  const { developers, limits, mirrors, outgoingClicks, packets } = ctx
  return {
    prepare: developers.lenderToRead,
    identify: developers.identify,
    authenticate: developers.authenticate,
    checkOn: ({ corpId }, path) => checkPathOn(ctx, corpId, path),
    named: given => developerNamed(developers, given),
    groupOf,
    admit: limits.admit,
    withSlot: developers.withSlot,
    during: mirrors.during,
    acting: ({ devId, name }, request, work) =>
      actingAs({ actor: `developer:${devId}`, name, address: callerAddress(request) }, work),
    goOut: ({ devId, corpId }) => outgoingClicks.count(`developer:${devId}`, corpId),
    note: (declared, request, outcome) => noteCall(ctx, declared, request, outcome),
    packets: {
      isPacket,
      checkMaySend(developer) {
        checkOn(ctx, developer.corpId, 'packets')
        checkMaySend(developer)
      },
      checkMayBeClear,
      open: packets.open,
      bad: badPacket,
    },
  }
}
