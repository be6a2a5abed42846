import { createPublicKey, sign } from 'node:crypto'
import { bits, der, oid, pem, sequence } from '../../certificates/der.ts'

const sha256WithRsa = sequence(oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), der(0x05, []))
const commonName = oid(0x55, 0x04, 0x03)

/** UTCTime, which is for years before 2050. */
const utc = (ms: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`))

/** A self-signed X.509 certificate of an RSA key as PEM (RFC 5280). `serial` is hexadecimal; times in ms. */
export function certificateFor(
  pair: { publicKey: string; privateKey: string },
  { serial, name, from, to }: { serial: string; name: string; from: number; to: number },
): string {
  const owner = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(name)))))
  const body = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, Buffer.from(serial, 'hex')),
    sha256WithRsa,
    owner,
    sequence(utc(from), utc(to)),
    owner,
    createPublicKey(pair.publicKey).export({ format: 'der', type: 'spki' }),
  )
  return pem(sequence(body, sha256WithRsa, bits(sign('sha256', body, pair.privateKey))))
}
