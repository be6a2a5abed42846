import {
  type Finding,
  failed,
  passed,
  tryLater,
  warning,
} from '../../../../organisation/corps/doctor/check.ts'
import type { Words } from '../../../../platform/words.ts'
import { explainErrcode } from '../../../../upstream/official/errors.ts'
import { isLimit, isOfAddress } from '../../../../upstream/official/passing.ts'
import type { NodeAnswer } from './store.ts'

const title = { zh: 'AppID 与密钥', en: 'AppID and secret' }
const listTitle = { zh: 'IP 白名单', en: 'IP whitelist' }

const notListed = 40164
/** No answer, or one that tells nothing about the secret. */
const isSilence = (errcode: number | null) => errcode === null || isLimit(errcode)

const where: Words = {
  zh: '微信开发者平台「我的业务 → 公众号或服务号 → 基础信息 → API IP 白名单」',
  en: 'the WeChat developer platform: the account → basic information → API IP whitelist (API IP白名单)',
}

/** Whether WeChat takes AppID and secret, and each node's address. */
export function examineCredentials(answers: readonly NodeAnswer[], known: readonly string[]): Finding[] {
  return [examineSecret(answers), examineWhitelist(answers, known)]
}

function examineSecret(answers: readonly NodeAnswer[]): Finding {
  const refused = answers.find(
    ({ errcode }) => errcode !== null && errcode !== 0 && !isLimit(errcode) && !isOfAddress(errcode),
  )
  if (refused) {
    const { text, fix } = explainErrcode(refused.errcode ?? -1)
    return failed('secret', title, told(refused, text), fix)
  }
  if (answers.some(one => one.errcode === 0))
    return passed('secret', title, { zh: '微信接受', en: 'WeChat accepts them' })
  const isSilent = answers.every(one => isSilence(one.errcode))
  return warning(
    'secret',
    title,
    isSilent
      ? { zh: '微信没有可用的应答', en: 'WeChat gave no usable answer' }
      : { zh: '先要通过 IP 白名单，才能验证', en: 'They can be tried once the address is on the list' },
    isSilent ? tryLater : undefined,
  )
}

function examineWhitelist(answers: readonly NodeAnswer[], known: readonly string[]): Finding {
  const refused = answers.filter(one => one.errcode === notListed)
  const [first] = refused
  if (first) return askToAdd(first, refused)
  const waiting = answers.find(one => one.errcode !== null && isOfAddress(one.errcode))
  if (waiting) {
    const { text, fix } = explainErrcode(waiting.errcode ?? -1)
    return failed('whitelist', listTitle, told(waiting, text), fix)
  }
  const good = answers.filter(one => one.errcode === 0).length
  if (good === 0)
    return warning('whitelist', listTitle, {
      zh: '没有结论：微信没有给出 token',
      en: 'No conclusion: WeChat gave no token',
    })
  const list = known.join('、')
  return passed('whitelist', listTitle, {
    zh: `${good} 个节点都能调用${list ? `；已知的出口地址：${list}` : ''}`,
    en: `${good} ${good === 1 ? 'node' : 'nodes'} may call${list ? `; known addresses: ${known.join(', ')}` : ''}`,
  })
}

function askToAdd(first: NodeAnswer, refused: readonly NodeAnswer[]): Finding {
  const missing = [...new Set(refused.map(one => one.address).filter(Boolean))]
  const nodes = [...new Set(refused.map(one => one.node))].join(', ')
  const [zh, en] = [missing.join('、') || '本机', missing.join(', ') || 'this machine']
  return failed(
    'whitelist',
    listTitle,
    told(first, {
      zh: `微信拒绝了来自 ${zh} 的调用（节点 ${nodes}）`,
      en: `WeChat refused calls from ${en} (nodes ${nodes})`,
    }),
    {
      zh: `请到${where.zh}加入：${zh}。出口地址会变化时，请用 WISP_OUTBOUND_PROXY 指定一个地址固定的代理。`,
      en: `Add ${en} in ${where.en}. Where the outgoing address changes, set WISP_OUTBOUND_PROXY to a proxy with a fixed one.`,
    },
  )
}

function told({ errcode, rid }: NodeAnswer, text: Words): Words {
  const end = rid ? `，rid: ${rid}` : ''
  return { zh: `${text.zh}（${errcode}${end}）`, en: `${text.en} (${errcode}${rid ? `, rid: ${rid}` : ''})` }
}
