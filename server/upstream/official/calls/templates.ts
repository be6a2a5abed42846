import { Type } from 'typebox'
import type { OfficialClient } from '../call.ts'
import { checked } from '../checked.ts'

/** Template messages and 订阅通知 have ids, libraries and calls of their own (docs/upstream/official-templates.md). */
export type TemplateKind = 'template' | 'subscribe'

/** A template of the account. `content` holds a line `名称：{{thing1.DATA}}` for each field. */
export type WireTemplate = {
  kind: TemplateKind
  id: string
  title: string
  content: string
  example: string
  /** For 订阅通知: one tick is enough for any number of messages. */
  isLongTerm: boolean
  /** The values that fields of the type `enum` or `const` may have, by the field's name. */
  choices: Record<string, string[]>
}

const text = Type.String()
const optionalText = Type.Optional(text)
const wholeNumber = Type.Union([Type.Integer(), text])

const templateList = Type.Object({
  template_list: Type.Array(
    Type.Object({ template_id: text, title: text, content: text, example: optionalText }),
  ),
})
const noticeList = Type.Object({
  data: Type.Optional(
    Type.Array(
      Type.Object({
        priTmplId: text,
        title: text,
        content: text,
        example: optionalText,
        type: Type.Optional(wholeNumber),
        keywordEnumValueList: Type.Optional(
          Type.Union([
            Type.Array(Type.Object({ keywordCode: text, enumValueList: Type.Array(text) })),
            Type.Null(),
          ]),
        ),
      }),
    ),
  ),
})

/** `/cgi-bin/template/get_all_private_template` and `/wxaapi/newtmpl/gettemplate`. */
export async function getTemplates(client: OfficialClient, kind: TemplateKind): Promise<WireTemplate[]> {
  if (kind === 'template') {
    const path = '/cgi-bin/template/get_all_private_template'
    const { template_list: list } = checked(templateList, path, await client.get(path))
    return list.map(({ template_id: id, title, content, example = '' }) => ({
      kind,
      id,
      title,
      content,
      example,
      isLongTerm: false,
      choices: {},
    }))
  }
  const path = '/wxaapi/newtmpl/gettemplate'
  const { data = [] } = checked(noticeList, path, await client.get(path))
  return data.map(({ priTmplId: id, title, content, example = '', type, keywordEnumValueList: values }) => ({
    kind,
    id,
    title,
    content,
    example,
    isLongTerm: Number(type) === longTerm,
    choices: Object.fromEntries((values ?? []).map(one => [one.keywordCode, one.enumValueList])),
  }))
}

const longTerm = 3

export type LibraryTemplate = { id: string; title: string; isLongTerm: boolean }
export type Keyword = { id: number; name: string; example: string; type: string }

const categoryList = Type.Object({
  data: Type.Optional(Type.Array(Type.Object({ id: wholeNumber, name: text }))),
})
const titleList = Type.Object({
  count: Type.Optional(Type.Integer()),
  data: Type.Optional(
    Type.Array(Type.Object({ tid: wholeNumber, title: text, type: Type.Optional(wholeNumber) })),
  ),
})
const keywordList = Type.Object({
  data: Type.Optional(
    Type.Array(Type.Object({ kid: Type.Integer(), name: text, example: optionalText, rule: text })),
  ),
})

/** The categories of the account; only templates of these can be added. */
export async function getCategories(client: OfficialClient): Promise<{ id: string; name: string }[]> {
  const path = '/wxaapi/newtmpl/getcategory'
  const { data = [] } = checked(categoryList, path, await client.get(path))
  return data.map(({ id, name }) => ({ id: String(id), name }))
}

/** A page of the library; `limit` is at most 30. */
export async function getLibrary(
  client: OfficialClient,
  categoryIds: readonly string[],
  start: number,
  limit: number,
): Promise<{ total: number; list: LibraryTemplate[] }> {
  const path = '/wxaapi/newtmpl/getpubtemplatetitles'
  const query = { ids: categoryIds.join(','), start: String(start), limit: String(limit) }
  const { count, data = [] } = checked(titleList, path, await client.get(path, query))
  const list = data.map(({ tid, title, type }) => ({
    id: String(tid),
    title,
    isLongTerm: Number(type) === longTerm,
  }))
  return { total: count ?? list.length, list }
}

