import type { Socket } from 'node:net'
import { codes } from '../errors.ts'

/**
 * Answers what Node could not read as a request, such as headers of more than 16 kB. Nobody knows yet which language its sender
 * reads, so the words are in both.
 */
export function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, zh, en } = refusals[error.code ?? ''] ?? unreadable
  const { code, zh: meaning, en: meant } = codes.badParameter
  const body = JSON.stringify({ retCode: code, retMessage: `${meaning}: ${zh} / ${meant}: ${en}` })
  const head = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

const unreadable = {
  status: '400 Bad Request',
  zh: '不是合法的 HTTP 请求',
  en: 'this is not a valid HTTP request',
}

const refusals: Record<string, typeof unreadable> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    zh: '地址和请求头合计超过 16 KB，较长的参数请放在请求体里',
    en: 'address and headers have more than 16 kB: put long inputs into the body',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    zh: '请求没有及时发完',
    en: 'the request was not sent in time',
  },
}
