import { Type } from 'typebox'
import { userKey } from '../../organisation/directory/mirror/members.ts'
import { livingMember, viewOf } from '../../organisation/directory/read/view.ts'
import type { Core } from '../../platform/core.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { optionalFlag, optionalIds, optionalInteger, optionalText, text } from '../../platform/http/input.ts'
import { pageOf } from '../../platform/http/list-input.ts'
import { languageOf } from '../../platform/words.ts'
import { chatSchema, chatShape, sampleChat, viewOfChat } from './chat-view.ts'
import { type ChatNeeds, changeChat, createChat, infoOf, nameAtMost, ownChat } from './chats.ts'
import { listChats } from './store.ts'

const access = { by: 'developer', scope: 'chat:write' } as const

const chatId = text({ zh: '群聊 id', en: 'Id of the group chat' }, { max: 64 })
const receivers = {
  toUser: optionalIds(
    { zh: '成员 ID 列表，| 分隔，最多 1000', en: 'Ids of members, separated by |, at most 1000' },
    { max: 1000 },
  ),
  toParty: optionalIds(
    {
      zh: '部门 ID 列表，| 分隔；包括下级部门的成员',
      en: 'Ids of departments, separated by |; members of departments below are included',
    },
    { max: 100 },
  ),
  toTag: optionalIds({ zh: '标签 ID 列表，| 分隔', en: 'Ids of tags, separated by |' }, { max: 100 }),
}
const owner = optionalText(
  {
    zh: '群主的成员 ID，自动加入群；不填时由企业微信选择',
    en: 'Id of the member who owns it, who joins it; else WeCom chooses',
  },
  { max: 64 },
)

const invalidShape = {
  invaliduser: Type.String({ about: { zh: '无效的用户，| 分隔', en: 'Wrong members, separated by |' } }),
  invalidparty: Type.String({ about: { zh: '无效的部门，| 分隔', en: 'Wrong departments, separated by |' } }),
  invalidtag: Type.String({ about: { zh: '无效的标签，| 分隔', en: 'Wrong tags, separated by |' } }),
}

export const createChatCall = endpoint({
  methods: ['POST'],
  path: '/api/chat/create',
  section: 'wisp',
  summary: { zh: '创建群聊', en: 'Make a group chat' },
  description: {
    zh: `由企业微信应用创建一个群聊，成员 2 到 2000 人，须在数据范围内；应用的可见范围须为根部门。chatId 由平台生成；创建的应答丢失时，平台按 chatId 向企业微信确认，不会重复创建，status 为 creating 时稍后用 chat/get 查询。用相同的 requestId 重试，得到同一个群聊。follow 为 1 时，群成员始终是 toUser、toParty、toTag 当时的成员：通讯录变化后自动增减，群主离开时换人；应有的成员少于 2 人或多于 2000 人时群成员不变，并提醒管理员。群里收到第一条消息前，成员看不到群聊。用 message/send（sendType 4）发送。每个企业每天最多创建 1000 个群聊。`,
    en: `Makes a group chat by an agent of WeCom, with 2 to 2000 members within the data scope; the visible range of the agent must be the root. wisp chooses chatId: when WeCom's answer is lost, wisp asks for the chat by it and makes no second one; status is creating then, and chat/get tells later. The same requestId gives the same chat. With follow 1 the members stay those of toUser, toParty and toTag: they change with the address book, and another member becomes owner when the owner leaves. When fewer than 2 or more than 2000 would be left, the members stay as they are, and administrators are alerted. Members do not see the chat before its first message. Send by message/send with sendType 4. A corp can make 1000 group chats a day.`,
  },
  access,
  directory: true,
  input: {
    name: text(
      { zh: `名称，最长 ${nameAtMost} 个字`, en: `Name, of at most ${nameAtMost} characters` },
      { max: nameAtMost * 4 },
    ),
    owner,
    ...receivers,
    follow: optionalFlag({
      zh: '1：成员跟随 toParty、toTag（和 toUser）变化；默认 0',
      en: '1: the members follow toParty and toTag (and toUser); 0 by default',
    }),
    agentId: optionalText(
      {
        zh: '创建群聊的企业微信应用 id；不填则为消息中心的默认应用',
        en: 'agentId of the WeCom app that makes it; else the default of the message centre',
      },
      { max: 64 },
    ),
    requestId: optionalText(
      {
        zh: '自己生成的请求 id；相同 id 的重复请求返回同一个群聊',
        en: 'Id of your own; a request with the same id returns the same group chat',
      },
      { max: 64 },
    ),
  },
  oneOf: [['toUser'], ['toParty'], ['toTag']],
  logged: ['owner', 'toUser', 'toParty', 'toTag', 'follow', 'requestId'],
  output: Type.Object({ ...chatShape, ...invalidShape }),
  errors: [
    'unknownMember',
    'unknownDepartment',
    'unknownTag',
    'unknownDeveloper',
    'messageCentre',
    'upstream',
  ],
  sample: { ...sampleChat, invaliduser: '', invalidparty: '', invalidtag: '' },
  sampleInput: { name: '机房值班', toUser: '{chatUsers}', requestId: '{unique}' },
  async handle(ctx: ChatNeeds, { input, developer, request }) {
    const { chat, invalid } = await createChat(ctx, developer, { ...input, follow: input.follow ?? false })
    return {
      ...viewOfChat(chat, languageOf(request.headers['accept-language'])),
      invaliduser: invalid.users.join('|'),
      invalidparty: invalid.parties.join('|'),
      invalidtag: invalid.tags.join('|'),
    }
  },
})

