/** presses/ takes what people press, answers/ says who answered what, and reminds; what is sent of a card is WeCom's channel (wecom/cards/). */

import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import { latestCardOf } from '../channels/wecom/cards/card-store.ts'
import type { Outbox } from '../messages/accept/outbox.ts'
import type { Dispatcher } from '../messages/deliver/dispatcher.ts'
import type { Messages } from '../messages/fate/status.ts'
import { readCardAnswers, remindOfSentCard, updateSentCard } from './card-api.ts'
import * as cards from './card-calls.ts'
import { cardCommands } from './commands.ts'
import { cardEvents, readPresses } from './presses/events.ts'
import { settleCards } from './presses/settle.ts'
import { takePress } from './presses/take-press.ts'

type Needs = Core & {
  corps: Corps
  developers: Developers
  dispatcher: Dispatcher
  inbox: Inbox
  messageSettings: MessageSettingsOfCorps
  messages: Messages
  mirrors: Mirrors
  offered: FeatureOffers
  outbox: Outbox
  queue: Queue
}

/** Cards that people answer. */
export const cardsFeature = feature<Needs>()({
  name: 'cards',
  eventTypes: cardEvents,
  calls: [readCardAnswers, updateSentCard, remindOfSentCard],
  pageCalls: [
    cards.listCardSamples,
    cards.cardAnswers,
    cards.exportCardAnswers,
    cards.remindOfCardCall,
    cards.updateCardCall,
  ],
  commands: cardCommands,
  commandGroups: {
    'message card': {
      zh: '查看、提醒和更新可回答的卡片',
      en: 'Show, remind of and update cards that members respond to',
    },
  },
  tables: [{ table: 'card_press', goesWith: 'message' }],
  events: readPresses,
  cardPressed: takePress,
  /** A card that the developer sent lately. */
  async trialValues(ctx, { corpId, devId, scopes }) {
    const cardMsgId = scopes.has('message:send') ? await latestCardOf(ctx.db, corpId, devId) : undefined
    return cardMsgId ? { cardMsgId } : {}
  },
  work: settleCards,
})
