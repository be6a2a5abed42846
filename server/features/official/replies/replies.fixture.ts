import { parseXml } from '../../../upstream/transport/xml.ts'
import { newRuleOf } from '../../auto-replies/rules.fixture.ts'
import type { NewRule } from './account-rules.ts'
import type { Content } from './content.ts'

export const say = (content: string): Content[] => [{ type: 'text', content }]

/** A rule for an exact keyword, unless told otherwise. */
export const newRule = (given: Partial<NewRule>): NewRule => newRuleOf(given)

/** The text that a follower reads in an answer in the clear, or the answer itself. */
export function textOf(body: string): string {
  return body.startsWith('<xml>') ? String(parseXml(body)['Content']) : body
}
