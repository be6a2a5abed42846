import type { View } from '../../../organisation/directory/read/view.ts'
import type { ApprovalCause } from '../../channels/reason.ts'
import type { Level } from '../../message-types/definition.ts'
import type { ApprovalSettings } from '../../send-approval/settings.ts'
import type { Text } from '../accept/texts.ts'

/** Why a send waits for approval; `isAfter`: it leaves at once, and is looked at afterwards. `sms`: how many SMS it is. */
export type Approval = { cause: ApprovalCause; isAfter: boolean; askedBy: string; sms: number }

type SendSize = {
  /** Undefined for what is sent without a type. */
  level: Level | undefined
  persons: number
  isToAll: boolean
  texts: readonly Text[]
}

/** Whether a send needs approval by what its corp has set. Nothing is read but what is given. */
export function neededApproval(
  settings: ApprovalSettings,
  { developer }: Pick<View, 'developer'>,
  asked: SendSize,
): Approval | undefined {
  const cause = causeOf(settings, asked)
  if (!cause) return undefined
  const askedBy = asked.texts[0]?.submission.actor ?? `developer:${developer.devId}`
  return { cause, isAfter: asked.level === 'urgent', askedBy, sms: smsOf(asked) }
}

function causeOf(
  { receivers, all, words }: ApprovalSettings,
  { persons, isToAll, texts }: SendSize,
): ApprovalCause | undefined {
  if (all && isToAll) return { code: 'toEverybody' }
  if (receivers > 0 && persons > receivers) return { code: 'manyReceivers', persons, atMost: receivers }
  const word = words.length > 0 ? wordIn(words, texts) : undefined
  return word === undefined ? undefined : { code: 'listedWord', word }
}

function wordIn(words: readonly string[], texts: readonly Text[]): string | undefined {
  const wanted = words.map(word => [word, word.toLowerCase()] as const)
  for (const { submission } of texts) {
    const said = textsIn(submission.content).join('\n').toLowerCase()
    const found = wanted.find(([, lower]) => said.includes(lower))
    if (found) return found[0]
  }
  return undefined
}

/** All that a content says, whatever its channel. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

function smsOf({ persons, texts }: SendSize): number {
  const own = texts.filter(one => one.submission.channel === 'sms')
  return own.reduce((sum, { audience }) => sum + (audience.isAll ? persons : audience.members.length), 0)
}
