import type { ChannelView } from './channel-view.ts'
import { chatView } from './chat/chat-view.ts'
import { emailView } from './email/email-view.ts'
import { officialView } from './official/official-view.ts'
import { robotView } from './robot/robot-view.ts'
import { smsView } from './sms/sms-view.ts'
import { wecomView } from './wecom/wecom-view.ts'

/** By the channel's name; a channel that is not listed looks as all can. */
const views: Record<string, ChannelView> = {
  wecom: wecomView,
  email: emailView,
  sms: smsView,
  official: officialView,
  chat: chatView,
  robot: robotView,
}

export function viewOf(channel: string): ChannelView {
  return views[channel] ?? {}
}
