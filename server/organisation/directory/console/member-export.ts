import { recordExport } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { sendCsv } from '../../../platform/http/answers/csv.ts'
import { exporting, maybeOrderOf } from '../../../platform/http/list-input.ts'
import { fileSchema } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Corps } from '../../corps/corps.ts'
import type { MemberCore } from '../mirror/members.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { seesMember } from '../permissions/sight.ts'
import {
  fitsMember,
  isInside,
  type MemberOrder,
  type MemberQuestion,
  memberFilterInput,
  sorted,
  sortedAtMost,
  sorts,
} from './browse.ts'
import { searchedQuit } from './searched-quit.ts'
import { type MemberRow, memberRows, seenDepartment, type Viewer, viewerOf } from './viewer.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors }

const heads = {
  zh: ['账号', '姓名', '别名', '部门', '职务', '手机', '邮箱', '状态'],
  en: ['Account', 'Name', 'Alias', 'Departments', 'Position', 'Mobile', 'Email', 'Status'],
} as const
const statusWords = {
  zh: { 1: '已激活', 2: '已禁用', 4: '未激活', 5: '已退出' },
  en: { 1: 'Active', 2: 'Disabled', 4: 'Not activated', 5: 'Quit' },
} as const

/** The list of members as a file: of the administrator's departments and the filter, and no more. */
export const exportMembers = pageCall({
  method: 'GET',
  path: '/web/directory/members/export',
  access: administrator('graded'),
  point: 'directory:export',
  directory: true,
  input: { ...memberFilterInput, ...exporting },
  output: fileSchema,
  async handle(ctx: Needs, { input, visitor, corpId, reply }) {
    const viewer = viewerOf(ctx, corpId, visitor)
    const { text, fetchChild, sort, language = 'zh' } = input
    const node = input.orgId ? seenDepartment(viewer, input.orgId) : undefined
    const order = maybeOrderOf(sort, sorts)
    const isAsked = fitsMember(viewer, input)
    const fits = (core: MemberCore) =>
      isAsked(core) && seesMember(viewer.sight, viewer.tree, core) && isInside(viewer, core, node, fetchChild)
    await recordExport(ctx, { corpId, actor: visitor.actor, list: 'members', input })
    const chunks = text === undefined && !order ? inTurns(viewer, fits) : inOrder(viewer, input, order, fits)
    return sendCsv(reply, {
      name: 'members',
      head: heads[language],
      chunks: rowsOf(ctx, viewer, chunks),
      cells: row => [
        row.userId,
        row.userName,
        row.alias,
        row.departments.map(one => one.orgName).join('、'),
        row.position,
        row.mobile,
        row.email,
        statusWords[language][row.status as keyof typeof statusWords.zh] ?? row.status,
      ],
    })
  },
})

const chunk = 1000
const examinedAtOnce = 5000

/** A million members are examined some thousand at a time; a chunk may be empty. */
function* inTurns(viewer: Viewer, fits: (core: MemberCore) => boolean): Generator<MemberCore[]> {
  let examined = 0
  let cores: MemberCore[] = []
  for (const core of viewer.mirror.members.all()) {
    if (fits(core)) cores.push(core)
    if (cores.length < chunk && ++examined % examinedAtOnce !== 0) continue
    yield cores
    cores = []
  }
  yield cores
}

/** By best match or in the chosen order, which a list of more than it sorts does not have either. */
function* inOrder(
  viewer: Viewer,
  { text, status }: Pick<MemberQuestion, 'text' | 'status'>,
  order: MemberOrder | undefined,
  fits: (core: MemberCore) => boolean,
): Generator<MemberCore[]> {
  const { members, search } = viewer.mirror
  const found: MemberCore[] = []
  if (text === undefined)
    for (const cores of inTurns(viewer, fits)) {
      found.push(...cores)
      yield []
    }
  else {
    const allow = (ordinal: number) => {
      const core = members.at(ordinal)
      return core !== undefined && fits(core)
    }
    const ordinals = search.search(text, { offset: 0, limit: members.size, mobile: true, allow })
    for (const ordinal of ordinals) {
      const core = members.at(ordinal)
      if (core) found.push(core)
    }
    if (status?.includes('quit')) for (const core of searchedQuit(viewer.mirror, text, fits)) found.push(core)
  }
  const cores = found.length > sortedAtMost ? found : sorted(found, order)
  for (let at = 0; at < cores.length; at += chunk) yield cores.slice(at, at + chunk)
}

async function* rowsOf(
  ctx: Needs,
  viewer: Viewer,
  chunks: Iterable<MemberCore[]>,
): AsyncGenerator<MemberRow[]> {
  for (const cores of chunks) yield cores.length > 0 ? await memberRows(ctx, viewer, cores) : []
}
