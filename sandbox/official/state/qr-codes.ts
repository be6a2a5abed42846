import type { Account } from './account.ts'
import type { Records } from './records.ts'

/** A QR code with a scene (docs/upstream/official-followers.md#qr-codes). */
export interface QrCode {
  ticket: string
  scene: number | string
  permanent: boolean
  /** In ms; for permanent ones null. */
  expiresAt: number | null
  url: string
}

export const qrCodesOf = (account: Account): Records<QrCode> => account.collection<QrCode>('qrCodes')
