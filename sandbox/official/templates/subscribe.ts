import { randomBytes } from 'node:crypto'
import { followerOf } from '../api/user.ts'
import { type Call, type CallRequest, done, get, type Input, post } from '../call.ts'
import { OfficialError } from '../error.ts'
import { integer, object, text } from '../input.ts'
import { pushEvent } from '../push/event.ts'
import type { Template } from '../state/template.ts'
import { subscribeTemplatesOf, type Tick, tickKey, ticksOf } from '../state/templates.ts'
import { readValues, shownRows } from './fields.ts'
import { categories, contentOf, exampleOf, keywordsOf, library } from './library.ts'

/** 订阅通知 (docs/upstream/official-templates.md#subscription-notices). */
export const subscribeCalls: readonly Call[] = [
  get('/wxaapi/newtmpl/getcategory', () => ({ ...done, data: categories })),
  get('/wxaapi/newtmpl/getpubtemplatetitles', titles),
  get('/wxaapi/newtmpl/getpubtemplatekeywords', ({ input }) => {
    const data = keywordsOf(entryOf(input)).map(({ kid, name, example, rule }) => ({
      kid,
      name,
      example,
      rule,
    }))
    return { ...done, count: data.length, data }
  }),
  post('/wxaapi/newtmpl/addtemplate', add),
  get('/wxaapi/newtmpl/gettemplate', ({ account }) => ({
    ...done,
    data: subscribeTemplatesOf(account)
      .values()
      .map(({ id, title, content, example, type }) => ({ priTmplId: id, title, content, example, type })),
  })),
  post('/wxaapi/newtmpl/deltemplate', ({ account, input }) => {
    if (!subscribeTemplatesOf(account).delete(text(input, 'priTmplId') ?? '')) throw new OfficialError(40037)
    return done
  }),
  post('/cgi-bin/message/subscribe/bizsend', send),
]

const entryOf = (input: Input) => {
  const entry = library.find(one => one.id === text(input, 'tid'))
  if (!entry) throw new OfficialError(200014)
  return entry
}

function titles({ input }: CallRequest): Input {
  const ids = text(input, 'ids')
  if (!ids) throw new OfficialError(200018)
  if (!/^\d+(,\d+)*$/.test(ids)) throw new OfficialError(200019)
  const start = integer(input, 'start', 200016)
  const limit = integer(input, 'limit', 200017)
  if (start === undefined || start < 0) throw new OfficialError(200016)
  if (limit === undefined || limit < 1 || limit > 30) throw new OfficialError(200017)
  const found = library.filter(entry => ids.split(',').includes(String(entry.category)))
  const data = found
    .slice(start, start + limit)
    .map(({ id, title, type, category }) => ({ tid: Number(id), title, type, categoryId: String(category) }))
  return { ...done, count: found.length, data }
}

/** Takes a form; JSON is answered as if nothing had been sent, as the rules say. */
function add({ platform, account, input, form }: CallRequest): Input {
  if (platform.rules.newtmplNeedsForm && !form) throw new OfficialError(200014)
  const entry = entryOf(input)
  const given = input['kidList']
  const kids = (Array.isArray(given) ? given : String(given ?? '').split(',')).map(Number)
  const known = keywordsOf(entry)
  const keywords = kids.flatMap(kid => known.find(keyword => keyword.kid === kid) ?? [])
  const { least, most } = platform.rules.subscribeKeywords
  if (keywords.length !== kids.length || kids.length < least || kids.length > most)
    throw new OfficialError(200020)
  const scene = text(input, 'sceneDesc') ?? ''
  if (scene === '' || [...scene].length > platform.rules.sceneDescChars) throw new OfficialError(200021)
  if (subscribeTemplatesOf(account).size >= platform.rules.templates) throw new OfficialError(200012)
  const template: Template = {
    id: randomBytes(33).toString('base64url').slice(0, 43),
    title: entry.title,
    content: contentOf(keywords),
    example: exampleOf(keywords),
    primaryIndustry: '',
    deputyIndustry: '',
    type: entry.type,
  }
  subscribeTemplatesOf(account).set(template.id, template)
  return { ...done, priTmplId: template.id }
}

function send({ platform, account, input }: CallRequest): Input {
  const { openid } = followerOf(account, input, 'touser')
  const template = subscribeTemplatesOf(account).get(text(input, 'template_id', 40037) ?? '')
  if (!template) throw new OfficialError(40037)
  const values = readValues(template.content, object(input, 'data', 47003))
  const key = tickKey(openid, template.id)
  const tick = ticksOf(account).get(key)
  if (!tick || (tick.left <= 0 && !tick.longTerm)) throw new OfficialError(43101)
  if (!tick.longTerm) ticksOf(account).set(key, { ...tick, left: tick.left - 1 } satisfies Tick)
  const mini = input['miniprogram'] as Input | undefined
  const rows = shownRows(template.content, values, platform.rules)
  const content = {
    templateId: template.id,
    title: template.title,
    rows,
    ...(mini?.['appid'] !== undefined
      ? { miniprogram: { appid: text(mini, 'appid'), pagepath: text(mini, 'pagepath') ?? '' } }
      : { url: text(input, 'page') ?? '' }),
  }
  const msgId = platform.nextId()
  account.log.add({ openid, from: 'account', how: 'subscribe', type: 'template', msgId, content })
  const result = { TemplateId: template.id, MsgID: msgId, ErrorCode: '0', ErrorStatus: 'success' }
  // What becomes of it is written down by the platform.
  void pushEvent(platform, account, openid, 'subscribe_msg_sent_event', {
    SubscribeMsgSentEvent: { List: [result] },
  })
  return done
}
