/**
 * A channel is one folder and one row here. It exports one `Channel`: settings, content, preview, delivery, recall, reasons.
 * All other code finds the channel in this list and names none.
 */

import { Type } from 'typebox'
import type { Channel, PreviewIn, Setups } from './channel.ts'
import { email } from './email/email.ts'
import { official } from './official/official.ts'
import { robot } from './robot/robot.ts'
import { sms } from './sms/sms.ts'
import { chat } from './wecom/chat/chat.ts'
import { wecom } from './wecom/wecom.ts'

/** The channels to persons, in the order in which they are shown. */
export const channels = { wecom, email, sms, official }
/** Channels to places, such as groups: a message names each place, and no member is its receiver. */
export const placeChannels = { chat, robot }
const all = { ...channels, ...placeChannels }

export type ChannelName = keyof typeof channels
export const channelNames = Object.keys(channels) as ChannelName[]
export const channelList: readonly (readonly [ChannelName, Channel])[] = channelNames.map(name => [
  name,
  channels[name],
])

export type AnyChannelName = keyof typeof all
export const anyChannelNames = Object.keys(all) as AnyChannelName[]
export const anyChannelList: readonly (readonly [AnyChannelName, Channel])[] = anyChannelNames.map(name => [
  name,
  all[name],
])

/** What places are called now, by their ids. */
export function placeNames(
  ctx: { messageSettings: Setups },
  corpId: string,
  ids: readonly string[],
): Map<string, string> {
  const names = new Map<string, string>()
  for (const [channel, { placeName }] of anyChannelList) {
    const setup = ctx.messageSettings.setupOf(corpId, channel)
    for (const id of ids) {
      const name = placeName?.(setup, id)
      if (name !== undefined) names.set(id, name)
    }
  }
  return names
}

/** The channel of a stored message. Throws when no version of wisp knew it. */
export function channelOf(name: string): Channel {
  const channel = (all as Record<string, Channel | undefined>)[name]
  if (!channel) throw new Error(`there is no channel ${name}`)
  return channel
}

type PreviewOf<N> = N extends AnyChannelName ? PreviewIn<(typeof all)[N]['previewSchemas']> : never
/** A message as its receiver will see it. */
export type Preview = PreviewOf<AnyChannelName>
export const previewSchema = Type.Unsafe<Preview>(
  Type.Union(anyChannelList.flatMap(([, { previewSchemas }]) => [...previewSchemas])),
)
