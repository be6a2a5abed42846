/**
 * The folders of messages/: accept/ and deliver/; fate/ status, recall and resend; channels/ with a folder each; cards/ that
 * people answer, with content/ (what is sent), presses/, updates/ (by which code a card is changed) and answers/ (who answered
 * what, reminders).
 */

import type { Developers } from '../../callers/developers/developers.ts'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { Offered } from '../../platform/manifest/offered.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import type { Agents } from '../agents/callbacks/callbacks.ts'
import type { Apps } from '../apps/catalog.ts'
import type { Workbench } from '../apps/workbench/workbench.ts'
import type { Brands } from '../branding/brands.ts'
import { readCardAnswers, remindOfSentCard, updateSentCard } from '../cards/card-api.ts'
import * as cards from '../cards/card-calls.ts'
import { cardCommands } from '../cards/commands.ts'
import { cardEvents, readPresses } from '../cards/presses/events.ts'
import { settleCards } from '../cards/presses/settle.ts'
import { takePress } from '../cards/presses/take-press.ts'
import { channelRefused } from '../channels/channel-cause.ts'
import { messageConfigCommands } from '../channels/commands.ts'
import { messageSealed } from '../channels/sealed.ts'
import { channelSettingsSearched } from '../channels/settings/searched.ts'
import { createMessageSettings, type MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import * as messageSettings from '../channels/settings/settings-calls.ts'
import { messageSection } from '../channels/settings/settings-section.ts'
import { channelsUnready } from '../channels/settings/unready.ts'
import * as smsTemplates from '../channels/sms/template-calls.ts'
import { smsCodes } from '../channels/sms-codes.ts'
import { keptReason } from '../channels/telling.ts'
import type { Accounts } from '../official/accounts/accounts.ts'
import { messageStatus, recallMessage, sendMessage, sendSms } from './api.ts'
import { messageAttention } from './attention.ts'
import { messageCommands } from './commands/messages.ts'
import { messageChoices } from './console/choices.ts'
import { previewMessage, sendFromConsole } from './console/compose.ts'
import * as message from './console/message-detail.ts'
import { exportMessages } from './console/message-export.ts'
import { listMessages } from './console/message-list.ts'
import { messagesSearched } from './console/searched.ts'
import { createDispatcher, type Dispatcher } from './deliver/dispatcher.ts'
import { readReceipts } from './deliver/receipts.ts'
import { readResults } from './fate/event-content.ts'
import { messageEvents } from './fate/event-types.ts'
import { countMyUnread, listMyMessages, readMyMessages } from './fate/my-message-calls.ts'
import { createMessages, type Messages } from './fate/status.ts'
import { followUnread, unreadWaiting } from './fate/unread.ts'
import { addMessageGauges } from './gauges.ts'
import { settleOpenParts } from './open-parts-store.ts'
import { messageRetention } from './retention.ts'
import { messageTools } from './tools.ts'
import { testChannel } from './trial/send-test.ts'
import { messageValues } from './trial-values.ts'

type Needs = Core & {
  accounts: Accounts
  agents: Agents
  apps: Apps
  brands: Brands
  corps: Corps
  developers: Developers
  inbox: Inbox
  jobs: Jobs
  mirrors: Mirrors
  offered: Offered
  outbound: Outbound
  queue: Queue
  sessions: Sessions
  workbench: Workbench
}
type Made = { dispatcher: Dispatcher; messageSettings: MessageSettingsOfCorps; messages: Messages }

/** The message centre: WeCom, mail, SMS and official accounts. */
export const messagesFeature = feature<Needs, Made>()({
  name: 'messages',
  eventTypes: { ...messageEvents, ...cardEvents },
  scopes: ['message:send', 'sms:send'],
  calls: [
    sendMessage,
    sendSms,
    messageStatus,
    recallMessage,
    readCardAnswers,
    updateSentCard,
    remindOfSentCard,
  ],
  pageCalls: [
    listMyMessages,
    countMyUnread,
    readMyMessages,
    messageSettings.readSettings,
    messageSettings.saveChannel,
    messageSettings.saveKeepDays,
    testChannel,
    smsTemplates.listTemplates,
    smsTemplates.saveTemplate,
    smsTemplates.removeTemplateCall,
    smsTemplates.previewTemplate,
    listMessages,
    exportMessages,
    messageChoices,
    message.readMessage,
    message.messageAttempts,
    message.messageReceivers,
    message.openMessage,
    message.resendMessage,
    message.recallMessageCall,
    previewMessage,
    sendFromConsole,
    cards.listCardSamples,
    cards.cardAnswers,
    cards.exportCardAnswers,
    cards.remindOfCardCall,
    cards.updateCardCall,
  ],
  search: { messages: messagesSearched, channels: channelSettingsSearched },
  commands: [...messageConfigCommands, ...messageCommands, ...cardCommands],
  commandGroups: { message: '消息中心', 'message templates': '短信模板', 'message card': '可回答的卡片' },
  settings: { messages: messageSection },
  tables: messageRetention,
  sealed: messageSealed,
  gauges: addMessageGauges,
  attention: messageAttention,
  unready: channelsUnready,
  waiting: unreadWaiting,
  causes: { channelRefused },
  events: async (ctx, caller, rows) => [
    ...(await readResults(ctx, caller, rows)),
    ...(await readPresses(ctx, caller, rows)),
  ],
  cardPressed: takePress,
  trialValues: messageValues,
  tools: messageTools,
  smsCodes,
  // What was waiting when a backup was made has most likely been sent since. Sending it automatically could deliver it twice, so a
  // person decides (resend).
  restored: (tx, at) => settleOpenParts(tx, keptReason({ code: 'restored' }), at),
  async create(ctx) {
    const messageSettings = createMessageSettings(ctx)
    await followUnread(ctx)
    return {
      messageSettings,
      messages: createMessages(ctx),
      dispatcher: createDispatcher({ ...ctx, messageSettings }),
    }
  },
  readers: ({ messageSettings }) => [messageSettings],
  work: settleCards,
  schedule: ctx => ctx.jobs.schedule('sms-receipts', '* * * * *', () => readReceipts(ctx)),
  start({ dispatcher }) {
    dispatcher.start()
    return undefined
  },
  close: ({ dispatcher }) => dispatcher.stop(),
})
