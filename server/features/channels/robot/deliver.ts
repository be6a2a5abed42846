import { describeError } from '../../../platform/operation/log.ts'
import { OutboundLater, OutboundRefused, OutboundUntold } from '../../../platform/security/outbound-policy.ts'
import type { SealedColumn } from '../../../platform/security/sealed-columns.ts'
import type { MentionedPerson } from '../../../upstream/robots/robot.ts'
import { robotVendors } from '../../../upstream/robots/robots.ts'
import type { AddressNeeds, ChannelCall, Outcome } from '../channel.ts'
import { type Contact, contactsByKey } from '../contacts-store.ts'
import { type RobotContent, robotMessage } from './content.ts'
import { silence } from './pace-store.ts'
import type { RobotReason } from './reasons.ts'
import type { Robot, Robots } from './robots-store.ts'

const timeoutMs = 15_000
const answerBytes = 4096

export const addressSealed: SealedColumn = {
  table: 'group_robot',
  key: ['corp_id', 'id'],
  column: 'address',
  purpose: 'group_robot.address',
}
export const secretSealed: SealedColumn = {
  ...addressSealed,
  column: 'secret',
  purpose: 'group_robot.secret',
}

/** What ends a call before anything of it was sent. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

const unreachable: RobotReason = { code: 'robotUnreachable' }
const silent: RobotReason = { code: 'robotSilent' }

/** Posts to one robot. No vendor recognises a repetition, and none gives a number by which a message could be found or recalled. */
export async function sendByRobot(outgoing: ChannelCall<unknown, RobotContent, Robots>): Promise<Outcome> {
  const { ctx, corp, devId, content, setup } = outgoing
  const robot = setup.extra?.get(outgoing.userIds[0] ?? '')
  if (!robot) return { kind: 'refused', reason: { code: 'robotGone' } satisfies RobotReason, isConfig: false }
  // It may have waited for its time, for the robot's rate or for another attempt.
  if (devId !== undefined && !robot.devIds.includes(devId))
    return { kind: 'refused', reason: { code: 'robotNotGranted' } satisfies RobotReason, isConfig: false }
  const outcome = await postBy(ctx, corp.corpId, robot, content)
  if (outcome.kind === 'again' && outcome.afterMs)
    await silence(ctx.db, corp.corpId, robot.id, ctx.now() + outcome.afterMs)
  return outcome
}

export async function postBy(
  ctx: AddressNeeds,
  corpId: string,
  robot: Robot,
  content: RobotContent,
): Promise<Outcome> {
  const adapter = robotVendors[robot.vendor]
  const people = await peopleOf(ctx, corpId, robot, content)
  const { url, body } = adapter.request({
    address: ctx.seal.open(robot.address, addressSealed.purpose as string),
    secret: robot.secret ? ctx.seal.open(robot.secret, secretSealed.purpose as string) : null,
    message: robotMessage(content, people),
    at: ctx.now(),
  })
  const errand = {
    asker: { slot: 'servers', of: corpId } as const,
    timeoutMs,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: Buffer.from(JSON.stringify(body)),
    answerBytes,
  }
  try {
    return await ctx.outbound.post(url, errand, ({ status, body: answer }) =>
      outcomeOf(robot, status, answer.toString()),
    )
  } catch (error) {
    return failureOf(ctx, robot, error)
  }
}

function outcomeOf(robot: Robot, status: number, text: string): Outcome {
  const { vendor } = robot
  const answered = (errcode: number, said: string): RobotReason => ({
    code: 'robotAnswer',
    vendor,
    errcode,
    said: said.slice(0, 300),
  })
  // Behind a 5xx it may have been posted.
  if (status >= 500) return { kind: 'unsure', reason: answered(status, `HTTP ${status}`) }
  const read = robotVendors[vendor].read(jsonOf(text))
  if (!read) {
    if (status === 200) return { kind: 'unsure', reason: silent }
    return { kind: 'refused', reason: answered(status, `HTTP ${status}`), isConfig: true }
  }
  if (read.kind === 'sent') return { kind: 'sent', vendorId: 'ok', failures: [] }
  const reason = answered(read.code, read.said)
  if (read.kind === 'refused') return { kind: 'refused', reason, isConfig: read.isConfig }
  return { kind: 'again', reason, ...(read.afterMs > 0 ? { afterMs: read.afterMs } : {}) }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The address is a credential, so that the log names the robot. */
function failureOf(ctx: AddressNeeds, { id, vendor }: Robot, error: unknown): Outcome {
  if (error instanceof OutboundLater) return { kind: 'again', reason: error.words }
  if (error instanceof OutboundRefused && !(error instanceof OutboundUntold))
    return { kind: 'refused', reason: { code: 'robotNotAllowed', ...error.words }, isConfig: true }
  const cause = error instanceof OutboundUntold ? error.cause : error
  ctx.log.info({ robot: id, vendor, error: describeError(cause).error }, 'group robot not reached')
  const { code = '' } = (cause ?? {}) as { code?: string }
  return neverSent.has(code) ? { kind: 'again', reason: unreachable } : { kind: 'unsure', reason: silent }
}

/** Those who are mentioned and have not left. Mobile numbers are given where an administrator allowed it. */
async function peopleOf(
  ctx: AddressNeeds,
  corpId: string,
  { givesMobiles }: Robot,
  { mention }: RobotContent,
): Promise<MentionedPerson[]> {
  const userIds = mention.filter(userId => userId !== '@all')
  if (userIds.length === 0) return []
  const found = await contactsByKey(ctx.db, corpId, userIds)
  return found.map(({ userId, name, mobile }: Contact) => ({
    userId,
    name,
    ...(givesMobiles && mobile ? { mobile } : {}),
  }))
}
