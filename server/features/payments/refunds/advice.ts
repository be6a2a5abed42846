import type { Words } from '../../../platform/words.ts'
import { codes } from '../../../upstream/wechat-pay/codes.ts'
import type { Refund } from './refund-store.ts'

/** What a refund's state means and what there is to do about it; WeChat Pay's own words are shown beside it. */
export function adviceFor({ state, answer }: Pick<Refund, 'state' | 'answer'>): Words {
  const said = codes[answer.code ?? '']
  const why = { zh: said ? `${said.text.zh}。` : '', en: said ? `${said.text.en}. ` : '' }
  switch (state) {
    case 'asked':
      return {
        zh: `${why.zh}${said?.fix?.zh ?? '微信支付尚未受理，系统会以同一退款单号查询并重试。'}`,
        en: `${why.en}${said?.fix?.en ?? 'WeChat Pay has not taken it yet; it is asked, and the same request is repeated.'}`,
      }
    case 'processing':
      return {
        zh: '微信支付已受理，零钱通常立即到账，银行卡 1 至 3 个工作日。',
        en: 'WeChat Pay has taken it: at once to a balance, to a bank card within one to three working days.',
      }
    case 'success':
      return { zh: '已退款。', en: 'Refunded.' }
    case 'closed':
      return {
        zh: `退款未成功。${why.zh}金额已释放，处理后可重新发起退款。`,
        en: `The refund failed. ${why.en}Its amount is free again: ask for another refund when it is mended.`,
      }
    case 'abnormal':
      return {
        zh: '付款人的收款账户无法入账（如银行卡已注销）。可退至商户账户后线下退给付款人，或在商户平台「交易中心 → 退款」处理。',
        en: "The payer's account takes no money, such as a bank card that was cancelled. Send it to the merchant's account and give it back by hand, or handle it on the merchant platform (交易中心 → 退款).",
      }
  }
}
