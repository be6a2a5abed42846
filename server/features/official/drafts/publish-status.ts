import type { Words } from '../../../platform/words.ts'

/** WeChat's publish_status (docs/upstream/official-media.md#publishing). */
const words: Readonly<Record<number, Words>> = {
  0: { zh: '已发布', en: 'published' },
  1: { zh: '发布中', en: 'being published' },
  2: { zh: '原创校验未通过', en: 'the check for originality failed' },
  3: { zh: '发布失败', en: 'the publication failed' },
  4: { zh: '平台审核不通过', en: "WeChat's review refused it" },
  5: { zh: '发布后被删除', en: 'deleted after the publication' },
  6: { zh: '发布后被封禁', en: 'banned after the publication' },
}

export const runningStatus = 1

export function publishWords(status: number): Words {
  return words[status] ?? { zh: `状态 ${status}`, en: `status ${status}` }
}
