import type { Corps } from '../../organisation/corps/corps.ts'
import { isOn } from '../../organisation/corps/features/check-on.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { Channel, Setups } from '../channels/channel.ts'
import { type ChannelName, channelOf } from '../channels/channels.ts'
import { type Contact, contactsOf } from '../channels/contacts-store.ts'
import { isReady } from '../channels/settings/settings.ts'
import type { MessageType } from '../message-types/catalog.ts'
import { sampleData, standInLink } from '../message-types/check-speaking.ts'
import { languageFor, render } from '../message-types/render.ts'
import type { PersonKey } from './choices-store.ts'

export type WayNeeds = Core & { corps: Corps; messageSettings: Setups }

/** The channels of a type by which it reaches a person as things stand: set up, and with an address of theirs. */
export async function reachingWays(
  ctx: WayNeeds,
  { corpId, memberId }: PersonKey,
  type: MessageType,
): Promise<ChannelName[]> {
  const [contact] = await contactsOf(ctx.db, corpId, [memberId])
  if (!contact) return []
  const reaching: ChannelName[] = []
  for (const name of type.definition.channels)
    if (await reaches(ctx, corpId, contact, { type, name })) reaching.push(name)
  return reaching
}

async function reaches(
  ctx: WayNeeds,
  corpId: string,
  contact: Contact,
  { type, name }: { type: MessageType; name: ChannelName },
): Promise<boolean> {
  const channel: Channel = channelOf(name)
  if (channel.feature && !isOn(ctx, corpId, channel.feature)) return false
  if (!isReady(ctx, corpId, name) || channel.unreachable?.(contact)) return false
  if (channel.reaches && !channel.reaches(contact)) return false
  if (!channel.unreachableOf) return true
  const content = sampleContent(ctx, corpId, { type, name })
  return (
    content !== undefined &&
    !(await channel.unreachableOf(ctx.db, corpId, content, [contact.id])).has(contact.id)
  )
}

/** Some content of the type, for a channel that must know what is sent; undefined where none can be made now. */
function sampleContent(
  ctx: WayNeeds,
  corpId: string,
  { type, name }: { type: MessageType; name: ChannelName },
): unknown {
  const { definition, compiled } = type
  const language = languageFor(compiled, name, 'zh')
  const values = {
    data: sampleData(definition, compiled),
    member: { name: '', userId: '', department: '' },
    zone: ctx.corps.get(corpId).timeZone,
  }
  try {
    const given = render(type, name, language, values, standInLink(definition, name, language))
    return channelOf(name).compose(given, ctx.messageSettings.setupOf(corpId, name)).content
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}
