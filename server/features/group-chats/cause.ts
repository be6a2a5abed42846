import type { Core } from '../../platform/core.ts'
import type { Cause } from '../../platform/manifest/cause.ts'
import { wordsIn } from '../../platform/words.ts'
import { storedReason, wordsOf } from '../channels/telling.ts'
import { troubledChats } from './store.ts'

/** A group chat whose members are not those that it follows. `reason` as it is stored. */
export const chatNotFollowing: Cause<Core, { name: string; reason: string }> = {
  async find(ctx) {
    const troubled = await troubledChats(ctx.db)
    return {
      found: troubled.map(({ corpId, id, name, problem }) => ({
        corpId,
        subject: id,
        detail: { name, reason: problem },
      })),
    }
  },
  tell({ name, reason }) {
    const said = wordsOf(storedReason(reason))
    return {
      title: {
        zh: `群聊「${name}」的成员没有跟上通讯录`,
        en: `The group chat "${name}" does not follow the address book`,
      },
      what: { zh: `${wordsIn('zh', said)}。`, en: `${wordsIn('en', said)}.` },
      fix: {
        zh: '请创建它的开发者用 chat/update 修改跟随的部门和标签，或填 follow 0 不再跟随。不再使用的群聊可在群聊页移除。',
        en: 'Ask its developer to change what it follows by chat/update, or to end that by follow 0. Remove a chat that is not in use on the page of group chats.',
      },
      path: '/console/messages/chats',
    }
  },
  severityOf: () => 'warn',
}
