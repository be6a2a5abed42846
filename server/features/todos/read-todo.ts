import { type CallerInput, optionalChoice, optionalText, readInput, text } from '../../platform/http/input.ts'
import {
  optionalInstant,
  optionalMilliseconds,
  optionalYes,
  withRule,
  wrongInput,
} from '../../platform/http/input-rules.ts'
import { webUrl } from '../apps/app-urls.ts'
import type { TodoContent } from './todo.ts'

const address = (zh: string, en: string) =>
  withRule(optionalText({ zh, en }, { max: 2000 }), (value, name) => {
    if (value !== undefined && !webUrl(value))
      throw wrongInput(
        name,
        '应为 http:// 或 https:// 开头的地址，不带用户名',
        'should be an address that begins with http:// or https://, without a user name',
      )
  })

const shortText = (zh: string, en: string) => optionalText({ zh, en }, { max: 100 })

/** What a to-do is made of, beside its app and person. */
export const contentFields = {
  todoNo: text(
    { zh: '待办编号，在应用内唯一', en: 'Number of the to-do, unique within the app' },
    { max: 128 },
  ),
  title: text({ zh: '标题', en: 'Title' }, { max: 200 }),
  url: address('打开的地址，电脑和手机通用', 'Where it is done, on desktops and phones'),
  pcUrl: address('电脑上打开的地址', 'Where it is done on a desktop'),
  mobileUrl: address(
    '手机上打开的地址，不填与电脑相同',
    'Where it is done on a phone; as on a desktop without it',
  ),
  kind: optionalChoice(
    { zh: 'todo 待办（默认）；read 待阅', en: 'todo (default), or read: something to read' },
    ['todo', 'read'],
  ),
  state: optionalChoice(
    { zh: 'open 待处理（默认）；done 已办；withdrawn 已撤回', en: 'open (default), done or withdrawn' },
    ['open', 'done', 'withdrawn'],
  ),
  version: optionalMilliseconds({
    zh: '发送方的毫秒时间戳；比已有的旧时不改变任何内容',
    en: "The sender's time in ms; one that is older than what is stored changes nothing",
  }),
  sender: shortText('发起人', 'Who sent it'),
  process: shortText('流程名称', 'Name of the process'),
  step: shortText('当前环节', 'Current step'),
  content: optionalText({ zh: '说明', en: 'More about it' }, { max: 1000, lines: true }),
  dueAt: optionalInstant({ zh: '截止时间，ISO 8601，带时区', en: 'Due at, ISO 8601 with its zone' }),
  priority: optionalChoice(
    { zh: '0 普通（默认）；1 重要；2 紧急', en: '0 normal (default), 1 important, 2 urgent' },
    ['0', '1', '2'],
  ),
  createdAt: optionalInstant({ zh: '发起时间，默认现在', en: 'When it was sent; now by default' }),
  finishBy: optionalChoice(
    {
      zh: 'app（默认）：由应用办结；person：本人可在工作台点「完成」',
      en: 'app (default): the app finishes it; person: so can the person, on the workbench',
    },
    ['app', 'person'],
  ),
  notify: optionalYes({
    zh: 'true：在企业微信给本人发卡片，办结后卡片随之改变；默认 false',
    en: 'true: tells the person by a card in WeCom, which changes when it has ended; false by default',
  }),
} as const

export const todoFields = {
  ...contentFields,
  userId: text({ zh: '待办人的 userId', en: 'userId of the person' }, { max: 64 }),
  agentId: text(
    { zh: '应用 id 或企业微信 agentId', en: 'Id of the app, or its agentId in WeCom' },
    { max: 64 },
  ),
}

export type GivenTodo = CallerInput<typeof todoFields>

/** Reads a to-do but for its app and person. Throws 1000 and 1001; `prefix` says which it is, such as `list[2].`. */
export function readContent(
  given: Record<string, unknown>,
  prefix: string,
): TodoContent & { todoNo: string } {
  const { url, pcUrl, mobileUrl, ...read } = readInput(contentFields, given, prefix)
  const desktop = pcUrl ?? url ?? ''
  if (desktop === '' && mobileUrl === undefined)
    throw wrongInput(`${prefix}url`, '与 pcUrl、mobileUrl 至少填一个', 'is required, or pcUrl or mobileUrl')
  return {
    todoNo: read.todoNo,
    kind: read.kind ?? 'todo',
    state: read.state ?? 'open',
    title: read.title,
    pcUrl: desktop,
    mobileUrl: mobileUrl ?? url ?? '',
    sender: read.sender ?? '',
    process: read.process ?? '',
    step: read.step ?? '',
    content: read.content ?? '',
    priority: Number(read.priority ?? 0) as 0 | 1 | 2,
    dueAt: read.dueAt ?? null,
    finishBy: read.finishBy ?? 'app',
    notify: read.notify,
    version: read.version ?? null,
    createdAt: read.createdAt ?? null,
  }
}
