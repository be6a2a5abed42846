import { randomBytes } from 'node:crypto'
import { type Call, type CallRequest, done, get, type Input, post } from '../call.ts'
import { OfficialError } from '../error.ts'
import { integer, text, texts } from '../input.ts'
import type { Template } from '../state/template.ts'
import { templatesOf } from '../state/templates.ts'
import { industries } from './industries.ts'
import { contentOf, exampleOf, keywordsOf, library } from './library.ts'
import { blockedOf, sendTemplate } from './send.ts'

/** Template messages (docs/upstream/official-templates.md#template-messages). */
export const templateCalls: readonly Call[] = [
  post('/cgi-bin/template/api_set_industry', ({ account, input }) => {
    const ids = ['industry_id1', 'industry_id2'].map(key => text(input, key) ?? '')
    if (ids.some(id => !industries[id])) throw new OfficialError(40097, 'industry_id')
    account.collection<string[]>('industry').set('ids', ids)
    return done
  }),
  get('/cgi-bin/template/get_industry', ({ account }) => {
    const [first, second] = industriesOf(account.collection<string[]>('industry').get('ids'))
    const wire = ([first_class, second_class]: readonly [string, string]) => ({ first_class, second_class })
    return { primary_industry: wire(first), secondary_industry: wire(second) }
  }),
  post('/cgi-bin/template/api_add_template', add),
  get('/cgi-bin/template/get_all_private_template', ({ account }) => ({
    template_list: templatesOf(account)
      .values()
      .map(({ id, title, content, example, primaryIndustry, deputyIndustry }) => ({
        template_id: id,
        title,
        primary_industry: primaryIndustry,
        deputy_industry: deputyIndustry,
        content,
        example,
      })),
  })),
  post('/cgi-bin/template/del_private_template', ({ account, input }) => {
    if (!templatesOf(account).delete(text(input, 'template_id') ?? '')) throw new OfficialError(40037)
    return done
  }),
  post('/cgi-bin/message/template/send', sendTemplate),
  post('/wxa/sec/queryblocktmplmsg', ({ platform, account, input }) => {
    const id = text(input, 'tmpl_msg_id') ?? ''
    if (!templatesOf(account).has(id)) throw new OfficialError(40037)
    const largest = integer(input, 'largest_id') ?? 0
    const limit = integer(input, 'limit') ?? platform.rules.blockedPerPage
    if (limit < 1 || limit > platform.rules.blockedPerPage) throw new OfficialError(40097, 'limit')
    const rows = blockedOf(account)
      .values()
      .filter(row => row.tmpl_msg_id === id && row.id > largest)
      .slice(0, limit)
    // WeChat's page prints one object, and a live answer was a list.
    return { ...done, msginfo: platform.rules.blockedAsObject ? (rows[0] ?? {}) : rows }
  }),
]

const industriesOf = (ids: string[] = ['1', '2']): [readonly [string, string], readonly [string, string]] => [
  industries[ids[0]!]!,
  industries[ids[1]!]!,
]

function add({ platform, account, input }: CallRequest): Input {
  const short = text(input, 'template_id_short') ?? ''
  if (/^(TM|OPENTM)/.test(short)) throw new OfficialError(40247)
  const entry = library.find(one => one.id === short)
  if (!entry) throw new OfficialError(40037)
  const names = texts(input, 'keyword_name_list', 40246) ?? []
  const known = keywordsOf(entry)
  const chosen = names.map(name => known.find(keyword => keyword.name === name))
  if (names.length === 0 || chosen.some(one => one === undefined)) throw new OfficialError(40246)
  if (templatesOf(account).size >= platform.rules.templates) throw new OfficialError(45026)
  const keywords = chosen.flatMap(one => one ?? [])
  const [[primaryIndustry, deputyIndustry]] = industriesOf(
    account.collection<string[]>('industry').get('ids'),
  )
  const template: Template = {
    id: randomBytes(33).toString('base64url').slice(0, 43),
    title: entry.title,
    content: contentOf(keywords),
    example: exampleOf(keywords),
    primaryIndustry,
    deputyIndustry,
    type: entry.type,
  }
  templatesOf(account).set(template.id, template)
  return { ...done, template_id: template.id }
}
