import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Core } from '../../../platform/core.ts'
import { insertKey, readKey } from './key-store.ts'
import { publicBytes } from './note.ts'

export const keyPurpose = 'audit_key.private_key'

/** `name`: the host of the installation when the key was made, which does not change with the address. */
export type SigningKey = { name: string; privateKey: KeyObject; publicKey: Buffer }

/** The key of checkpoints; made with the first one. */
export async function signingKey(ctx: Core): Promise<SigningKey> {
  const found = await findKey(ctx)
  if (found) return found
  const { privateKey } = generateKeyPairSync('ed25519')
  const der = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')
  await insertKey(ctx.db, {
    name: new URL(ctx.publicUrl()).host,
    privateKey: ctx.seal.seal(der, keyPurpose),
    publicKey: publicBytes(privateKey),
  })
  return (await findKey(ctx))!
}

/**
 * Undefined before the first checkpoint. The public key is taken from the sealed private one: that in the table could be anybody's.
 * @throws SealError when the key was altered
 */
export async function findKey(ctx: Pick<Core, 'db' | 'seal'>): Promise<SigningKey | undefined> {
  const row = await readKey(ctx.db)
  if (!row) return undefined
  const der = Buffer.from(ctx.seal.open(row.privateKey, keyPurpose), 'base64')
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return { name: row.name, privateKey, publicKey: publicBytes(privateKey) }
}

export function originOf({ name }: Pick<SigningKey, 'name'>, tree: string): string {
  return `${name}/audit/${tree || 'installation'}`
}
