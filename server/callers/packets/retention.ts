import type { Retention } from '../../platform/storage/retention.ts'
import { pruneNonces } from './nonce-store.ts'
import { pruneSessions } from './session-store.ts'

export const packetRetention: readonly Retention[] = [
  { table: 'packet_device', isBounded: true, because: 'at most 10,000 of a developer' },
  {
    table: 'packet_session',
    keptDays: 0,
    countedFrom: 'its end, two hours after it was opened',
    prune: pruneSessions,
  },
  // While packets come, nodes delete them a minute after their end (nonces.ts); this takes what is left.
  {
    table: 'packet_nonce',
    keptDays: 1,
    countedFrom: 'when its timestamp is five minutes old; while packets come, a minute after that',
    prune: pruneNonces,
  },
]
