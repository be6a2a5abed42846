import { randomInt } from 'node:crypto'
import type { Core } from '../../../platform/core.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { OutboundRefused } from '../../../platform/security/outbound-policy.ts'
import type { Words } from '../../../platform/words.ts'
import {
  cdata,
  decrypt,
  encrypt,
  MessageCryptoError,
  sign,
  verifySignature,
} from '../../../upstream/transport/message-crypto.ts'
import { parseXml, WecomXmlError } from '../../../upstream/transport/xml.ts'
import type { ForwardTo } from '../callbacks/callbacks.ts'
import type { ProvedPush } from '../opened.ts'

type Needs = Core & { outbound: Outbound }

/** WeCom waits 5 s for the answer, which must still be sealed and sent. */
const timeoutMs = 3000
const answerBytes = 64 * 1024

/** What the other system said to a push. `xml`: what it replies, in the clear. `problem`: why nothing of it counts. */
export type ForwardReply = { xml?: string; ms: number; problem?: Words }

/** Passes a push on, encrypted anew. Never throws. */
export async function forwardPush(
  ctx: Needs,
  { callback, plain }: ProvedPush,
  to: ForwardTo,
): Promise<ForwardReply> {
  const { corpId, agentId } = callback
  const encrypted = encrypt(to.encodingAesKey, plain, corpId)
  const head = cdata('ToUserName', corpId) + cdata('AgentID', String(agentId))
  const body = Buffer.from(`<xml>${head}${cdata('Encrypt', encrypted)}</xml>`)
  const url = signedUrl(ctx, to, encrypted)
  const started = performance.now()
  const ended = (result: Omit<ForwardReply, 'ms'>): ForwardReply => ({
    ...result,
    ms: Math.round(performance.now() - started),
  })
  try {
    const errand = {
      asker: { slot: 'servers', of: corpId } as const,
      timeoutMs,
      answerBytes,
      body,
      headers: { 'content-type': 'text/xml' },
    }
    return await ctx.outbound.post(url.href, errand, answer => {
      if (answer.status !== 200) throw new OutboundRefused(httpStatus(answer.status))
      const xml = replyIn(answer.body.toString(), to, corpId)
      return ended(xml === undefined ? {} : { xml })
    })
  } catch (error) {
    if (!(error instanceof OutboundRefused))
      ctx.log.info({ corpId, agentId, host: url.host, error: String(error) }, 'push not passed on')
    return ended({ problem: error instanceof OutboundRefused ? error.words : causeOf(error) })
  }
}

/** Whether the system answers the verification as WeCom would ask for it; why not, otherwise. */
export async function tryForward(ctx: Needs, corpId: string, to: ForwardTo): Promise<Words | undefined> {
  const plain = String(randomInt(2 ** 47))
  const echo = encrypt(to.encodingAesKey, plain, corpId)
  const url = signedUrl(ctx, to, echo)
  url.searchParams.set('echostr', echo)
  const errand = { asker: { slot: 'servers', of: corpId } as const, timeoutMs, maxBytes: answerBytes }
  try {
    return await ctx.outbound.get(url.href, errand, ({ body }) =>
      body.toString() === plain ? undefined : wrongEcho,
    )
  } catch (error) {
    return error instanceof OutboundRefused ? error.words : causeOf(error)
  }
}

const wrongEcho: Words = {
  zh: '验证请求的应答不对：请核对 Token 与 EncodingAESKey',
  en: 'it did not answer the verification with what was asked for: compare Token and EncodingAESKey',
}

function signedUrl(ctx: Core, to: ForwardTo, encrypted: string): URL {
  const timestamp = String(Math.floor(ctx.now() / 1000))
  const nonce = String(randomInt(1_000_000_000))
  const url = new URL(to.url)
  url.searchParams.set('msg_signature', sign(to.token, timestamp, nonce, encrypted))
  url.searchParams.set('timestamp', timestamp)
  url.searchParams.set('nonce', nonce)
  return url
}

/** The reply in the clear; undefined for none. Throws OutboundRefused for one that is not proved. */
function replyIn(text: string, to: ForwardTo, corpId: string): string | undefined {
  if (/^\s*(success)?\s*$/i.test(text)) return undefined
  try {
    const outer = parseXml(text)
    const read = (name: string) => {
      const value = outer[name]
      if (typeof value !== 'string' || value === '') throw new WecomXmlError(`${name} is missing`)
      return value
    }
    const [encrypted, signature] = [read('Encrypt'), read('MsgSignature')]
    if (!verifySignature(to.token, read('TimeStamp'), read('Nonce'), encrypted, signature))
      throw new OutboundRefused({ zh: '应答的 MsgSignature 不对', en: 'MsgSignature of its answer is wrong' })
    const { message, receiveId } = decrypt(to.encodingAesKey, encrypted)
    if (receiveId !== corpId)
      throw new OutboundRefused({ zh: '应答是给别的企业的', en: 'its answer is for another corp' })
    parseXml(message)
    return message
  } catch (error) {
    if (error instanceof WecomXmlError || error instanceof MessageCryptoError)
      throw new OutboundRefused({
        zh: `应答不能解读：${error.message}`,
        en: `its answer cannot be read: ${error.message}`,
      })
    throw error
  }
}

function httpStatus(status: number): Words {
  return { zh: `应答了 HTTP ${status}`, en: `it answered HTTP ${status}` }
}

function causeOf(error: unknown): Words {
  const { name, code, message } = error as { name?: string; code?: string; message?: string }
  if (name === 'TimeoutError')
    return { zh: `${timeoutMs / 1000} 秒内没有应答`, en: `no answer within ${timeoutMs / 1000} s` }
  if (code === 'ECONNREFUSED') return { zh: '连接被拒绝', en: 'connection refused' }
  return { zh: `请求失败：${code ?? message}`, en: `the request failed: ${code ?? message}` }
}
