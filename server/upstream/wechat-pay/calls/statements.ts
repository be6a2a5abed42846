import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { Type } from 'typebox'
import type { Caller } from '../call.ts'
import { checked, json } from '../checked.ts'
import { PayError, PayUnavailable } from '../errors.ts'

/**
 * A day's bill as CSV (docs/upstream/wechat-pay-bills.md#fetching). `none`: nothing happened on that day. `creating`: try in half
 * an hour.
 */
export type Statement = { state: 'ready'; text: string } | { state: 'none' } | { state: 'creating' }

const shape = Type.Object({
  hash_type: Type.Literal('SHA1'),
  hash_value: Type.String(),
  download_url: Type.String({ pattern: '^https?://' }),
})

const packedAtMost = 64 * 1024 * 1024
const unpack = promisify(gunzip)

/** @param plainAtMost how large a bill may be when it is unpacked, in bytes */
export function createStatementCalls(call: Caller, plainAtMost = 256 * 1024 * 1024) {
  async function statement(name: string, query: Record<string, string>): Promise<Statement> {
    const target = `${name}?${new URLSearchParams({ ...query, tar_type: 'GZIP' })}`
    try {
      const asked = checked(shape, `GET ${name}`, json(await call({ method: 'GET', name, target })))
      return { state: 'ready', text: await download(asked.download_url, asked.hash_value.toLowerCase()) }
    } catch (error) {
      if (!(error instanceof PayError)) throw error
      if (error.code === 'NO_STATEMENT_EXIST') return { state: 'none' }
      if (error.code === 'STATEMENT_CREATING') return { state: 'creating' }
      throw error
    }
  }

  async function download(address: string, hash: string): Promise<string> {
    const url = new URL(address)
    // What follows the host is sent and signed as it was given.
    const target = address.replace(/^https?:\/\/[^/?#]*/, '')
    const name = url.pathname
    const bytes = await call({
      method: 'GET',
      name,
      target,
      origin: url.origin,
      isFile: true,
      answerAtMost: packedAtMost,
    })
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b
    const plain = isPacked ? await unpacked(name, bytes, plainAtMost) : bytes
    // The manuals differ on which of the two is meant.
    if (sha1(plain) !== hash && sha1(bytes) !== hash)
      throw new PayUnavailable(`GET ${name}`, 'hash', 'the bill is not what was announced (SHA1)')
    return plain.toString().replace(/^\ufeff/, '')
  }

  return {
    /** Orders and refunds of a day. `date` is YYYY-MM-DD in China, of the last three months and not today. */
    tradeBill: (date: string) => statement('/v3/bill/tradebill', { bill_date: date, bill_type: 'ALL' }),
    /** What came into and left the merchant's account on a day. */
    fundBill: (date: string) =>
      statement('/v3/bill/fundflowbill', { bill_date: date, account_type: 'BASIC' }),
  }
}

async function unpacked(name: string, bytes: Buffer, atMost: number): Promise<Buffer> {
  try {
    return await unpack(bytes, { maxOutputLength: atMost })
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    if (isTooLarge) throw new PayUnavailable(`GET ${name}`, 'size', `the bill is larger than ${atMost} bytes`)
    throw new PayUnavailable(`GET ${name}`, 'hash', 'the bill cannot be unpacked')
  }
}

function sha1(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex')
}
