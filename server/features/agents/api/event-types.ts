import type { EventTypes } from '../../../platform/manifest/event-type.ts'
import { pushSchema, sampleEvent, sampleMessage } from './push-wire.ts'

const scope = 'agent:read'
const data = pushSchema

/** What agents hear, for the developers of the apps that are linked to them. */
export const agentEvents = {
  'agent.message': {
    title: { zh: '成员给应用发了消息', en: 'Somebody wrote to an agent' },
    when: {
      zh: '成员给企业微信应用发送文字、图片、语音、视频、位置或链接时；只告诉关联了该应用的开发者，且成员在其数据范围内。位置另需 agent:location。重放的推送编号不变',
      en: 'When a member sends text, a picture, voice, video, a location or a link to a WeCom application; told to developers whose apps are linked to it and whose data scope has the member. Locations take agent:location too. A replayed push keeps its id',
    },
    scope,
    data,
    sample: sampleMessage,
  },
  'agent.event': {
    title: { zh: '应用里发生了事件', en: 'Something happened at an agent' },
    when: {
      zh: '成员进入应用、点菜单、进出可见范围等，或企业微信自己的事件；告诉谁同 agent.message。wisp 发出的卡片被按下时不在这里，见 message.card.pressed；通讯录变更也不在这里',
      en: 'When a member opens the application, uses its menu, enters or leaves its range, or WeCom tells something itself; told to whom agent.message is. Presses of cards that wisp sent are not here but message.card.pressed, nor are changes of the address book',
    },
    scope,
    data,
    sample: sampleEvent,
  },
} as const satisfies EventTypes
