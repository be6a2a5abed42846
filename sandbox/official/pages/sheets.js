import { ask, tell } from '/pages/api.js'
import { openInClient } from '/pages/client-window.js'
import { closeAround, field, openForm, select, text } from '/pages/dialog.js'
import { h } from '/pages/dom.js'
import { scanAndPay } from '/pages/pay/cashier.js'

/** Everything that a follower can send beside a text. */
export function more(view, act) {
  const button = (words, run) =>
    h(
      'button',
      {
        type: 'button',
        class: 'action',
        onclick: event => {
          closeAround(event.currentTarget)
          run()
        },
      },
      words,
    )
  return openForm({
    title: '更多',
    body: [
      h(
        'div',
        { class: 'many' },
        button('图片', () => act('image')),
        button('语音', () => act('voice', { recognition: '今天几点关门' })),
        button('视频', () => act('video')),
        button('位置', () => act('location')),
        button('上报位置', () => act('report_location')),
        button('链接', () => act('link', { title: '一个网页', url: 'https://example.com/' })),
        button('扫描二维码', () => scan(view, act)),
        button('扫一扫付款', () => scanAndPay({ client: 'wechat', person: view.follower.openid })),
        button('打开网页', () => openPage(view)),
        button('订阅通知', () => subscriptions(view, act)),
        button(view.follower.refusesTemplates ? '接收模板消息' : '拒收模板消息', () => refuse(view)),
        button('取消关注', () => act('unsubscribe')),
      ),
    ],
  })
}

async function refuse(view) {
  const refusesTemplates = !view.follower.refusesTemplates
  const { originalId } = view.account
  view.follower = await tell('official/follower', {
    originalId,
    openid: view.follower.openid,
    refusesTemplates,
  })
}

/** Scans one of the account's QR codes, or one with a scene that is typed. */
export async function scan(view, act) {
  const { qrCodes = [] } = await ask('official/state', { originalId: view.account.originalId })
  const codes = qrCodes
    .slice(-50)
    .map(code => [code.ticket, `${code.scene}${code.permanent ? '（永久）' : ''}`])
  return openForm({
    title: '扫描二维码',
    action: '扫描',
    body: [
      codes.length > 0 &&
        field('公众号的二维码', select('ticket', [['', '不选，用下面的场景值'], ...codes], '')),
      field('场景值', text('scene', '', { placeholder: '例如 shop-7' })),
    ],
    run: async ({ ticket, scene }) => {
      if (!ticket && !scene) throw new Error('请选一个二维码，或填场景值')
      await act('scan', ticket ? { ticket } : { scene: /^\d{1,10}$/.test(scene) ? Number(scene) : scene })
    },
  })
}

/** A web page in WeChat, or in the web-view of a mini program. */
const openPage = view =>
  openForm({
    title: '打开网页',
    action: '打开',
    body: [
      field('地址', text('url', 'https://', { type: 'url', required: true })),
      field(
        '在哪里',
        select(
          'client',
          [
            ['wechat', '微信'],
            ['miniprogram', '小程序的网页'],
          ],
          'wechat',
        ),
      ),
    ],
    run: ({ url, client }) => openInClient(url, client, view.follower.openid),
  })

/** What a button that scans has seen. */
export const askScan = run =>
  openForm({
    title: '扫一扫',
    action: '扫描',
    body: [field('扫到的内容', text('result', 'https://example.com/1', { required: true }))],
    run: ({ result }) => run(result),
  })

/** The window in which one allows a 订阅通知. */
async function subscriptions(view, act) {
  const { subscribeTemplates = [] } = await ask('official/state', { originalId: view.account.originalId })
  const options = subscribeTemplates.map(one => [one.id, one.title])
  if (options.length === 0) return say('订阅通知', '这个公众号还没有订阅通知模板。')
  return openForm({
    title: `“${view.account.name}”想给您发订阅通知`,
    action: '确定',
    body: [
      field('通知', select('templateId', options, options[0][0])),
      field(
        '选择',
        select(
          'choice',
          [
            ['accept', '允许（一次）'],
            ['reject', '拒绝'],
          ],
          'accept',
        ),
      ),
    ],
    run: ({ templateId, choice }) => act('subscribe_msg', { templateId, choice }),
  })
}

export const say = (title, words) => openForm({ title, body: [h('p', {}, words)] })
