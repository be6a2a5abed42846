import type { Core } from '../../../platform/core.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { OutboundRefused } from '../../../platform/security/outbound-policy.ts'
import { type FrameKind, framed } from '../formats/syslog.ts'
import { type LineProof, lineMs, type Pems, sendLines } from './line.ts'

export type Transport = 'tls' | 'tcp' | 'https'

/** Where a batch goes. Keys are clear. */
export type Destination = Pems & {
  transport: Transport
  address: string
  framing: FrameKind
  authorization?: string | undefined
  /** The corp, or '' for the installation. */
  corpId: string
}

/** What the receiver answered: of HTTPS the status and the beginning of the body, of syslog what TLS tells. */
export type Receipt = { status: number; answer: string } | { line: LineProof }

/** The receiver takes no batch of this size, and may take a smaller one. */
export class BatchTooLarge extends Error {}

const answerBytes = 1000
const mask = '••••'
const secretAtLeast = 4

/** Sends rendered records. Throws when it is not certain that the receiver got all of them. */
export async function sendTo(
  ctx: Pick<Core, 'log'> & { outbound: Outbound },
  to: Destination,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<Receipt> {
  if (to.transport === 'https') return post(ctx, to, lines, signal)
  const { host, port } = hostAndPort(to.address)
  const frames = lines.map(line => framed(line, to.framing)).join('')
  const target = { ...to, host, port, isTls: to.transport === 'tls' }
  return { line: await sendLines(ctx.outbound, to.corpId, target, frames, signal) }
}

/** Returns host and port of a checked address; an IPv6 address is in brackets. */
export function hostAndPort(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':')
  return { host: address.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(address.slice(at + 1)) }
}

async function post(
  { outbound }: { outbound: Outbound },
  { address, authorization, ca, certificate, privateKey, corpId }: Destination,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<Receipt> {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'wisp-siem',
    ...(authorization ? { authorization } : {}),
  }
  const body = Buffer.from(`[${lines.join(',\n')}]`)
  const tls = {
    ...(ca ? { ca } : {}),
    ...(certificate && privateKey ? { cert: certificate, key: privateKey } : {}),
  }
  const own = Object.keys(tls).length > 0 ? { tls } : {}
  const asker = { slot: 'servers', of: corpId } as const
  const errand = { asker, timeoutMs: lineMs, signal, headers, body, answerBytes, ...own }
  const receipt = await outbound.post(address, errand, ({ status, body: start, isInner }) => {
    // An error would be told after all of the time, where the address is in our own network.
    if (status === 413 && lines.length > 1) return undefined
    // A receiver may repeat what it was sent.
    const secrets = [authorization, authorization?.split(' ').at(-1)].filter(
      one => (one?.length ?? 0) >= secretAtLeast,
    )
    const answer = isInner
      ? ''
      : secrets.reduce<string>((said, one) => said.replaceAll(one!, mask), start.toString())
    if (status >= 200 && status < 300) return { status, answer }
    const said = answer.trim() === '' ? '' : `: ${answer.trim().slice(0, 200)}`
    throw new OutboundRefused({
      zh: `接收端返回 HTTP ${status}${said.replace(': ', '：')}`,
      en: `the receiver answered HTTP ${status}${said}`,
    })
  })
  if (!receipt) throw new BatchTooLarge()
  return receipt
}
