import { childrenOf, textIn } from '../../../upstream/official/push.ts'
import type { Effect } from '../callback/process-inbound.ts'
import { putPublishResult } from './store.ts'

/** Both names are printed by WeChat's own pages (docs/upstream/official-push.md#events). */
const events = new Set(['PUBLISHJOBFINISH', 'FREEPUBLISHJOBFINISH'])

/** Keeps what became of publications, also of those that were made on WeChat's own site. */
export const endPublications: Effect = async (tx, account, pushes) => {
  for (const { push, receivedAt } of pushes) {
    if (!events.has(push.event ?? '')) continue
    const [info] = childrenOf(push.fields, 'PublishEventInfo')
    const publishId = textIn(info, 'publish_id')
    const status = Number(textIn(info, 'publish_status'))
    if (!publishId || !Number.isInteger(status)) continue
    const [detail] = childrenOf(info, 'article_detail')
    const urls = childrenOf(detail, 'item').map(item => textIn(item, 'article_url'))
    const result = { status, articleId: textIn(info, 'article_id'), urls }
    await putPublishResult(tx, account, publishId, result, receivedAt)
  }
}
