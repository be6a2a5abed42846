import type { UpstreamAnswer } from '../transport/exchange.ts'
import { WecomError } from './errors.ts'

/** What one call says: a body makes it a POST. */
export type WecomErrand = { body?: object; query?: Record<string, string> }

export type ChatInfo = { name: string; owner: string; userIds: readonly string[] }
/** What is left out stays as it is. */
export type ChatChange = {
  name?: string | undefined
  owner?: string | undefined
  add?: readonly string[]
  remove?: readonly string[]
}

/**
 * Group chats of one agent (docs/upstream/wecom-group-chats.md#calls). There is one attempt per call. Throws WecomError when WeCom
 * refuses, and WecomUnavailable, whose `ambiguous` says whether the call may have worked.
 */
export type WecomChats = {
  /** Throws 86215 for an id that is there. Without an owner WeCom chooses one of the members. */
  create(chat: {
    chatId: string
    name: string
    owner?: string | undefined
    userIds: readonly string[]
  }): Promise<void>
  /** Undefined for a chat that does not exist. */
  get(chatId: string): Promise<ChatInfo | undefined>
  update(chatId: string, change: ChatChange): Promise<void>
  /** WeCom gives no id of the message: it can be neither found nor recalled. */
  send(request: object): Promise<void>
}

/** WeCom says so of a chat that does not exist. */
export const noSuchChat: ReadonlySet<number> = new Set([86001, 86003])

export function createChats(
  call: (path: string, errand: WecomErrand) => Promise<UpstreamAnswer>,
): WecomChats {
  return {
    async create({ chatId, name, owner, userIds }) {
      const body = { name, ...(owner ? { owner } : {}), userlist: userIds, chatid: chatId }
      await call('/cgi-bin/appchat/create', { body })
    },
    async get(chatId) {
      try {
        const { chat_info: info } = await call('/cgi-bin/appchat/get', { query: { chatid: chatId } })
        const { name = '', owner = '', userlist } = (info ?? {}) as Record<string, unknown>
        const userIds = Array.isArray(userlist) ? userlist.map(String) : []
        return { name: String(name), owner: String(owner), userIds }
      } catch (error) {
        if (error instanceof WecomError && noSuchChat.has(error.errcode)) return undefined
        throw error
      }
    },
    async update(chatId, { name, owner, add = [], remove = [] }) {
      const body = {
        chatid: chatId,
        ...(name === undefined ? {} : { name }),
        ...(owner === undefined ? {} : { owner }),
        ...(add.length > 0 ? { add_user_list: add } : {}),
        ...(remove.length > 0 ? { del_user_list: remove } : {}),
      }
      await call('/cgi-bin/appchat/update', { body })
    },
    async send(request) {
      await call('/cgi-bin/appchat/send', { body: request })
    },
  }
}
