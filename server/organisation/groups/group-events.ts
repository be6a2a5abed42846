import { Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { fieldsOf } from '../../platform/http/wire.ts'
import { type EventContents, entriesOf, type NumberedEvent } from '../../platform/manifest/event-content.ts'
import type { EventTypes } from '../../platform/manifest/event-type.ts'
import { seesGroup } from '../directory/permissions/data-scope.ts'

export const groupChanged = 'group.changed'

export const groupEvents = {
  [groupChanged]: {
    title: { zh: '人群成员变化', en: 'Members of a group changed' },
    when: {
      zh: '有成员进入或离开人群时；同一次变更引起的进出合并为一个事件，成员用 group/members 读取。有数据范围的开发者只收到数据范围中的人群',
      en: 'When members come into a group or leave it; what one change of the address book brings is one event. Read the members by group/members. A developer with a data scope is told of the groups in it',
    },
    scope: 'directory:read',
    data: Type.Object({
      groupId: Type.String({ about: { zh: '人群 id', en: 'Id of the group' } }),
      groupName: Type.String({ about: { zh: '人群名称', en: 'Name of the group' } }),
      members: Type.Integer({ about: { zh: '变化后的人数', en: 'How many members it has now' } }),
      joined: Type.Integer({ about: { zh: '进入的人数', en: 'How many came' } }),
      left: Type.Integer({ about: { zh: '离开的人数', en: 'How many left' } }),
    }),
    sample: { groupId: '7', groupName: '试用期已满', members: 36, joined: 2, left: 1 },
  },
} as const satisfies EventTypes

/** Contents of events about groups that the developer still may know of. */
export async function readGroupEvents(
  _ctx: Core,
  developer: Caller,
  rows: readonly NumberedEvent[],
): Promise<EventContents> {
  return entriesOf(rows, ({ type, data }) =>
    type === groupChanged && seesGroup(developer, Number(data['groupId']))
      ? { type, wire: fieldsOf(data) }
      : undefined,
  )
}