export const updateChatCall = endpoint({
  methods: ['POST'],
  path: '/api/chat/update',
  section: 'wisp',
  summary: { zh: '修改群聊', en: 'Change a group chat' },
  description: {
    zh: '只填要修改的项。toUser、toParty、toTag 替换全部成员；addUser、delUser 增减个别成员，用于不跟随的群聊。填 follow 1 与 toParty 或 toTag 开始跟随，填 follow 0 不再跟随，成员不变。成员多时分多次修改；应答丢失时可以原样重试。企业微信没有删除群聊的接口。每个企业每小时最多修改 1000 次。',
    en: 'Give what changes. toUser, toParty and toTag replace all members; addUser and delUser add and remove single ones, where the chat does not follow. follow 1 with toParty or toTag begins to follow, follow 0 ends it and keeps the members. Many members are changed in several steps; after a lost answer the same call can be made again. WeCom has no call that deletes a group chat. A corp can make 1000 changes an hour.',
  },
  access,
  directory: true,
  input: {
    chatId,
    name: optionalText(
      { zh: `名称，最长 ${nameAtMost} 个字`, en: `Name, of at most ${nameAtMost} characters` },
      { max: nameAtMost * 4 },
    ),
    owner,
    addUser: optionalIds(
      { zh: '加入的成员 ID，| 分隔', en: 'Ids of members who join, separated by |' },
      { max: 1000 },
    ),
    delUser: optionalIds(
      { zh: '移出的成员 ID，| 分隔', en: 'Ids of members who are removed, separated by |' },
      { max: 1000 },
    ),
    ...receivers,
    follow: optionalFlag({
      zh: '1 开始跟随；0 不再跟随；不填则不变',
      en: '1 begins to follow, 0 ends it; as it is where it is left out',
    }),
  },
  logged: ['chatId', 'owner', 'addUser', 'delUser', 'toUser', 'toParty', 'toTag', 'follow'],
  output: chatSchema,
  errors: ['unknownMember', 'unknownDepartment', 'unknownTag', 'messageCentre', 'upstream'],
  sample: sampleChat,
  sampleInput: { chatId: '{chatId}', name: '机房值班' },
  async handle(ctx: ChatNeeds, { input: { chatId: id, ...change }, developer, request }) {
    const chat = await changeChat(ctx, developer, id, change)
    return viewOfChat(chat, languageOf(request.headers['accept-language']))
  },
})

export const getChatCall = endpoint({
  methods: ['GET'],
  path: '/api/chat/get',
  section: 'wisp',
  summary: { zh: '查询群聊', en: 'Get a group chat' },
  description: {
    zh: '向企业微信查询自己创建的群聊的名称、群主和成员。userIds 只含数据范围内的成员，members 是全部成员数。',
    en: 'Asks WeCom for name, owner and members of a group chat that you made. userIds are those within the data scope, members counts all.',
  },
  access,
  directory: true,
  input: { chatId },
  logged: ['chatId'],
  output: Type.Object({
    ...chatShape,
    owner: Type.String({ about: { zh: '群主的成员 ID', en: 'Id of the member who owns it' } }),
    userIds: Type.Array(Type.String(), { about: { zh: '成员 ID', en: 'Ids of its members' } }),
  }),
  errors: ['messageCentre', 'upstream'],
  sample: { ...sampleChat, owner: 'zhangsan', userIds: ['zhangsan', 'lisi'] },
  sampleInput: { chatId: '{chatId}' },
  async handle(ctx: ChatNeeds, { input, developer, request }) {
    const chat = await ownChat(ctx, developer, input.chatId)
    const told = viewOfChat(chat, languageOf(request.headers['accept-language']))
    if (chat.state !== 'ready') return { ...told, owner: chat.owner ?? '', userIds: [] }
    const info = await infoOf(ctx, chat)
    const view = viewOf(ctx, developer)
    const seen = new Map(
      info.userIds.flatMap(id => livingMember(view, id) ?? []).map(one => [one.key, one.userId]),
    )
    const ownerId = seen.get(userKey(info.owner)) ?? ''
    return {
      ...told,
      name: info.name,
      members: info.userIds.length,
      owner: ownerId,
      userIds: [...seen.values()],
    }
  },
})

export const listChatsCall = endpoint({
  methods: ['GET'],
  path: '/api/chat/list',
  section: 'wisp',
  summary: { zh: '列出群聊', en: 'List group chats' },
  description: {
    zh: '列出自己创建的群聊，最近创建的在前。',
    en: 'Lists the group chats that you made, the latest first.',
  },
  access,
  input: {
    pageNo: optionalInteger({ zh: '页码，从 1 起', en: 'Page, from 1' }, { min: 1, max: 1_000_000 }),
    pageSize: optionalInteger(
      { zh: '每页条数，默认 20，最多 200', en: 'How many on a page: 20 by default, at most 200' },
      { min: 1, max: 200 },
    ),
  },
  output: Type.Object({
    list: Type.Array(chatSchema),
    total: Type.Integer({ about: { zh: '总数', en: 'How many there are' } }),
  }),
  errors: [],
  sample: { list: [sampleChat], total: 1 },
  sampleInput: {},
  async handle(ctx: Core, { input, developer, request }) {
    const { list, total } = await listChats(ctx.db, developer.corpId, developer.devId, pageOf(input))
    const language = languageOf(request.headers['accept-language'])
    return { list: list.map(one => viewOfChat(one, language)), total }
  },
})