export async function getKeywords(client: OfficialClient, libraryId: string): Promise<Keyword[]> {
  const path = '/wxaapi/newtmpl/getpubtemplatekeywords'
  const { data = [] } = checked(keywordList, path, await client.get(path, { tid: libraryId }))
  return data.map(({ kid: id, name, example = '', rule: type }) => ({ id, name, example, type }))
}

const addedTemplate = Type.Object({ template_id: text })
const addedNotice = Type.Object({ priTmplId: text })

/** Returns the new id. The keywords are in the order in which they are shown. */
export async function addTemplate(
  client: OfficialClient,
  libraryId: string,
  keywordNames: readonly string[],
): Promise<string> {
  const path = '/cgi-bin/template/api_add_template'
  const body = { template_id_short: libraryId, keyword_name_list: keywordNames }
  return checked(addedTemplate, path, await client.send(path, body)).template_id
}

/** Takes a form: JSON is answered as if nothing had been given. `scene` says what it is for, in at most 15 characters. */
export async function addNotice(
  client: OfficialClient,
  libraryId: string,
  keywordIds: readonly number[],
  scene: string,
): Promise<string> {
  const path = '/wxaapi/newtmpl/addtemplate'
  const kids = keywordIds.map((id): [string, string] => ['kidList', String(id)])
  const answer = await client.postForm(path, [['tid', libraryId], ...kids, ['sceneDesc', scene]])
  return checked(addedNotice, path, answer).priTmplId
}

export async function deleteTemplate(client: OfficialClient, kind: TemplateKind, id: string): Promise<void> {
  if (kind === 'template') await client.post('/cgi-bin/template/del_private_template', { template_id: id })
  else await client.post('/wxaapi/newtmpl/deltemplate', { priTmplId: id })
}

export type TemplateMessage = {
  openid: string
  templateId: string
  values: Record<string, string>
  url: string
  /** Wins over `url` where both are given. */
  miniProgram?: { appId: string; path: string }
}

const sentMessage = Type.Object({ msgid: wholeNumber })

/**
 * Sends a template message and returns WeChat's msgid, by which the event TEMPLATESENDJOBFINISH names it. WeChat sends what
 * has the same openid and `clientMsgId` (at most 32 characters) once within 10 minutes, so the call may be repeated.
 */
export async function sendTemplateMessage(
  client: OfficialClient,
  message: TemplateMessage,
  clientMsgId: string,
): Promise<string> {
  const { url } = message
  const path = '/cgi-bin/message/template/send'
  const answer = await client.send(path, {
    ...bodyOf(message),
    ...(url ? { url } : {}),
    client_msg_id: clientMsgId,
  })
  return String(checked(sentMessage, path, answer).msgid)
}

/** Sends a 订阅通知. WeChat gives it no id and recognises no repetition. */
export async function sendNotice(client: OfficialClient, message: TemplateMessage): Promise<void> {
  const { url } = message
  await client.send('/cgi-bin/message/subscribe/bizsend', {
    ...bodyOf(message),
    ...(url ? { page: url } : {}),
  })
}

function bodyOf({ openid, templateId, values, miniProgram }: TemplateMessage): object {
  return {
    touser: openid,
    template_id: templateId,
    ...(miniProgram ? { miniprogram: { appid: miniProgram.appId, pagepath: miniProgram.path } } : {}),
    data: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])),
  }
}

export type BlockedMessage = { id: string; openid: string; content: string; sentAt: Date }

const blockedRow = Type.Object({
  id: wholeNumber,
  openid: optionalText,
  content: optionalText,
  send_timestamp: Type.Optional(wholeNumber),
})
const blockedList = Type.Object({
  msginfo: Type.Optional(Type.Union([Type.Array(blockedRow), blockedRow, Type.Object({})])),
})

/** Messages of a template that WeChat held back, after the id `after`. WeChat documents one object and gives a list. */
export async function getBlocked(
  client: OfficialClient,
  templateId: string,
  after: string,
  limit: number,
): Promise<BlockedMessage[]> {
  const path = '/wxa/sec/queryblocktmplmsg'
  const body = { tmpl_msg_id: templateId, largest_id: Number(after), limit }
  const { msginfo = [] } = checked(blockedList, path, await client.post(path, body))
  const rows = Array.isArray(msginfo) ? msginfo : 'id' in msginfo ? [msginfo] : []
  return rows.map(({ id, openid = '', content = '', send_timestamp: seconds = 0 }) => ({
    id: String(id),
    openid,
    content,
    sentAt: new Date(Number(seconds) * 1000),
  }))
}
