import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { isIP } from 'node:net'
import { bits, der, generalized, oid, pem, sequence } from '../certificates/der.ts'

/** PEM texts. The certificate is self-signed, so it is also the authority to trust. */
export interface Certificate {
  key: string
  cert: string
}

const ed25519 = sequence(oid(0x2b, 0x65, 0x70))
const commonName = oid(0x55, 0x04, 0x03)
const truth = der(0x01, [0xff])

/**
 * Creates a self-signed Ed25519 certificate for localhost and `host` without the openssl command (RFC 5280,
 * RFC 8410). Key and certificate depend only on the seed and the host, so trust in them survives a restart.
 */
export function certificateOf(seed: number, host: string): Certificate {
  const secret = createHash('sha256').update(`sandbox ${seed} certificate`).digest()
  const privateDer = sequence(der(0x02, [0]), ed25519, der(0x04, der(0x04, secret)))
  const key = createPrivateKey({ key: privateDer, format: 'der', type: 'pkcs8' })
  const publicDer = createPublicKey(key).export({ format: 'der', type: 'spki' })
  const name = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from('wisp sandbox')))))
  const extension = (id: number, critical: boolean, value: Buffer): Buffer =>
    sequence(oid(0x55, 0x1d, id), ...(critical ? [truth] : []), der(0x04, value))
  const extensions = sequence(
    extension(17, false, sequence(...alternativeNames(host))),
    extension(19, true, sequence(truth)),
    // Key usage: digitalSignature and keyCertSign.
    extension(15, true, der(0x03, [2, 0x84])),
  )
  const body = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [1], secret.subarray(0, 7)),
    ed25519,
    name,
    sequence(generalized('20200101000000Z'), generalized('21200101000000Z')),
    name,
    publicDer,
    der(0xa3, extensions),
  )
  const certificate = sequence(body, ed25519, bits(sign(null, body, key)))
  return {
    key: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: pem(certificate),
  }
}

function alternativeNames(host: string): Buffer[] {
  const dns = ['localhost', ...(isIP(host) === 0 && host !== 'localhost' ? [host] : [])]
  const v4 = ['127.0.0.1', ...(isIP(host) === 4 && host !== '127.0.0.1' ? [host] : [])]
  const v6Loopback = Buffer.from([...new Array(15).fill(0), 1])
  return [
    ...dns.map(name => der(0x82, Buffer.from(name))),
    ...v4.map(address => der(0x87, address.split('.').map(Number))),
    der(0x87, v6Loopback),
  ]
}
