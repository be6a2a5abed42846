import { createPublicKey } from 'node:crypto'
import { certificateFor } from '../sandbox/pay/crypto/certificate.ts'
import { merchantForm } from '../server/features/payments/merchants/merchant.fixture.ts'
import type { World } from './harness.ts'

/** An apiclient_cert.pem of one of the sandbox's merchants. */
export function merchantCertificate(world: World, endsAt: number, n = 0): string {
  const { name, serial, privateKey } = merchantForm(world, n)
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
  return certificateFor({ publicKey, privateKey }, { serial, name, from: Date.UTC(2020, 0), to: endsAt })
}
