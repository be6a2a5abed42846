import { operatorId } from '../../../callers/developers/operator.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkOn } from '../../../organisation/corps/features/check-on.ts'
import type { ReceiverInput } from '../../../organisation/directory/read/audience.ts'
import { groupsSince } from '../../../organisation/groups/groups.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import {
  type ApiFields,
  choice,
  type Field,
  optionalIds,
  optionalText,
  type Values,
} from '../../../platform/http/input.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { checkKnownByAll } from '../../../platform/upkeep/known-by-all.ts'
import type { Words } from '../../../platform/words.ts'
import type { Channel, ContentInput, Setups } from '../../channels/channel.ts'
import {
  type AnyChannelName,
  anyChannelList,
  channelOf,
  type channels,
  type placeChannels,
} from '../../channels/channels.ts'
import type { Submission } from './sending.ts'
import { timingFields } from './timing.ts'

export const receiverFields = {
  toUser: optionalIds(
    {
      zh: '成员 ID 列表，| 分隔，最多 1000；@all 为全部',
      en: 'Ids of members, separated by |, at most 1000; @all is everybody',
    },
    { max: 1000 },
  ),
  toParty: optionalIds(
    {
      zh: '部门 ID 列表，| 分隔；包括下级部门的成员',
      en: 'Ids of departments, separated by |; members of departments below are included',
    },
    { max: 1000 },
  ),
  toTag: optionalIds(
    {
      zh: '标签 ID 列表，| 分隔；标签里的部门也包括下级部门的成员',
      en: 'Ids of tags, separated by |; of departments in a tag, members of those below are included too',
    },
    { max: 1000 },
  ),
  toGroup: optionalIds(
    {
      zh: '人群 ID 列表，| 分隔；发送时在人群中的成员',
      en: 'Ids of groups, separated by |; the members who are in them when it is sent',
    },
    { max: 100 },
  ),
}

/** Receivers as they are kept: without groups a request is the same as before there were any. */
export function receiversIn({
  toUser,
  toParty,
  toTag,
  toGroup,
}: Values<typeof receiverFields>): ReceiverInput {
  return { toUser, toParty, toTag, ...(toGroup.length > 0 ? { toGroup } : {}) }
}

export const requestIdField = optionalText(
  {
    zh: '幂等号：24 小时内相同的 requestId 只发送一次；等待发出的消息，到它发完后 24 小时',
    en: 'Idempotency key: sent once within 24 hours for the same requestId, which for a message that waits count from its end',
  },
  { max: 64 },
)

const ofMessageCall = anyChannelList.filter(([, { hasOwnCall }]) => !hasOwnCall)

/** `sendType` of these channels. */
function sendTypeOf(list: typeof anyChannelList): Field<string, string, true, Words> {
  const types = list.map(([, { sendType }]) => sendType).sort((a, b) => Number(a.value) - Number(b.value))
  const zh = types.map(({ value, word }) => `${value}-${word.zh}`).join('；')
  const en = types.map(({ value, word }) => `${value} ${word.en}`).join('; ')
  return choice(
    { zh: `发送方式：${zh}`, en: `How: ${en}` },
    types.map(({ value }) => value),
  )
}

type Intersection<T> = (T extends unknown ? (one: T) => void : never) extends (all: infer A) => void
  ? A
  : never
type AnyChannels = typeof channels & typeof placeChannels
type FieldsOf<N extends AnyChannelName> = Intersection<AnyChannels[N]['fields']>
type OfMessageCall = {
  [N in AnyChannelName]: AnyChannels[N] extends { hasOwnCall: true } ? never : N
}[AnyChannelName]

/** Inputs of `message/send` that describe a message, apart from its receivers (docs/interface/messages.md#sending-a-message). */
export const messageFields = {
  sendType: sendTypeOf(ofMessageCall),
  ...(Object.assign({}, ...ofMessageCall.map(([, { fields }]) => fields)) as FieldsOf<OfMessageCall>),
}

/** The inputs of `message/send`. */
export const sendFields = {
  ...receiverFields,
  ...messageFields,
  ...timingFields,
  requestId: requestIdField,
}

type OptionalFields<F extends ApiFields> = {
  [K in keyof F]: F[K] extends Field<infer T, infer G> ? Field<T | undefined, G, false, Words> : never
}

/** The inputs of all channels; each channel itself says which of them it needs. */
export const contentFields = Object.fromEntries(
  Object.entries(Object.assign({}, ...anyChannelList.map(([, { fields }]) => fields)) as ApiFields).map(
    ([name, field]) => [
      name,
      field.required ? { ...field, required: false, missing: () => undefined } : field,
    ],
  ),
) as OptionalFields<FieldsOf<AnyChannelName>>

/** The inputs of 5.1 and 5.2 combined, as the console sends them; `sendType` 1 is an SMS. */
export const composeFields = {
  ...receiverFields,
  ...contentFields,
  sendType: sendTypeOf(anyChannelList),
  requestId: requestIdField,
}

/** Returns the channel of a `sendType`. @throws ApiError 1000 if there is none (docs/interface/messages.md#sending-a-message). */
export function channelBySendType(sendType: string): AnyChannelName {
  const found = anyChannelList.find(([, channel]) => channel.sendType.value === sendType)
  if (!found) throw new ApiError('badParameter', 'sendType')
  return found[0]
}

