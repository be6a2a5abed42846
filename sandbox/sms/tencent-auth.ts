import { timingSafeEqual } from 'node:crypto'
import type { SmsAccounts } from './account.ts'
import { tc3Date, tc3Signature } from './tc3.ts'
import { header, VendorError, type VendorRequest } from './vendor.ts'

const windowSeconds = 300
const pattern =
  /^TC3-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{4}-\d\d-\d\d)\/([^/,\s]+)\/tc3_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/

/**
 * Checks a TC3 signature over the raw bytes (docs/upstream/sms.md#tencent-cloud-signature). Errors: AuthFailure.SignatureExpire,
 * .SecretIdNotFound, .SignatureFailure. The SDK signs the host without its port and uses the first label of
 * the host as the service, so both variants are accepted.
 */
export function checkTc3(request: VendorRequest, account: SmsAccounts['tencent'], nowMs: number): void {
  const match = pattern.exec(header(request, 'authorization'))
  if (!match)
    throw new VendorError('AuthFailure.InvalidAuthorization', 'Authorization is missing or malformed')
  const [, secretId, date, service, names, signature] = match as unknown as [string, ...string[]] & string[]
  const stamp = header(request, 'x-tc-timestamp')
  if (!/^\d{1,12}$/.test(stamp)) throw new VendorError('MissingParameter', 'X-TC-Timestamp is missing')
  const timestamp = Number(stamp)
  if (Math.abs(nowMs / 1000 - timestamp) > windowSeconds)
    throw new VendorError('AuthFailure.SignatureExpire', 'the timestamp is more than five minutes off')
  if (secretId !== account.secretId)
    throw new VendorError('AuthFailure.SecretIdNotFound', 'there is no such SecretId')
  const host = header(request, 'host')
  const signed = names!.split(';')
  const known = ['content-type', 'host'].every(name => signed.includes(name))
  const services = ['sms', host.split(/[.:]/)[0]]
  if (!known || date !== tc3Date(timestamp) || !services.includes(service)) throw failure()
  const expected = [host, host.replace(/:\d+$/, '')].flatMap(hostValue =>
    [(value: string) => value, (value: string) => value.toLowerCase()].map(spell =>
      tc3Signature(
        {
          method: request.method,
          query: request.query,
          headers: signed.map(name => [name, spell(name === 'host' ? hostValue : header(request, name))]),
          body: request.body,
          timestamp,
          service: service!,
        },
        account.secretKey,
      ),
    ),
  )
  if (!expected.some(item => timingSafeEqual(Buffer.from(item), Buffer.from(signature!)))) throw failure()
}

const failure = (): VendorError =>
  new VendorError('AuthFailure.SignatureFailure', 'the signature does not match the request')
