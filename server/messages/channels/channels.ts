import type { ChannelName } from '../store.ts'
import type { Channel } from './channel.ts'
import { emailChannel } from './email.ts'
import { smsChannel } from './sms.ts'
import { wecomChannel } from './wecom.ts'

export const channels: Record<ChannelName, Channel> = {
  wecom: wecomChannel,
  email: emailChannel,
  sms: smsChannel,
}