/** How much of what stands in one line is kept, in UTF-16 units. The document has no limit, so that longer ones are cut and not refused. */
const keptAtMost = { agentName: 32, title: 1000, btntxt: 100 }

type CommonInputs = Omit<Values<typeof receiverFields>, 'toGroup'> & {
  toGroup?: string[]
  agentName?: string | undefined
  agentId?: string | undefined
  requestId: string | undefined
}

/** Turns the inputs of a call into a submission. Throws 1000 and 1001. */
export function submissionOf(
  ctx: Core & { messageSettings: Setups },
  corpId: string,
  channel: AnyChannelName,
  input: CommonInputs & Record<string, unknown>,
): Submission {
  const { agentId, requestId } = input
  checkPlaces(channel, input)
  if (!input.agentName)
    throw new ApiError('missingParameter', {
      zh: 'agentName（标题前【】中显示的名称）',
      en: 'agentName (the name shown in 【】 before the title)',
    })
  const { given, cut } = cutLines<ContentInput>({ ...input, agentName: input.agentName })
  const { agentName } = given
  const { content, truncated, templateId, warnings } = channelOf(channel).compose(
    given,
    ctx.messageSettings.setupOf(corpId, channel),
  )
  checkFiles(channel, input)
  const receivers = receiversIn({ ...input, toGroup: input.toGroup ?? [] })
  // The order of these goes into the hash by which a repeated requestId is recognised.
  return {
    receivers,
    agentName,
    agentId,
    templateId,
    requestId,
    channel,
    content: content as object,
    truncated: [...new Set([...cut, ...truncated])],
    ...(warnings?.length ? { warnings } : {}),
  }
}

/** Receivers that would be forgotten without a word. Throws 1000. */
function checkPlaces(channel: AnyChannelName, input: Record<string, unknown>): void {
  const taken = placeInputsOf(channelOf(channel))
  for (const name of new Set(anyChannelList.flatMap(([, one]) => placeInputsOf(one)))) {
    const given = input[name]
    if (taken.includes(name) || !Array.isArray(given) || given.length === 0) continue
    const types = anyChannelList.flatMap(([, one]) =>
      placeInputsOf(one).includes(name) ? [one.sendType.value] : [],
    )
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 只在 sendType 为 ${own(types.join('、'))} 时使用`,
      en: told`${own(name)} is only for sendType ${own(types.join(' and '))}`,
    })
  }
}

const placeInputsOf = ({ placeInputs }: Channel): readonly string[] =>
  placeInputs ? [placeInputs.receivers, ...placeInputs.others] : []

/** Files that would be forgotten without a word. Throws 1000. */
function checkFiles(channel: AnyChannelName, input: Record<string, unknown>): void {
  const { fields, label } = channelOf(channel)
  for (const name of ['mediaId', 'attachments']) {
    const given = input[name]
    const isGiven = Array.isArray(given) ? given.length > 0 : given !== undefined
    if (isGiven && !Object.hasOwn(fields, name))
      throw new ApiError('badParameter', {
        zh: told`${own(label.zh)}不带文件，不能填写 ${own(name)}`,
        en: told`${own(name)} cannot be given: ${own(label.en)} carries no files`,
      })
  }
}

/** The same for receivers that are groups. */
export async function checkGroupsTaken(
  ctx: Core & { corps: Corps; offered: FeatureOffers },
  corpId: string,
  { toGroup = [] }: ReceiverInput,
): Promise<void> {
  if (toGroup.length === 0) return
  checkOn(ctx, corpId, 'groups')
  await checkKnownByAll(ctx.db, groupsSince)
}

/**
 * Throws 1009 where the corp has switched off what a message takes, and 1013 while a node lives that does not know such messages.
 */
export async function checkTaken(
  ctx: Core & { corps: Corps; offered: FeatureOffers },
  corpId: string,
  { channel: name, content, receivers }: Pick<Submission, 'channel' | 'content' | 'receivers'>,
): Promise<void> {
  await checkGroupsTaken(ctx, corpId, receivers)
  const { feature, takes } = channelOf(name)
  if (feature) checkOn(ctx, corpId, feature)
  const taken = takes?.(content)
  if (!taken) return
  checkOn(ctx, corpId, taken.feature)
  await checkKnownByAll(ctx.db, taken.since)
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'grapheme' })

function cutText(text: string, atMost: number): string {
  if (text.length <= atMost) return text
  let kept = ''
  for (const { segment } of segmenter.segment(text.slice(0, 2 * atMost))) {
    if (kept.length + segment.length > atMost) break
    kept += segment
  }
  return kept
}

/** Cuts what is too long for its line. `cut` names those inputs. */
function cutLines<T extends ContentInput>(given: T): { given: T; cut: string[] } {
  const shortened = Object.entries(keptAtMost).flatMap(([name, atMost]) => {
    const text = given[name]
    return typeof text === 'string' && text.length > atMost ? [[name, cutText(text, atMost)] as const] : []
  })
  return { given: { ...given, ...Object.fromEntries(shortened) }, cut: shortened.map(([name]) => name) }
}

/** How the requestIds of messages about alerts begin. */
export const alertNoticePrefix = 'alert-'

export function isAlertNotice(devId: string, requestId: string | undefined): boolean {
  return devId === operatorId && requestId?.startsWith(alertNoticePrefix) === true
}
