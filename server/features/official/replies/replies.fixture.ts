import { parseXml } from '../../../upstream/transport/xml.ts'
import type { Content } from './content.ts'
import type { NewRule } from './rule.ts'

export const say = (content: string): Content[] => [{ type: 'text', content }]

/** A rule for an exact keyword, unless told otherwise. */
export function newRule(given: Partial<NewRule>): NewRule {
  return {
    name: given.words?.[0]?.slice(0, 20) ?? given.kind ?? '规则',
    kind: 'keyword',
    match: 'exact',
    words: [],
    contents: [],
    pick: 'all',
    flowId: null,
    priority: 100,
    hours: null,
    enabled: true,
    ...given,
  }
}

/** The text that a follower reads in an answer in the clear, or the answer itself. */
export function textOf(body: string): string {
  return body.startsWith('<xml>') ? String(parseXml(body)['Content']) : body
}
