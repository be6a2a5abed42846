import { createHash } from 'node:crypto'
import { noteAddress } from '../../../organisation/corps/addresses/ties.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkTakesPushes } from '../../../organisation/corps/suspension/check-open.ts'
import type { Core } from '../../../platform/core.ts'
import { checkTimestamp, PushRefused, queryText, upstreamPush } from '../../../platform/http/upstream-push.ts'
import type { NewEvent } from '../../../platform/inbox/event-store.ts'
import type { Inbox } from '../../../platform/inbox/inbox.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { fieldsOf, type Push, PushFault, parsePush } from '../../../upstream/official/push.ts'
import { nothing, replyXml } from '../../../upstream/official/reply.ts'
import { sealedReply, verifySignature } from '../../../upstream/transport/message-crypto.ts'
import {
  echoAtMost,
  openSigned,
  type PushSignature,
  parameterAtMost,
  textOf,
} from '../../../upstream/transport/push/signed-push.ts'
import { findText } from '../../../upstream/transport/xml.ts'
import { type Account, type Accounts, isOriginalId } from '../accounts/accounts.ts'
import { noteSeenId, noteVerified } from '../accounts/store.ts'
import { officialTie } from '../accounts/tied.ts'
import type { Answers, PushReply } from './answer.ts'

type Needs = Core & { accounts: Accounts; corps: Corps; inbox: Inbox; answers: Answers }

/**
 * A text of 2,048 bytes is the largest that a person can send; compatible mode triples it
 * (docs/upstream/message-crypto.md#envelopes).
 */
const bodyAtMost = 64 * 1024
/** WeChat waits for 5 s. A later answer than this may not reach it in time. */
const passiveWithinMs = 4000

type PushHead = PushSignature & { msgSignature: string; arrivedAt: number }
type PushContent = { account: Account; raw: string; plain: string; push: Push; arrivedAt: number }

/**
 * One URL for all bound accounts (docs/interface/official-accounts.md#callback; WeChat's protocol:
 * docs/upstream/official-push.md#verification-and-modes).
 */
export const officialCallback = upstreamPush({
  path: '/admin/publicMessage/callback',
  section: '7.2',
  bodyAtMost,
  check(ctx: Needs, head): PushHead {
    const read = (name: string) => queryText(head, name, parameterAtMost)
    const optional = (name: string) => (head.query[name] === undefined ? '' : read(name))
    const signed = {
      timestamp: read('timestamp'),
      nonce: read('nonce'),
      signature: optional('signature'),
      msgSignature: optional('msg_signature'),
      arrivedAt: performance.now(),
    }
    if (!signed.signature && !signed.msgSignature) throw new PushRefused(400, 'signature is missing')
    checkTimestamp(ctx, signed.timestamp)
    return signed
  },
  /** A verification names no account, so it counts for every account whose token fits. */
  verifyUrl(ctx: Needs, signed, head) {
    const echo = queryText(head, 'echostr', echoAtMost)
    const fitting = ctx.accounts.all().filter(account => isSigned(account, signed))
    if (fitting.length === 0) throw new PushRefused(403, 'signature fits no account')
    // WeChat gives up after five seconds, so the answer does not wait until the verification is recorded.
    for (const [corpId, accounts] of Map.groupBy(fitting, account => account.corpId)) {
      const ids = accounts.map(account => account.originalId)
      noteCallbackVerified(ctx, corpId, ids).catch(error => {
        ctx.log.error({ corpId, ...describeError(error) }, 'verification not noted')
      })
    }
    return { body: echo }
  },
  verify(ctx: Needs, signed, body): PushContent {
    const text = textOf(body)
    const { arrivedAt } = signed
    const account = accountOf(ctx, signed, text)
    const encrypted = outerText(text, 'Encrypt')
    if (!encrypted) {
      if (account.mode !== 'plain') throw refused(account, 403, 'the account takes encrypted pushes only')
      if (!isSigned(account, signed)) throw refused(account, 403, 'signature is wrong')
      return { account, raw: text, plain: text, push: readPush(account, text), arrivedAt }
    }
    // In a compatible push only the encrypted part counts, because the clear text beside it is not signed.
    const plain = openBy(account, signed, encrypted)
    if (plain === undefined) throw refused(account, 403, 'msg_signature is wrong')
    readFault(() => fieldsOf(text))
    return { account, raw: encrypted, plain, push: readPush(account, plain), arrivedAt }
  },
  owner: ({ account }) => ({ corpId: account.corpId, stream: 'official', account: account.originalId }),
  async handle(ctx: Needs, opened) {
    const { account, push } = opened
    const answer = await takeIn(ctx, opened)
    if (!answer?.passive) return { body: nothing }
    const xml = replyXml(push, answer.passive, ctx.now())
    const type = 'application/xml; charset=utf-8'
    if (account.mode === 'plain') return { type, body: xml }
    const keys = { receiveId: account.appId, ...account.callback }
    return { type, body: sealedReply(keys, xml, ctx.now()) }
  },
  refusal: reason => ({ body: reason }),
})

