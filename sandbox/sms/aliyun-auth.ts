import type { SmsAccounts } from './account.ts'
import { acs3Signature, rpcSignature, sha256 } from './acs.ts'
import { header, VendorError, type VendorRequest } from './vendor.ts'

const windowMs = 15 * 60_000
const pattern = /^ACS3-HMAC-SHA256 Credential=([^,\s]+),SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{64})$/
const mustBeSigned = ['host', 'x-acs-action', 'x-acs-content-sha256', 'x-acs-date', 'x-acs-signature-nonce']

export interface SigningContext {
  account: SmsAccounts['aliyun']
  /** The nonces used so far, with the time at which each can be forgotten. */
  nonces: Map<string, number>
  nowMs: number
}

/**
 * Checks the ACS3 signature (docs/upstream/sms.md#aliyun-signatures). Errors: InvalidAccessKeyId.NotFound,
 * InvalidTimeStamp.Expired, SignatureDoesNotMatch, SignatureNonceUsed.
 */
export function checkAcs3(request: VendorRequest, query: [string, string][], signing: SigningContext): void {
  const match = pattern.exec(header(request, 'authorization'))
  if (!match) throw new VendorError('MissingAuthorization', 'Authorization is missing or malformed', 400)
  const [, accessKeyId, names, signature] = match as unknown as [string, string, string, string]
  checkKey(accessKeyId, signing)
  checkDate(header(request, 'x-acs-date'), signing)
  const signed = names.split(';')
  const bodyHash = header(request, 'x-acs-content-sha256')
  const expected = acs3Signature(
    { method: request.method, query, headers: signed.map(name => [name, header(request, name)]), bodyHash },
    signing.account.accessKeySecret,
  )
  const complete = mustBeSigned.every(name => signed.includes(name))
  if (!complete || expected !== signature || bodyHash !== sha256(request.body)) throw mismatch()
  checkNonce(header(request, 'x-acs-signature-nonce'), signing)
}

/** The same for signature version 1, where the signature is one of the parameters. */
export function checkRpc(method: string, params: [string, string][], signing: SigningContext): void {
  const named = new Map(params)
  checkKey(named.get('AccessKeyId') ?? '', signing)
  checkDate(named.get('Timestamp') ?? '', signing)
  if (named.get('SignatureMethod') !== 'HMAC-SHA1' || named.get('SignatureVersion') !== '1.0')
    throw mismatch()
  if (rpcSignature(method, params, signing.account.accessKeySecret) !== named.get('Signature'))
    throw mismatch()
  checkNonce(named.get('SignatureNonce') ?? '', signing)
}

function checkKey(accessKeyId: string, { account }: SigningContext): void {
  if (accessKeyId !== account.accessKeyId)
    throw new VendorError('InvalidAccessKeyId.NotFound', 'Specified access key is not found.', 404)
}

function checkDate(date: string, { nowMs }: SigningContext): void {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date) ? Date.parse(date) : Number.NaN
  if (Number.isNaN(at))
    throw new VendorError(
      'InvalidTimeStamp.Format',
      'Specified time stamp or date value is not well formatted.',
      400,
    )
  if (Math.abs(at - nowMs) > windowMs)
    throw new VendorError('InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.', 400)
}

function checkNonce(nonce: string, { nonces, nowMs }: SigningContext): void {
  for (const [old, until] of nonces) {
    if (until > nowMs) break
    nonces.delete(old)
  }
  if (nonce === '' || nonces.has(nonce))
    throw new VendorError('SignatureNonceUsed', 'Specified signature nonce was used already.', 400)
  nonces.set(nonce, nowMs + 2 * windowMs)
}

const mismatch = (): VendorError =>
  new VendorError('SignatureDoesNotMatch', 'Specified signature is not matched with our calculation.', 400)
