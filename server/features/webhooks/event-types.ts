import { Type } from 'typebox'
import type { EventTypes } from '../../platform/manifest/event-type.ts'

export const testType = 'webhook.test'

export const webhookEvents = {
  [testType]: {
    title: { zh: '测试事件', en: 'A test event' },
    when: {
      zh: '调用 /api/webhook/test、在控制台点击“测试”或执行 wisp webhook test 时立即发送；不能订阅，不重试，seq 为 0。也可以选择另一种事件，发送它在本目录中的示例，webhook-id 以 msg_test_ 开头',
      en: 'At once when /api/webhook/test is called, 测试 is pressed in the console, or by wisp webhook test; nobody can subscribe to it, it is not retried, and its seq is 0. Another type can be chosen too, whose sample in this list is then sent; its webhook-id begins with msg_test_',
    },
    isAskedFor: true,
    data: Type.Object({
      webhookId: Type.String({ about: { zh: '订阅 id', en: 'Id of the webhook' } }),
      message: Type.String({ about: { zh: '固定的文字', en: 'Always the same text' } }),
    }),
    sample: { webhookId: 'wh_6b1f9a3c2d4e5f60718293a4', message: '测试事件 / test event' },
  },
} as const satisfies EventTypes
