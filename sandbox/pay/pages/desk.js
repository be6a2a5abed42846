import { ask, tell } from '/pages/api.js'
import { field, select } from '/pages/dialog.js'
import { h } from '/pages/dom.js'
import { fullTime } from '/pages/time.js'
import { payHere, yuan } from './cashier.js'

const find = id => document.querySelector(`#${id}`)
const [merchantSelect, problem, settings, orders] = ['merchant', 'problem', 'settings', 'orders'].map(find)
const askEveryMs = 2000
const shownOrders = 30
const hourMs = 3_600_000
/** What was drawn last, so that nothing is drawn again that has not changed. */
const drawn = new Map()

const states = {
  NOTPAY: ['等待付款', 'warn'],
  SUCCESS: ['已支付', 'good'],
  REFUND: ['有退款', 'warn'],
  CLOSED: ['已关闭', 'quiet'],
}
const refundStates = {
  PROCESSING: ['退款中', 'warn'],
  SUCCESS: ['已退款', 'good'],
  ABNORMAL: ['退款异常', 'bad'],
  CLOSED: ['退款关闭', 'quiet'],
}
const told = {
  waiting: ['等待重试', 'warn'],
  delivered: ['已送达', 'good'],
  failed: ['没有送达', 'bad'],
  dropped: ['丢失（故障）', 'bad'],
  none: ['没有 APIv3 密钥，不通知', 'bad'],
}
const events = {
  'TRANSACTION.SUCCESS': '支付成功通知',
  'REFUND.SUCCESS': '退款成功通知',
  'REFUND.ABNORMAL': '退款异常通知',
  'REFUND.CLOSED': '退款关闭通知',
}
const types = { JSAPI: 'JSAPI', NATIVE: '扫码', MWEB: 'H5' }

const word = ([words, kind]) => h('span', { class: `word ${kind}` }, words)

/** Does the work and shows the state after it; shows an error if there was one. Never rejects. */
async function attempt(work) {
  try {
    await work()
    problem.replaceChildren()
    await refresh()
  } catch (error) {
    problem.replaceChildren(error.message)
  }
}

const button = (words, act, label) =>
  h(
    'button',
    { type: 'button', class: 'action small', 'aria-label': label, onclick: () => attempt(act) },
    words,
  )

const own = more => ({ mchId: merchantSelect.value, ...more })

async function refresh() {
  const [state, ledger, { notifications }] = await Promise.all([
    tell('pay/settings', own()),
    ask('pay/ledger', own({ latest: shownOrders })),
    ask('pay/notifications', own({ latest: 200 })),
  ])
  find('now')?.replaceChildren(fullTime(ledger.now))
  draw(settings, state, () => settingRows(state, ledger.now))
  draw(orders, [ledger.orders, notifications], () =>
    ledger.orders.length === 0
      ? [h('li', { class: 'none' }, '还没有订单。平台接上这个商户后，下的单都在这里。')]
      : ledger.orders.toReversed().map(order =>
          row(
            order,
            notifications.filter(one => one.outTradeNo === order.outTradeNo),
          ),
        ),
  )
}

function draw(place, state, children) {
  const words = JSON.stringify(state)
  if (drawn.get(place) === words) return
  drawn.set(place, words)
  place.replaceChildren(...children())
}

/** Moves to ten o'clock of the next day in China, when the bill of this one is ready. */
async function toBill() {
  const { now } = await ask('pay/ledger', own({ latest: 1 }))
  const china = Date.parse(now) + 8 * hourMs
  const seconds = Math.ceil((24 * hourMs - (china % (24 * hourMs)) + 10 * hourMs) / 1000)
  return tell('pay/clock', { seconds })
}

