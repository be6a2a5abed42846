import { childrenOf, type Push, textIn } from '../../../upstream/official/push.ts'
import type { Effect } from '../callback/process-inbound.ts'
import { lockResults, type NewResult, putResults, settleTold } from './part-store.ts'
import { normalised } from './status.ts'

/** Keeps how mass messages ended, also those of WeChat's own site. A push that is replayed says the same again. */
export const endMasses: Effect = async (tx, account, pushes) => {
  const results = pushes.flatMap(({ push, receivedAt }) => resultIn(push, receivedAt))
  if (results.length === 0) return
  await lockResults(tx, account)
  await putResults(tx, account, results)
  const msgIds = results.map(one => one.msgId)
  await settleTold(tx, account, msgIds, results.at(-1)?.at ?? new Date(0))
}

function resultIn({ event, fields }: Push, at: Date): NewResult[] {
  // The name of this field has a capital D (docs/upstream/official-push.md#results-of-mass-messages).
  const msgId = textIn(fields, 'MsgID')
  if (event !== 'MASSSENDJOBFINISH' || !msgId) return []
  const [urls] = childrenOf(fields, 'ArticleUrlResult')
  const [list] = childrenOf(urls, 'ResultList')
  return [
    {
      msgId,
      status: normalised(textIn(fields, 'Status')),
      total: numberIn(fields, 'TotalCount'),
      filtered: numberIn(fields, 'FilterCount'),
      sent: numberIn(fields, 'SentCount'),
      errors: numberIn(fields, 'ErrorCount'),
      urls: childrenOf(list, 'item').map(item => textIn(item, 'ArticleUrl')),
      at,
    },
  ]
}

function numberIn(fields: Push['fields'], name: string): number {
  return Number(textIn(fields, name)) || 0
}
