/**
 * Types of messages: a type says by which channels and in which words something is told; those who send give the values. templates/ is the
 * language of the texts, definition.ts and compile.ts what a type is, render.ts makes a text. Messages are sent by the room above.
 */

import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import * as admin from './admin/type-calls.ts'
import { createMessageTypes, type MessageTypes } from './catalog.ts'
import { typeCommands } from './commands.ts'
import * as console from './console/type-calls.ts'
import { messageTypePersonal, typeRetention } from './retention.ts'
import { typeSection } from './settings-section.ts'
import { typeValues } from './trial-values.ts'
import { getTypeCall, listTypesCall, putTypeCall } from './type-api.ts'

type Needs = Core & {
  corps: Corps
  developers: Developers
  messageSettings: MessageSettingsOfCorps
  mirrors: Mirrors
}
type Services = { messageTypes: MessageTypes }

export const messageTypesFeature = feature<Needs, Services>()({
  name: 'message-types',
  optional: {
    title: { zh: '消息类型', en: 'Message types' },
    brings: {
      zh: '填变量发送，平台选择渠道',
      en: 'Templates and channels are set in advance, a send gives only variables, and wisp chooses the channel of each person',
    },
  },
  scopes: ['message:type'],
  calls: [putTypeCall, listTypesCall, getTypeCall],
  adminCalls: [admin.adminTypes, admin.adminType, admin.adminPutType, admin.adminSetTypeState],
  pageCalls: [
    console.listTypesOfCorp,
    console.readType,
    console.saveType,
    console.approveTypeCall,
    console.setTypeStateCall,
    console.previewType,
  ],
  commands: typeCommands,
  commandGroups: {
    'message type': {
      zh: '写入、批准、试用和停用消息类型',
      en: 'Write, approve, try out and retire message types',
    },
  },
  settings: { messageTypes: typeSection },
  personal: messageTypePersonal,
  tables: typeRetention,
  kept: [
    { of: 'developer', table: 'message_type', column: 'dev_id' },
    {
      of: 'developer',
      table: 'message_type_version',
      column: 'key',
      through: { table: 'message_type', key: 'key', owner: 'dev_id' },
    },
  ],
  trialValues: typeValues,
  create: ctx => ({ messageTypes: createMessageTypes(ctx) }),
  readers: ({ messageTypes }) => [messageTypes],
})
