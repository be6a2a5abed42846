import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkTakesPushes } from '../../../organisation/corps/suspension/check-open.ts'
import type { Core } from '../../../platform/core.ts'
import { type PushHead, PushRefused, queryText, upstreamPush } from '../../../platform/http/upstream-push.ts'
import type { Inbox } from '../../../platform/inbox/inbox.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { sealedReply } from '../../../upstream/transport/message-crypto.ts'
import {
  echoAtMost,
  openSigned,
  type PushSignature,
  readSignature,
  readXml,
  textOf,
} from '../../../upstream/transport/push/signed-push.ts'
import { findText, parseEnvelope } from '../../../upstream/transport/xml.ts'
import { type AgentPush, agentIdOf, parseAgentPush } from '../../../upstream/wecom/agent-push.ts'
import type { AgentCallback, Agents, CallbackKeys } from '../callbacks/callbacks.ts'
import { refusing } from '../callbacks/refused.ts'
import { callbackPath } from '../callbacks/set-callback.ts'
import { noteVerified } from '../callbacks/verified.ts'
import type { ProvedPush } from '../opened.ts'
import type { AgentReplies } from '../replies/agent-rules.ts'
import { takeIn } from './take-in.ts'

type Needs = Core & {
  agentReplies: AgentReplies
  agents: Agents
  corps: Corps
  inbox: Inbox
  offered: FeatureOffers
  outbound: Outbound
}

/** A text has 2,048 bytes; an approval names everybody who approves or is told, with their pictures. */
const bodyAtMost = 256 * 1024

type SignedPush = PushSignature & { callback: AgentCallback; from: string }

/** WeCom's own protocol, as of the contacts callback (docs/upstream/wecom-agents.md#pushes). */
export const agentCallback = upstreamPush({
  path: `${callbackPath}:key`,
  section: 'wisp',
  bodyAtMost,
  check(ctx: Needs, head): SignedPush {
    const callback = ctx.agents.at(keyIn(head))
    if (!callback) throw new PushRefused(404, 'no agent of this platform has this address')
    checkTakesPushes(ctx, callback.corpId)
    const signed = refusing(ctx, callback, head.ip, () => readSignature(ctx, head))
    return { callback, from: head.ip, ...signed }
  },
  verifyUrl(ctx: Needs, signed, head) {
    const { callback, from } = signed
    const { keys, message } = refusing(ctx, callback, from, () => {
      const echo = queryText(head, 'echostr', echoAtMost)
      return openBy(ctx, signed, echo)
    })
    // WeCom gives up after one second, so the answer does not wait until the verification is recorded.
    noteVerified(ctx, callback, keys).catch(error => {
      ctx.log.error({ corpId: callback.corpId, ...describeError(error) }, 'verification not noted')
    })
    return { body: message }
  },
  verify(ctx: Needs, signed, body): ProvedPush {
    const { callback, from, signature } = signed
    return refusing(ctx, callback, from, () => {
      const text = textOf(body)
      const encrypted = findText(text, 'Encrypt')
      if (!encrypted) throw new PushRefused(400, 'body: Encrypt is missing')
      const { keys, message: plain } = openBy(ctx, signed, encrypted)
      // The signature covers Encrypt alone, and what stands around it must still be the XML that WeCom writes.
      const envelope = readXml('body', () => parseEnvelope(text))
      const push = readXml('event', () => parseAgentPush(plain))
      if (envelope.toUserName !== callback.corpId || push.toUserName !== callback.corpId)
        throw new PushRefused(403, 'the push is for another corp')
      checkAgent(
        callback,
        push,
        readXml('body', () => agentIdOf(envelope.agentId)),
      )
      return { callback, keys, signature, raw: encrypted, plain, push }
    })
  },
  owner: ({ callback }) => ({
    corpId: callback.corpId,
    stream: 'agent',
    account: String(callback.agentId),
  }),
  async handle(ctx: Needs, opened) {
    const xml = await takeIn(ctx, opened)
    if (xml === undefined) return { body: '' }
    const keys = { receiveId: opened.callback.corpId, ...opened.keys }
    return { type: 'application/xml; charset=utf-8', body: sealedReply(keys, xml, ctx.now()) }
  },
  refusal: reason => ({ body: reason }),
})

function keyIn({ params }: PushHead): string {
  return String((params as { key?: unknown }).key ?? '')
}

/** The keys in use, the next keys, and for a while the old keys. */
function keysOf({ now }: Core, { keys, nextKeys, oldKeys }: AgentCallback): CallbackKeys[] {
  return [keys, nextKeys, oldKeys && oldKeys.until.getTime() > now() ? oldKeys : undefined].filter(
    one => one !== undefined,
  )
}

function openBy(ctx: Needs, signed: SignedPush, encrypted: string): { keys: CallbackKeys; message: string } {
  const { callback } = signed
  const receiver = { receiveId: callback.corpId, whenOther: 'receiveid is another corp' }
  const opened = openSigned(keysOf(ctx, callback), signed, encrypted, receiver)
  if (!opened) throw new PushRefused(403, 'msg_signature is wrong')
  return opened
}

/** Events of the whole corp, which WeCom also tells agents without naming any (docs/upstream/wecom-agents.md#pushes). */
const withoutAgent: ReadonlySet<string | undefined> = new Set([
  'change_contact',
  'batch_job_result',
  'upload_media_job_finish',
])

const approvalChange = 'sys_approval_change'

/** Address and signature belong to this agent. A push that names another agent shows that somebody set up the wrong address. */
function checkAgent({ agentId }: AgentCallback, push: AgentPush, around: number | undefined): void {
  // It names 审批 itself (docs/upstream/wecom-approvals.md#events).
  if (push.event === approvalChange) return
  const named = [push.agentId, around].filter(one => one !== undefined)
  if (named.some(one => one !== agentId)) throw new PushRefused(403, 'AgentID is another agent')
  if (named.length === 0 && !withoutAgent.has(push.event)) throw new PushRefused(400, 'AgentID is missing')
}
