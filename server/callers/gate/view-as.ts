import type { Point } from '../../platform/http/admin/points.ts'
import type { PageUse } from '../../platform/http/gate.ts'
import { refused } from '../../platform/http/page-call.ts'

/** Personal content, and files that leave the page. */
const hidden = /^(conversation|todo):|:(inspect|export|copy|hold)$/
/** They tell of one member's messages. */
const ofMember: readonly string[] = [
  '/web/help-desk/person',
  '/web/help-desk/message-why',
  '/web/messages/why',
]
/** Of what belongs to whoever is signed in, what pages of the console need. */
const ofPages: readonly string[] = ['/web/apps/icon', '/web/files/file']

/** Throws 403 for what nobody sees or does as another. */
export function checkViewing({ method, path, access, point }: PageUse): void {
  if (method !== 'GET')
    throw refused({
      zh: '正在以其他角色的身份查看，只能看，不能修改',
      en: 'you are looking as another role: nothing can be changed',
    })
  const isOwn = access.by === 'person' || access.by === 'self' || access.by === 'account'
  const isHidden = point
    ? hidden.test(point satisfies Point) || ofMember.includes(path)
    : isOwn && !ofPages.includes(path)
  if (isHidden || access.by === 'installation' || access.by === 'operator')
    throw refused({
      zh: '以其他角色的身份查看时，不显示个人内容、消息、待办和导出',
      en: 'looking as another role shows nothing personal, no messages, no to-dos and no exports',
    })
}

export function otherCorp(corpId: string) {
  return refused({
    zh: `正在查看企业 ${corpId} 的角色，不能查看其他企业`,
    en: `you are looking as a role of corp ${corpId}, and see no other corp`,
  })
}
