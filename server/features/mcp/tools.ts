import { getUser, orgList, orgUserList, searchUsers } from '../../organisation/directory/read/api.ts'
import { directoryChanges } from '../../organisation/directory/read/changes.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { AnyEndpoint } from '../../platform/http/endpoint.ts'
import { toEnglish } from '../../platform/http/english/english.ts'
import { type Fields, objectSchema } from '../../platform/http/input.ts'
import { type Language, type Words, wordsIn } from '../../platform/http/words.ts'
import { messageStatus, sendMessage } from '../messages/api.ts'

/** What a program that speaks MCP is offered: a call of the API, or a part of it. */
export type Tool = {
  name: string
  title: Words
  description: Words
  endpoint: Pick<AnyEndpoint<never>, 'path' | 'methods' | 'access' | 'input'>
  /** The call's inputs that are offered. */
  inputs: readonly string[]
  /** What is taken for inputs that are left out, where the call's own would be too much to read for a model. */
  defaults?: Readonly<Record<string, unknown>>
  /** Set by what changes something: it is done only when `confirm` is true. */
  isConfirmed?: true
}

const page = ['pageNo', 'pageSize']

export const tools: readonly Tool[] = [
  {
    name: 'search_members',
    title: { zh: '搜索成员', en: 'Search members' },
    description: {
      zh: '按账号、姓名、别名、手机号或拼音搜索通讯录成员，最匹配的在前。',
      en: 'Searches the members of the address book by userid, name, alias, mobile number or pinyin; the best match comes first.',
    },
    endpoint: searchUsers,
    inputs: ['searchName', ...page],
    defaults: { pageSize: 20 },
  },
  {
    name: 'get_member',
    title: { zh: '查询成员', en: 'Get a member' },
    description: {
      zh: '按账号查询一名成员及其部门。不知道账号时先用 search_members。',
      en: 'A member by userid, with their departments. Use search_members first when the userid is not known.',
    },
    endpoint: getUser,
    inputs: ['userId'],
  },
  {
    name: 'get_department_members',
    title: { zh: '部门成员', en: 'Members of a department' },
    description: {
      zh: '列出部门的成员，fetchChild 为 1 时含下级部门。total 是总人数，用 pageNo 翻页。',
      en: 'Lists the members of a department, with fetchChild 1 also of those below. total is their number; pageNo turns the pages.',
    },
    endpoint: orgUserList,
    inputs: ['orgId', 'fetchChild', ...page],
    defaults: { pageNo: 1, pageSize: 100 },
  },
  {
    name: 'get_department_tree',
    title: { zh: '部门树', en: 'Tree of departments' },
    description: {
      zh: '部门及其下级部门；不填 orgId 为能看到的全部部门和标签。组织很大时请给出 orgId 逐级查询。',
      en: 'A department and those below it; without orgId all departments and tags that can be seen. In a large organisation give orgId and go level by level.',
    },
    endpoint: orgList,
    inputs: ['orgId', 'fetchChild'],
  },
  {
    name: 'send_message',
    title: { zh: '发送消息', en: 'Send a message' },
    description: {
      zh: '向成员、部门或标签发送消息。先不带 confirm 调用：只返回将要发送的内容、接收人数和一个 requestId，什么都不发送；请用户确认后，在 10 分钟内以同样的参数加上该 requestId 和 confirm: true 再次调用。参数有任何改动都须重新预览。同一个 requestId 只发送一次，应答不明时可放心以同样的参数重试。',
      en: 'Sends a message to members, departments or tags. Call it without confirm first: it answers what would be sent, to how many people, and a requestId, and sends nothing. When the user has agreed, call it again within 10 minutes with the same arguments, that requestId and confirm: true. Other arguments need another preview. A requestId is sent once only, so that it is safe to try the same again after an unclear answer.',
    },
    endpoint: sendMessage,
    isConfirmed: true,
    inputs: Object.keys(sendMessage.input),
  },
  {
    name: 'get_message_status',
    title: { zh: '消息状态', en: 'Status of a message' },
    description: {
      zh: '查询自己发出的一条消息：状态、各接收人结果的人数、失败的人和原因。',
      en: 'A message that this developer sent: its status, how many people got it, and who did not and why.',
    },
    endpoint: messageStatus,
    inputs: ['msgId'],
  },
  {
    name: 'get_directory_changes',
    title: { zh: '通讯录变更', en: 'Changes of the address book' },
    description: {
      zh: '返回序号大于 since 的通讯录变更及当前数据。下次的 since 用 next；more 为 true 时还有更多；resync 为 true 时需要全量读取。',
      en: 'Changes of the address book after number since, with the current data. next is the next since; with more: true there are others; with resync: true everything has to be read anew.',
    },
    endpoint: directoryChanges,
    inputs: ['since', 'limit'],
    defaults: { limit: 100 },
  },
]

/** The tools of calls that the developer has the scope for. */
export function toolsOf({ scopes }: Caller): readonly Tool[] {
  return tools.filter(({ endpoint: { access } }) => {
    return access.by !== 'developer' || access.scope === undefined || scopes.has(access.scope)
  })
}

const confirm: Words = {
  zh: 'true：确认发送；不填则只预览，什么都不发送',
  en: 'true: send it; otherwise it is only previewed and nothing is sent',
}

const confirmedId: Words = {
  zh: '预览的应答给出的 requestId，只与 confirm: true 一起填写',
  en: 'the requestId that the preview answered, given with confirm: true only',
}

/** A tool as `tools/list` tells of it. */
export function describe(tool: Tool, language: Language): Record<string, unknown> {
  const { name, inputs, isConfirmed = false, endpoint } = tool
  const fields: Fields = Object.fromEntries(inputs.map(key => [key, endpoint.input[key]!]))
  const schema = objectSchema(fields) as unknown as {
    properties: Record<string, Record<string, unknown>>
    required?: string[]
  }
  const described = Object.entries(schema.properties).map(([key, value]) => [
    key,
    inputOf(tool, key, value, language),
  ])
  return {
    name,
    title: wordsIn(language, tool.title),
    description: wordsIn(language, tool.description),
    inputSchema: {
      type: 'object',
      properties: {
        ...Object.fromEntries(described),
        ...(isConfirmed ? { confirm: { type: 'boolean', description: wordsIn(language, confirm) } } : {}),
      },
      required: schema.required ?? [],
      additionalProperties: false,
    },
    annotations: {
      readOnlyHint: !isConfirmed,
      destructiveHint: isConfirmed,
      idempotentHint: true,
      openWorldHint: isConfirmed,
    },
  }
}

/** An input as its declaration has it; its text may name the call's default, so that another is said beside it. */
function inputOf(
  { defaults = {}, isConfirmed }: Tool,
  key: string,
  declared: Record<string, unknown>,
  language: Language,
) {
  if (isConfirmed && key === 'requestId') return { ...declared, description: wordsIn(language, confirmedId) }
  const said = String(declared['description'])
  const description = language === 'en' ? toEnglish(said) : said
  if (!(key in defaults)) return { ...declared, description }
  const value = defaults[key]
  const own = { zh: `（此工具默认 ${value}）`, en: ` (this tool: ${value} by default)` }
  return { ...declared, description: description + own[language], default: value }
}
