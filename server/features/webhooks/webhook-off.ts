import type { Core } from '../../platform/core.ts'
import type { Cause } from '../../platform/manifest/cause.ts'
import { switchedOffWebhooks } from './webhook-store.ts'

type Needs = Core

export const webhookOff: Cause<Needs, { url: string; devId: string; developer: string; reason: string }> = {
  async find({ db }) {
    return {
      found: (await switchedOffWebhooks(db)).map(({ corpId, id, ...detail }) => ({
        corpId,
        subject: id,
        detail,
      })),
    }
  },
  tell: ({ url, devId, developer, reason }) => ({
    title: {
      zh: `「${developer}」的事件订阅已停用`,
      en: `A webhook of "${developer}" was switched off`,
    },
    what:
      reason === 'gone'
        ? { zh: `${url} 应答 410，表示不再接收。`, en: `${url} answered 410: it takes no more events.` }
        : { zh: `${url} 连续三天没有一次成功。`, en: `${url} took no event for three days.` },
    fix: {
      zh: '请在该开发者的「事件订阅」中查看失败原因，接收方恢复后重新启用，停用期间的事件会补发；不再需要时删除。',
      en: 'See why under the developer’s webhooks. Switch it on when the receiver is back, which is then told what it missed, or delete it.',
    },
    path: `/console/apps/developers/${devId}/webhooks`,
  }),
}
