/**
 * A message goes one way: accept/ takes it, deliver/ hands it to its channel, fate/ is what became of it: status, recall, resend. Each
 * folder takes from those after it, and all from parts/, which are the rows. marks/ is what people did with it, urge/ reminds those who did
 * nothing. trial/ sends tests. figures/ counts by type and day.
 * approval/ is what people decide about what waits.
 */

import type { Developers } from '../../callers/developers/developers.ts'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import type { Apps } from '../apps/catalog.ts'
import type { Workbench } from '../apps/workbench/workbench.ts'
import type { Brands } from '../branding/brands.ts'
import { contentSealed, planSealed } from '../channels/sealed.ts'
import { channelSettingsSearched } from '../channels/settings/searched.ts'
import type { MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import { channelsUnready } from '../channels/settings/unready.ts'
import { keptReason } from '../channels/telling.ts'
import type { MessageChoices } from '../message-choices/choices.ts'
import type { MessageTypes } from '../message-types/catalog.ts'
import type { Accounts } from '../official/accounts/accounts.ts'
import type { QuietHoursOfCorps } from '../quiet-hours/catalog.ts'
import type { SendApproval } from '../send-approval/catalog.ts'
import { createOutbox, type Outbox } from './accept/outbox.ts'
import { messageStatus, recallMessage, sendMessage, sendSms } from './api.ts'
import * as held from './approval/approval-calls.ts'
import { sendToApprove, sendWaitsLong } from './approval/causes.ts'
import { heldCommands } from './approval/commands.ts'
import { messageAttention } from './attention.ts'
import { cancelMessage } from './cancel-call.ts'
import { channelStateCommands } from './commands/channels.ts'
import { messageCommands } from './commands/messages.ts'
import { adminChannels, listChannels } from './console/channel-states.ts'
import { messageChoices } from './console/choices.ts'
import { previewMessage, sendFromConsole } from './console/compose.ts'
import { messageCollected } from './console/message-collected.ts'
import * as message from './console/message-detail.ts'
import { exportMessages } from './console/message-export.ts'
import { listMessages } from './console/message-list.ts'
import * as marks from './console/message-marks.ts'
import { messageReceivers } from './console/message-receivers.ts'
import { messageWhy } from './console/message-why.ts'
import { foreseeNotice, notifyFromConsole } from './console/notify-calls.ts'
import { messagesSearched } from './console/searched.ts'
import { simulateType } from './console/simulate.ts'
import { createDispatcher, type Dispatcher } from './deliver/dispatcher.ts'
import { readReceipts } from './deliver/receipts.ts'
import { endWaitingFor } from './erasure/end-person.ts'
import { readResults } from './fate/event-content.ts'
import { messageEvents } from './fate/event-types.ts'
import {
  acknowledgeMyMessage,
  countMyUnread,
  listMyCollected,
  listMyMessages,
  myMessageFile,
  openMyMessage,
  placeMyMessage,
  readMyMessages,
} from './fate/my-message-calls.ts'
import { createMessages, type Messages } from './fate/status.ts'
import { followUnread, unreadWaiting } from './fate/unread.ts'
import { scheduleFigures } from './figures/count-days.ts'
import {
  adminTypeFigures,
  figuresCommand,
  figuresTool,
  typeFigures,
  typeFiguresCall,
} from './figures/figure-calls.ts'
import { addMessageGauges } from './gauges.ts'
import { markEvents, readMarks } from './marks/mark-events.ts'
import { notifyCall } from './notify-call.ts'
import { settleOpenParts, settleWaiting } from './open-parts-store.ts'
import { messagePersonal, messageRetention } from './retention.ts'
import { messageTools } from './tools.ts'
import { testChannel } from './trial/send-test.ts'
import { messageValues } from './trial-values.ts'
import { urgeMessage } from './urge/urge-call.ts'
import { handleWaiting } from './waiting/worker.ts'
import { whyCall } from './why-call.ts'

type Needs = Core & {
  accounts: Accounts
  apps: Apps
  brands: Brands
  corps: Corps
  developers: Developers
  jobs: Jobs
  messageChoices: MessageChoices
  messageSettings: MessageSettingsOfCorps
  messageTypes: MessageTypes
  mirrors: Mirrors
  offered: FeatureOffers
  outbound: Outbound
  queue: Queue
  quietHours: QuietHoursOfCorps
  sendApproval: SendApproval
  sessions: Sessions
  workbench: Workbench
}
type Services = { dispatcher: Dispatcher; messages: Messages; outbox: Outbox }

/** The message centre. */
export const messagesFeature = feature<Needs, Services>()({
  name: 'messages',
  eventTypes: { ...messageEvents, ...markEvents },
  scopes: ['message:send', 'sms:send'],
  calls: [
    sendMessage,
    sendSms,
    notifyCall,
    messageStatus,
    whyCall,
    typeFigures,
    urgeMessage,
    cancelMessage,
    recallMessage,
  ],
  pageCalls: [
    listMyCollected,
    listMyMessages,
    countMyUnread,
    readMyMessages,
    openMyMessage,
    myMessageFile,
    acknowledgeMyMessage,
    placeMyMessage,
    testChannel,
    listChannels,
    listMessages,
    exportMessages,
    messageChoices,
    message.readMessage,
    message.messageAttempts,
    messageCollected,
    messageReceivers,
    messageWhy,
    simulateType,
    typeFiguresCall,
    marks.messageMarks,
    marks.exportMessageMarks,
    marks.urgeReceivers,
    message.openMessage,
    message.openMessageFile,
    message.resendMessage,
    message.recallMessageCall,
    previewMessage,
    sendFromConsole,
    foreseeNotice,
    notifyFromConsole,
    held.readApproval,
    held.approveSendCall,
    held.refuseSendCall,
    held.pauseMessageCall,
    held.resumeMessageCall,
  ],
  // What Ctrl K finds of channels stands after messages, and what is unready has this feature's name in stored alerts.
  search: { messages: messagesSearched, channels: channelSettingsSearched },
  adminCalls: [
    adminChannels,
    held.adminApproveSend,
    held.adminRefuseSend,
    held.adminPauseMessage,
    held.adminResumeMessage,
    held.adminEndMessage,
    adminTypeFigures,
  ],
  commands: [...messageCommands, ...heldCommands, ...channelStateCommands, figuresCommand],
  commandGroups: {
    message: {
      zh: '设置消息中心，查找、重发和撤回消息',
      en: 'Set up the message centre; find, resend and recall messages',
    },
    channel: { zh: '列出和测试消息渠道', en: 'List and test message channels' },
  },
  personal: messagePersonal,
  endPerson: endWaitingFor,
  tables: messageRetention,
  sealed: [contentSealed, planSealed],
  gauges: addMessageGauges,
  attention: messageAttention,
  causes: { sendToApprove, sendWaitsLong },
  unready: channelsUnready,
  waiting: unreadWaiting,
  events: async (ctx, caller, rows) => [
    ...(await readResults(ctx, caller, rows)),
    ...(await readMarks(ctx, caller, rows)),
  ],
  trialValues: messageValues,
  tools: [...messageTools, figuresTool],
  // What was waiting when a backup was made has most likely been sent since. Sending it automatically could deliver it twice, so a
  // person decides (resend). What is to leave in future cannot have left since, and still does.
  async restored(tx, at) {
    await settleWaiting(tx, keptReason({ code: 'restored' }), at)
    await settleOpenParts(tx, keptReason({ code: 'restored' }), at)
  },
  async create(ctx) {
    await followUnread(ctx)
    const dispatcher = createDispatcher(ctx)
    const messages = createMessages(ctx)
    const outbox = createOutbox(ctx, dispatcher.room)
    handleWaiting({ ...ctx, dispatcher, messages, outbox })
    return { messages, dispatcher, outbox }
  },
  schedule(ctx) {
    ctx.jobs.schedule('sms-receipts', '* * * * *', () => readReceipts(ctx))
    scheduleFigures(ctx)
  },
  start({ dispatcher }) {
    dispatcher.start()
    return undefined
  },
  close: ({ dispatcher }) => dispatcher.stop(),
})