/**
 * Stores the push with its answer, once, and returns the answer that is stored: a repetition gets the first one again,
 * whichever node it reaches, and whatever has changed since.
 */
async function takeIn(
  ctx: Needs,
  { account, raw, plain, push, arrivedAt }: PushContent,
): Promise<PushReply | undefined> {
  const event: NewEvent = {
    corpId: account.corpId,
    stream: 'official',
    account: account.originalId,
    kind: push.event ?? push.msgType,
    entity: `follower:${account.originalId}:${push.fromUserName}`,
    dedupeKey: deliveryKey(push, plain),
    payloadHash: hashOf(plain),
    raw,
    plain,
  }
  const isLate = () => performance.now() - arrivedAt > passiveWithinMs
  const { answer } = await ctx.answers.store(account, push, event, isLate)
  return (answer ?? undefined) as PushReply | undefined
}

/**
 * What all deliveries of one push share. Messages have an id. Every repetition of an event is the same to the byte, apart from
 * the encryption; unlike one of the address book, which only says what to read again, it acts, and so another nonce makes no
 * other event of it.
 */
function deliveryKey(push: Push, plain: string): string {
  const what = push.msgId ?? `${push.createTime} ${hashOf(plain)}`
  return `${push.toUserName} ${push.fromUserName} ${what}`
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

function accountOf(ctx: Needs, signed: PushHead, text: string): Account {
  const toUserName = outerText(text, 'ToUserName')
  if (!toUserName) throw new PushRefused(400, 'body: ToUserName is missing')
  const account = ctx.accounts.find(toUserName)
  if (!account) noteMisnamed(ctx, signed, text, toUserName)
  if (!account?.enabled) throw new PushRefused(404, 'ToUserName is no account of this platform')
  checkTakesPushes(ctx, account.corpId)
  return account
}

/**
 * No call of WeChat tells an account's original id, so a wrong one is found out here: by a push to an unknown one that has the
 * token and the AppID of an account. The doctor tells about it.
 */
function noteMisnamed(ctx: Needs, signed: PushHead, text: string, toUserName: string): void {
  const encrypted = outerText(text, 'Encrypt')
  if (!encrypted || !isOriginalId(toUserName)) return
  const account = ctx.accounts.all().find(one => isOf(one, signed, encrypted))
  if (!account || account.seenOriginalId === toUserName) return
  const { corpId, originalId } = account
  const note = async () => {
    await noteSeenId(ctx.db, corpId, originalId, toUserName)
    await ctx.reloadConfig(corpId)
  }
  note().catch(error => ctx.log.error({ corpId, ...describeError(error) }, 'wrong original id not noted'))
}

function isOf(account: Account, signed: PushHead, encrypted: string): boolean {
  try {
    return openBy(account, signed, encrypted) !== undefined
  } catch (error) {
    if (error instanceof PushRefused) return false
    throw error
  }
}

/** Finds a text without a parser, because nothing is proved yet. */
function outerText(text: string, name: string): string | undefined {
  if (!text.trimStart().startsWith('{')) return findText(text, name)
  return new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]*)"`).exec(text)?.[1]
}

/** Plain pushes and verifications carry a signature over token and time. */
function isSigned({ callback }: Account, { timestamp, nonce, signature }: PushHead): boolean {
  return verifySignature(callback.token, timestamp, nonce, '', signature)
}

/** Encrypted pushes carry a signature over the encrypted part. Returns undefined where the account's token did not make it. */
function openBy(account: Account, signed: PushHead, encrypted: string): string | undefined {
  const receiver = { receiveId: account.appId, whenOther: 'appid is another one' }
  const signature = { ...signed, signature: signed.msgSignature }
  const refuse = (status: number, message: string) => refused(account, status, message)
  return openSigned([account.callback], signature, encrypted, receiver, refuse)?.message
}

/** A refusal by the account's own settings, which may differ from those at WeChat. Administrators are told of it. */
function refused({ corpId, originalId }: Account, status: number, message: string): PushRefused {
  return new PushRefused(status, message, corpId, originalId)
}

function readPush(account: Account, plain: string): Push {
  const push = readFault(() => parsePush(plain))
  if (push.toUserName !== account.originalId) throw new PushRefused(400, 'the event is of another account')
  return push
}

function readFault<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof PushFault) throw new PushRefused(400, `body: ${error.message}`)
    throw error
  }
}

async function noteCallbackVerified(ctx: Needs, corpId: string, originalIds: string[]): Promise<void> {
  await noteVerified(ctx.db, corpId, originalIds, new Date(ctx.now()))
  for (const originalId of originalIds) await noteAddress(ctx, ctx.db, corpId, officialTie, originalId)
  await ctx.reloadConfig(corpId)
}
