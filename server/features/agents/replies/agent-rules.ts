import { unknownAgent } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { type FileUse, referToFile } from '../../../platform/files/files.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Books } from '../../auto-replies/books.ts'
import { agentIdOf, type Owner } from '../../auto-replies/conversation-owner.ts'
import type * as flows from '../../auto-replies/flows/flow.ts'
import type { OwnerKind } from '../../auto-replies/owner.ts'
import type * as rules from '../../auto-replies/rule.ts'
import { type Content, checkChain, checkContents, checkTimeout, isMedia } from './content.ts'
import { messageTypes } from './incoming.ts'
import { lockAgent } from './store.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'agent-flow': true
  }
}

// What the rules and flows of automatic replies are for agents.

export type NewRule = rules.NewRule<Content>
export type NewFlow = flows.NewFlow<Content>
/** The rules and flows of all agents. */
export type AgentReplies = Books<Content>

export const agentKind: OwnerKind<Content> = {
  one: { zh: '一个应用', en: 'an agent' },
  person: { zh: '成员', en: 'the member' },
  acts: 'agent',
  stream: 'agent-flow',
  messageTypes,
  ruleKinds: ['enter', 'subscribe', 'menu', 'keyword', 'type', 'default'],
  menuKeyBytesAtMost: 128,
  checkContents,
  checkChain,
  checkTimeout,
  keepFiles,
  async lock(tx, { corpId, ownerId }) {
    const agentId = agentIdOf(ownerId) ?? 0
    if (!(await lockAgent(tx, corpId, agentId))) throw unknownAgent(agentId)
  },
}

/** WeCom takes less than what files of these uses may be. */
const taken: Record<'image' | 'voice' | 'video', readonly string[]> = {
  image: ['image/png', 'image/jpeg'],
  voice: ['audio/amr'],
  video: ['video/mp4'],
}

async function keepFiles(
  ctx: Pick<Core, 'now'>,
  tx: Db,
  { corpId }: Owner,
  contents: readonly Content[],
): Promise<void> {
  for (const { type, hash } of contents.filter(isMedia)) {
    const file = await referToFile(ctx, tx, corpId, type satisfies FileUse, hash)
    if (!taken[type].includes(file.type))
      throw new ApiError('badParameter', {
        zh: told`企业微信不接受 ${file.type} 格式：图片为 PNG 或 JPEG，语音为 AMR，视频为 MP4`,
        en: told`WeCom does not take ${file.type}: pictures are PNG or JPEG, voices AMR, videos MP4`,
      })
  }
}