function settingRows({ settings: own_, rules }, now) {
  const set = change => () => tell('pay/settings', own(change))
  const choice = (name, words, options) => {
    const control = select(name, options, String(own_[name] ?? rules[name]))
    const given = { true: true, false: false }
    control.addEventListener('change', () => attempt(set({ [name]: given[control.value] ?? control.value })))
    return field(words, control)
  }
  const clock = seconds => () => tell('pay/clock', { seconds })
  return [
    h(
      'div',
      { class: 'choices-row' },
      choice('mode', '应答和通知由谁签名', [
        ['publicKey', '微信支付公钥'],
        ['certificate', '平台证书'],
        ['grey', '灰度：两种都有'],
      ]),
      choice('refundOutcome', '退款的结果', [
        ['SUCCESS', '成功'],
        ['PROCESSING', '一直处理中'],
        ['ABNORMAL', '异常（银行卡注销）'],
        ['CLOSED', '关闭'],
      ]),
      choice('loopbackNotify', '本机的 http 通知地址', [
        ['true', '允许'],
        ['false', '拒绝（与微信相同）'],
      ]),
    ),
    h(
      'div',
      { class: 'clock' },
      h('span', {}, '商户的时间 ', h('b', { id: 'now' }, fullTime(now))),
      button('快进 15 秒', clock(15)),
      button('快进 1 小时', clock(3600)),
      button('快进到明天 10 点', toBill),
      button('发探测流量', () => tell('pay/probe', own())),
    ),
    h('p', { class: 'hint' }, '时间只能向前走：通知的重试、退款、订单的有效期和账单都按它。'),
  ]
}

function row(order, notifications) {
  const { outTradeNo, description, total, state, tradeType, payer, refunds } = order
  return h(
    'li',
    {},
    h(
      'div',
      { class: 'line' },
      h('span', { class: 'grow' }, h('b', {}, description), h('small', {}, outTradeNo)),
      h('b', { class: 'sum' }, `¥${yuan(total)}`),
      word(states[state]),
      state === 'NOTPAY' && button('付款', () => payHere({ mchId: merchantSelect.value, outTradeNo })),
    ),
    h(
      'p',
      { class: 'hint' },
      [types[tradeType], fullTime(order.paidAt ?? order.createdAt), payer && `付款人 ${payer}`]
        .filter(Boolean)
        .join(' · '),
    ),
    ...refunds.map(refundLine),
    ...notifications.map(noticeLine),
  )
}

function refundLine({ outRefundNo, refund, status }) {
  const decide = outcome => () => tell('pay/refund', own({ outRefundNo, outcome }))
  const isOpen = status === 'PROCESSING' || status === 'ABNORMAL'
  return h(
    'div',
    { class: 'line below' },
    h('span', { class: 'grow' }, '退款', h('small', {}, outRefundNo)),
    h('span', { class: 'sum' }, `−¥${yuan(refund)}`),
    word(refundStates[status]),
    isOpen && button('成功', decide('SUCCESS'), `成功：退款 ${outRefundNo}`),
    status === 'PROCESSING' && button('异常', decide('ABNORMAL'), `异常：退款 ${outRefundNo}`),
    isOpen && button('关闭', decide('CLOSED'), `关闭：退款 ${outRefundNo}`),
  )
}

function noticeLine({ event, state, attempts, due, url }) {
  const last = attempts.at(-1)
  const tries =
    attempts.length > 0 && `${attempts.length} 次，最后一次 ${last.error ?? `HTTP ${last.status}`}`
  const next = due !== null && `下一次 ${fullTime(new Date(due).toISOString())}`
  return h(
    'div',
    { class: 'line below' },
    h(
      'span',
      { class: 'grow' },
      events[event],
      h('small', {}, [url, tries, next].filter(Boolean).join(' · ')),
    ),
    word(told[state]),
  )
}

const { pay } = await ask('info')
merchantSelect.replaceChildren(
  ...pay.merchants.map(one => h('option', { value: one.mchId }, `${one.name} ${one.mchId}`)),
)
merchantSelect.addEventListener('change', () => attempt(async () => {}))
for (;;) {
  await attempt(async () => {})
  await new Promise(resolve => setTimeout(resolve, askEveryMs))
}
