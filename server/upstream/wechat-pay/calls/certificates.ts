import { type Static, Type } from 'typebox'
import type { Caller } from '../call.ts'
import { checked, json } from '../checked.ts'
import { PayUnavailable } from '../errors.ts'
import { keyOf, type PlatformCertificate, type PlatformKeys } from '../keys.ts'
import { openResource, resourceShape } from '../resource.ts'

const name = '/v3/certificates'
const shape = Type.Object({
  data: Type.Array(
    Type.Object({
      serial_no: Type.String(),
      /** Has been seen as other than a text (upstream-2.md §18.1). */
      effective_time: Type.Unknown(),
      expire_time: Type.Unknown(),
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
  return checked(shape, `GET ${name}`, json(body)).data.map(one => ({
    serial: one.serial_no,
    pem: opened(one.encrypt_certificate, apiV3Key),
    effectiveAt: dateOf(one.effective_time),
    expiresAt: dateOf(one.expire_time),
  }))
}

function opened(resource: Static<typeof resourceShape>, apiV3Key: string): string {
  try {
    return openResource(resource, apiV3Key).toString()
  } catch {
    throw new PayUnavailable(`GET ${name}`, 'decryption', 'the APIv3 key does not open the certificates')
  }
}

function dateOf(value: unknown): Date {
  const date = new Date(typeof value === 'number' ? value * 1000 : String(value))
  return Number.isNaN(date.getTime()) ? new Date(0) : date
}
