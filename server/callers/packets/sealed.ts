import type { SealedColumn } from '../../platform/security/sealed-columns.ts'

/** A device's master key is sealed for that device, so that it is worth nothing in another one's row. */
export const masterKeyPurpose = (key: readonly string[]): string =>
  `packet_device.master_key ${key.join(' ')}`

export const packetSealed: readonly SealedColumn[] = [
  {
    table: 'packet_device',
    key: ['corp_id', 'dev_id', 'device_id'],
    column: 'master_key',
    purpose: masterKeyPurpose,
  },
]
