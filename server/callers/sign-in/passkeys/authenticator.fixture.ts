import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'

type Options = { challenge: string; rp?: { id?: string }; rpId?: string; user?: { id: string } }

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest()
const base64url = (data: Uint8Array | string) => Buffer.from(data).toString('base64url')

/** An authenticator with one passkey, as a browser on `origin` would use it. What it says can be changed for wrong answers. */
export function authenticatorAt(origin: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const id = randomBytes(16)
  const said = { origin, rpId: new URL(origin).hostname, counter: 0, flags: 0b101, userHandle: '' }

  const authData = (flags: number) => {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(said.counter)
    return Buffer.concat([sha256(said.rpId), Buffer.from([flags]), counter])
  }
  const clientData = (type: string, challenge: string) =>
    JSON.stringify({ type, challenge, origin: said.origin, crossOrigin: false })
  const credential = {
    id: base64url(id),
    rawId: base64url(id),
    type: 'public-key',
    clientExtensionResults: {},
  }

  return {
    said,
    id: base64url(id),
    make({ challenge, user }: Options) {
      said.userHandle = user?.id ?? ''
      const cose = isoCBOR.encode(
        new Map<number, number | Uint8Array<ArrayBuffer>>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
          [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
        ]),
      )
      const length = Buffer.from([0, id.length])
      const attested = Buffer.concat([authData(said.flags | 0b1000000), Buffer.alloc(16), length, id, cose])
      const object = new Map<string, string | Map<string, string> | Uint8Array<ArrayBuffer>>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(attested)],
      ])
      const attestationObject = base64url(isoCBOR.encode(object))
      const clientDataJSON = base64url(clientData('webauthn.create', challenge))
      return { ...credential, response: { clientDataJSON, attestationObject, transports: ['internal'] } }
    },
    sign({ challenge }: Options) {
      const data = clientData('webauthn.get', challenge)
      const authenticatorData = authData(said.flags)
      const signer = createSign('sha256').update(Buffer.concat([authenticatorData, sha256(data)]))
      const response = {
        clientDataJSON: base64url(data),
        authenticatorData: base64url(authenticatorData),
        signature: base64url(signer.sign(privateKey)),
        ...(said.userHandle ? { userHandle: said.userHandle } : {}),
      }
      return { ...credential, response }
    },
  }
}
