import type { Words } from '../../platform/words.ts'
import type { shownStatuses } from './approval-view.ts'

export const statusWords = {
  applying: { zh: '提交中', en: 'submitting' },
  unknown: { zh: '未知', en: 'unknown' },
  pending: { zh: '审批中', en: 'pending' },
  approved: { zh: '已通过', en: 'approved' },
  rejected: { zh: '已驳回', en: 'rejected' },
  withdrawn: { zh: '已撤销', en: 'withdrawn' },
  revoked: { zh: '通过后撤销', en: 'withdrawn after it passed' },
  deleted: { zh: '已删除', en: 'deleted' },
  paid: { zh: '已支付', en: 'paid' },
} as const satisfies Record<(typeof shownStatuses)[number], Words>
