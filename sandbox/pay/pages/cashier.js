import { ask, tell } from '/pages/api.js'
import { h } from '/pages/dom.js'

/** An amount of fen in yuan. */
export const yuan = fen => (fen / 100).toFixed(2)

/** The amount, drawn large. */
const amount = fen => h('p', { class: 'amount' }, h('span', { class: 'sign' }, '¥'), yuan(fen))

const button = (words, kind, onclick) => h('button', { type: 'button', class: kind, onclick }, words)

const ribbon = () => h('p', { class: 'sandbox' }, 'wisp 沙箱 · 不会真的扣款')

/** Puts a card on the stage and its first button in focus. */
function show(stage, ...children) {
  stage.replaceChildren(
    h('section', { class: 'sheet', role: 'dialog', 'aria-label': '微信支付' }, ribbon(), ...children),
  )
  stage.querySelector('button.main')?.focus()
}

/**
 * Asks the payer on `stage` whether to pay, and resolves with `ok`, `cancel` or `fail` when the payer has seen
 * what became of it. `question` is that of /_sandbox/pay/cashier.
 */
export async function cashier(stage, question, { done = '完成' } = {}) {
  const asked = await tell('pay/cashier', question).catch(error => ({ problem: error.message }))
  if (asked.problem !== null)
    return verdict(stage, { title: '无法支付', words: asked.problem, done: '知道了' }, 'fail')
  const choice = await confirm(stage, asked)
  if (choice === 'cancel') return 'cancel'
  const order = { prepayId: asked.prepayId }
  const { client, person } = question
  const payer = person ? { [client === 'wecom' ? 'userid' : 'openid']: person } : {}
  try {
    await tell(choice === 'pay' ? 'pay/pay' : 'pay/fail', { ...order, ...(choice === 'pay' && payer) })
  } catch (error) {
    return verdict(stage, { title: '支付失败', words: error.message, done: '知道了' }, 'fail')
  }
  if (choice === 'fail')
    return verdict(stage, { title: '支付失败', words: '零钱余额不足', done: '知道了' }, 'fail')
  return verdict(
    stage,
    { title: '支付成功', words: asked.payee, total: asked.total, isGood: true, done },
    'ok',
  )
}

const confirm = (stage, { payee, description, total, payer }) =>
  new Promise(resolve => {
    show(
      stage,
      h('button', { type: 'button', class: 'close', 'aria-label': '取消', onclick: () => resolve('cancel') }),
      h('h1', {}, '微信支付'),
      h('p', { class: 'payee' }, `付款给 ${payee}`),
      amount(total),
      h(
        'dl',
        {},
        h('dt', {}, '商品'),
        h('dd', {}, description),
        payer && h('dt', {}, '付款人'),
        payer && h('dd', {}, payer),
        h('dt', {}, '支付方式'),
        h('dd', {}, '零钱'),
      ),
      button('立即支付', 'main', () => resolve('pay')),
      button('试一次失败的支付', 'quiet', () => resolve('fail')),
    )
  })

function verdict(stage, { title, words, total, isGood = false, done }, result) {
  return new Promise(resolve => {
    show(
      stage,
      h('span', { class: isGood ? 'mark good' : 'mark bad', 'aria-hidden': 'true' }),
      h('div', { role: 'status' }, h('h1', {}, title)),
      h('p', { class: 'payee' }, words),
      total !== undefined && amount(total),
      button(done, 'main', () => resolve(result)),
    )
  })
}

/** The page of a mini program that a web page jumped to. */
export const miniProgramPage = (stage, page) =>
  verdict(stage, { title: '小程序页面', words: page, isGood: true, done: '返回网页' }, 'ok')

/** What a phone's camera could see now: pick one of the waiting codes, or give its text. Resolves with its text. */
export async function scanCode() {
  const { codes } = await ask('pay/codes')
  return new Promise(resolve => {
    const text = h('input', {
      'aria-label': '二维码内容',
      placeholder: 'weixin://wxpay/bizpayurl/up?pr=…',
      autocomplete: 'off',
    })
    const close = code => {
      dialog.close()
      resolve(code)
    }
    const row = ({ codeUrl, payee, description, total }) =>
      h(
        'li',
        {},
        button(
          [h('span', {}, description, h('small', {}, payee)), h('b', {}, `¥${yuan(total)}`)],
          'code',
          () => close(codeUrl),
        ),
      )
    const dialog = h(
      'dialog',
      { class: 'dialog scan', 'aria-labelledby': 'scan-title' },
      h(
        'form',
        {
          method: 'dialog',
          onsubmit: event => {
            event.preventDefault()
            if (text.value.trim()) close(text.value.trim())
          },
        },
        h('h2', { id: 'scan-title' }, '扫一扫付款'),
        codes.length > 0
          ? h('ul', { class: 'codes' }, ...codes.map(row))
          : h('p', { class: 'hint' }, '现在没有等待付款的二维码。'),
        h('div', { class: 'field' }, h('span', {}, '或者填二维码的内容'), text),
        h(
          'div',
          { class: 'foot' },
          button('取消', 'action', () => close(undefined)),
          h('button', { type: 'submit', class: 'action main' }, '扫描'),
        ),
      ),
    )
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(undefined)
    })
    document.body.append(dialog)
    dialog.showModal()
  })
}

/** Pays an order over the page that is open; `question` as above. */
export async function payHere(question) {
  const stage = h('dialog', { class: 'cashier-dialog', 'aria-label': '微信支付' })
  // Escape is no answer to a payment: the sheet has its own way out.
  stage.addEventListener('cancel', event => event.preventDefault())
  document.body.append(stage)
  stage.showModal()
  await cashier(stage, question)
  stage.remove()
}

/** Scans a code on a phone and pays it there; `holder` is `{client, person}`. */
export async function scanAndPay(holder) {
  const codeUrl = await scanCode()
  if (codeUrl !== undefined) await payHere({ codeUrl, ...holder })
}
