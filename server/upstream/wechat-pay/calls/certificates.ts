import { Type } from 'typebox'
import type { Caller } from '../call.ts'
import { checked, json } from '../checked.ts'
import { PayUnavailable } from '../errors.ts'
import { keyOf, type PlatformCertificate, type PlatformKeys, platformCertificate } from '../keys.ts'
import { openResource, resourceShape } from '../resource.ts'

const name = '/v3/certificates'
const shape = Type.Object({
  data: Type.Array(
    Type.Object({
      serial_no: Type.String(),
      encrypt_certificate: resourceShape,
    }),
  ),
})

/**
 * Downloads the platform certificates. The answer may be signed by one that it brings: that it could be opened with the APIv3
 * key, which only the merchant and WeChat Pay have, proves the first one.
 * @throws PayError RESOURCE_NOT_EXISTS for a merchant that has the public key only
 */
export async function downloadCertificates(
  call: Caller,
  keys: Pick<PlatformKeys, 'known'>,
  apiV3Key: string,
): Promise<PlatformCertificate[]> {
  const keysFor = (body: Buffer) => {
    const brought = new Map(certificatesIn(body, apiV3Key).map(one => [one.serial, keyOf(one.pem)]))
    return { find: async (serial: string) => keys.known(serial) ?? brought.get(serial) }
  }
  return certificatesIn(await call({ method: 'GET', name, target: name, keysFor }), apiV3Key)
}

function certificatesIn(body: Buffer, apiV3Key: string): PlatformCertificate[] {
  return checked(shape, `GET ${name}`, json(body)).data.map(({ serial_no: serial, encrypt_certificate }) => {
    try {
      return platformCertificate(serial, openResource(encrypt_certificate, apiV3Key).toString())
    } catch {
      throw new PayUnavailable(`GET ${name}`, 'decryption', 'the APIv3 key does not open the certificates')
    }
  })
}
