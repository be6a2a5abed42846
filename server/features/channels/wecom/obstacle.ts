import { type MemberCore, memberStatus } from '../../../organisation/directory/mirror/members.ts'
import type { Obstacle } from '../channel.ts'
import type { WecomReason } from './reasons.ts'

export type WecomObstacle = Obstacle & { reason: WecomReason }

const obstacles = new Map<number, WecomObstacle>([
  [memberStatus.disabled, { reason: { code: 'wecomDisabled' }, isTaken: false }],
  [memberStatus.notActivated, { reason: { code: 'wecomNotActivated' }, isTaken: true }],
  [memberStatus.quit, { reason: { code: 'wecomQuit' }, isTaken: false }],
  [memberStatus.external, { reason: { code: 'wecomExternal' }, isTaken: false }],
])

/**
 * Why a member of this status does not see a message; undefined for an active one. WeCom refuses those who are disabled or have left,
 * and takes a message for those who have not activated WeCom yet (docs/upstream/wecom-messages.md#sending).
 */
export function obstacleOf({ status }: Pick<MemberCore, 'status'>): WecomObstacle | undefined {
  return obstacles.get(status)
}
