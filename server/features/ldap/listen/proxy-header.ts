import { isIP } from 'node:net'

/** PROXY protocol version 2 (haproxy.org/download/2.8/doc/proxy-protocol.txt section 2.2). */
const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')
const headerBytes = 16
const lengthAtMost = 1024

export type ProxyHeader = {
  /** How many bytes it takes; 0 where there is none. */
  size: number
  /** Undefined where the proxy speaks for itself, as in its health checks. */
  address: string | undefined
}

/** The header at the start; undefined while it is incomplete, false for one that is broken. */
export function readProxyHeader(buffer: Buffer): ProxyHeader | undefined | false {
  const start = buffer.subarray(0, signature.length)
  if (!signature.subarray(0, start.length).equals(start)) return { size: 0, address: undefined }
  if (buffer.length < headerBytes) return undefined
  const [version, family] = [buffer[12]!, buffer[13]!]
  const length = buffer.readUInt16BE(14)
  if (version >> 4 !== 2 || (version & 0x0f) > 1 || length > lengthAtMost) return false
  if (buffer.length < headerBytes + length) return undefined
  const size = headerBytes + length
  if ((version & 0x0f) === 0) return { size, address: undefined }
  const address = addressOf(family, buffer.subarray(headerBytes, size))
  return address === undefined ? false : { size, address }
}

function addressOf(family: number, data: Buffer): string | undefined {
  if (family === 0x11 && data.length >= 12) return [...data.subarray(0, 4)].join('.')
  if (family !== 0x21 || data.length < 36) return undefined
  const parts = Array.from({ length: 8 }, (_, n) => data.readUInt16BE(n * 2).toString(16))
  const address = parts.join(':')
  return isIP(address) === 6 ? address : undefined
}
