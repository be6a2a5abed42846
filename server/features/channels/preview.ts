import { Type } from 'typebox'
import type { PreviewIn } from './channel.ts'
import { type ChannelName, channelList, type channels } from './channels.ts'

type PreviewOf<N> = N extends ChannelName ? PreviewIn<(typeof channels)[N]['previewSchemas']> : never
/** A message as its receiver will see it. */
export type Preview = PreviewOf<ChannelName>
export const previewSchema = Type.Unsafe<Preview>(
  Type.Union(channelList.flatMap(([, { previewSchemas }]) => [...previewSchemas])),
)
