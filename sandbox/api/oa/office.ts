import { integer, integers, strings, text, textOf } from '../../http/input.ts'
import { WecomError } from '../../rules/errcodes.ts'
import type { View } from '../../state/view.ts'
import type { CallWorld } from '../call.ts'
import { type Call, type CallRequest, ok } from '../call.ts'

const usersAtMost = 100
const secondsAtMost = 30 * 86_400
const daySeconds = 86_400
const nameAtMost = 30

/** Calls that wisp passes on and does not make itself (docs/upstream/wecom-office.md#check-ins). */
export const officeCalls: readonly Call[] = [
  { method: 'POST', path: '/cgi-bin/checkin/getcheckindata', token: 'agent', run: checkIns },
  { method: 'POST', path: '/cgi-bin/oa/meetingroom/add', token: 'agent', run: addRoom },
  { method: 'POST', path: '/cgi-bin/oa/meetingroom/list', token: 'agent', run: listRooms },
]

function checkIns({ world, caller, input }: CallRequest): Record<string, unknown> {
  const from = integer(input, 'starttime') ?? 0
  const to = integer(input, 'endtime') ?? 0
  const type = integer(input, 'opencheckindatatype') ?? 3
  if (type < 1 || type > 3) throw new WecomError(40058, 'opencheckindatatype')
  if (to < from || to - from > secondsAtMost) throw new WecomError(301024)
  const userids = strings(input, 'useridlist', 301023) ?? []
  if (userids.length === 0 || userids.length > usersAtMost) throw new WecomError(301023)
  const checkindata = userids.flatMap(userid => checkInsOf(world, caller.view, userid, { from, to }))
  return { ...ok, checkindata }
}

/** Everybody comes at nine on each day, in Beijing. */
function checkInsOf(
  { state }: CallWorld,
  view: View,
  userid: string,
  { from, to }: { from: number; to: number },
) {
  const slot = state.slotOf(userid)
  if (slot === undefined || !view.seesMember(slot)) throw new WecomError(301021)
  const first = Math.ceil((from - 3600) / daySeconds) * daySeconds + 3600
  const found: object[] = []
  for (let at = first; at <= to; at += daySeconds)
    found.push({
      userid: state.userids[slot],
      groupname: '默认规则',
      checkin_type: '上班打卡',
      exception_type: '',
      checkin_time: at,
      location_title: '总部大楼',
      location_detail: '',
      wifiname: '',
      notes: '',
    })
  return found
}

function addRoom({ world, input }: CallRequest): Record<string, unknown> {
  const name = textOf(input, 'name', nameAtMost)
  const capacity = integer(input, 'capacity')
  if (!name || /[\\/:*?"<>|]/.test(name)) throw new WecomError(40058, 'name')
  if (capacity === undefined || capacity < 1) throw new WecomError(40058, 'capacity')
  const place = { city: text(input, 'city'), building: text(input, 'building'), floor: text(input, 'floor') }
  const meetingroom_id = world.rooms.length + 1
  world.rooms.push({
    meetingroom_id,
    name,
    capacity,
    ...place,
    equipment: integers(input, 'equipment') ?? [],
  })
  return { ...ok, meetingroom_id }
}

function listRooms({ world, input }: CallRequest): Record<string, unknown> {
  const wanted = ['city', 'building', 'floor'] as const
  const meetingroom_list = world.rooms.filter(room =>
    wanted.every(key => text(input, key) === undefined || room[key] === input[key]),
  )
  return { ...ok, meetingroom_list }
}
